"""Steps by invitation in columns: credit alone reaches none of them, and whoever was invited is
decided by the fold beside the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from tests.engine.replaying.test_kernel import START, both, by_kernel, plant
from tests.engine.replaying.test_kernel_apart import by_both, given, shown
from tests.engine.replaying.test_kernel_baskets import shopping
from tests.engine.replaying.test_summing import WINDOW

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.program.reading import read_program

PROGRAM = """
regulars: 1
program: invited
name: Invited
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: salon, on: purchase, wallet: points, award: {give: multiply, by: 3},
     when: {if: tier, at_least: salon}}
tiers:
  measure: spend
  or_by: {measure: visits}
  window: rolling
  rolling_days: 90
  HOW
  steps:
    - {id: bronze, at: 0}
    - {id: silver, at: 150}
    - {id: salon, at: 250, or_at: 3, by: invitation}
    - {id: gold, at: 400}
    - {id: black, at: 900, or_at: 6, by: invitation}
"""
HOWS = (
    "returned_credit: revoke_now",
    "downgrade: one_step\n  valid: window_end",
    "crossing_earns: new_tier\n  grace_days: 9",
)
BUGS = {
    "credit alone reaches a step by invitation": (
        "        while step > 0 and not BY_CREDIT[step - 1]:",
        "        while step < 0 and not BY_CREDIT[step - 1]:",
    ),
    "a soft landing ends on a step by invitation": (
        "by_credit(tier - 1) if ONE_STEP",
        "tier - 1 if ONE_STEP",
    ),
    "the second measure reaches a step by invitation": (
        "        reached += OR_AT[step] <= credit\n    return by_credit(reached)",
        "        reached += OR_AT[step] <= credit\n    return reached",
    ),
}


@dataclass
class Judged:
    """A history under one of the ladders, and what both say of it."""

    terms: Terms
    rows: list[Happening]
    ours: dict
    theirs: dict


def terms_of(how: str) -> Terms:
    return alone(compile_program(read_program(PROGRAM.replace("HOW", how))), START)


def judged(how: str) -> Judged:
    terms, rows = terms_of(how), shopping(Random(11), ["points"], 16, 50)
    return Judged(terms, rows, *both(terms, rows, compiled=False))


@pytest.mark.parametrize("how", HOWS)
def test_nobody_who_was_not_invited_stands_on_such_a_step(how: str) -> None:
    found = judged(how)
    stood = set(found.theirs["stood"].values())
    assert {"silver", "gold"} <= stood
    assert not {"salon", "black"} & stood
    assert found.ours == found.theirs


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, "FIXED", name, BUGS[name])
    found = [judged(how) for how in HOWS]
    assert any(by_kernel(one.terms, one.rows, compiled=False) != one.theirs for one in found)


def invited(rows: list[Happening]) -> list[Happening]:
    """Some members come up by an invitation: until a day, until somebody ends it, or for good."""
    found = list(rows)
    runs = (3, "salon", 200, 0), (5, "black", 400, 0), (6, "black", 0, 150), (7, "salon", 0, 0)
    for number, tier, ends, ended in runs:
        who, grant = UUID(int=number), UUID(int=9_000 + number)
        at = START + timedelta(days=60)
        fact = {"member_id": who, "cause_id": grant, "tier": tier, "kind": "invited"}
        until = at + timedelta(days=ends) if ends else None
        found.append(Happening(what="give", now=at, at=at, ends=until, **fact))
        if ended:
            at += timedelta(days=ended)
            found.append(Happening(what="ungive", now=at, at=at, **fact))
    return sorted(found, key=lambda one: one.now)


@pytest.mark.parametrize("how", HOWS)
def test_kernel_and_fold_together_come_to_what_the_fold_comes_to(how: str) -> None:
    terms = terms_of(how)
    ends = day_starts_at(terms.versions[0].zone, WINDOW[1])
    rows = [one for one in invited(shopping(Random(11), ["points"], 10, 50)) if one.now < ends]
    whole = Fold(terms, Tally(*WINDOW)).run(rows, ends)
    fold, gave, why = by_both(terms, list(enumerate(rows)), ends)
    assert {"salon", "black"} <= {tier for _, tier, _ in gave}
    assert why.startswith("the history has a given fact")
    assert shown(fold) == shown(whole)
    assert gave == given(whole)
