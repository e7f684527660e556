"""What a version says otherwise is told in sentences, not in the words of files."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from regulars.engine.changing.differences import differences
from regulars.records.program.reading import read_program
from regulars.surfaces.in_words.changed import change_in_words

PLAIN = """regulars: 1
program: plain
name: Plain
currency: EUR
zone: Europe/Berlin
wallets: {points: {name: Points, one: Point}}
rules:
  - id: euro
    says: Points for what you buy
    on: purchase
    wallet: points
    award: {give: per_amount, points: 1, per: "1.00"}
    when: {if: store, in: [main]}
tiers: {steps: [{id: gold, at: "300.00"}]}
rewards: [{id: tea, name: Tea, price: {points: 30}}]
"""


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        (
            "points: 1, per",
            "points: 2, per",
            "The rule euro gives 2 Points for each €1.00 in main, before 1 Point for "
            "each €1.00 in main (better for everybody who collects points and was there within a "
            "year)",
        ),
        (
            "in: [main]",
            "in: [main, side]",
            "The rule euro has another when: 1 Point for each €1.00 in main or side, "
            "before 1 Point for each €1.00 in main (better for everybody who "
            "collects points and was there within a year)",
        ),
        (
            'at: "300.00"',
            'at: "400.00"',
            "The tier gold takes €400.00, before €300.00 (worse for holders of gold, and who aims)",
        ),
        (
            "price: {points: 30}",
            "price: {points: 40}",
            "The reward tea costs 40 points, before 30 points (worse for everybody who has "
            "enough for it, or took it within a year)",
        ),
        (
            "price: {points: 30}",
            "price: {points: 30}, limit: {times: 1, per: month}",
            "The reward tea has another limit: Tea, for 30 Points, once a month, before "
            "Tea, for 30 Points (worse for everybody who has enough for it, or took it within a "
            "year)",
        ),
    ],
)
def test_a_change_is_two_sentences(was: str, is_: str, says: str) -> None:
    assert was in PLAIN
    both = read_program(PLAIN), read_program(PLAIN.replace(was, is_))
    (change,) = differences(*both)
    assert change_in_words(both, change) == says


def test_a_change_without_both_sides_is_told_by_the_file() -> None:
    old = read_program(PLAIN)
    (change,) = differences(old, replace(old, zone="Europe/Paris"))
    assert change_in_words(None, change).startswith("Days are counted in Europe/Paris")
