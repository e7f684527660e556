"""Another system is told of members from now on, otherwise, once more, or no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx, Write
from regulars.flows.inlets.outlets.hearing import hear, hear_no_more
from regulars.flows.telling.follow import LONGEST_TRANSACTION
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read as catching
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks.outlets import read, write
from regulars.records.outbox.hooks.outlets.types import Outlet

_NO_KEYS: Final = "Nothing says by which key it lets itself be told"


class TellSystem(Struct, frozen=True):
    """A system is told of members from now on, or otherwise than before; what is not said stays.

    Keeps: at another address whoever was known at the one before is told of again.

    `since`: whoever joined or did something from then on is told, too, and everybody from the
    first day where that is the day of the first member. Without it, only what changes from now on.
    """

    inlet_id: UUID
    by: By
    address: str = ""
    keys: bytes = b""
    """Encrypted; without any it is told by those by which it is asked."""
    since: datetime | None = None
    journals: bool = False
    """Whether it hears what happens as journals, too; what happens from then on."""


class EndTelling(Struct, frozen=True):
    """A system is told no more; what it knows is not forgotten there."""

    inlet_id: UUID
    by: By


class TellAgain(Struct, frozen=True):
    """Whom it did not take is told once more; with `everybody`, all whom it was ever told of."""

    inlet_id: UUID
    by: By
    everybody: bool = False


OutletOutcome = Outlet | Fault


async def tell_systems(tx: Tx, batch: Sequence[TellSystem]) -> list[OutletOutcome]:
    """Each of these systems is told so from now on.

    Faults, each for its own item: `not_found`; `invalid` where nothing says where it is or by which
    key, or from a day that is still to come.
    """
    return [await _tell(tx, wish) for wish in batch]


async def end_telling(tx: Tx, batch: Sequence[EndTelling]) -> list[OutletOutcome]:
    """None of these systems is told any more. Faults, each for its own item: `not_found`."""
    outcomes: list[OutletOutcome] = []
    for wish in batch:
        before = await read.one(tx, wish.inlet_id, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        done = _done(wish.by, wish.inlet_id, _said(before), {})
        await tx.write([*write.end(tx, wish.inlet_id), *acted(tx, [done])])
        outcomes.append(before)
    return outcomes


async def tell_again(tx: Tx, batch: Sequence[TellAgain]) -> list[OutletOutcome]:
    """Whom each of these did not take is told once more, or everybody is.

    Faults, each for its own item: `not_found`.
    """
    outcomes: list[OutletOutcome] = []
    for wish in batch:
        before = await read.one(tx, wish.inlet_id, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        walks = write.walk(tx, wish.inlet_id, "again")
        at_once = walks if wish.everybody else write.at_once(tx, wish.inlet_id)
        writes = [write.again(tx, wish.inlet_id), at_once]
        done = _done(wish.by, wish.inlet_id, {}, {"everybody": wish.everybody})
        await tx.write([*writes, *acted(tx, [done])])
        outcomes.append(await _now(tx, wish.inlet_id))
    return outcomes


async def _tell(tx: Tx, wish: TellSystem) -> OutletOutcome:
    inlet = await inlets.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    before = await read.one(tx, wish.inlet_id, held=True)
    asked = await catching.one(tx, wish.inlet_id)
    fault = _wrong(tx, wish, before, asked.address if asked is not None else "")
    if fault is not None:
        return fault
    writes: list[Write] = []
    was: dict[str, object] = {}
    address = wish.address or (asked.address if asked is not None else "")
    if before is None:
        here = await following.horizon(tx)
        floor = tx.now - LONGEST_TRANSACTION
        writes.append(write.make(tx, wish.inlet_id, (address, wish.keys), here, floor))
    else:
        was = _said(before)
        kept = (wish.address or before.address, wish.keys or before.keys)
        writes.append(write.change(tx, wish.inlet_id, kept))
    await tx.write(writes)
    if wish.journals:
        await hear(tx, inlet, address if before is None else kept[0], wish.by)
    else:
        await hear_no_more(tx, inlet)
    if wish.since is not None:
        await tx.write([write.walk(tx, wish.inlet_id, "since", wish.since)])
    elif before is not None and wish.address not in ("", before.address):
        # Nobody is known there; a walk that goes on begins anew.
        since = before.walk_since if before.walk == "since" else None
        await tx.write([write.walk(tx, wish.inlet_id, before.walk or "compare", since)])
    after = await _now(tx, wish.inlet_id)
    await tx.write(acted(tx, [_done(wish.by, wish.inlet_id, was, _said(after))]))
    return after


def _wrong(tx: Tx, wish: TellSystem, before: Outlet | None, asked: str) -> Fault | None:
    if before is None and not (wish.address or asked):
        mend = "Say its address, and a key"
        return Invalid("Nothing says where it is", field="/address", mend=mend)
    if before is None and not wish.keys and (not asked or wish.address not in ("", asked)):
        return Invalid(_NO_KEYS, field="/key", mend="Send a key with its secret")
    if wish.since is not None and wish.since > tx.now:
        mend = "Say a day that is over, or leave it out"
        return Invalid("Nothing changed after that yet", field="/since", mend=mend)
    elsewhere = before is not None and wish.address not in ("", before.address)
    if elsewhere and not wish.keys:
        mend = "Send the key again with the new address"
        return Invalid("Keys are sent to no other system", field="/key", mend=mend)
    return None


async def _now(tx: Tx, inlet_id: UUID) -> Outlet:
    found = await read.one(tx, inlet_id)
    assert found is not None, inlet_id
    return found


def _done(by: By, inlet_id: UUID, was: dict[str, object], after: dict[str, object]) -> Done:
    return Done(by, "inlet.changed", "inlet", inlet_id.hex, was, after)


def _said(one: Outlet) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    host = one.address.partition("://")[2].partition("/")[0]
    since = one.walk_since.date().isoformat() if one.walk_since else ""
    said: dict[str, object] = {"members_told": True, "host": host}
    return said | ({"since": since} if since else {})


def _missing() -> NotFound:
    says = "There is no such source of events, or its system is not told of members"
    return NotFound(says, field="/inlet_id")
