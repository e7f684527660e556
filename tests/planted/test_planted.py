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
from tests.makers import buys
from tests.planted.bugs import BUGS, CHOSEN, MOST_BY_DAY
from tests.planted.garden import Made, Place, look, opened
from tests.telling import Telling

from regulars.runtime.embedded import Cluster
from regulars.runtime.embedded.cluster import SUPERUSER
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.installation.settings import Settings
from regulars.runtime.storage.migrator import migrate

MOST_S = 7_200 if len(CHOSEN) > MOST_BY_DAY else 1_200
pytestmark = [pytest.mark.slow, pytest.mark.timeout(MOST_S + 300)]
ROOT = Path(__file__).parents[2]

FOLLOWING = "checks.a_move_loses_nothing"
"""A check of something that follows events."""


@pytest.fixture(scope="module")
def places(
    cluster: Cluster, template: str, make_settings: Callable[..., Settings]
) -> Iterator[list[Place]]:
    """Two of them, each a PostgreSQL of its own."""
    beside = Cluster(make_settings(), durable=False).start()
    beside.create_database(template)
    asyncio.run(migrate(beside.dsn(OWNER_ROLE, template)))
    yield [place(one, template) for one in (cluster, beside)]
    beside.destroy()


def place(there: Cluster, template: str) -> Place:
    owner, app = (there.dsn(role, template) for role in (OWNER_ROLE, APP_ROLE))
    return Place(there.dsn(SUPERUSER, "postgres"), template, owner, app)


@pytest.fixture(scope="module")
def found(places: Sequence[Place]) -> list[dict[str, Any]]:
    """What became of each bug, and of each check on the healthy source."""
    return grown(places)


def grown(places: Sequence[Place], *names: str) -> list[dict[str, Any]]:
    """What the garden says of the bugs of these names, or of the chosen ones."""
    told = [one.told for one in places]
    command = [sys.executable, "-m", "tests.planted.garden", *told, *names]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=MOST_S, check=False
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


def test_a_slow_check_keeps_no_other_from_seeing_what_it_waits_for(
    places: Sequence[Place],
) -> None:
    """Two in one PostgreSQL failed whenever the machine was busy; that is the control."""
    here, beside = places

    async def noticed() -> list[bool]:
        slow = await asyncpg.connect(here.superuser_dsn)
        async with slow.transaction():
            await slow.fetchval("select pg_current_xact_id()::text")
            asked = [asyncio.to_thread(look, None, FOLLOWING, one) for one in (beside, here)]
            told = [(await one)["noticed"] for one in asked]
        await slow.close()
        return told

    assert asyncio.run(noticed()) == [False, True]


def test_what_one_check_does_for_a_whole_program_does_not_meet_another(database: Any) -> None:
    """One that booked whatever waits took what another had laid ready."""
    shops = [opened(database), opened(database)]
    try:
        assert shops[0].program_id != shops[1].program_id
    finally:
        for shop in shops:
            shop.close()


def test_a_check_leaves_nothing_to_the_next(places: Sequence[Place]) -> None:
    """Books that a bug spoils are wrong for whoever looks at them; another has books of its own."""
    with places[0].own() as here, places[0].own() as other:
        _spoil(here)
        right = [asyncio.run(books.look_at_books(one.owner_dsn)).right for one in (here, other)]
    assert right == [False, True]
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        asyncio.run(asyncpg.connect(here.owner_dsn))


def test_a_bug_that_only_the_books_show_is_noticed(places: Sequence[Place]) -> None:
    name = "credit that began to count before it was told of is never looked at"
    told = [(one["bug"], one["noticed"]) for one in grown(places[:1], name)]
    assert told == [(name, True), ("", False)]


def test_a_check_that_was_looked_at_here_leaves_books_to_be_read(places: Sequence[Place]) -> None:
    """What stood in for reading them stayed for all tests that this process ran afterwards: none
    of them could find books wrong any more."""
    before = books.look_at_books
    assert not look(None, FOLLOWING, places[1])["noticed"]
    assert books.look_at_books is before


def _spoil(made: Made) -> None:
    shop = opened(made)
    shop.record(buys(shop.joined("ada")[0], 10_000))
    shop.rows("update balance set available = available + 7 where program_id = $1")
    shop.close()
