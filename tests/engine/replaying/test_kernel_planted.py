"""Every part of the kernel has a control: planted into its text, a bug must be noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from tests.engine.replaying.test_kernel import START, both, history, plant

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body
from regulars.records.program.reading import read_program

PROGRAM = """
regulars: 1
program: planted
name: Planted
currency: EUR
zone: Europe/Berlin
wallets: {points: {expiry: {after: 3 months, round_up_to: month}}}
stacking: {base: sum}
rules:
  - {id: third, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "3.00"},
     limits: [{per: month, points: 300}]}
  - {id: seventh, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "7.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: "1.25"},
     when: {if: tier, at_least: silver}}
  - {id: app, on: purchase, wallet: points, award: {give: multiply, by: "1.5"},
     when: {if: channel, in: [app]}}
tiers:
  window: rolling
  rolling_days: 60
  valid: window_end
  downgrade: one_step
  steps: [{id: silver, at: "300.00"}, {id: gold, at: "900.00"}]
"""
BUGS = {
    "a tier lasts a day too long": ("while until <= day:", "while until < day:"),
    "points lapse a day too late": (
        "lots[0, wallet, lot] <= day:", "lots[0, wallet, lot] < day:",
    ),
    "nothing is ever owed": ("balance[wallet, 1] += left", "balance[wallet, 1] += 0"),
    "a debt is not paid": ("paid = min(balance[wallet, 1], units)", "paid = 0"),
    "a limit is never used": ("counted[0][place] += gave", "counted[0][place] += 0 * gave"),
    "a limit never begins anew": ("if period[place] != now:", "if period[place] < 0:"),
    "a window has no beginning": ("if bag[0, place] < start:", "if bag[0, place] < 0:"),
    "credit never leaves the window": ("and bag[0, tail] < start:", "and bag[0, tail] < 0:"),
    "credit is let go of twice": ("total -= bag[1, tail]", "total -= 2 * bag[1, tail]"),
    "a tier falls all the way": ("by_credit(tier - 1) if ONE_STEP else 0", "0"),
    "a part of a point is a point": ("        return points\n", "        return points + 1\n"),
    "the first rule has every rest": ("rest > most or (", "best < 0 and rest > most or ("),
    "members share what they used": ("    used[:] = 0\n    period[:] = -1\n", ""),
}  # fmt: skip


def edges() -> list[Happening]:
    """Two members who use up one limit each, the day a tier ends, the day points end."""
    found: list[Happening] = []
    for number, days in ((901, (0,)), (902, (0,)), (903, (0, 60)), (904, (0,))):
        member, paid = UUID(int=number), 40_000 if number == 903 else 95_000
        for place, days_on in enumerate(days):
            at, id_ = START + timedelta(days=days_on), UUID(int=number * 1000 + place)
            sold = Activity(id_, member, "purchase", "", "", None, at, "", "", paid, Body(), "")
            found.append(Happening(what="activity", member_id=member, now=at, at=at, activity=sold))
    at = datetime(2024, 5, 1, 9, tzinfo=UTC)
    fact = {"member_id": member, "now": at, "at": at, "wallet": "points", "units": 10}
    return [*found, Happening(what="hold", **fact), Happening(what="release", **fact)]


def agree() -> bool:
    terms = alone(compile_program(read_program(PROGRAM)), START)
    rows = edges() + history(Random(9), ["points"], 25, 60)
    ours, theirs = both(terms, rows, compiled=False)
    return ours == theirs


def test_the_healthy_kernel_agrees() -> None:
    assert agree()


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "FIXED", name, BUGS[name])
    assert not agree()
