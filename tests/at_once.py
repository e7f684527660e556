"""Transactions at the same time, so that who looks before another has committed is no luck.

The first does all it has to do and then keeps its transaction open; the others begin meanwhile.
It commits as soon as each of them waits for a lock, or is through: who takes no lock has looked,
decided and written by then, and whoever did wait goes on with what the first left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from regulars.base.tx import Tx
from regulars.runtime.storage.database import Database

Deed = Callable[[Tx], Awaitable[Any]]

_WAITING = "select distinct pid from pg_locks where not granted and pid = any($1::int[])"
_ME = "select pg_backend_pid() as pid"
_PATIENCE_S = 2.5
"""Below the longest that anybody waits for a lock, so that the first ends before they give up."""


class AtOnce:
    """These deeds at the same time in one program; `waited` says who had to wait for the first."""

    def __init__(self, database: Database, program_id: int, watch: asyncpg.Connection) -> None:
        self.database = database
        self.program_id = program_id
        self._watch = watch
        """A connection beside the pool, as the deeds may need all there is of that."""
        self.waited: set[int] = set()
        """The places of those who waited for a lock while the first was open."""
        self._pids: dict[int, int] = {}
        self._through: set[int] = set()

    async def do(self, deeds: Sequence[Deed]) -> list[Any]:
        """All answers in the order of the deeds; an exception is an answer too."""
        first, *others = deeds
        ready, go_on = asyncio.Event(), asyncio.Event()
        held = asyncio.create_task(self._held(first, (ready, go_on)))
        await ready.wait()
        rest = [asyncio.create_task(self._one(1 + n, deed)) for n, deed in enumerate(others)]
        await self._settled(len(others))
        go_on.set()
        return await asyncio.gather(held, *rest, return_exceptions=True)

    async def _held(self, deed: Deed, signs: tuple[asyncio.Event, asyncio.Event]) -> Any:
        ready, go_on = signs
        try:
            async with self.database.transaction(self.program_id) as tx:
                answer = await deed(tx)
                ready.set()
                await go_on.wait()
        finally:
            ready.set()
        return answer

    async def _one(self, place: int, deed: Deed) -> Any:
        try:
            async with self.database.transaction(self.program_id) as tx:
                self._pids[place] = (await tx.fetch(_ME))[0]["pid"]
                return await deed(tx)
        finally:
            self._through.add(place)

    async def _settled(self, others: int) -> None:
        """Wait until nobody else can go on: each waits for a lock, for a connection, or is done."""
        until = asyncio.get_running_loop().time() + _PATIENCE_S
        room = self.database.pool.get_max_size() - 1  # one is held
        while len(self._through) < others and asyncio.get_running_loop().time() < until:
            asked = {pid: n for n, pid in self._pids.items() if n not in self._through}
            rows = await self._watch.fetch(_WAITING, list(asked))
            waiting = {asked[row["pid"]] for row in rows} - self._through
            self.waited |= waiting
            if len(waiting) >= min(others - len(self._through), room):
                return
            await asyncio.sleep(0.002)
