"""Somebody says of what was taken for a sale that was told before that it is another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, KeyReused, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity import read as activities
from regulars.records.inlets import read, write
from regulars.records.inlets.types import DUPLICATE, SAME, Arrival, Inlet
from regulars.records.trail import read as trails

_BY_HAND: Final = "Book it by hand, as an adjustment of the member’s points"


class SayAnother(Struct, frozen=True):
    """What this event tells is none of these activities, which it was taken for."""

    inlet_id: UUID
    arrival_id: UUID
    activities: tuple[UUID, ...]
    by: By


class SaidAnother(Struct, frozen=True):
    """The event waits to be booked for itself; nothing changed where that was said before."""

    inlet: Inlet
    arrival_id: UUID
    replayed: bool = False


AnotherOutcome = SaidAnother | Fault
TAKEN: Final = (("passed", DUPLICATE), ("booked", SAME), ("refused", KeyReused.code))
"""State and code of what may have been taken for another sale; also of what came to another amount
than the one it was taken for."""


async def taken_for(tx: Tx, inlet: Inlet, found: Arrival) -> set[UUID]:
    """For which activities this event was taken; of what was refused, which may have been booked in
    part, those of other sources."""
    gave = await read.gave(tx, [found.arrival_id])
    ids = [one.activity_id for one in gave]
    if found.state != "refused":
        return set(ids)
    rows = await activities.some(tx, [one.member_id for one in gave], ids)
    return {id_ for id_, row in rows.items() if row.source != inlet.source}


async def say_another(tx: Tx, batch: Sequence[SayAnother]) -> list[AnotherOutcome]:
    """Each of these is looked at once more, and is none of those it was taken for.

    It goes through the same gate as whatever comes in, so its receipt counts once and a rule that
    refuses it says why. That it is another one stays said: nothing passes it as that again, and
    those that came of the same thing later come with it.
    Order: the event is held, so that of two who say it at once the second finds it said.
    Faults, each for its own item: `not_found`; `invalid` for an event that was not taken for one of
    these, whose body is forgotten, or of which something came back already.
    """
    return [await _said(tx, one) for one in batch]


async def _said(tx: Tx, one: SayAnother) -> AnotherOutcome:
    inlet = await read.inlet(tx, one.inlet_id)
    found = (await read.some(tx, [one.arrival_id], held=True)).get(one.arrival_id)
    if inlet is None or found is None or found.inlet_id != one.inlet_id:
        return NotFound("There is no such event", field="/arrival_id")
    if one.activities and set(one.activities) <= set(found.apart):
        return SaidAnother(inlet, one.arrival_id, replayed=True)
    fault = (
        _wrong(found) or await _no_such(tx, inlet, found, one) or await _came_back(tx, inlet, one)
    )
    if fault is not None:
        return fault
    about = {"arrival": one.arrival_id.hex}
    told = Done(one.by, "inlet.said_another", "inlet", inlet.inlet_id.hex, {}, about)
    waits = write.apart(tx, one.arrival_id, one.activities)
    await tx.write([*waits, *acted(tx, [told])])
    return SaidAnother(inlet, one.arrival_id)


def _wrong(found: Arrival) -> Fault | None:
    if (found.state, found.code) not in TAKEN:
        mend = "Say it of what was passed as told by somebody else before"
        return Invalid("Nothing took this event for another sale", field="/arrival_id", mend=mend)
    if found.body is None:
        return Invalid("What it said is forgotten by now", field="/arrival_id", mend=_BY_HAND)
    return None


async def _no_such(tx: Tx, inlet: Inlet, found: Arrival, one: SayAnother) -> Fault | None:
    if one.activities and (await taken_for(tx, inlet, found)).issuperset(one.activities):
        return None
    mend = "Name what it was taken for, as the event itself shows it"
    return Invalid("It was not taken for this", field="/activities", mend=mend)


async def _came_back(tx: Tx, inlet: Inlet, one: SayAnother) -> Fault | None:
    """Whether this source gave something of it back: that was taken from the other sale."""
    owners = await activities.whose(tx, one.activities)
    told = await trails.of_sales(tx, list(owners.values()), list(owners))
    back = [each for some in told.values() for each in some if each.sale_id is not None]
    whose = [each.member_id for each in back]
    rows = await activities.some(tx, whose, [each.activity_id for each in back])
    if not any(row.source == inlet.source for row in rows.values()):
        return None
    says = "This source told that something of it came back, which was taken from the other sale"
    return Invalid(says, field="/arrival_id", mend=_BY_HAND)
