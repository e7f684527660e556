"""Every guard has teeth: each planted bug is noticed, and the healthy source passes every check."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests import books
from tests.books import look_at_books
from tests.makers import buys
from tests.planted.bugs import BUGS, CHOSEN
from tests.planted.garden import Made, look, opened
from tests.telling import Telling

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.installation.settings import Settings
from regulars.runtime.storage.migrator import migrate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
ROOT = Path(__file__).parents[2]


FOLLOWING = "checks.a_move_loses_nothing"
"""A check of something that follows events."""


@pytest.fixture(scope="module")
def places(database: Any, make_settings: Callable[..., Settings]) -> Iterator[list[Made]]:
    """Two databases, each of a PostgreSQL of its own."""
    beside = Cluster(make_settings(), durable=False).start()
    beside.create_database("beside")
    owner, app = (beside.dsn(role, "beside") for role in (OWNER_ROLE, APP_ROLE))
    asyncio.run(migrate(owner))
    yield [Made(database.owner_dsn, database.app_dsn), Made(owner, app)]
    beside.destroy()


@pytest.fixture(scope="module")
def found(places: Sequence[Made]) -> list[dict[str, Any]]:
    """What became of each bug, and of each check on the healthy source."""
    return grown(places)


def grown(places: Sequence[Made], *names: str) -> list[dict[str, Any]]:
    """What the garden says of the bugs of these names, or of the chosen ones."""
    dsns = [",".join(each) for each in zip(*places, strict=True)]
    command = [sys.executable, "-m", "tests.planted.garden", *dsns, *names]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_every_planted_bug_fits_its_file(found: list[dict[str, Any]]) -> None:
    assert [one["why"] for one in found if not one["fits"]] == []


def test_every_planted_bug_is_noticed(found: list[dict[str, Any]], tell: Telling) -> None:
    planted = [one for one in found if one["bug"]]
    lines = [f"planted bugs: {sum(one['noticed'] for one in planted)} of {len(planted)} noticed"]
    for one in planted:
        lines.append(f"  {'x' if one['noticed'] else ' '} {one['bug']} ({one['check']})")
    tell("\n".join(lines))
    assert {one["bug"] for one in planted} == {bug.name for bug in CHOSEN}
    assert [one["bug"] for one in planted if not one["noticed"]] == []


def test_the_healthy_source_passes_every_check(found: list[dict[str, Any]]) -> None:
    assert [one for one in found if not one["bug"] and one["noticed"]] == []


def test_there_are_enough_of_them() -> None:
    assert len(BUGS) >= 40


def test_a_slow_check_keeps_no_other_from_seeing_what_it_waits_for(places: Sequence[Made]) -> None:
    """Two in one PostgreSQL failed whenever the machine was busy; that is the control."""
    here, beside = places

    async def noticed() -> list[bool]:
        slow = await asyncpg.connect(here.owner_dsn)
        async with slow.transaction():
            await slow.fetchval("select pg_current_xact_id()::text")
            asked = [asyncio.to_thread(look, None, FOLLOWING, made) for made in (beside, here)]
            told = [(await one)["noticed"] for one in asked]
        await slow.close()
        return told

    assert asyncio.run(noticed()) == [False, True]
    # Whatever a check does to its own process, this one still reads the books.
    assert books.look_at_books is look_at_books


def test_what_one_check_does_for_a_whole_program_does_not_meet_another(database: Any) -> None:
    """One that booked whatever waits took what another had laid ready."""
    made = Made(database.owner_dsn, database.app_dsn)
    shops = [opened(made), opened(made)]
    try:
        assert shops[0].program_id != shops[1].program_id
    finally:
        for shop in shops:
            shop.close()


def test_books_that_one_bug_spoiled_trouble_no_other_check(
    fresh_database: Any, cluster: Any
) -> None:
    """Every check looks at the books of the database that all of them share."""
    shop = opened(Made(fresh_database.owner_dsn, fresh_database.app_dsn))
    shop.record(buys(shop.joined("ada")[0], 10_000))
    shop.close()
    asyncio.run(_spoil(cluster.dsn("postgres", fresh_database.name)))
    assert not asyncio.run(look_at_books(fresh_database.owner_dsn)).right
    made = Made(fresh_database.owner_dsn, fresh_database.app_dsn)
    found = grown([made], "who changes shoes has bought two pairs")
    assert {(one["bug"] != "", one["noticed"]) for one in found} == {(True, True), (False, False)}


async def _spoil(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            await connection.execute("update balance set available = available + 7")
    finally:
        await connection.close()
