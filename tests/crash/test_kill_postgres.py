"""Killed with all its children, PostgreSQL has every point that was promised, and one of each."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from tests.books import assert_books_right
from tests.crash.house import House, rows
from tests.crash.siege import Kill, sane, siege, standing
from tests.crash.tills import Answer, Till
from tests.makers import buys, by
from tests.member_makers import joins
from tests.turns import NIGHTLY

from regulars.flows.batch.stuck import Stuck
from regulars.flows.membership.join_members import join_members
from regulars.flows.midnight import expire_lots
from regulars.flows.recording.record_activities import record_activities
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

pytestmark = pytest.mark.slow

KILLS = 300 if NIGHTLY else 3
LATE = 60
"""Members whose points are due, for each kill amid their expiry."""
CUT = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What is seen of a database that went away."""
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))
_DUE = "select count(*) as n from lot where remaining > 0 and expires_at < clock_timestamp()"


class Blows:
    """Three moments at which the database is killed."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self._house, self._chance = house, chance
        self._late = 0
        self.amid_checkpoint = self.amid_expiry = 0

    def any_time(self) -> bool:
        """Whatever it is doing."""
        return self._house.kill_database()

    def at_checkpoint(self) -> bool:
        """While it writes a checkpoint."""
        dsn = self._house.cluster.dsn("postgres")
        struck = self._amid(lambda: _until_cut(_checkpoint(dsn)))
        self.amid_checkpoint += struck
        return True

    def at_expiry(self) -> bool:
        """While points lapse, five members at a time."""
        house, self._late = self._house, self._late + 1
        asyncio.run(_have_due_lots(house, self._late))
        struck = self._amid(lambda: _until_cut(_expire(house)))
        self.amid_expiry += struck
        return True

    def _amid(self, work: Callable[[], None]) -> bool:
        """Kill it a moment after the work began; whether the work was still going on."""
        working = threading.Thread(target=work)
        working.start()
        time.sleep(self._chance.uniform(0.005, 0.06))
        amid = working.is_alive()
        while not self._house.kill_database():
            time.sleep(0.02)
        working.join()
        return amid


def _until_cut(work: object) -> None:
    try:
        asyncio.run(work)  # type: ignore[arg-type]
    except Stuck as stuck:
        if not isinstance(stuck.__cause__, CUT):
            raise
    except CUT:
        pass


async def _checkpoint(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        while True:
            await connection.execute("checkpoint")
    finally:
        connection.terminate()


async def _have_due_lots(house: House, group: int) -> None:
    """Members who bought something so long ago that their points are due."""
    long_ago = datetime.now(UTC) - timedelta(days=90)
    names = [f"late{group}-{n}" for n in range(LATE)]
    database = await Database.connect(house.app_dsn, size=1)
    try:
        terms = await Programs(database).terms(house.program_id)
        async with database.transaction(house.program_id) as tx:
            await join_members(tx, "DE", [joins(external=name) for name in names])
        sales = [buys(by(external=name), 5_00, occurred_at=long_ago) for name in names]
        async with database.transaction(house.program_id) as tx:
            await record_activities(tx, terms, sales)
    finally:
        await database.close()


async def _expire(house: House, most: int = 5) -> None:
    database = await Database.connect(house.app_dsn, size=1)
    try:
        terms = await Programs(database).terms(house.program_id)
        count = 1
        while count:
            async with database.transaction(house.program_id) as tx:
                count = await expire_lots(tx, terms, most)
    finally:
        database.pool.terminate()


def _in_turn(blows: Blows, chance: random.Random) -> Sequence[Kill]:
    """Each moment a third of the time; of three kills each once."""
    ways = [blows.any_time, blows.at_checkpoint, blows.at_expiry] * (-(-KILLS // 3))
    chance.shuffle(ways)
    return ways[:KILLS] if NIGHTLY else ways


@pytest.fixture(scope="module")
def house(make_settings: Callable[..., Settings]) -> Iterator[House]:
    with standing(make_settings, "regulars.runtime.serving.asgi:app") as standing_house:
        yield standing_house


@pytest.mark.in_turns(2)
def test_what_was_acked_is_there_once_after_the_database_was_killed(house: House) -> None:
    chance = random.Random(SEED)
    blows = Blows(house, chance)
    found = asyncio.run(siege(house, _in_turn(blows, chance), SEED))
    asyncio.run(_expire(house, 100))
    (left,) = asyncio.run(rows(house.owner_dsn, _DUE))
    print(
        f"\nkill PostgreSQL ({blows.amid_checkpoint} amid a checkpoint, {blows.amid_expiry} amid "
        f"expiry): {found}"
    )
    sane(found)
    assert left["n"] == 0
    assert "500" not in found.troubles, found
    assert house.said().count("database.runs_again") == found.kills
    # The gate tried again by key whatever was on its way, so the tills hardly noticed.
    assert max(found.recovered_s) < 30, found


def test_beyond_its_patience_it_says_when_to_come_again(house: House) -> None:
    """Nobody restarts the database for a while: 503 with Retry-After, and then all is well."""
    before = asyncio.run(_counted(house))
    os.kill(house.running.pid, signal.SIGSTOP)
    try:
        assert house.kill_database()
        away = asyncio.run(_buy(house, "patient"))
    finally:
        os.kill(house.running.pid, signal.SIGCONT)
    assert away.status == 503, away
    assert int(away.headers["retry-after"]) > 0
    assert away.body["code"] == "unavailable"
    assert asyncio.run(_until_up(house, "patient")) == [201, 201]
    assert asyncio.run(_counted(house)) == before + 1
    asyncio.run(assert_books_right(house.owner_dsn))


async def _buy(house: House, key: str) -> Answer:
    amount = {"minor": 500, "currency": "EUR"}
    body = {"kind": "purchase", "member": {"external": "m0"}, "amount": amount}
    till = Till(house.settings.port, house.api_key)
    try:
        return await till.post("/v1/activities", body, key)
    finally:
        till.close()


async def _until_up(house: House, key: str) -> list[int]:
    while (answer := await _buy(house, key)).status == 503:
        await asyncio.sleep(0.2)
    return [answer.status, (await _buy(house, key)).status]


async def _counted(house: House) -> int:
    (row,) = await rows(house.owner_dsn, "select count(*) as n from activity")
    return int(row["n"])


@pytest.mark.in_turns(2, 1)
def test_with_commits_that_do_not_wait_for_the_disk_acked_points_are_lost(
    make_settings: Callable[..., Settings],
) -> None:
    """The control: where the setting that `regulars doctor` insists on is off, this must show."""
    with standing(make_settings, "regulars.runtime.serving.asgi:app") as house:
        asyncio.run(_stop_waiting_for_disk(house))
        while not house.kill_worker():
            time.sleep(0.05)
        found = asyncio.run(siege(house, [house.kill_database] * 3, SEED))
    print(f"\nthe control: {found}")
    assert found.lost, f"the load is too light to lose anything: {found}"


async def _stop_waiting_for_disk(house: House) -> None:
    connection = await asyncpg.connect(house.cluster.dsn("postgres"))
    await connection.execute("alter role regulars_app set synchronous_commit = off")
    await connection.close()
