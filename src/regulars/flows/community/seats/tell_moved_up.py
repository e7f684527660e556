"""Who moved up is told, and who has a seat at what is called off or moved, once."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.community.told import payload_of, payload_of_all
from regulars.records.community.gatherings import read, write

MOST = 200


async def tell_moved_up(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """Whoever moved up and was not told is; how many were.

    Order: found, then locked, then read anew: who gave the seat up meanwhile is told nothing, and
    of two who tell at once one does. Of what was called off or has begun by now nobody is told
    that they have a seat.
    """
    found = await read.to_tell(tx, most)
    if not found:
        return 0
    states = await hold_members(tx, terms, {one.member_id for one in found})
    there = {one.seat_id for one in found}
    still = [one for one in await read.to_tell(tx, most) if one.seat_id in there]
    what = await read.by_id(tx, sorted({one.gathering_id for one in still}))
    changes = Changes(tx.new_id)
    for seat in still:
        one = what[seat.gathering_id]
        if one.state == "open" and one.begins_at > tx.now:
            told = payload_of(one, seat.seat_id, moved_up=True)
            _tell(changes, states[seat.member_id], "seat.held", told)
    await tx.write(write.told(tx, [one.seat_id for one in still]))
    await tx.write(writes_of(tx, terms, changes))
    return len(still)


async def tell_called_off(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """Whoever has a seat, or waits for one, at what was called off is told; how many were.

    Order: as above.
    """
    found = await read.to_tell_off(tx, most)
    if not found:
        return 0
    states = await hold_members(tx, terms, {one.member_id for one in found})
    there = {one.seat_id for one in found}
    still = [one for one in await read.to_tell_off(tx, most) if one.seat_id in there]
    what = await read.by_id(tx, sorted({one.gathering_id for one in still}))
    changes = Changes(tx.new_id)
    for seat in still:
        told = payload_of_all(what[seat.gathering_id], seat)
        _tell(changes, states[seat.member_id], "gathering.cancelled", told)
    await tx.write(write.told_off(tx, [one.seat_id for one in still]))
    await tx.write(writes_of(tx, terms, changes))
    return len(found)


async def tell_moved(tx: Tx, terms: Terms, most: int = MOST) -> int:
    """Whoever has a seat, or waits for one, at what is at another time or place since is told; how
    many were.

    Order: as above. Keeps: who asked since knows it, and who gave theirs up is told nothing.
    """
    found = await read.to_tell_moved(tx, most)
    if not found:
        return 0
    states = await hold_members(tx, terms, {one.member_id for one in found})
    there = {one.seat_id for one in found}
    still = [one for one in await read.to_tell_moved(tx, most) if one.seat_id in there]
    what = await read.by_id(tx, sorted({one.gathering_id for one in still}))
    changes = Changes(tx.new_id)
    for seat in still:
        told = payload_of_all(what[seat.gathering_id], seat)
        _tell(changes, states[seat.member_id], "gathering.moved", told)
    await tx.write(write.told_moved(tx, [one.seat_id for one in still]))
    await tx.write(writes_of(tx, terms, changes))
    return len(found)


def _tell(changes: Changes, state: MemberState, type_: str, told: dict[str, object]) -> None:
    """Whoever is gone is told nothing."""
    if state.state not in ("erased", "merged"):
        changes.touch(state)
        changes.events.append(Event(state.member_id, state.version, type_, told))
