"""A code that is for a bill takes off it what it says, and never what it is worth elsewhere."""

from __future__ import annotations

import pytest

from regulars.engine.rewarding.counter.pricing import due_of
from regulars.records.rewards.types import Promised
from regulars.records.tills.bills.types import BillBody, Sold


def code(worth: int = 0, **told: str | int) -> Promised:
    return Promised("Code", {}, worth, worth, kind="code", told=told)


def bill(*lines: tuple[str, int, int]) -> BillBody:
    return BillBody(tuple(Sold(f"{n}", *line[1:], line[0]) for n, line in enumerate(lines)))


@pytest.mark.parametrize(
    ("lines", "reward", "due"),
    [
        ([("tea", 1, 1000)], code(500, from_minor=5000), 1000),
        ([("tea", 5, 1000)], code(500, from_minor=5000), 4500),
        ([("tea", 1, 99)], code(700, percent=25), 75),
        ([("tea", 1, 33), ("tea", 1, 33), ("cup", 1, 33)], code(percent=10, skus="tea,mug"), 93),
        ([("tea", 3, 200), ("mug", 1, 300), ("cup", 1, 900)], code(500, skus="tea,mug"), 1500),
        ([("cup", 1, 900)], code(500, skus="tea"), 900),
        ([("cup", 1, 900)], code(500), 400),
    ],
)
def test_a_code_takes_off_a_bill_what_it_says(
    lines: list[tuple[str, int, int]], reward: Promised, due: int
) -> None:
    assert due_of(bill(*lines), [reward]) == due
