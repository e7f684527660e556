"""Several connections share the checks, and see one and the same instant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from regulars.insight.verify import Report, run_verify
from regulars.insight.verify.catalogue import checks
from regulars.insight.verify.run import pieces_of
from regulars.insight.verify.sales import STREAMS
from regulars.runtime.embedded import Cluster

SPOIL = "delete from posting; update outbox set sequence = sequence + 1000"
"""So wrong that many checks report it, whichever connection makes them."""


@pytest.fixture
def shop(make_database: Callable[..., Any], lived: Any) -> Any:
    """Two programs that lived through a year, to be spoilt."""
    return make_database(lived)


class _Other:
    """A connection that begins late: the books are spoilt after the first one saw them."""

    def __init__(self, real: Any, spoiler: Any, deaf: bool) -> None:
        self._real, self._spoiler, self._deaf = real, spoiler, deaf

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def transaction(self, **how: Any) -> Any:
        return _Begins(self._real.transaction(**how), self._spoiler)

    async def execute(self, sql: str) -> str:
        """A deaf one, the planted bug, does not take over what the first one sees."""
        if self._deaf and "snapshot" in sql:
            return ""
        return str(await self._real.execute(sql))


class _Begins:
    def __init__(self, real: Any, spoiler: Any) -> None:
        self._real, self._spoiler = real, spoiler

    async def __aenter__(self) -> None:
        await self._spoiler.execute(SPOIL)
        await self._real.__aenter__()

    async def __aexit__(self, *raised: Any) -> None:
        await self._real.__aexit__(*raised)


def _look(shop: Any, cluster: Cluster, *, deaf: bool = False) -> Report:
    async def act() -> Report:
        async with AsyncExitStack() as open_:
            first, real, spoiler = [
                await asyncpg.connect(dsn)
                for dsn in (shop.owner_dsn, shop.owner_dsn, cluster.dsn("postgres", shop.name))
            ]
            for connection in (first, real, spoiler):
                open_.push_async_callback(connection.close)
            await spoiler.execute("set session_replication_role = replica")
            return await run_verify(first, others=[_Other(real, spoiler, deaf)])

    return asyncio.run(act())


def test_two_see_what_the_first_saw_and_report_in_the_usual_order(
    shop: Any, cluster: Cluster
) -> None:
    together = _look(shop, cluster)
    assert together.right
    assert [finding.check for finding in together.findings] == [check.name for check in checks()]


def test_however_many_look_they_find_the_same(shop: Any, cluster: Cluster) -> None:
    assert _look(shop, cluster).right  # and spoils the books

    async def act(hands: int) -> dict[str, tuple[int, int]]:
        open_ = [await asyncpg.connect(shop.owner_dsn) for _ in range(hands)]
        try:
            report = await run_verify(open_[0], others=open_[1:])
        finally:
            for connection in open_:
                await connection.close()
        return {one.check: (one.rows, one.violations) for one in report.findings}

    alone = asyncio.run(act(1))
    assert asyncio.run(act(3)) == alone
    assert sum(wrong > 0 for _, wrong in alone.values()) > 3


def test_each_with_its_own_instant_would_see_what_came_meanwhile(
    shop: Any, cluster: Cluster
) -> None:
    assert not _look(shop, cluster, deaf=True).right


def test_checks_that_are_read_in_one_pass_go_to_one_connection() -> None:
    pieces = list(pieces_of(checks()))
    (together,) = [piece for piece in pieces if len(piece) > 1]
    assert pieces[0] is together  # the longest first, or the others would wait for it
    assert {check.name for check in together} == set(STREAMS)
    assert sum(map(len, pieces)) == len(checks())
