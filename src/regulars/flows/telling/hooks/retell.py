"""What happened is retold in the words that clients of another system's API know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.flows.telling.follow import REACHES_EVERY, follow
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Happened, Place
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks.types import SQUARE
from regulars.records.outbox.retold import read, write
from regulars.records.outbox.retold.types import Heard, Reach, Retold
from regulars.records.program import read as programs

MOST: Final = 500
"""Events of one round."""


class Asked(Struct, frozen=True):
    """What is to be retold: these events of ours, as far as somebody wants to hear of it."""

    heard: Sequence[Heard]
    wanted: frozenset[str]
    version: int
    """The version of the program that was told of last; 0 before the first."""
    ruling: int
    """The one that rules now."""


class Retells(Protocol):
    """Who knows the other words."""

    async def __call__(self, tx: Tx, asked: Asked) -> Sequence[Retold]: ...


async def retell_events(tx: Tx, retells: Retells, most: int = MOST) -> bool:
    """Retell what was committed since, once; whether there is more.

    Order: as `follow` goes, and what stands before one of these in its member's order with it.
    Keeps: what is retold says what was so at that event, as the books have it; it is written down
    then, so that whoever hears it twice hears the same. Nothing of what happened before somebody
    wanted to hear.
    """
    ruling = await programs.ruling(tx)
    is_new = await read.version(tx) not in (ruling, None)
    if not is_new and not await read.news(tx, tx.now - REACHES_EVERY):
        return False
    reach = await read.reach(tx, SQUARE)
    if reach is None:
        return False
    here = await following.horizon(tx)
    wanted = await read.wanted(tx, SQUARE)
    if reach.version != ruling:
        changes = await retells(tx, Asked((), wanted, reach.version, ruling))
        await tx.write([*write.tell(tx, changes), *write.rules(tx, ruling)])
    return await follow(tx, _Ours(retells, wanted, reach, ruling), here, most)


class _Ours:
    """All that happens here, for those who want to hear it in other words."""

    types = tuple(EVENTS)

    def __init__(self, retells: Retells, wanted: frozenset[str], reach: Reach, ruling: int) -> None:
        self._retells, self._wanted, self._ruling = retells, wanted, ruling
        self._floor_at = reach.floor_at
        self.begins: Place = (reach.below_tx, reach.after_id)
        self.cluster = reach.cluster

    async def found(self, tx: Tx, events: Sequence[Happened], end: Place) -> list[Write]:
        fresh = [one for one in events if one.recorded_at > self._floor_at]
        if not fresh:
            return []
        before = await hooks.earlier(tx, end, self.types, fresh)
        ids = [one.event_id for one in (*fresh, *before) if one.recorded_at > self._floor_at]
        heard = await read.heard(tx, ids)
        await read.hold(tx, {one.member_id for one in heard})
        asked = Asked(heard, self._wanted, self._ruling, self._ruling)
        return write.tell(tx, await self._retells(tx, asked))

    def reached(self, tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
        return write.reached(tx, end, looked_at)

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        return write.moved(tx, cluster)
