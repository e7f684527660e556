"""An import is killed at random moments and started again, until it is done: the same books."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from tests.isolation.picture import picture
from tests.runtime.importing.moving_in import House
from tests.runtime.importing.test_same_books import PEOPLE, Told
from tests.turns import NIGHTLY

SCRIPT = Path(__file__).with_name("import_alone.py")
KILLS = 60 if NIGHTLY else 6
PATIENCE_S = 120
pytestmark = pytest.mark.slow


class Run:
    """One import of the same files into one house, started as often as needed."""

    def __init__(self, house: House, files: list[str], *, workers: int, planted: bool) -> None:
        self.house = house
        members, history, mapping = files
        self._order = house.folder / "order.json"
        self._order.write_text(
            json.dumps(
                {
                    "program": house.slug, "files": [members, history], "mapping": mapping,
                    "workers": workers, "batch": 5, "planted": planted,
                    "slips": str(house.folder / "slips.csv"),
                    "owner": house.database.owner_dsn, "app": house.database.app_dsn,
                }
            ),
            "utf-8",
        )  # fmt: skip

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(SCRIPT), str(self._order)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def to_the_end(self) -> str:
        """Let it run; what it said at its end."""
        running = self.start()
        out, _ = running.communicate(timeout=PATIENCE_S)
        return out.splitlines()[-1] if running.returncode == 0 else f"fell {running.returncode}"

    def struck(self, chance: Random) -> str:
        """Kill it somewhere in a stage chosen by chance; the stage it fell in."""
        running, stage, left = self.start(), "", chance.randrange(2, 9)
        assert running.stdout is not None
        for line in running.stdout:
            stage, left = line.strip(), left - 1
            if left == 0 or stage.startswith("done"):
                break
        time.sleep(chance.random() * 0.4)
        running.send_signal(signal.SIGKILL)
        running.wait(PATIENCE_S)
        return stage

    def amid(self) -> bool:
        """Is it booked in part?"""
        sql = "select coalesce(sum(place), 0)::int, coalesce(sum(rows), 0)::int from import_lane"
        ((booked, all_),) = self.house.rows(sql)
        return bool(0 < booked < all_)

    def seen(self) -> dict[str, Any]:
        async def look() -> dict[str, Any]:
            owner = await asyncpg.connect(self.house.database.owner_dsn)
            try:
                return await picture(owner, self.house.program_id, PEOPLE)
            finally:
                await owner.close()

        return asyncio.run(look())


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(Random(77), 150)


def opened(
    make_database: Callable[[], Any],
    folder: Path,
    told: Told,
    *,
    workers: int,
    planted: bool = False,
) -> Run:
    folder.mkdir()
    house = House.open(make_database(), folder)
    return Run(house, told.write(house, Random(9)), workers=workers, planted=planted)


@pytest.mark.in_turns(3)
def test_killed_anywhere_and_started_again_it_makes_the_same_books(
    make_database: Callable[[], Any], tmp_path: Path, told: Told
) -> None:
    calm = opened(make_database, tmp_path / "calm", told, workers=2)
    assert calm.to_the_end().startswith("done")
    struck, chance, amid = opened(make_database, tmp_path / "struck", told, workers=2), Random(5), 0
    for _ in range(KILLS):
        struck.struck(chance)
        amid += struck.amid()
    end = struck.to_the_end()
    assert end.startswith("done"), end
    assert end.endswith(" 0"), end
    assert amid, "no kill fell amid the booking; strike at other moments"
    assert struck.seen() == calm.seen()
    assert struck.house.wrong_books() == {}
    assert struck.house.counts()["outbox"] == 0
    assert struck.house.counts()["import_row"] == 0


@pytest.mark.in_turns(3)
def test_two_at_once_book_every_line_once(
    make_database: Callable[[], Any], tmp_path: Path, told: Told
) -> None:
    calm = opened(make_database, tmp_path / "calm", told, workers=1)
    assert calm.to_the_end().startswith("done")
    both = opened(make_database, tmp_path / "both", told, workers=2)
    runs = [both.start(), both.start()]
    for running in runs:
        running.communicate(timeout=PATIENCE_S)
    assert [running.returncode for running in runs] == [0, 0]
    assert both.to_the_end().startswith("done")
    assert both.seen() == calm.seen()
    assert both.house.wrong_books() == {}


@pytest.mark.in_turns(3)
def test_a_lane_that_moves_on_too_early_would_be_seen(
    make_database: Callable[[], Any], tmp_path: Path, told: Told
) -> None:
    calm = opened(make_database, tmp_path / "calm", told, workers=1)
    assert calm.to_the_end().startswith("done")
    buggy = opened(make_database, tmp_path / "buggy", told, workers=1, planted=True)
    assert buggy.to_the_end() == "fell -9"
    fixed = Run(buggy.house, [str(buggy.house.folder / name) for name in
                              ("members.csv", "history.csv", "till.yaml")],
                workers=1, planted=False)  # fmt: skip
    assert fixed.to_the_end().startswith("done")
    assert fixed.seen() != calm.seen()
