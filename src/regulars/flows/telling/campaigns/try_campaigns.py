"""Whoever writes a campaign or a journey has a letter of it sent to themselves, as one member would
read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.filling import Reader
from regulars.flows.telling.campaigns.show_campaigns import readers
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.outbox.campaigns.journeys.types import MessageStep
from regulars.records.outbox.campaigns.trials import read, write
from regulars.records.outbox.campaigns.trials.types import State, Trial, of_step
from regulars.records.outbox.campaigns.types import Campaign, Way
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.rules import LEASE

MOST: Final = 30
"""Tests of one person in an hour."""
AT_ONCE: Final = 20
GONE: Final = "the campaign, the member or who asked is there no more"


class AskTrial(Struct, frozen=True):
    """Somebody of the staff wants this campaign, or this step of a journey, as that member would
    read it."""

    code: str
    member: MemberRef
    by: By
    step: str = ""
    """Where it is named, `code` is a journey's."""


class TrialPosting(Struct, frozen=True):
    """A test with everything that is needed to write and send it."""

    trial_id: UUID
    address: str
    campaign: Campaign | MessageStep
    reader: Reader


TrialOutcome = Trial | Fault


async def ask_trials(tx: Tx, terms: Terms, batch: Sequence[AskTrial]) -> list[TrialOutcome]:
    """Each of these is sent to the address of whoever asked, and to nobody else.

    Keeps: no consent, cap or hold-out is asked, and nothing is counted, as no member hears of it.
    Faults, each for its own item: `forbidden`, `not_found`, `unknown_member`, `invalid` for what is
    no letter, and after thirty in an hour.
    """
    country = terms.at(tx.now).program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    return [await _ask(tx, one, who) for one, who in zip(batch, whom, strict=True)]


async def _ask(tx: Tx, one: AskTrial, who: UUID | Fault) -> TrialOutcome:
    staff_id = one.by.staff_id
    staff = None if staff_id is None else await staff_read.one_staff(tx, staff_id)
    if staff is None or not staff.may(Permission.MESSAGES_WRITE):
        return Forbidden("your role does not do this; ask an owner")
    found = await (_step(tx, one) if one.step else _campaign(tx, one))
    if isinstance(found, Fault):
        return found
    of, channel = found
    if channel != "email":
        return Invalid("A test goes to your address, so it is one of a letter", field="/code")
    if isinstance(who, Fault):
        return who
    if await read.since(tx, staff.staff_id, tx.now - timedelta(hours=1)) >= MOST:
        mend = "Look at it on its page meanwhile"
        return Invalid(f"There were {MOST} tests of yours within an hour", field="/code", mend=mend)
    trial = Trial(tx.new_id(), of, staff.staff_id, who, "waiting", "", tx.now)
    await tx.write(write.ask(tx, trial))
    return trial


async def _campaign(tx: Tx, one: AskTrial) -> tuple[UUID, Way] | Fault:
    campaign = await campaigns.campaign(tx, one.code)
    if campaign is None:
        return NotFound(f"there is no campaign {one.code[:40]}", field="/code")
    return campaign.campaign_id, campaign.channel


async def _step(tx: Tx, one: AskTrial) -> tuple[UUID, Way] | Fault:
    """A step of the latest plan, whether or not it was published."""
    journey = await journeys.journey(tx, one.code)
    if journey is None:
        return NotFound(f"there is no journey {one.code[:40]}", field="/code")
    plan = await journeys.plan(tx, journey.journey_id, journey.version)
    for step in plan.steps:
        if isinstance(step, MessageStep) and step.id == one.step:
            return of_step(journey.journey_id, step.id), step.channel
    return NotFound(f"there is no step {one.step[:40]} that says something", field="/step")


async def _meant(tx: Tx, ids: set[UUID]) -> dict[UUID, Campaign | MessageStep]:
    """What these are tests of, as it is written now."""
    there: dict[UUID, Campaign | MessageStep] = {
        one.campaign_id: one for one in await campaigns.campaigns(tx)
    }
    if ids <= there.keys():
        return there
    for journey in await journeys.journeys(tx):
        plan = await journeys.plan(tx, journey.journey_id, journey.version)
        for step in plan.steps:
            if isinstance(step, MessageStep):
                there[of_step(journey.journey_id, step.id)] = step
    return there


async def take_trials(tx: Tx, terms: Terms) -> list[TrialPosting]:
    """What waits, to be sent once this transaction is over; each is tried once.

    Keeps: what was under way when its worker was gone is *unsure*, as whoever asked is there.
    """
    await tx.write(write.lose(tx, tx.now - LEASE))
    due = await read.due(tx, AT_ONCE)
    if not due:
        return []
    there = await _meant(tx, {one.campaign_id for one in due})
    staff = await staff_read.some_staff(tx, {one.staff_id for one in due})
    ids = [one.member_id for one in due if one.member_id is not None]
    known = await readers(tx, terms, ids, nearest=ids)
    taken: list[TrialPosting] = []
    gone: list[tuple[UUID, State, str]] = []
    for one in due:
        campaign, who = there.get(one.campaign_id), staff.get(one.staff_id)
        reader = known.get(one.member_id) if one.member_id is not None else None
        if campaign is None or reader is None or who is None or not who.is_active:
            gone.append((one.trial_id, "failed", GONE))
        else:
            taken.append(TrialPosting(one.trial_id, who.email, campaign, reader))
    await tx.write([*write.take(tx, [one.trial_id for one in taken]), *write.settle(tx, gone)])
    return taken


async def settle_trials(tx: Tx, batch: Sequence[tuple[TrialPosting, State, str]]) -> list[None]:
    """What became of each; of what the provider says one line, without the address."""
    told = [
        (one.trial_id, state, kept_reason(why, one.address) if why else "")
        for one, state, why in batch
    ]
    await tx.write(write.settle(tx, told))
    return [None] * len(batch)
