"""Ladders by status and by years of membership, and steps that fall with a return: each has a
control."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.engine.replaying.test_kernel import START, both, by_kernel, plant
from tests.engine.replaying.test_kernel_baskets import shopping, sold

from regulars.engine.calendar import add_months
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.engine.replaying.kernel import law
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Body
from regulars.records.program.reading import read_program

PROGRAM = """
regulars: 1
program: climbing
name: Climbing
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}, standing: {kind: status, negative: never}}
stacking: {base: sum}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 3},
     when: {if: tier, at_least: silver}}
  - {id: step, on: purchase, wallet: standing, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  measure: status
  wallet: standing
  window: anniversary
  valid: window_end
  returned_credit: revoke_now
  steps: [{id: bronze, at: 0}, {id: silver, at: 250}, {id: gold, at: 700}]
"""
OTHERS = {
    "as it is": "window: anniversary",
    "a rolling window": "window: rolling\n  rolling_days: 90",
    "step by step": "window: rolling\n  rolling_days: 90\n  grace_days: 9\n  downgrade: one_step",
}
BUGS = {
    "what a status wallet gets counts for nothing": ("FIXED", ("credit = gave[row, STATUS_AT]", "credit = 0 * gave[row, STATUS_AT]")),
    "status stays with whoever returns all": ("RETURNING", ("return max(credit - lost, 0)", "return credit")),
    "a return lowers nobody": ("RETURNING", ("if best < tier:", "if best < 0:")),
    "a return lowers whoever climbed in a window before": ("RETURNING", ("or sold < starts[at] or", "or")),
    "what else was reached since is forgotten": ("RETURNING", ("        if since <= day <= today and", "        if day < 0 and")),
    "nobody knows since when a step is stood on": ("FIXED", ("tier, ends, began = reached, untils[at], on", "tier, ends = reached, untils[at]")),
    "all members joined on one day": ("FIXED", ("year = calendars[member]", "year = calendars[0]")),
}  # fmt: skip


def later(one: Happening) -> Happening:
    """The same so many days later that no two members joined on one day."""
    at, activity = one.at + timedelta(days=11 * one.member_id.int), one.activity
    if activity is not None:
        activity = replace(activity, occurred_at=at)
    return replace(one, at=at, now=at, activity=activity)


def edges() -> list[Happening]:
    """What reached a step comes back when something else had reached it meanwhile; and when it is
    a window ago, while the step stood on was come down to since."""
    found = []
    for member, deeds in (
        (901, ((0, 300), (50, 250), (145, None))),
        (902, ((0, 700), (110, 0), (150, None))),
    ):
        for days, whole in deeds:
            told: dict = {"activity_id": UUID(int=member * 1000 + days)}
            if whole is None:
                told |= {"kind": "return", "sale_id": UUID(int=member * 1000)}
            else:
                told["amount_minor"] = 100 * whole
            one = sold(START + timedelta(days=days), Body(), **told)
            who = UUID(int=member)
            deed = replace(one.activity, member_id=who)
            found.append(replace(one, member_id=who, activity=deed))
    return found


@cache
def judged(name: str = "as it is") -> tuple[Terms, list[Happening], dict, dict]:
    program = PROGRAM.replace("window: anniversary", OTHERS[name])
    terms = alone(compile_program(read_program(program)), START)
    rows = [later(one) for one in shopping(Random(3), ["points"], 18, 60)] + edges()
    return terms, rows, *both(terms, rows, compiled=False)


@pytest.mark.parametrize("name", OTHERS)
def test_ladders_come_to_the_same(name: str) -> None:
    _, _, ours, theirs = judged(name)
    assert theirs["returned"]
    assert set(theirs["stood"].values()) == {"bronze", "silver", "gold"}
    assert ours == theirs


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, bug = BUGS[name]
    plant(monkeypatch, text, name, bug)
    alike = []
    for other in OTHERS:
        terms, rows, _, theirs = judged(other)
        alike.append(by_kernel(terms, rows, compiled=False) == theirs)
        if not alike[-1]:
            break
    assert not all(alike)


def test_a_year_of_membership_that_begins_a_month_late_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terms, rows, _, theirs = judged()
    monkeypatch.setattr(law, "add_months", lambda day, months: add_months(day, months + 1))
    assert by_kernel(terms, rows, compiled=False) != theirs
