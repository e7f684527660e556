"""Who moved is noted for each system that is told of members; some are taken, told, and settled.

Nobody's change is told, but where they stand: whoever moved ten times while a system was away is
told once, and it knows what it would know had it never been away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.inlets.outlets.pictures import Picture, pictures
from regulars.flows.telling.follow import REACHES_EVERY, follow
from regulars.insight.connected import told
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Happened, Place
from regulars.records.outbox.hooks.outlets import read, write
from regulars.records.outbox.hooks.outlets.types import (
    MOST_TRIES,
    SENT,
    Answering,
    Came,
    Due,
    Outlet,
    Reach,
)
from regulars.records.standing.values import read as values

MOST: Final = 500
"""Events of one round."""
STRETCH: Final = 1_000
"""Members that are gone through in one round."""
LATE: Final = timedelta(minutes=2)
"""What commits after somebody looked may carry a time so long before."""
_TYPES: Final = tuple(EVENTS)


class Taken(Struct, frozen=True):
    """Members whom a system is to be told of now, each as they are."""

    outlet: Outlet
    due: tuple[Due, ...] = ()
    seen: tuple[Picture, ...] = ()


class Settle(Struct, frozen=True):
    """What came of telling a system of some members."""

    inlet_id: UUID
    came: tuple[Came, ...]
    how: Answering


async def plan_members(tx: Tx, most: int = MOST) -> bool:
    """Note for every system who moved by what was committed since; whether there is more.

    Order: as `follow` goes; then whoever answered a survey, of which no event tells; then members
    that are gone through one after the other.
    """
    news = await read.news(tx, tx.now - REACHES_EVERY)
    reaches = await read.reaches(tx) if news else []
    if not reaches:
        return False
    here, last = await following.horizon(tx), await values.last_run(tx)
    more = False
    for reach in reaches:
        said = await told.answered(tx, reach.looked_at - LATE)
        await tx.write(write.want(tx, reach.inlet_id, said))
        if last is not None and reach.night != last.as_of and not reach.walk:
            await tx.write([write.walk(tx, reach.inlet_id, "compare", night=last.as_of)])
            more = True
        more |= await follow(tx, _Moved(reach), here, most)
        if reach.walk:
            more |= await _walk(tx, reach)
    return more


async def take_members(tx: Tx, terms: Terms, outlet: Outlet, most: int) -> Taken:
    """Some members this system is to be told of; for some minutes they are this worker's.

    Keeps: a picture shows all that was committed before it was taken, and `changed` counts what
    comes after. Whoever is about to be sent counts as sent, before it is known what came of it.
    """
    due = await read.members_due(tx, outlet.inlet_id, most)
    await tx.write(write.take(tx, outlet.inlet_id, due))
    seen = await pictures(tx, terms, [one.member_id for one in due])
    told_of = [id_ for id_, one in seen.items() if not (one.gone or one.silent)]
    await tx.write(write.sent(tx, outlet.inlet_id, told_of))
    return Taken(outlet, tuple(due), tuple(seen[one.member_id] for one in due))


async def settle_members(tx: Tx, batch: Sequence[Settle]) -> list[None]:
    """What each of these systems knows by now, and when it is told more."""
    for one in batch:
        count = sum(1 for came in one.came if came.state == "told")
        answers = write.answers(tx, one.inlet_id, one.how, count)
        await tx.write([*write.settle(tx, one.inlet_id, one.came), answers])
        await tx.write(write.forget(tx, one.inlet_id, one.came))
    return [None] * len(batch)


def tried_alone(one: Due, outlet: Outlet, problem: str, *, pause_s: int = 0) -> Came:
    """What becomes of a member whom a system fell over: tried alone, ever later, and given up only
    where it takes everybody else."""
    tries = one.tries + 1
    if tries >= MOST_TRIES and outlet.failures == 0:
        known = one.told or SENT  # it fell over: who knows what it has
        return Came(one.member_id, one.changed, "refused", known, "failed", problem=problem)
    wait = pause_s << min(one.tries, MOST_TRIES)
    return Came(one.member_id, one.changed, "later", tries=tries, pause_s=wait)


async def _walk(tx: Tx, reach: Reach) -> bool:
    """The next members, in the order of their ids; whether there are more.

    Keeps: whom it was never to be told of it is told of by no night and no other mapping.
    """
    found = await told.members_after(tx, reach.walk_after, STRETCH)
    wanted = await read.known_of(tx, reach.inlet_id, found)
    if reach.walk == "since" and reach.walk_since is not None:
        moved = await told.moved_since(tx, found, reach.walk_since)
        wanted = [*wanted, *moved]
    anew = reach.walk == "again"
    whole = len(found) < STRETCH
    after = None if whole else found[-1]
    wishes = write.want(tx, reach.inlet_id, wanted, anew=anew)
    await tx.write([*wishes, write.walked(tx, reach.inlet_id, after, len(found))])
    return not whole


class _Moved:
    """Whoever an event is about: something of theirs may be different."""

    types = _TYPES

    def __init__(self, reach: Reach) -> None:
        self._inlet_id, self._floor_at = reach.inlet_id, reach.floor_at
        self.begins: Place = (reach.below_tx, reach.after_id)
        self.cluster = reach.cluster

    async def found(self, tx: Tx, events: Sequence[Happened], end: Place) -> list[Write]:
        who = {one.member_id for one in events if one.recorded_at > self._floor_at}
        return write.want(tx, self._inlet_id, sorted(who))

    def reached(self, tx: Tx, end: Place, looked_at: object) -> list[Write]:
        return [write.reached(tx, self._inlet_id, end, looked_at)]  # type: ignore[arg-type]

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        return [write.moved(tx, self._inlet_id, cluster)]
