"""What a demo left on the machine goes once it started for real, and nothing before (ADR 0638)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.flows.members.staff.people import hires
from tests.flows.terms.test_opening import lived_in, starts
from tests.makers import Shop

from regulars.records.program.templates import load_template
from regulars.runtime.working.errands.leftovers import Leftovers


@pytest.fixture
def shop(make_database: Callable[..., Any]) -> Any:
    opened = Shop.open(make_database(), load_template("coffee-shop"))
    yield opened
    opened.close()


def lies(home: Path, *programs: int) -> list[Path]:
    """A file of each program, and how to sign in."""
    found = [home / "demo.json"]
    for number in programs:
        folder = home / "uploads" / str(number) / "0b5e2f0e-0000-4000-8000-000000000001"
        folder.mkdir(parents=True)
        found.append(folder / "people.csv")
    for one in found:
        one.write_text("ada@example.org")
    return found


def sees_to(shop: Shop, home: Path) -> None:
    duty = Leftovers(shop.made.owner_dsn, home, home / "uploads")
    asyncio.run(duty.run(shop.now))


def test_files_and_sign_ins_of_a_demo_go_when_it_started_and_not_before(
    shop: Shop, tmp_path: Path
) -> None:
    owner, *_ = lived_in(shop, made_up=True)
    demo, theirs = lies(tmp_path, shop.program_id)
    sees_to(shop, tmp_path)
    assert (demo.exists(), theirs.exists()) == (True, True)
    started = starts(shop, "Corner Coffee", [owner], owner)
    (mine,) = lies(tmp_path, started.program_id)[1:]
    sees_to(shop, tmp_path)
    assert (demo.exists(), theirs.exists(), theirs.parents[1].exists()) == (False,) * 3
    assert mine.exists()
    sees_to(shop, tmp_path)
    assert mine.exists()


def test_of_a_real_shop_nothing_goes(shop: Shop, tmp_path: Path) -> None:
    (mine,) = lies(tmp_path, shop.program_id)[1:]
    (tmp_path / "uploads" / "notes").mkdir()
    sees_to(shop, tmp_path)
    assert mine.exists()
    assert (tmp_path / "uploads" / "notes").exists()


def test_killed_in_the_middle_everything_is_as_it_was(shop: Shop, tmp_path: Path) -> None:
    """The command is killed while half of the rows are gone: none is, and again it works."""
    owner = hires(shop, "owner", email="boss@shop.test", kept="$kept$")
    lived_in(shop, made_up=True)
    before = shop.counts()
    env = os.environ | {
        "REGULARS_HOME": str(tmp_path / "home"),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    (tmp_path / "home").mkdir()
    command = [sys.executable, "-m", "regulars", "start-for-real", "Corner Coffee"]
    command += ["--keep", "boss@shop.test"]

    async def in_the_middle() -> tuple[int, int]:
        """Hold what is deleted late, so that the command stands there; then kill it."""
        held, looks = [await asyncpg.connect(shop.made.owner_dsn) for _ in range(2)]
        async with held.transaction():
            await held.execute("lock table trail in access exclusive mode")
            running = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
            waits = (
                "select count(*) from pg_locks where not granted and relation = 'trail'::regclass"
            )
            until = time.monotonic() + 60
            while not await looks.fetchval(waits):
                assert running.poll() is None, running.stderr and running.stderr.read()
                assert time.monotonic() < until
                await asyncio.sleep(0.05)
            running.send_signal(signal.SIGKILL)
            running.wait()
            if running.stderr:
                running.stderr.close()
        while await looks.fetchval(
            "select count(*) from pg_stat_activity where query like '%start_for_real%'"
            " and pid <> pg_backend_pid() and state <> 'idle' and datname = current_database()"
        ):
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        found = await looks.fetchval("select count(*) from program where made_up")
        real = await looks.fetchval("select count(*) from program where not made_up")
        await held.close()
        await looks.close()
        return found, real

    assert asyncio.run(in_the_middle()) == (1, 0)
    assert shop.counts() == before
    (tmp_path / "home" / "demo.json").write_text("{}")
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert not any(shop.counts().values())
    assert not (tmp_path / "home" / "demo.json").exists()
    assert owner.email == "boss@shop.test"
