"""No line of a log tells what was in a row: names of members would outlive their erasure there."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import time
from collections.abc import Callable, Iterator

import asyncpg
import pytest
import structlog

from regulars.runtime import logs
from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.cluster import SUPERUSER
from regulars.runtime.installation.settings import Settings

WORD = "zq7771@example.org"


@pytest.fixture
def up(make_settings: Callable[..., Settings]) -> Iterator[Cluster]:
    running = Cluster(make_settings(), durable=False).start()
    yield running
    running.destroy()


async def _troubles(dsn: str) -> None:
    """A slow statement about somebody, and two that are refused for what they say."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("set log_min_duration_statement = 0")
        await connection.execute("create temp table t (name text unique check (name <> 'no'))")
        await connection.execute("insert into t values ($1)", WORD)
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("insert into t values ($1)", WORD)
        assert await connection.fetchval("select $1::text || ', slowly'", WORD)
        await connection.execute("select 'the end'")
    finally:
        await connection.close()


def test_the_databases_own_log_keeps_no_value_of_a_statement(up: Cluster) -> None:
    asyncio.run(_troubles(up.dsn(SUPERUSER, "postgres")))
    told = ""
    while "the end" not in told:
        time.sleep(0.05)
        told = "\n".join(one.read_text("utf-8") for one in (up.place.cluster / "log").glob("*.log"))
    assert "slowly" in told, "slow statements are told"
    assert "duplicate key" in told
    assert WORD not in told


def _fails() -> None:
    error = asyncpg.UniqueViolationError('duplicate key violates "t_name_key"')
    error.detail = f"Key (name)=({WORD}) already exists."  # type: ignore[attr-defined]
    try:
        raise error
    except asyncpg.PostgresError as inner:
        raise ExceptionGroup("a batch fell", [inner]) from inner


@pytest.mark.parametrize("form", ["json", "text"])
def test_our_log_says_what_failed_and_not_for_whom(
    make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    logs.set_up_logs(make_settings(log=form), "test")
    try:
        try:
            _fails()
        except ExceptionGroup:
            structlog.get_logger().exception("it.failed")
    finally:
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    told = said.getvalue()
    assert "duplicate key violates" in told
    assert "a batch fell" in told
    assert WORD not in told
    if form == "json":
        assert json.loads(told)["event"] == "it.failed"
