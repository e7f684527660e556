"""The books of every release that ever was come through the migrations since, whole and right."""

import asyncio
import lzma
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest
from tests import turns
from tests.books import assert_books_right, look_at_books
from tests.makers import Shop, brings_back, buys, by
from tests.surfaces.counter import Counter
from tests.turns import NIGHTLY, todays
from tests.upgrades.make_dump import first_steps

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.migrator import FOLDER, migrate, read_migrations

HERE = Path(__file__).parent
DUMPS = sorted((HERE / "dumps").glob("*.dump*"))
OLDEST = DUMPS[:1]
"""What is about interrupting is done to the oldest, which has the longest way to go."""
LONGEST_AGO = 25
"""So many migrations may follow the newest dump; then another one is due."""
STEPS = read_migrations()
EVERY = 33


def at_its_end() -> list[Any]:
    """The steps that are killed: by day the newest, and some one of 33 before it, others each day,
    as nobody writes these any more; by night and by hand all but the first."""
    return [*todays(STEPS[1:-1], EVERY, str), STEPS[-1]]


APPENDED = ("activity", "trail", "entry", "posting", "lot_move", "hold_lot", "tier_move", "outbox")
NUMBERS = count(1)

pytestmark = pytest.mark.slow


class Loaded(NamedTuple):
    """A database as a release left it."""

    name: str
    owner_dsn: str
    app_dsn: str
    taken: int
    """How many migrations it has taken."""


@pytest.fixture(params=OLDEST, ids=lambda path: path.stem)
def load(request: Any, cluster: Cluster) -> Iterator[Callable[[], Loaded]]:
    """Loads the dump of a release into a fresh database, each time it is called."""
    made: list[str] = []

    def loaded() -> Loaded:
        name = f"upgrade{next(NUMBERS)}"
        cluster.create_database(name)
        made.append(name)
        command = [cluster.place.programs["pg_restore"], "--exit-on-error", "--dbname"]
        packed = request.param.read_bytes()
        whole = lzma.decompress(packed) if request.param.suffix == ".xz" else packed
        subprocess.run([*command, cluster.dsn("postgres", name)], input=whole, check=True)
        dsn = cluster.dsn(OWNER_ROLE, name)
        return Loaded(name, dsn, cluster.dsn(APP_ROLE, name), len(rows(dsn, TAKEN)))

    yield loaded
    for name in made:
        cluster.drop_database(name)


TAKEN = "select number from schema_migration"


def rows(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    async def ask() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def columns(dsn: str) -> dict[str, list[str]]:
    """The columns each appended table has today."""
    return {
        table: [
            row[0]
            for row in rows(
                dsn,
                "select column_name from information_schema.columns "
                f"where table_schema = 'public' and table_name = '{table}' order by 1",
            )
        ]
        for table in APPENDED
    }


def prints(dsn: str, of: dict[str, list[str]]) -> dict[str, tuple[Any, ...]]:
    """The number and the fingerprint of all appended rows, in these columns."""
    return {
        table: rows(
            dsn,
            f"select count(*), md5(string_agg(r::text, '|' order by r::text)) "
            f"from (select {', '.join(names)} from {table}) as r",
        )[0]
        for table, names in of.items()
    }


def test_every_release_has_its_dump() -> None:
    assert [path.stem for path in DUMPS][:1] == ["0001_ground"]
    assert str(STEPS[0]) == "0001_ground"


def test_each_step_is_killed_some_day_and_the_newest_every_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "NIGHTLY", False)
    played = []
    for on in range(EVERY):
        monkeypatch.setenv(turns.DAY, date.fromordinal(740_000 + on).isoformat())
        *older, newest = at_its_end()
        assert newest is STEPS[-1]
        played += older
    assert sorted(map(str, played)) == sorted(map(str, STEPS[1:-1]))
    monkeypatch.delenv(turns.DAY)
    assert at_its_end() == STEPS[1:], "by hand"
    monkeypatch.setattr(turns, "NIGHTLY", True)
    monkeypatch.setenv(turns.DAY, "2026-11-30")
    assert at_its_end() == STEPS[1:], "by night"


def too_old(dumps: Sequence[Path]) -> bool:
    """Whether so much was migrated since the newest of these that another one is due."""
    return len(STEPS) - int(dumps[-1].name[:4]) > LONGEST_AGO


def test_the_newest_dump_is_not_long_ago() -> None:
    assert not too_old(DUMPS), "one more is due: see tests/upgrades/make_dump.py"
    assert too_old(OLDEST), "the control"
    for dump in DUMPS:
        assert dump.name.split(".")[0] in {str(step) for step in STEPS}


FULL = """
select count(*)::int from (
    select from campaign_message limit 1) a, (select from segment_member limit 1) b,
    (select from arrival limit 1) c, (select from membership_turn limit 1) d,
    (select from till_record limit 1) e, (select from offer_member limit 1) f
"""


@pytest.mark.parametrize("load", DUMPS[1:], indirect=True, ids=lambda path: path.stem)
def test_a_later_release_has_something_of_everything(load: Callable[[], Loaded]) -> None:
    assert rows(load().owner_dsn, FULL) == [(1,)]


@pytest.mark.parametrize("load", DUMPS, indirect=True, ids=lambda path: path.stem)
def test_what_happened_is_the_same_after_the_upgrade_and_the_books_are_right(
    load: Callable[[], Loaded],
) -> None:
    old = load()
    known = columns(old.owner_dsn)
    before = prints(old.owner_dsn, known)
    assert all(number > 10 for number, _ in before.values()), before
    taken = asyncio.run(migrate(old.owner_dsn))
    assert taken == STEPS[old.taken :]
    assert prints(old.owner_dsn, known) == before
    asyncio.run(assert_books_right(old.owner_dsn))
    assert asyncio.run(migrate(old.owner_dsn)) == []


