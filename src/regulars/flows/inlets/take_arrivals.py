"""The worker takes what waits, and forgets what was kept long enough."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.inlets import read, write
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.states.read import alone_with
from regulars.records.inlets.types import Arrival, Inlet


class Taken(Struct, frozen=True):
    """What is to be read and booked now, held, with the inlets it came in by."""

    arrivals: tuple[Arrival, ...]
    inlets: dict[UUID, Inlet]
    overtaken: frozenset[UUID] = frozenset()
    """Those whose thing is booked by now as it stood later."""
    asked: frozenset[UUID] = frozenset()
    """Those inlets whose shop is asked."""


async def take_arrivals(tx: Tx, most: int) -> Taken:
    """So many of those that wait, in the order they came; states of one thing in that of time.

    Order: they are held until this transaction ends, so nobody else books them meanwhile; what
    somebody else holds is left to them. Of large ones fewer are taken. Where somebody else books
    another state of the same thing this waits, so that each knows what the other booked.
    """
    return await _with_their_inlets(tx, await read.due(tx, most))


async def look_again(tx: Tx, arrivals: Sequence[Arrival]) -> Taken:
    """These, which nobody kept yet, beside what is known of them and their inlets by now."""
    return await _with_their_inlets(tx, arrivals)


async def _with_their_inlets(tx: Tx, arrivals: Sequence[Arrival]) -> Taken:
    if not arrivals:
        return Taken((), {})
    inlets = {one.inlet_id: one for one in await read.inlets(tx)}
    in_order = sorted(arrivals, key=lambda one: one.told_at or one.received_at)
    await alone_with(tx, arrivals)
    overtaken = await read.overtaken(tx, arrivals)
    return Taken(tuple(in_order), inlets, overtaken, frozenset(await catching.all_of_them(tx)))


async def sweep_arrivals(tx: Tx, most: int) -> int:
    """So many bodies that are no longer needed are forgotten: what is personal in them goes.

    Order: the oldest first; how many there were. Fewer than were asked for: that was all.
    """
    old = await read.old(tx, most)
    await tx.write(write.sweep(tx, old))
    return len(old)
