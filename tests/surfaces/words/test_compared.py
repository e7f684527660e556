"""Two versions side by side: everything that differs is told, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

import pytest
from msgspec.structs import fields, replace

from regulars.engine.changing.comparing import Difference
from regulars.engine.changing.differences import differences
from regulars.engine.words.changes import in_words, whom_in_words
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Plan, Program

UNNOTICED: Final = {
    "regulars",
    "program",
    "name",
    "country",
    "locale",
    "cases",
    "translations",
    "caution",
    "store_groups",
}
"""What no member could notice by itself: names, texts, examples. Groups of stores are written out
wherever rules name them."""
SAID: Final = {
    "advocacy": "advocacy: [{on: review, name: A review}]",
    "benefits": "benefits: [{id: tea, name: Tea}]",
    "blocked": "blocked: {may_earn: true}",
    "budgets": "budgets: [{id: all, wallet: points, per: month, points: 500}]",
    "challenges": "challenges: [{id: ten, name: Ten, target: 10, every: month,"
    " prize: {wallet: points, points: 5}}]",
    "changeover": "changeover: {members: upgrade_only}",
    "currencies": "currencies: {USD: [{counts: '0.9'}]}",
    "draws": "draws: [{id: one, name: One, from_on: 2027-01-01, until_on: 2027-02-01,"
    " prize: Bike}]",
    "household": "household: {}",
    "join": "join: {minimum_age: 16}",
    "ladders": "ladders: {club: {measure: visits, steps: [{id: regular, at: 10}]}}",
    "leaderboards": "leaderboards: [{id: top, name: Top}]",
    "milestones": "milestones: [{id: tenth, name: Tenth, wallet: points,"
    " steps: [{at: 10, points: 5}]}]",
    "paying": "paying: {wallet: points, points: 100, per: '1.00'}",
    "paying_out": "paying_out: {wallet: money, minimum: '5.00'}",
    "plans": "plans: [{id: plus, name: Plus, fee: '10.00'}]",
    "qualifying": "qualifying: {standard: {tax: out}}",
    "referral": "referral: {wallet: points, referrer: {points: 5}}",
    "rewards": "rewards: [{id: tea, name: Tea, price: {points: 5}}]",
    "rules": "rules: [{id: one, on: visit, wallet: points, award: {give: fixed, points: 1}}]",
    "spending_proof": "spending_proof: {card_above: '5.00'}",
    "stacking": "stacking: {base: sum}",
    "streaks": "streaks: [{id: row, name: Row, every: week,"
    " milestones: [{length: 4, prize: {badge: Four}}]}]",
    "tiers": "tiers: {steps: [{id: gold, at: '500.00'}]}",
    "wallets": "",
    "currency": "",
    "zone": "",
}
"""A line of a file for each part of it that a member could notice."""
PLAIN: Final = """regulars: 1
program: plain
name: Plain
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, money: {kind: cashback, scale: 2}}
"""


def said(*lines: str) -> Program:
    return read_program(PLAIN + "\n".join(lines) + "\n")


def told(before: Program, after: Program) -> Iterator[str]:
    for one in differences(before, after):
        assert in_words(one).endswith(f"for {whom_in_words(one.whom)})")
        yield one.path.partition(".")[0]


def test_every_part_of_a_file_is_compared_or_nobody_could_notice_it() -> None:
    assert set(SAID) | UNNOTICED == {field.encode_name for field in fields(Program)}
    assert not set(SAID) & UNNOTICED


@pytest.mark.parametrize("part", [name for name, line in SAID.items() if line])
def test_what_comes_and_what_goes_is_told(part: str) -> None:
    without, with_ = said(), said(SAID[part])
    assert part in set(told(without, with_))
    assert part in set(told(with_, without))


def test_a_currency_a_zone_and_a_wallet_that_are_others_are_told() -> None:
    one = said()
    other = replace(one, currency="USD", zone="Europe/Paris", wallets={})
    assert set(told(one, other)) == {"currency", "zone", "wallets"}


def test_from_any_ready_made_program_to_any_other_there_are_words() -> None:
    programs = [read_program(load_template(name)) for name in template_names()]
    following = [*programs[1:], programs[0]]
    pairs = [both for one in zip(programs, following, strict=True) for both in permutations(one)]
    kinds = {path for before, after in pairs for path in told(before, after)}
    assert {"plans", "paying_out", "rewards", "rules", "tiers"} <= kinds


def test_every_field_of_a_membership_has_its_sentence() -> None:
    old = Plan("plus", "Plus", fee="10.00")
    for field in fields(Plan):
        if field.name in ("id", "name", "says"):
            continue
        new = replace(old, **{field.name: "12.00" if field.name == "fee" else "7 days"})
        found = differences(replace(said(), plans=(old,)), replace(said(), plans=(new,)))
        assert ["plus" in in_words(one) for one in found] == [True], field.name


def test_a_dearer_membership_is_worse_for_whoever_is_on_it() -> None:
    old, new = (said(f"plans: [{{id: plus, name: Plus, fee: '{fee}'}}]") for fee in (10, 12))
    (found,) = differences(old, new)
    assert isinstance(found, Difference)
    assert in_words(found) == "The membership plus costs 12, before 10 (worse for members of plus)"
    assert whom_in_words(found.whom) == "members of plus"
