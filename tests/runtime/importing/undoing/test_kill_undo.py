"""An undo is killed at random moments and begun again, until it is done: the same books."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import HISTORY, brought, counted, spends, standings

SCRIPT = Path(__file__).with_name("undo_alone.py")
KILLS = 6
PATIENCE_S = 120
_ALL = 40
_PEOPLE = tuple(f"m{n:02},2020-01-02T10:00:00Z,,l{n:02},{100 + n}" for n in range(_ALL))
_SALES = tuple(
    f"purchase,m{n % _ALL:02},s{n:03},,2025-0{1 + n % 9}-02T10:00:00Z,{10 + n}.00"
    for n in range(3 * _ALL)
)


def _starts(house: House, import_id: UUID) -> subprocess.Popen[str]:
    dsn, program = house.database.app_dsn, str(house.program_id)
    command = [sys.executable, str(SCRIPT), dsn, program, str(import_id), "1"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _killed(house: House, import_id: UUID, chance: Random) -> None:
    """Kill it after some batches, anywhere in the next."""
    running, left = _starts(house, import_id), chance.randrange(1, 4)
    assert running.stdout is not None
    for _ in running.stdout:
        left -= 1
        if left == 0:
            break
    time.sleep(chance.random() * 0.02)
    running.kill()
    running.wait(PATIENCE_S)


@pytest.mark.in_turns(2, 0)
@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_and_the_files_come_again(house: House) -> None:
    history = (HISTORY[0], *_SALES)
    import_id = brought(house, *_PEOPLE, history=history)
    before = standings(house), counted(house)
    assert spends(house, "m07").state == "captured"
    chance = Random(7)
    for _ in range(KILLS):
        _killed(house, import_id, chance)
        assert house.wrong_books() == {}
        ((waiting,),) = house.rows("select count(*) from import_undone where state = 'waiting'")
        assert 0 < waiting < _ALL, "the kills fell in the middle"
        if waiting < _ALL // 3:
            break  # a machine so fast would be done before the next one
    running = _starts(house, import_id)
    out, _ = running.communicate(timeout=PATIENCE_S)
    assert out.splitlines()[-1].startswith(f"done {_ALL - 1} 0 1,"), out
    assert [row[0] for row in standings(house)] == ["m07"]
    assert house.wrong_books() == {}
    kept = standings(house), counted(house)
    brought(house, *_PEOPLE, history=history)
    again = standings(house), counted(house)
    for was, now, mine in zip(before, again, kept, strict=True):
        assert [row for row in now if row[0] != "m07"] == [row for row in was if row[0] != "m07"]
        assert [row for row in now if row[0] == "m07"] == mine
    assert house.wrong_books() == {}
