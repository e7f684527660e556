"""The process that moves a clock is killed for good in mid-move; the next one goes on, and every
night is done once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.working.trying import SOURCE, Trying, sandbox_rows
from tests.surfaces.counter import Counter, buys

ROOT = Path(__file__).parents[3]
MEMBERS, DAYS, LIVES = 30, 300, 4
_DONE = """
select kind, count(*), count(distinct member_id) from entry
 where program_id = $1 group by kind order by kind
"""


@pytest.fixture
def trying(fresh_database: Any) -> Iterator[Trying]:
    counter = Counter.open(fresh_database, source=SOURCE)
    yield Trying(counter, "killed")
    counter.close()


@contextmanager
def mover(trying: Trying) -> Iterator[None]:
    """One life of the process, which ends by SIGKILL wherever it is."""
    made = trying.shop.made
    command = [sys.executable, "-m", "tests.runtime.working.clock_process"]
    said = [made.owner_dsn, made.app_dsn, trying.shop.now.isoformat()]
    one = subprocess.Popen([*command, *said], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert one.stdout is not None
        assert one.stdout.readline() == "on duty\n"
        yield
    finally:
        one.kill()
        one.communicate()


def gone(trying: Trying) -> int:
    """How far its clock is, in percent."""
    moving = trying.ask("GET", "/v1/sandbox")["moving"]
    return int(moving["done_percent"]) if moving else 100


def until(trying: Trying, percent: int) -> int:
    ends = time.monotonic() + 60
    while (done := gone(trying)) < percent:
        assert time.monotonic() < ends, f"it never comes further than {done} percent"
    return done


@pytest.mark.in_turns(2, 0)
def test_every_night_is_done_once_however_often_the_mover_is_killed(trying: Trying) -> None:
    for number in range(MEMBERS):
        card = {"kind": "card", "value": f"K-{number}"}
        mail = {"kind": "email", "value": f"k{number}@example.org"}
        trying.ask("POST", "/v1/members", {"identifiers": [card, mail]})
        trying.ask("POST", "/v1/activities", buys(f"K-{number}", 4_000))
    began = trying.now()
    trying.ask("POST", "/v1/sandbox/clock", {"days": DAYS})
    stood = 0
    for _ in range(LIVES):
        with mover(trying):
            until(trying, stood + 1)
        before, stood = stood, gone(trying)
        assert before < stood < 100, "no kill hit a clock that was moving"
    with mover(trying):
        until(trying, 100)
    assert trying.now() == began + timedelta(days=DAYS)
    assert [tuple(row) for row in sandbox_rows(trying, _DONE)] == [
        ("earn", MEMBERS, MEMBERS),
        ("expire", MEMBERS, MEMBERS),
    ]
    letters = trying.ask("GET", "/v1/sandbox/unsent?limit=100")["items"]
    assert len({one["member_id"] for one in letters}) == len(letters) == MEMBERS
