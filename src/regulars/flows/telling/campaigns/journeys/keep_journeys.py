"""Somebody plans a journey, publishes it, pauses it, or ends it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.journeys.commands import (
    JourneyCommand,
    JourneyOutcome,
    KeepJourney,
    MoveJourney,
    Step,
)
from regulars.flows.telling.campaigns.journeys.ill_planned import There, ill_planned
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.journeys import read, write
from regulars.records.outbox.campaigns.journeys.types import (
    Journey,
    JourneyPlan,
    MessageStep,
    OnEntering,
    OnLeaving,
)
from regulars.records.outbox.campaigns.read import active
from regulars.records.outbox.campaigns.returned import write as returned
from regulars.records.outbox.campaigns.rules import FEWEST
from regulars.records.outbox.campaigns.write import hold_messages
from regulars.records.outbox.following import read as following
from regulars.records.outbox.surveys import read as surveys
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments

MOST: Final = 100
"""Journeys of a program that are not over."""
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FORBIDDEN: Final = "your role does not do this; ask an owner"
_FROM: Final[Mapping[Step, Collection[str]]] = {
    "publish": {"draft", "running", "paused"}, "pause": {"running"}, "resume": {"paused"},
    "end": {"running", "paused"}, "drop": {"draft"},
}  # fmt: skip
_DONE: Final[Mapping[Step, str]] = {"pause": "paused", "resume": "running", "end": "ended"}
"""Where a step was done already: asked again, it changes nothing."""
_DID: Final[Mapping[Step, str]] = {
    "publish": "journey.published", "pause": "journey.paused", "resume": "journey.resumed",
    "end": "journey.ended", "drop": "journey.dropped",
}  # fmt: skip


async def keep_journeys(
    tx: Tx, terms: Terms, batch: Sequence[JourneyCommand]
) -> list[JourneyOutcome]:
    """Each of these is kept or takes its step, one after the other; the same said again changes
    nothing.

    Order: a plan that is written is the next version; members begin by it once it is published,
    and those on their way finish by the one they began with.
    Refuses: `journey_not_so` for a step that is not its next; `second_person_needed` where whoever
    wrote it would publish it for more members than the shop lets one person write to alone.
    Faults, each for its own item: `invalid` at a field (of a text with line and sign), `not_found`,
    `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: JourneyCommand) -> JourneyOutcome:
    releases = isinstance(command, MoveJourney) and command.step in ("publish", "resume")
    needed = Permission.MESSAGES_APPROVE if releases else Permission.MESSAGES_WRITE
    if not await _may(tx, command.by, needed):
        return Forbidden(_FORBIDDEN)
    there = await read.journey(tx, command.code)
    if isinstance(command, KeepJourney):
        return await _keep(tx, terms, command, there)
    return nothing(command.code) if there is None else await _step(tx, terms, command, there)


async def _keep(
    tx: Tx, terms: Terms, command: KeepJourney, there: Journey | None
) -> JourneyOutcome:
    if there is not None and there.state == "ended":
        return not_so(there)
    wrong = _ill(command) or ill_planned(terms.at(tx.now).program, command.plan, await named(tx))
    if wrong is not None:
        return wrong
    if there is None and sum(one.state != "ended" for one in await read.journeys(tx)) >= MOST:
        return Invalid(f"There are {MOST} journeys; end one first", field="/code")
    return await _kept(tx, command, there)


async def _kept(tx: Tx, command: KeepJourney, there: Journey | None) -> Journey:
    name, who = command.name.strip(), command.by.actor
    if there is None:
        now = Journey(tx.new_id(), command.code, name, "draft", 1, None, tx.now, who, tx.now, who)
    elif (name, command.plan) == (there.name, await read.plan(tx, there.journey_id, there.version)):
        return there
    else:
        now = replace(
            there, name=name, version=there.version + 1, changed_at=tx.now, changed_by=who
        )
    writes = [*write.keep(tx, now), *write.planned(tx, now, command.plan)]
    await tx.write([*writes, *_noted(tx, command.by, "journey.written", now)])
    return now


async def _step(tx: Tx, terms: Terms, command: MoveJourney, there: Journey) -> JourneyOutcome:
    if command.version not in (None, there.version):
        return not_so(there, "it was changed since; look at it again")
    if there.state == _DONE.get(command.step):
        return there
    if there.state not in _FROM[command.step]:
        return not_so(there)
    if command.step == "publish":
        return await _publish(tx, terms, command, there)
    if command.step == "drop":
        await tx.write([*write.drop(tx, there), *_noted(tx, command.by, "journey.dropped", there)])
        return there
    return await _moved(tx, command, there)


async def _publish(tx: Tx, terms: Terms, command: MoveJourney, there: Journey) -> JourneyOutcome:
    """Members begin by the latest version from now on; what it says is made ready."""
    if there.published == there.version:
        return there
    plan = await read.plan(tx, there.journey_id, there.version)
    wrong = ill_planned(terms.at(tx.now).program, plan, await named(tx))
    if wrong is not None:
        return wrong
    alone = await _alone(tx, command.by, there, plan)
    if alone is not None:
        return alone
    now = replace(
        there, state="paused" if there.state == "paused" else "running", published=there.version,
        published_by=command.by.actor, begins_at=there.begins_at or tx.now,
    )  # fmt: skip
    holds_out = plan.held_percent > 0 and await active(tx) >= FEWEST
    here = await following.horizon(tx)
    await tx.write([
        *write.keep(tx, now),
        *write.says(tx, now, await _messages(tx, plan), (plan.held_percent, holds_out)),
        *write.holds_out(tx, now, holds_out),
        *write.begin(tx, here.cluster, here.below_tx),
        *_noted(tx, command.by, "journey.published", now),
    ])  # fmt: skip
    return now


async def _alone(tx: Tx, by: By, there: Journey, plan: JourneyPlan) -> Refused | None:
    """Whoever wrote it would publish it for more members than one person writes to alone."""
    if by.actor not in await read.writers(tx, there) or not any(
        isinstance(one, MessageStep) for one in plan.steps
    ):
        return None
    many = await _reading(tx, plan)
    alone = (await staff_read.chosen(tx)).of("campaign_alone")
    if many <= alone:
        return None
    says = "Somebody else than wrote it has to publish it: so many members may read it"
    mend = "Somebody else publishes it, or an owner raises how many one person writes to alone"
    return Refused("second_person_needed", says, {"members": many, "alone": alone, "mend": mend})


async def _reading(tx: Tx, plan: JourneyPlan) -> int:
    """How many may read it: who is inside now, where that follows from what they did. Who comes in
    or goes may be anybody, as may who is put on a list; and of what is filled nobody knows."""
    moves = isinstance(plan.begins, OnEntering | OnLeaving)
    inside = await segments.segment(tx, plan.only_in) if plan.only_in else None
    listed = inside is None or inside.kind == "list" or inside.filled != inside.saved
    if inside is None or listed or moves:
        return await active(tx)
    return await campaigns.inside(tx, inside.segment_id)


async def _messages(tx: Tx, plan: JourneyPlan) -> list[tuple[MessageStep, Any]]:
    there = {one.code: one.survey_id for one in await surveys.surveys(tx)}
    return [(one, there.get(one.survey)) for one in plan.steps if isinstance(one, MessageStep)]


async def _moved(tx: Tx, command: MoveJourney, there: Journey) -> Journey:
    """Whoever takes messages waits, and finds it paused or ended: none is sent after this."""
    await hold_messages(tx)
    writes: list[Write] = []
    if command.step == "end":
        now = replace(there, state="ended", ended_at=tx.now, ended_by=command.by.actor)
        writes = write.stop(tx, now)
    else:
        now = replace(there, state="paused" if command.step == "pause" else "running")
        if command.step == "resume":
            # What happened while it paused begins nothing: nobody waits for a welcome of weeks ago.
            now = replace(now, begins_at=tx.now)
            writes = returned.resume(tx, now.journey_id)
    await tx.write(
        [*write.keep(tx, now), *writes, *_noted(tx, command.by, _DID[command.step], now)]
    )
    return now


async def named(tx: Tx) -> There:
    """What a plan may name at this moment."""
    return There(
        {one.code for one in await segments.segments(tx) if one.saved is not None},
        {one.code for one in await surveys.surveys(tx) if one.state == "open"},
        {one.code for one in await offers.opened(tx)},
    )


def nothing(code: str) -> Fault:
    """There is no such journey."""
    return NotFound(f"there is no journey {code[:40]}", field="/code")


def not_so(there: Journey, says: str = "This is not its next step") -> Refused:
    """The journey is not where this step begins."""
    return Refused("journey_not_so", says, {"state": there.state, "version": there.version})


def _noted(tx: Tx, by: By, did: str, now: Journey) -> Sequence[Write]:
    after: dict[str, Any] = {"name": now.name, "version": str(now.version)}
    return acted(tx, [Done(by, did, "journey", now.code, before={}, after=after)])


async def _may(tx: Tx, by: By, needed: Permission) -> bool:
    if by.staff_id is None:
        return True
    who = await staff_read.one_staff(tx, by.staff_id)
    return who is not None and who.may(needed)


def _ill(command: KeepJourney) -> Fault | None:
    if len(command.code) > 40 or _CODE.fullmatch(command.code) is None:
        mend = "Small letters, digits and hyphens, up to 40: welcome"
        return Invalid("This cannot be the code of a journey", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters what it is", field="/name")
    return None
