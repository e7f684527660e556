"""Whoever writes a campaign or a journey has a message of it sent to themselves, as one member
would read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.own import own_memberships
from regulars.flows.telling.campaigns.filling import Reader
from regulars.flows.telling.campaigns.inviting import to_come
from regulars.flows.telling.campaigns.show_campaigns import readers
from regulars.records.access.members import read as codes
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By, Staff
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.inbox.types import Laid
from regulars.records.outbox.campaigns.inbox.write import lay_trial
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.outbox.campaigns.journeys.types import MessageStep
from regulars.records.outbox.campaigns.trials import read, write
from regulars.records.outbox.campaigns.trials.types import State, Trial, of_step
from regulars.records.outbox.campaigns.types import Campaign, Way
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.devices.write import drop
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.rules import LEASE
from regulars.records.outbox.delivery.types import Mailed, address_digest

MOST: Final = 30
"""Tests of one person in an hour."""
AT_ONCE: Final = 20
CLOSED: Final = "your own membership is blocked or gone, so nothing lies in its card"
"""Why a test was not laid into a card."""
GONE: Final = "the campaign, the member or who asked is there no more"
NOWHERE: Final = "nothing is set up that sends this"
UNPROVED: Final = (
    "nobody signed in to your own card by that address or number, or you refused messages there"
)
"""Why nothing goes where nobody showed that they are there: it says what a member is told."""


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
    lies_with: UUID | None = None
    """Of a message in the card: in whose."""
    devices: tuple[PushDevice, ...] = ()
    """Of a notice on devices: on which."""


class _Place(NamedTuple):
    """Where a test goes; nowhere where there is no address."""

    address: str = ""
    card: UUID | None = None
    devices: tuple[PushDevice, ...] = ()


TrialOutcome = Trial | Fault


async def ask_trials(tx: Tx, terms: Terms, batch: Sequence[AskTrial]) -> list[TrialOutcome]:
    """Each of these is sent to whoever asked, and to nobody else: a letter to the address they sign
    in by, a text message to the number of their own membership, into its card, on its devices.

    Keeps: no consent, cap or hold-out is asked, and nothing is counted, as no member hears of it.
    Faults, each for its own item: `forbidden`, `not_found`, `unknown_member`, `invalid` for who
    has no membership to send it to, and after thirty in an hour.
    """
    country = terms.at(tx.now).program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    return [await _ask(tx, terms, one, who) for one, who in zip(batch, whom, strict=True)]


async def _ask(tx: Tx, terms: Terms, one: AskTrial, who: UUID | Fault) -> TrialOutcome:
    staff_id = one.by.staff_id
    staff = None if staff_id is None else await staff_read.one_staff(tx, staff_id)
    if staff is None or not staff.may(Permission.MESSAGES_WRITE):
        return Forbidden("your role does not do this; ask an owner")
    found = await (_step(tx, one) if one.step else _campaign(tx, one))
    if isinstance(found, Fault):
        return found
    of, channel = found
    if isinstance(who, Fault):
        return who
    unfit = await _unreached(tx, terms, staff, channel)
    if unfit is not None:
        return unfit
    if await read.since(tx, staff.staff_id, tx.now - timedelta(hours=1)) >= MOST:
        mend = "Look at it on its page meanwhile"
        return Invalid(f"There were {MOST} tests of yours within an hour", field="/code", mend=mend)
    trial = Trial(tx.new_id(), of, staff.staff_id, who, "waiting", "", tx.now)
    await tx.write(write.ask(tx, trial))
    return trial


_NONE: Final[Mapping[Way, str]] = {
    "sms": "A test of a text message goes to the telephone of your own membership; there is none",
    "inbox": "A test of a message in the card lies in your own card; you have none",
    "push": "A test of a notice goes to the devices of your own membership; there is none",
    "webhook": "Another system says it, and is told of no test",
}
_JOIN: Final = "Join with the address you sign in by here, and sign in to your card"
_LOOK: Final = "Look at it as a member reads it"
_LET: Final = "On your own card, under Messages and consent, choose Tell me on this device"


async def _unreached(tx: Tx, terms: Terms, staff: Staff, channel: Way) -> Invalid | None:
    """Why a test goes nowhere: to who has no membership of their own that it could go to."""
    if channel == "email" or await _reached(tx, terms, staff, channel):
        return None
    mend = {"push": _LET, "webhook": _LOOK}.get(channel, _JOIN)
    return Invalid(_NONE[channel], field="/staff_id", mend=mend)


async def _reached(tx: Tx, terms: Terms, staff: Staff, channel: Way) -> bool:
    """Whether they have a membership of their own that a test could go to."""
    if channel == "webhook":
        return False
    own = sorted((await own_memberships(tx, terms, [staff])).get(staff.staff_id, ()))
    if channel == "inbox":
        return bool(own)
    if channel == "push":
        return bool(await devices.of(tx, own))
    names = await members.identifiers_of(tx, own) if own else {}
    return any(one.kind == "phone" for some in names.values() for one in some)


async def _where(tx: Tx, terms: Terms, keyed: Keyed, who: Staff, channel: Way) -> _Place:
    """Where a test for them goes, in whose card it lies, on which devices; nowhere where it is not
    shown that it is theirs.

    Keeps: it tells what one member is told, so an address that anybody may have typed is not
    enough: a code was read there, or an owner said which membership is theirs. Whoever said that
    they want nothing more over a channel gets no test over it, whoever asks for one.
    """
    if channel == "email":
        return _Place(who.email)
    own = (await own_memberships(tx, terms, [who])).get(who.staff_id, frozenset())
    shown = await _proved(tx, keyed, "email", who.email)
    no = await consents.withdrawn(tx, own)
    own = frozenset(
        one for one in own
        if (one == who.member_id or one in shown) and channel not in no.get(one, ())
    )  # fmt: skip
    if channel == "inbox":
        return _Place("the card", min(own)) if own else _Place()
    if channel == "push":
        on = await devices.of(tx, own)
        every = tuple(device for who_ in sorted(on) for device in on[who_])
        return _Place("their devices", devices=every) if every else _Place()
    names = await members.identifiers_of(tx, sorted(own)) if own else {}
    for id_, some in sorted(names.items()):
        for one in some:
            if one.kind == "phone" and id_ in await _proved(tx, keyed, "sms", one.value):
                return _Place(one.value)
    return _Place()


async def _proved(tx: Tx, keyed: Keyed, channel: Mailed, address: str) -> Collection[UUID]:
    """Who read a code there."""
    digest = address_digest(keyed, channel, address)
    return (await codes.proved(tx, [digest])).get(digest, ())


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


async def take_trials(
    tx: Tx, terms: Terms, keyed: Keyed, channels: Collection[Way]
) -> list[TrialPosting]:
    """What waits, to be sent over these channels once this transaction is over; each is tried once.

    Keeps: what was under way when its worker was gone is *unsure*, as whoever asked is there.
    """
    await tx.write(write.lose(tx, tx.now - LEASE))
    due = await read.due(tx, AT_ONCE)
    if not due:
        return []
    there = await _meant(tx, {one.campaign_id for one in due})
    staff = await staff_read.some_staff(tx, {one.staff_id for one in due})
    ids = [one.member_id for one in due if one.member_id is not None]
    known = await readers(tx, terms, ids, nearest=ids, lapsing=ids)
    events = await to_come(tx, [_event(one) for one in there.values()])
    taken: list[TrialPosting] = []
    gone: list[tuple[UUID, State, str]] = []
    for one in due:
        campaign, who = there.get(one.campaign_id), staff.get(one.staff_id)
        reader = known.get(one.member_id) if one.member_id is not None else None
        if campaign is None or reader is None or who is None or not who.is_active:
            gone.append((one.trial_id, "failed", GONE))
            continue
        place = await _where(tx, terms, keyed, who, campaign.channel)
        if campaign.channel not in channels or not place.address:
            why = UNPROVED if campaign.channel in channels else NOWHERE
            gone.append((one.trial_id, "failed", why))
        else:
            reader = replace(reader, event=events.get(_event(campaign)))
            taken.append(TrialPosting(one.trial_id, place.address, campaign, reader, *place[1:]))
    await tx.write([*write.take(tx, [one.trial_id for one in taken]), *write.settle(tx, gone)])
    return taken


def _event(one: Campaign | MessageStep) -> str:
    return one.event if isinstance(one, Campaign) else ""


async def settle_trials(
    tx: Tx,
    batch: Sequence[tuple[TrialPosting, State, str]],
    laid: Sequence[Laid] = (),
    gone: Sequence[PushDevice] = (),
) -> list[None]:
    """What became of each; of what the provider says one line, without the address. What lies in a
    card is laid there in this transaction, and is sent only where it is. Devices that are gone, as
    their push service says, are told nothing more."""
    whose = {one.trial_id: one.lies_with for one, _, _ in batch}
    none = {one.message_id for one in laid if not await lay_trial(tx, whose[one.message_id], one)}
    told: list[tuple[UUID, State, str]] = [
        (one.trial_id, "failed", CLOSED)
        if one.trial_id in none
        else (one.trial_id, state, kept_reason(why, one.address) if why else "")
        for one, state, why in batch
    ]
    await tx.write([*write.settle(tx, told), *drop(tx, gone)])
    return [None] * len(batch)
