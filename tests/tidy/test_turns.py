"""What is played in turns is played: every case has its day, and nobody's day never comes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from math import gcd
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests import turns
from tests.turns import LOOK_EVERY, NoDayError, day, head, meet, part, todays, turns_of

FILE = "tests/a/test_b.py"
BROWSER = Path(__file__).parents[1] / "browser"
SOME_DAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this run is."""
    monkeypatch.setattr(turns, "NIGHTLY", False)
    monkeypatch.setenv(turns.DAY, SOME_DAY.isoformat())


def items(many: int, *marks: Any, file: str = FILE) -> list[Any]:
    return [
        SimpleNamespace(nodeid=f"{file}::test_c[{n}]", iter_markers=lambda _: marks)
        for n in range(many)
    ]


def names(found: list[Any]) -> list[str]:
    return [one.nodeid for one in found]


def days(cases: list[Any], many: int) -> list[list[str]]:
    return [names(part(cases, on)[0]) for on in range(many)]


def mark(*said: int) -> Any:
    return pytest.mark.in_turns(*said).mark


def test_each_case_comes_once_in_so_many_days() -> None:
    cases = items(400, mark(4))
    each = days(cases, 4)
    assert sorted(name for one in each for name in one) == sorted(names(cases))
    assert all(70 < len(one) < 130 for one in each)
    assert days(cases, 8)[4:] == each


def test_who_is_put_in_before_others_moves_nobody() -> None:
    before, after = items(5, mark(4), file="tests/a/test_a.py"), items(40, mark(4))
    alone, beside = days(after, 4), days([*before, *after], 4)
    assert alone == [[name for name in one if FILE in name] for one in beside]


def test_who_is_asked_for_by_hand_is_played_whatever_the_day() -> None:
    cases = items(10, mark(4)) + items(1)
    assert part(cases, None) == (cases, [])
    assert part(cases, 3)[0][-1] is cases[-1], "what has no turns is played every day"


def test_a_day_may_be_said() -> None:
    assert [len(one) for one in days(items(5, mark(2, 1)), 4)] == [0, 5, 0, 5]


@pytest.mark.parametrize("marks", [(mark(2, 0), mark(5)), (mark(2), mark(4)), (mark(4), mark(6))])
def test_two_turns_leave_nobody_out(marks: tuple[Any, ...]) -> None:
    """Days that follow from one name meet whatever they count by."""
    cases = items(50, *marks)
    each = [name for one in days(cases, 60) for name in one]
    assert set(each) == set(names(cases))


def test_two_turns_that_never_meet_are_no_turns() -> None:
    (case,) = items(1, mark(2, 0), mark(4, 1))
    assert not any(
        all(turns.on_turn(one.on, one.every, on) for one in turns_of(case)) for on in range(4)
    )
    with pytest.raises(NoDayError, match=r"test_b.py::test_c\[0\] would be played on no day"):
        part([case], None)
    assert meet([turns.Turn(4, 1), turns.Turn(6, 3), turns.Turn(5, 0)])


def test_nobody_waits_longer_at_new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [f"a bug {n}" for n in range(1_000)]
    played: Counter[str] = Counter()
    for on in range(128):
        asked = date.fromordinal(date(2027, 12, 1).toordinal() + on)
        monkeypatch.setenv(turns.DAY, asked.isoformat())
        played.update(todays(cases, 128, str))
    assert played == Counter(cases), "each once"


def test_files_with_one_case_each_have_different_days() -> None:
    cases = [one for n in range(40) for one in items(1, mark(2), file=f"t{n}")]
    assert all(12 < len(one) < 28 for one in days(cases, 2))


def test_all_days_are_played_by_night_and_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert day() == SOME_DAY.toordinal()
    assert "the part of 2026-11-30; again by `make test DAY=2026-11-30`" in head()
    monkeypatch.setenv(turns.DAY, "")
    assert (day(), todays("abcdef", 3)) == (None, list("abcdef"))
    assert "all of it, at the sizes of by day" in head()
    monkeypatch.setenv(turns.DAY, SOME_DAY.isoformat())
    monkeypatch.setattr(turns, "NIGHTLY", True)
    monkeypatch.setattr(turns, "SIZE", "release")
    assert day() is None
    assert head().endswith("all of it, at the size release")


@pytest.mark.parametrize("said", ["Mon", "334", "334th", "2026-02-30", "-1"])
def test_what_is_no_day_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(turns.DAY, said)
    with pytest.raises(NoDayError, match=f"REGULARS_TESTS_DAY .* is '{said}'; it takes a date"):
        day()


def test_each_place_in_the_browser_is_looked_at_some_day() -> None:
    found = {
        (file.name, int(every))
        for file in BROWSER.rglob("*.py")
        for every in re.findall(r"in_turns\((\d+)", file.read_text("utf-8"))
    }
    assert len(found) > 10
    assert [one for one in found if gcd(one[1], LOOK_EVERY) > 1] == []
