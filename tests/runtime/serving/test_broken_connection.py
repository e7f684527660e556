"""A connection that breaks says so: how a transaction ends does not hide why it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from regulars.runtime.storage.database import Database

Does = Callable[[Any, int], Awaitable[object]]


class TillError(Exception):
    """What whoever works inside meets by themselves."""


def ended(made: Any, does: Does) -> BaseException:
    """Why a transaction ended in which this was done; the pool of one goes on with a whole one.

    Shape: `does` is given the transaction and the number of its PostgreSQL process.
    """

    async def one(database: Database) -> None:
        async with database.transaction(0) as tx:
            pid = (await tx.fetch("select pg_backend_pid()"))[0][0]
            await does(tx, pid)

    async def go() -> BaseException:
        database = await Database.connect(made.app_dsn, size=1)
        try:
            with pytest.raises(BaseException) as why:  # noqa: PT011 - the question is which
                await one(database)
            async with database.transaction(0) as tx:
                fence = await tx.fetch("select current_setting('regulars.program_id')")
            assert [tuple(one) for one in fence] == [("0",)]
        finally:
            await database.close()
        return why.value

    return asyncio.run(go())


async def kill(made: Any, pid: int) -> None:
    """End this process as whoever restarts PostgreSQL does."""
    owner = await asyncpg.connect(made.app_dsn)
    await owner.execute("select pg_terminate_backend($1::int)", pid)
    while await owner.fetchval("select count(*) from pg_stat_activity where pid = $1::int", pid):
        await asyncio.sleep(0.01)
    await owner.close()


def test_a_connection_that_is_ended_says_that_it_was(database: Any) -> None:
    async def asks_on(tx: Any, pid: int) -> None:
        await asyncio.gather(tx.fetch("select pg_sleep(20)"), kill(database, pid))

    why = ended(database, asks_on)
    # Not "released back to the pool", which is only what the driver did about it.
    assert isinstance(why, asyncpg.PostgresConnectionError | asyncpg.AdminShutdownError), why


def test_the_own_trouble_is_told_though_the_connection_went_meanwhile(database: Any) -> None:
    async def stumbles(_tx: Any, pid: int) -> None:
        await kill(database, pid)
        await asyncio.sleep(0.05)  # the driver has noticed by now
        raise TillError

    assert isinstance(ended(database, stumbles), TillError)


def test_the_own_trouble_is_told_though_undoing_finds_the_connection_gone(database: Any) -> None:
    async def stumbles(tx: Any, _pid: int) -> None:
        await tx.fetch("set local statement_timeout = 0")
        tx._connection._con._transport.abort()  # cut, and nobody has been told yet
        raise TillError

    assert isinstance(ended(database, stumbles), TillError)
