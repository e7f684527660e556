"""What is played in turns is played: every case has its day, and nobody's day never comes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.turns import part

FILE = "tests/a/test_b.py"


def items(many: int, *marks: Any, file: str = FILE) -> list[Any]:
    return [
        SimpleNamespace(name=f"{file}::{n}", location=(file, 0, ""), iter_markers=lambda _: marks)
        for n in range(many)
    ]


def names(found: list[Any]) -> list[str]:
    return [one.name for one in found]


def days(cases: list[Any], many: int) -> list[list[str]]:
    return [names(part(cases, on)[0]) for on in range(many)]


def test_each_case_comes_once_in_so_many_days() -> None:
    cases = items(10, pytest.mark.in_turns(4).mark)
    each = days(cases, 4)
    assert sorted(name for one in each for name in one) == sorted(names(cases))
    assert {len(one) for one in each} == {2, 3}
    assert days(cases, 8)[4:] == each


def test_who_is_asked_for_by_hand_is_played_whatever_the_day() -> None:
    cases = items(10, pytest.mark.in_turns(4).mark) + items(1)
    assert part(cases, None) == (cases, [])
    assert part(cases, 3)[0][-1] is cases[-1], "what has no turns is played every day"


def test_a_file_may_come_as_a_whole() -> None:
    whole = items(5, pytest.mark.in_turns(2, 1, whole=True).mark)
    assert [len(one) for one in days(whole, 4)] == [0, 5, 0, 5]


def test_two_turns_without_a_common_divisor_leave_nobody_out() -> None:
    cases = items(5, pytest.mark.in_turns(2, 0, whole=True).mark, pytest.mark.in_turns(5).mark)
    assert sorted(name for one in days(cases, 10) for name in one) == sorted(names(cases))


def test_files_with_one_case_each_have_different_days() -> None:
    cases = [one for n in range(40) for one in items(1, pytest.mark.in_turns(2).mark, file=f"t{n}")]
    assert all(12 < len(one) < 28 for one in days(cases, 2))
