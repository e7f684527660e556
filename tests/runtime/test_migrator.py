"""Migrations: forward only, each whole, once, and never by two at a time."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.addresses import OWNER_ROLE
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage import migrator
from regulars.runtime.storage.migrator import FOLDER, Migration, migrate, read_migrations
from regulars.runtime.storage.statements import split_statements

NUMBERS = count(1)
FIRST = "CREATE TABLE shop (id int PRIMARY KEY, name text);"
SECOND = "INSERT INTO shop VALUES (1, 'Kaffee; Kuchen'); ALTER TABLE shop ADD city text;"


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """The owner's address of a database without any table."""
    name = f"empty{next(NUMBERS)}"
    cluster.create_database(name)
    yield cluster.dsn(OWNER_ROLE, name)
    cluster.drop_database(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two steps of a made-up history."""
    (tmp_path / "0001_shop.sql").write_text(FIRST)
    (tmp_path / "0002_city.sql").write_text(SECOND)
    return tmp_path


def names(taken: list[Migration]) -> list[str]:
    return [str(step) for step in taken]


def rows(dsn: str, question: str) -> list[tuple[object, ...]]:
    async def ask() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await connection.fetch(question)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_steps_are_taken_in_order_and_once(empty: str, folder: Path) -> None:
    assert names(asyncio.run(migrate(empty, folder))) == ["0001_shop", "0002_city"]
    assert asyncio.run(migrate(empty, folder)) == []
    (folder / "0003_more.sql").write_text("INSERT INTO shop VALUES (2)")
    assert names(asyncio.run(migrate(empty, folder))) == ["0003_more"]
    assert rows(empty, "SELECT id FROM shop ORDER BY 1") == [(1,), (2,)]


def test_a_changed_step_is_refused(empty: str, folder: Path) -> None:
    asyncio.run(migrate(empty, folder))
    (folder / "0001_shop.sql").write_text(FIRST + " -- a harmless word")
    with pytest.raises(SetupProblem, match="0001_shop is not the one"):
        asyncio.run(migrate(empty, folder))


def test_a_newer_database_is_refused(empty: str, folder: Path) -> None:
    asyncio.run(migrate(empty, folder))
    (folder / "0002_city.sql").unlink()
    with pytest.raises(SetupProblem, match="newer than this release"):
        asyncio.run(migrate(empty, folder))


@pytest.mark.parametrize(
    "stray", ["0004_gap.sql", "3_short.sql", "0003-dash.sql", "0002_twice.sql"]
)
def test_a_file_out_of_line_is_refused(folder: Path, stray: str) -> None:
    (folder / stray).write_text("SELECT 1")
    with pytest.raises(SetupProblem, match="out of line"):
        read_migrations(folder)


def test_two_at_once_take_each_step_once(empty: str, folder: Path) -> None:
    (folder / "0001_shop.sql").write_text(FIRST + "SELECT pg_sleep(0.2);")

    async def both() -> list[list[Migration]]:
        return await asyncio.gather(*(migrate(empty, folder) for _ in range(3)))

    taken = asyncio.run(both())
    assert sorted(name for one in taken for name in names(one)) == ["0001_shop", "0002_city"]
    assert rows(empty, "SELECT number FROM schema_migration ORDER BY 1") == [(1,), (2,)]


def test_a_step_that_fails_leaves_nothing(empty: str, folder: Path) -> None:
    (folder / "0003_broken.sql").write_text("DELETE FROM shop; SELECT 1 FROM nowhere;")
    with pytest.raises(asyncpg.UndefinedTableError):
        asyncio.run(migrate(empty, folder))
    assert rows(empty, "SELECT id FROM shop") == [(1,)]
    assert rows(empty, "SELECT max(number) FROM schema_migration") == [(2,)]


@pytest.mark.parametrize("end", ["COMMIT", "COMMIT; BEGIN", "ROLLBACK; BEGIN"])
def test_a_step_may_not_end_its_own_transaction(empty: str, folder: Path, end: str) -> None:
    (folder / "0003_sly.sql").write_text(f"{end}; SELECT 1;")
    with pytest.raises(SetupProblem, match="ends its own transaction"):
        asyncio.run(migrate(empty, folder))
    assert rows(empty, "SELECT max(number) FROM schema_migration") == [(2,)]


def test_a_broken_promise_undoes_the_step(empty: str, folder: Path) -> None:
    (folder / "0002_city.assert.sql").write_text(
        "SELECT 1 WHERE false; -- holds; really\nSELECT name FROM shop WHERE name LIKE '%;%';"
    )
    with pytest.raises(SetupProblem, match="1 rows break its promise"):
        asyncio.run(migrate(empty, folder))
    assert rows(empty, "SELECT count(*) FROM shop") == [(0,)]
    (folder / "0002_city.assert.sql").write_text("SELECT 1 FROM shop WHERE name IS NULL")
    assert names(asyncio.run(migrate(empty, folder))) == ["0002_city"]


def test_killed_in_the_middle_it_resumes(empty: str, folder: Path) -> None:
    (folder / "0002_city.sql").write_text(SECOND + "SELECT pg_sleep(60);")
    # The backend notices at once that its client died; by default it takes five seconds.
    dsn = f"{empty}&client_connection_check_interval=50ms"
    code = (
        "import asyncio, sys; from pathlib import Path; "
        "from regulars.runtime.storage.migrator import migrate; "
        "asyncio.run(migrate(sys.argv[1], Path(sys.argv[2])))"
    )
    running = subprocess.Popen([sys.executable, "-c", code, dsn, str(folder)])
    sleeping = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    while not rows(empty, sleeping):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert rows(empty, "SELECT max(number) FROM schema_migration") == [(1,)]
    assert rows(empty, "SELECT count(*) FROM shop") == [(0,)]
    (folder / "0002_city.sql").write_text(SECOND)
    assert names(asyncio.run(migrate(empty, folder))) == ["0002_city"]
    assert rows(empty, "SELECT name FROM shop") == [("Kaffee; Kuchen",)]


def test_this_release_migrates_an_empty_database(empty: str) -> None:
    taken = asyncio.run(migrate(empty))
    assert names(taken) == names(read_migrations(FOLDER))


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("", []),
        (" ; -- only; words\n /* ; */ ;", []),
        ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';''' ; SELECT \";\"", ["SELECT ';'''", 'SELECT ";"']),
        ("DO $a$ BEGIN; $$;$$ END $a$; SELECT 1;", ["DO $a$ BEGIN; $$;$$ END $a$", "SELECT 1"]),
    ],
)
def test_statements_are_cut_only_where_they_end(sql: str, parts: list[str]) -> None:
    assert split_statements(sql) == parts


WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (
       SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.mark.parametrize("crossings", [0, 1], ids=["the control", "taken again"])
def test_a_step_that_a_sale_crosses_is_taken_once_more(
    crossings: int, empty: str, cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step holds one table and wants the other, the sale the other way round.

    Order: a gate keeps the step from wanting it until the sale waits; so whenever the step looks
    whom it waits for, it sees the circle and is the one that is ended.
    """
    monkeypatch.setattr(migrator, "MOST_CROSSINGS", crossings)
    (folder / "0003_cross.sql").write_text(
        "LOCK TABLE shop; SELECT pg_advisory_xact_lock(7); LOCK TABLE schema_migration;"
    )
    asyncio.run(migrate(empty, cut(folder, 2)))
    ((name,),) = rows(empty, "SELECT current_database()::text")

    async def cross() -> list[Migration] | BaseException:
        gate, sale = [await asyncpg.connect(cluster.dsn("postgres", name)) for _ in range(2)]
        looks = f"ALTER ROLE {OWNER_ROLE} IN DATABASE {name} SET deadlock_timeout = '50ms'"
        await gate.execute(looks)
        await gate.execute("SELECT pg_advisory_lock(7)")
        await sale.execute("SET deadlock_timeout = '5min'")
        transaction = sale.transaction()
        await transaction.start()
        await sale.execute("LOCK TABLE schema_migration IN ROW SHARE MODE")
        taking = asyncio.ensure_future(migrate(empty, folder))
        await waiting(gate, 1)
        selling = asyncio.ensure_future(sale.execute("LOCK TABLE shop"))
        await waiting(gate, 2)
        await gate.execute("SELECT pg_advisory_unlock(7)")
        await selling
        await transaction.commit()
        (taken,) = await asyncio.gather(taking, return_exceptions=True)
        await sale.close()
        await gate.close()
        return taken

    taken = asyncio.run(cross())
    if crossings:
        assert isinstance(taken, list), taken
        assert names(taken) == ["0003_cross"]
        assert len(rows(empty, "SELECT number FROM schema_migration")) == 3
    else:
        assert isinstance(taken, asyncpg.DeadlockDetectedError)


async def waiting(connection: asyncpg.Connection, many: int) -> None:
    """Until so many wait for a lock in this database."""
    while await connection.fetchval(WAITING) < many:
        await asyncio.sleep(0.01)


def cut(folder: Path, most: int) -> Path:
    """The first steps of a folder, in one beside it."""
    beside = folder / "first"
    beside.mkdir()
    for path in sorted(folder.glob("*.sql"))[:most]:
        (beside / path.name).write_text(path.read_text())
    return beside