def test_the_shop_goes_on_after_the_upgrade(load: Callable[[], Loaded]) -> None:
    old = load()
    asyncio.run(migrate(old.owner_dsn))
    runner = asyncio.Runner()
    from datetime import UTC, datetime

    from regulars.runtime.storage.database import Database

    shop = Shop(old, runner, runner.run(Database.connect(old.app_dsn, size=4)))
    try:
        shop.now = datetime(2027, 6, 1, 12, tzinfo=UTC)
        ((shop.program_id,),) = rows(old.owner_dsn, "select min(program_id) from program")
        before = _stars(shop)
        shop.record(buys(by(email="ann@example.org"), 5000, receipt="after-upgrade"))
        assert _stars(shop) == before + 5
        shop.record(brings_back("after-upgrade", receipt="back-after-upgrade"))
        assert _stars(shop) == before
        (again,) = shop.record(brings_back("b4", receipt="back-of-an-old-sale"))
        assert again.__class__.__name__ != "Refused"
        shop.night()
        counter = Counter(shop)
        answer = counter.post(
            "/v1/activities",
            {"kind": "visit", "member": {"email": "ben@example.org"}, "source": "till"},
        )
        assert answer.status_code == 201, answer.text
        member = answer.json()["member_id"]
        assert counter.get(f"/v1/members/{member}/entries").status_code == 200
        shop.run(counter.client.aclose())
    finally:
        shop.close()
    asyncio.run(assert_books_right(old.owner_dsn))


def _stars(shop: Shop) -> int:
    found = shop.rows(
        """select b.available - b.debt from balance b
             join program_code c on c.program_id = b.program_id and c.kind = 'wallet'
              and c.code = b.wallet and c.name = 'stars'
             join identifier i on i.program_id = b.program_id and i.member_id = b.member_id
            where b.program_id = $1 and i.value = 'ann@example.org'"""
    )
    return int(found[0][0]) if found else 0


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("step", at_its_end(), ids=str)
def test_killed_at_the_end_of_a_step_it_resumes(
    step: Any, load: Callable[[], Loaded], tmp_path: Path
) -> None:
    old = load()
    if step.number <= old.taken:
        pytest.skip("this release has taken it")
    known = columns(old.owner_dsn)
    before = prints(old.owner_dsn, known)
    slow = first_steps(step.number, tmp_path / "slow")
    with (slow / f"{step}.sql").open("a") as file:
        file.write("\nselect pg_sleep(60);\n")
    running = _migrating(old.owner_dsn, slow)
    sleeping = (
        f"select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = '{old.name}'"
    )
    give_up_at = time.monotonic() + 60
    while not rows(old.owner_dsn, sleeping):
        assert running.poll() is None
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert len(rows(old.owner_dsn, TAKEN)) == step.number - 1
    assert asyncio.run(migrate(old.owner_dsn)) == STEPS[step.number - 1 :]
    assert prints(old.owner_dsn, known) == before
    asyncio.run(assert_books_right(old.owner_dsn))


@pytest.mark.in_turns(2)
def test_killed_at_any_moment_it_resumes(load: Callable[[], Loaded]) -> None:
    chance = random.Random(27)
    caught = 0
    for _ in range(10 if NIGHTLY else 2):
        old = load()
        running = _migrating(old.owner_dsn, FOLDER)
        time.sleep(chance.uniform(0.2, 0.7))
        caught += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
        asyncio.run(migrate(old.owner_dsn))
        assert len(rows(old.owner_dsn, TAKEN)) == len(STEPS)
        asyncio.run(assert_books_right(old.owner_dsn))


def test_a_step_that_spoils_the_books_is_noticed(
    load: Callable[[], Loaded], tmp_path: Path
) -> None:
    """The control: were a migration to change a balance, these tests would say so."""
    old = load()
    spoilt = first_steps(len(STEPS), tmp_path / "spoilt")
    further = f"{len(STEPS) + 1:04d}_generous"
    (spoilt / f"{further}.sql").write_text("update balance set available = available + 1;")
    asyncio.run(migrate(old.owner_dsn, spoilt))
    wrong = {finding.check for finding in asyncio.run(look_at_books(old.owner_dsn)).wrong}
    assert "balances_follow" in wrong


def test_what_must_hold_beside_a_step_stops_it(load: Callable[[], Loaded], tmp_path: Path) -> None:
    old = load()
    spoilt = first_steps(len(STEPS), tmp_path / "spoilt")
    further = f"{len(STEPS) + 1:04d}_generous"
    (spoilt / f"{further}.sql").write_text("update balance set available = available + 1;")
    shutil.copy(HERE / "balances_kept.sql", spoilt / f"{further}.assert.sql")
    with pytest.raises(SetupProblem, match="was undone"):
        asyncio.run(migrate(old.owner_dsn, spoilt))
    assert len(rows(old.owner_dsn, TAKEN)) == len(STEPS)
    asyncio.run(assert_books_right(old.owner_dsn))


def _migrating(dsn: str, folder: Path) -> subprocess.Popen[bytes]:
    code = (
        "import asyncio, sys; from pathlib import Path; "
        "from regulars.runtime.storage.migrator import migrate; "
        "asyncio.run(migrate(sys.argv[1], Path(sys.argv[2])))"
    )
    # The backend notices at once that its client died; by default it takes five seconds.
    address = f"{dsn}&client_connection_check_interval=50ms"
    return subprocess.Popen([sys.executable, "-c", code, address, str(folder)])
