"""Everybody's prepared rows are folded anew by several hands at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager as Context
from typing import Final

from regulars.base.alone import Alone, keeping_away, letting_in
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.prepare_rows import (
    OF_EACH,
    Turn,
    count_gaps,
    fold_portion,
)
from regulars.records.prepared import read
from regulars.records.prepared.types import Portion, Reach
from regulars.runtime.storage.database import Database

HANDS: Final = 2
MEMBERS: Final = 10_000
"""Members of one portion: some seconds, and few enough portions that sums cost little."""
MOST_MEMBERS: Final = 50_000
"""More at once would be sorted in files."""
PORTIONS: Final = 40
"""Of very many members no more portions than that, where they are not too large: each writes
nearly all sums of days and categories once more, and looks through most pages of the books."""
_ALONE: Final = keeping_away(Alone.PREPARING)
_DONE: Final = letting_in(Alone.PREPARING)

Watch = Callable[[Portion], None]


def size_of(everybody: int) -> int:
    """Members of one portion, of so many.

    Example: 10,000 up to 400,000 members, 25,000 of a million.
    """
    return min(max(MEMBERS, -(-everybody // PORTIONS)), MOST_MEMBERS)


class Portions:
    """The portions of one program that are left, handed out in order.

    Keeps: each hand has a transaction of its own, and they end in the order of portions; so
    killed at any moment, all up to one portion are there whole, and whoever follows goes on.
    Assumes: a pool of two connections more than there are hands.
    """

    def __init__(self, database: Database, program_id: int, terms: Terms) -> None:
        self._database = database
        self._program_id = program_id
        self._terms = terms
        self._handing = asyncio.Lock()
        self._last = asyncio.Event()
        self._last.set()

    async def size(self) -> int:
        """Members of one portion."""
        async with self._opened() as tx:
            return size_of(await read.everybody(tx))

    async def fold(self, watch: Watch, hands: int = HANDS, members: int = MEMBERS) -> bool:
        """Fold all that are left; whether it was ours to do (another process may be at it)."""
        async with self._database.pool.acquire() as alone:
            if not await alone.fetchval(_ALONE, self._program_id):
                return False
            try:
                await self._all(watch, hands, members)
            finally:
                await alone.fetchval(_DONE, self._program_id)
        return True

    async def _all(self, watch: Watch, hands: int, members: int) -> None:
        async with self._opened() as tx:
            there = await read.begun(tx)
        if there is None or there.after_id is None:
            return
        left = _Left(there, members)
        async with asyncio.TaskGroup() as group:
            for _ in range(hands):
                group.create_task(self._hand(left, watch))
        while await self._gaps():
            pass

    async def _gaps(self) -> bool:
        async with self._opened() as tx:
            return await count_gaps(tx)

    async def _hand(self, left: _Left, watch: Watch) -> None:
        while True:
            async with self._handing, self._opened() as tx:
                some = await left.take(tx)
                turn, ended = self._last, asyncio.Event()
                self._last = ended
            if some is None:
                return
            await self._one(some, left.below, turn.wait)
            ended.set()
            watch(some)

    async def _one(self, some: Portion, below: int, turn: Turn) -> None:
        async with self._opened() as tx:
            await fold_portion(tx, self._terms, below, some, turn)

    def _opened(self) -> Context[Tx]:
        return self._database.transaction(self._program_id)


class _Left:
    """Where the next portion begins."""

    def __init__(self, there: Reach, members: int) -> None:
        self.below = there.below_tx
        self._after = there.after_id if there.gaps_after is None else None
        self._members = members

    async def take(self, tx: Tx) -> Portion | None:
        if self._after is None:
            return None
        some = await read.portion(tx, self._after, self._members, self._members * OF_EACH)
        self._after = some.next_id
        return some
