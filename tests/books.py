"""Are the books right? Asked at the end of every test that hurts them."""

from __future__ import annotations

import asyncio
import threading
from functools import cache

import asyncpg

from regulars.insight.verify import Report, run_verify
from regulars.insight.verify.report import line_of

_CHANGED = (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError)
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_kept: dict[str, asyncpg.Connection] = {}
_alone = asyncio.Lock()


async def look_at_books(owner_dsn: str) -> Report:
    """What `regulars verify` finds in this database.

    The connection stays open for the next look, on a loop of its own: more than three quarters
    of what a look at small books costs is reading the catalogue and making the plans.
    """
    looked = asyncio.run_coroutine_threadsafe(_look(owner_dsn), _loop())
    return await asyncio.wrap_future(looked)


async def assert_books_right(owner_dsn: str) -> None:
    """Every invariant holds; else what is wrong is said with examples."""
    report = await look_at_books(owner_dsn)
    assert report.right, explained(report)


def explained(report: Report) -> str:
    """What a report found wrong, readable in a test's output."""
    lines = []
    for finding in report.wrong:
        lines.append(f"{finding.check} {finding.invariants}: {finding.violations} violations")
        lines += [f"    {line_of(example)}" for example in finding.examples[:3]]
    return "\n".join(lines)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="books", daemon=True).start()
    return loop


async def _look(owner_dsn: str) -> Report:
    async with _alone:
        try:
            return await run_verify(await _connected(owner_dsn))
        except _CHANGED:  # the test changed the tables since the last look
            await _leave()
            return await run_verify(await _connected(owner_dsn))
        except BaseException:
            await _leave()
            raise


async def _connected(owner_dsn: str) -> asyncpg.Connection:
    """The connection of the last look, if it was at this database and nobody ended it since."""
    if (kept := _kept.get(owner_dsn)) is not None and await _lives(kept):
        return kept
    await _leave()
    _kept[owner_dsn] = await asyncpg.connect(
        owner_dsn, statement_cache_size=1000, max_cached_statement_lifetime=0
    )
    return _kept[owner_dsn]


async def _lives(connection: asyncpg.Connection) -> bool:
    try:
        return bool(await connection.fetchval("select true"))
    except _LOST:
        return False


async def _leave() -> None:
    while _kept:
        _, connection = _kept.popitem()
        connection.terminate()
