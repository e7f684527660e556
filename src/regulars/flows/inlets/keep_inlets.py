"""Somebody makes an inlet, changes it, gives it another secret, or has what is open run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx, Write
from regulars.flows.batch.askings import each_once
from regulars.flows.inlets.outlets.hearing import hear
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read, write
from regulars.records.inlets.catching import write as catching
from regulars.records.inlets.feeding import write as feeding
from regulars.records.inlets.streaming import write as streaming
from regulars.records.inlets.types import (
    OPEN,
    OVERLAP,
    PASSED_AGAIN,
    Arrival,
    ArrivalState,
    Inlet,
)
from regulars.records.members.types import Asked
from regulars.records.outbox.hooks.outlets import read as told_of
from regulars.records.outbox.hooks.outlets import write as outlets
from regulars.records.outbox.hooks.outlets.journals import write as journals

MOST_INLETS: Final = 50
LONGEST_NAME: Final = 80
_LOCK: Final = waiting_for(Alone.INLETS)


class MakeInlet(Struct, frozen=True):
    """Another system may send its events; its mapping was found to be right."""

    name: str
    kind: str
    source: str
    mapping: str
    by: By
    asked: Asked = Asked()


class ChangeInlet(Struct, frozen=True):
    """An inlet is another from now on; what is not said stays.

    `source` is that of the new mapping, where there is one; it must be the same.
    """

    inlet_id: UUID
    by: By
    name: str | UnsetType = UNSET
    mapping: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    state: Literal["active", "paused", "deleted"] | UnsetType = UNSET
    journals: bool = False
    """Whether by the new mapping a system that is told of members hears what happens, too."""


class RotateInletSecret(Struct, frozen=True):
    """An inlet gets another secret; the one before is good beside it for so long."""

    inlet_id: UUID
    by: By
    overlap: timedelta = timedelta(days=1)
    asked: Asked = Asked()


class RunAgain(Struct, frozen=True):
    """What is open of an inlet is looked at once more: all of it, or one event."""

    inlet_id: UUID
    by: By
    arrival_id: UUID | None = None
    states: tuple[ArrivalState, ...] = OPEN
    """Of all of it: which; what was passed, too, where nothing was told of it."""
    since: datetime | None = None
    """Of all of it: what came since then."""


class RanAgain(Struct, frozen=True):
    """So many are looked at once more; of others what they said is forgotten by now."""

    inlet: Inlet
    again: int
    forgotten: int = 0


class InletMade(Struct, frozen=True):
    """A new inlet, or one with another secret; asked for again under its key, the same one."""

    inlet: Inlet
    replayed: bool = False


NumbersOf = Callable[[str, str], frozenset[str]]
"""By kind and mapping of an inlet: what stands before numbers of customers there, where every shop
counts its own."""


ReceiptsOf = Callable[[str, str], Mapping[str, frozenset[str]]]
"""By kind and mapping of an inlet: for each thing its events tell, as the mapping names it, where
its receipts are from; nothing of a kind that tells nothing twice."""


def nobodys(kind: str, mapping: str) -> frozenset[str]:
    """No shop counts its customers by itself."""
    return frozenset()


def no_receipts(kind: str, mapping: str) -> Mapping[str, frozenset[str]]:
    """Nothing is told twice."""
    return {}


MadeOutcome = InletMade | Fault
InletOutcome = Inlet | Fault
AgainOutcome = RanAgain | Fault


async def make_inlets(
    tx: Tx, batch: Sequence[MakeInlet], numbers: NumbersOf = nobodys
) -> list[MadeOutcome]:
    """Make these inlets, each once.

    Faults, each for its own item: `invalid` name, more inlets than a program can have, or numbers
    of customers that are those of another shop, too; `key_reused`.
    """
    await tx.fetch(_LOCK, tx.program_id)
    there = list(await read.inlets(tx))

    async def make(wish: MakeInlet) -> tuple[InletMade, UUID] | Fault:
        fault = _wrong(wish.name) or _too_many(len(there))
        fault = fault or _shared(numbers(wish.kind, wish.mapping), there, numbers)
        if fault is not None:
            return fault
        made = InletMade(await _make(tx, wish))
        there.append(made.inlet)
        return made, made.inlet.inlet_id

    return await each_once(tx, "make_inlet", batch, InletMade, make)


async def change_inlets(
    tx: Tx,
    batch: Sequence[ChangeInlet],
    numbers: NumbersOf = nobodys,
    receipts: ReceiptsOf = no_receipts,
) -> list[InletOutcome]:
    """Each of these is another from now on; paused, it keeps what comes, and active again books it.

    Faults, each for its own item: `not_found`; `invalid` name, a mapping of another source, one
    by which numbers of customers become those of another shop, too, or by which what was booked
    would be told under other receipts.
    """
    if any(one.mapping is not UNSET for one in batch):
        await tx.fetch(_LOCK, tx.program_id)
    return [await _changed(tx, one, numbers, receipts) for one in batch]


async def rotate_inlet_secrets(tx: Tx, batch: Sequence[RotateInletSecret]) -> list[MadeOutcome]:
    """Each of these has another secret from now on; the one before is good beside it for a while.

    Asked for again under its key, it is not changed again.
    Faults, each for its own item: `not_found`; `invalid` overlap, or one while the one before it
    runs; `key_reused`.
    """
    await tx.fetch(_LOCK, tx.program_id)

    async def rotate(wish: RotateInletSecret) -> tuple[InletMade, UUID] | Fault:
        made = await _rotated(tx, wish)
        return made if isinstance(made, Fault) else (made, made.inlet.inlet_id)

    return await each_once(tx, "rotate_inlet_secret", batch, InletMade, rotate)


async def run_again(tx: Tx, batch: Sequence[RunAgain]) -> list[AgainOutcome]:
    """What is open waits once more, and is read by the mapping as it is now.

    What was booked is never run again; what was passed where that is wished, and tells something
    by another mapping at most: hints and letters that failed are left, and of all of it duplicates.
    A receipt counts once.
    Faults, each for its own item: `not_found`; `invalid` for an event that cannot be looked at
    again, or whose body is forgotten.
    """
    outcomes: list[AgainOutcome] = []
    for one in batch:
        inlet = await read.inlet(tx, one.inlet_id)
        fault = _missing() if inlet is None else await _not_open(tx, one)
        if inlet is None or fault is not None:
            outcomes.append(fault or _missing())
            continue
        states = one.states if one.arrival_id is None else (*OPEN, "passed")
        there = (1, 0)
        if one.arrival_id is None:
            there = await read.to_look_at_again(tx, one.inlet_id, states, one.since)
        told = Done(one.by, "inlet.run_again", "inlet", inlet.inlet_id.hex, {}, _which(one))
        waits = write.again(tx, one.inlet_id, one.arrival_id, states, one.since)
        await tx.write([*waits, *acted(tx, [told])])
        outcomes.append(RanAgain(inlet, *there))
    return outcomes


async def _make(tx: Tx, wish: MakeInlet) -> Inlet:
    inlet = Inlet(
        program_id=tx.program_id,
        inlet_id=tx.new_id(),
        name=wish.name.strip(),
        kind=wish.kind,
        source=wish.source,
        mapping=wish.mapping,
        state="active",
        secret_number=1,
        old_until=None,
        made_at=tx.now,
        made_by=wish.by.actor,
        changed_at=tx.now,
    )
    told = Done(wish.by, "inlet.made", "inlet", inlet.inlet_id.hex, {}, _told(inlet))
    await tx.write([*write.make(tx, inlet), *acted(tx, [told])])
    return inlet


async def _changed(
    tx: Tx, wish: ChangeInlet, numbers: NumbersOf, receipts: ReceiptsOf
) -> InletOutcome:
    inlet = await read.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    said = {
        name: value
        for name in ("name", "mapping", "state")
        if (value := getattr(wish, name)) is not UNSET
    }
    after = replace(inlet, **said)
    after = replace(after, name=after.name.strip())
    if wish.source is not UNSET and wish.source != inlet.source:
        return Invalid(
            f"its receipts are known as those of {inlet.source}, for ever",
            field="/mapping",
            mend=f"Write `source: {inlet.source}`, or make another inlet",
        )
    fault = _wrong(after.name)
    if fault is None and after.mapping != inlet.mapping:
        new = numbers(inlet.kind, after.mapping) - numbers(inlet.kind, inlet.mapping)
        others = [one for one in await read.inlets(tx) if one.inlet_id != inlet.inlet_id]
        fault = _shared(new, others, numbers) or await _told_anew(tx, inlet, after, receipts)
    if fault is not None:
        return fault
    if after == inlet:
        return inlet
    told = Done(wish.by, "inlet.changed", "inlet", inlet.inlet_id.hex, _told(inlet), _told(after))
    await tx.write([*write.change(tx, after), *_beside(tx, inlet, after), *acted(tx, [told])])
    if wish.journals and after.state != "deleted":
        outlet = await told_of.one(tx, after.inlet_id)
        if outlet is not None:
            await hear(tx, after, outlet.address, wish.by)
    return replace(after, changed_at=tx.now)


async def _told_anew(tx: Tx, inlet: Inlet, after: Inlet, receipts: ReceiptsOf) -> Invalid | None:
    """Whether what was booked would be booked once more, with its next change in the shop: a shop
    tells an order again and again, and it is known by its receipt alone."""
    before, now = (receipts(one.kind, one.mapping) for one in (inlet, after))
    other = [
        (what, gone) for what, said in before.items()
        if (gone := said - now.get(what, said)) and now[what] - said
    ]  # fmt: skip
    if not other or not await read.has_booked(tx, inlet.inlet_id):
        return None
    what, gone = other[0]
    return Invalid(
        f"what was booked is known by its `external_id` ({min(gone)}), for ever: by another one "
        "whatever changes there would be booked once more",
        field="/mapping",
        mend=f"Leave `external_id` at {what} as it was, or make another source for what is new",
    )


def _beside(tx: Tx, before: Inlet, after: Inlet) -> list[Write]:
    """What goes with it: keys with one that is deleted; with another mapping, files are read anew
    of which something could not be read, and whoever is told of members knows them otherwise."""
    if after.state == "deleted":
        ended = (catching.end, feeding.end, streaming.end, outlets.end)
        return [each for end in ended for each in end(tx, after.inlet_id)]
    follows = journals.follow(tx, after.inlet_id, paused=after.state == "paused")
    if after.mapping == before.mapping:
        return follows
    return [*follows, *feeding.anew(tx, after.inlet_id), *outlets.otherwise(tx, after.inlet_id)]


async def _rotated(tx: Tx, wish: RotateInletSecret) -> MadeOutcome:
    inlet = await read.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    if not timedelta() <= wish.overlap <= OVERLAP:
        mend = "Say 0 to 168 hours"
        return Invalid(
            "Both secrets are good for a week at most", field="/overlap_hours", mend=mend
        )
    if wish.overlap and inlet.old_until is not None and tx.now < inlet.old_until:
        until = f"{inlet.old_until:%Y-%m-%dT%H:%MZ}"
        return Invalid(
            "The secret before is still good, and a third one would end it",
            field="/overlap_hours",
            mend=f"Wait until {until}, or say 0: then only the new one is good",
        )
    number, until_at = inlet.secret_number + 1, tx.now + wish.overlap
    after = replace(inlet, secret_number=number, old_until=until_at)
    told = Done(wish.by, "inlet.secret_changed", "inlet", inlet.inlet_id.hex)
    await tx.write([*write.change(tx, after), *acted(tx, [told])])
    return InletMade(after)


async def _not_open(tx: Tx, one: RunAgain) -> Fault | None:
    if one.arrival_id is None:
        return None
    found = (await read.some(tx, [one.arrival_id], held=True)).get(one.arrival_id)
    if found is None or found.inlet_id != one.inlet_id:
        return NotFound("There is no such event", field="/arrival_id")
    return _no_second_time(found)


def _no_second_time(found: Arrival) -> Fault | None:
    if found.state not in OPEN and (found.state != "passed" or found.code not in PASSED_AGAIN):
        mend = "Run again what is unfit or refused, or passed although it told something"
        return Invalid(f"This event is {found.state}", field="/arrival_id", mend=mend)
    if found.body is None:
        mend = "Have its sender send it again as a new event"
        return Invalid("What it said is forgotten by now", field="/arrival_id", mend=mend)
    return None


def _wrong(name: str) -> Fault | None:
    if 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable():
        return None
    mend = f"Send 1 to {LONGEST_NAME} characters, as in Web shop"
    return Invalid("It needs a name you know it by", field="/name", mend=mend)


def _shared(mine: frozenset[str], others: Sequence[Inlet], numbers: NumbersOf) -> Fault | None:
    """Whether customers of another shop would be called as those of this one: 17 is somebody in
    each, and whoever was known by that number first would have what the other bought."""
    for one in others if mine else ():
        if both := mine & numbers(one.kind, one.mapping):
            names = f"`{min(both)}17`"
            return Invalid(
                f"customer 17 of this shop and of {one.name} would both be known as {names}",
                field="/mapping",
                mend='Write another `source:`, and `prefix: "{source}-"` at `member_id`',
            )
    return None


def _too_many(count: int) -> Fault | None:
    if count < MOST_INLETS:
        return None
    mend = "Delete one that nobody needs"
    return Invalid(f"A program has at most {MOST_INLETS} inlets", field="/name", mend=mend)


def _missing() -> NotFound:
    return NotFound("There is no such inlet", field="/inlet_id")


def _which(one: RunAgain) -> dict[str, object]:
    if one.arrival_id:
        return {"arrival": one.arrival_id.hex}
    told: dict[str, object] = {"all": True}
    if one.states != OPEN:
        told["state"] = ", ".join(one.states)
    if one.since is not None:
        told["since"] = one.since.isoformat()
    return told


def _told(inlet: Inlet) -> dict[str, object]:
    """What the audit log says of it."""
    mapping = {"lines": inlet.mapping.count("\n") + 1}
    return {"name": inlet.name, "kind": inlet.kind, "state": inlet.state, "mapping": mapping}
