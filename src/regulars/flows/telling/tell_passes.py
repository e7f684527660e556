"""Telephones that keep passes are told that there is something new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.flows.telling.follow import LONGEST_TRANSACTION, REACHES_EVERY, follow
from regulars.records.access.cards import read, write
from regulars.records.access.cards.types import PassDue
from regulars.records.outbox.delivery.rules import pause
from regulars.records.outbox.events.people import PEOPLE_EVENTS
from regulars.records.outbox.events.points import POINT_EVENTS
from regulars.records.outbox.events.rewards import REWARD_EVENTS
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Happened, Place
from regulars.records.outbox.passes import read as reaches
from regulars.records.outbox.passes import write as reached
from regulars.records.outbox.passes.read import Reach

MOST: Final = 500
"""Events of one round."""
MOST_TOLD: Final = 200
"""Telephones of one round."""
LEASE: Final = timedelta(minutes=2)
"""So long a telephone belongs to who took it; who is killed meanwhile gives it back by then."""
MOST_TRIES: Final = 12
"""The pauses between them add up to nearly five hours; the next change begins anew."""


SAVED_WITHIN: Final = timedelta(hours=1)
"""So long after somebody went to Google to save their card it may not be there yet."""


class PassTold(Struct, frozen=True):
    """What came of telling a telephone: it was taken, is tried later, nobody is there, or nobody
    saved the card, which they may be about to."""

    one: PassDue
    outcome: Literal["told", "later", "gone", "absent"]


async def plan_passes(tx: Tx, most: int = MOST) -> bool:
    """Note whose passes changed by what was committed since; whether there is more.

    Order: as `follow` goes. Keeps: nothing of what happened before any telephone had a pass, and
    nothing at all where none has.
    """
    if not await read.any_device(tx):
        return False
    if not await reaches.begun(tx):
        here = await following.horizon(tx)
        await tx.write(reached.begin(tx, here, tx.now - LONGEST_TRANSACTION))
        return False
    news = await reaches.news(tx, tx.now - REACHES_EVERY)
    reach = await reaches.reach(tx) if news else None
    if reach is None:
        return False
    here = await following.horizon(tx)
    return await follow(tx, _Passes(reach), here, most)


async def take_passes(tx: Tx, most: int = MOST_TOLD) -> list[PassDue]:
    """Telephones to be told once this transaction is over; for two minutes they are this
    worker's."""
    due = await read.due(tx, most)
    taken = [replace(one, tries=one.tries + 1) for one in due]
    await tx.write(write.tell_at(tx, taken, [tx.now + LEASE] * len(taken)))
    return taken


async def settle_passes(tx: Tx, batch: Sequence[PassTold]) -> list[None]:
    """Each of these knows, is told later, or is forgotten.

    Keeps: a telephone told in vain for hours is left alone until its pass changes again: it asks
    by itself whenever its owner looks.
    """
    batch = [_meant(tx, one) for one in batch]
    done = [
        one.one
        for one in batch
        if one.outcome == "told" or (one.outcome == "later" and one.one.tries >= MOST_TRIES)
    ]
    later = [one.one for one in batch if one.outcome == "later" and one.one.tries < MOST_TRIES]
    again = [tx.now + pause(one.tries) for one in later]
    gone = [one.one for one in batch if one.outcome == "gone"]
    writes = [*write.told(tx, done), *write.tell_at(tx, later, again), *write.gone(tx, gone)]
    await tx.write(writes)
    return [None] * len(batch)


def _meant(tx: Tx, told: PassTold) -> PassTold:
    """Of a card that nobody saved: later while they may be about to, and gone after that."""
    if told.outcome != "absent":
        return told
    soon = tx.now < told.one.registered_at + SAVED_WITHIN
    return replace(told, outcome="later" if soon else "gone")


class _Passes:
    """All members of a program whose card shows something else by an event."""

    types = tuple(one.type for one in (*POINT_EVENTS, *REWARD_EVENTS, *PEOPLE_EVENTS))

    def __init__(self, reach: Reach) -> None:
        self._floor_at = reach.floor_at
        self.begins: Place = (reach.below_tx, reach.after_id)
        self.cluster = reach.cluster

    async def found(self, tx: Tx, events: Sequence[Happened], end: Place) -> list[Write]:
        who = {one.member_id for one in events if one.recorded_at > self._floor_at}
        return write.changed(tx, sorted(who))

    def reached(self, tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
        return reached.reached(tx, end, looked_at)

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        return reached.moved(tx, cluster)
