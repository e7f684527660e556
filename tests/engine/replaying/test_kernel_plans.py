"""Rules that ask whether a paid plan runs: kernel and fold read it from what happened to it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace
from tests.engine.replaying.test_kernel import START, by_fold, by_kernel, history
from tests.flows.plans.lives import lived

from regulars.engine.checking.admission import admit
from regulars.engine.compiling.asked import known_to_run
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import alone
from regulars.engine.rewarding.plans import then
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening

PLUS = """
regulars: 1
program: plus
name: Plus
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: double
    on: purchase
    wallet: points
    award: {give: multiply, by: 2}
    when: {if: plan, runs: plus}
  - id: visit
    on: visit
    wallet: points
    award: {give: fixed, points: 7}
    when: {if: not, that: {if: plan, runs: club}}
plans:
  - {id: plus, name: Plus, fee: "10.00", grace: 200 days, meanwhile: kept}
  - {id: club, name: Club, fee: "10.00", grace: 90 days, pause: 3 months}
"""


def terms_of(source: str = PLUS) -> Terms:
    compiled = compile_program(admit(source.encode()).program)
    return alone(compiled, START - timedelta(days=9999))


def told(terms: Terms) -> list[Happening]:
    rows = history(Random(11), ["points"], members=20, rows=40)
    return lived(Random(12), terms.versions[0], rows)


def test_kernel_and_fold_come_to_the_same_while_plans_run_and_not() -> None:
    terms = terms_of()
    rows = told(terms)
    ours, theirs = by_kernel(terms, rows, compiled=False), by_fold(terms, rows)
    assert ours == theirs
    nothing = by_fold(terms, [one for one in rows if one.what != "plan"])
    changed = [id_ for id_ in theirs["gave"] if theirs["gave"][id_] != nothing["gave"].get(id_)]
    assert len(changed) > 10, "these plans run too seldom to prove anything"


def test_what_other_terms_made_of_a_plan_is_no_part_of_a_history() -> None:
    """Under a draft that freezes what the version in force kept, less is doubled; what was frozen
    with a decision of then is not asked."""
    kept, frozen = terms_of(), terms_of(PLUS.replace("meanwhile: kept", "meanwhile: frozen"))
    rows = told(kept)
    thought = known_to_run(["plus", "club"])
    believed = [replace(one, attributes=thought) if one.activity else one for one in rows]
    for terms in (kept, frozen):
        assert by_fold(terms, believed) == by_fold(terms, rows)
        assert by_kernel(terms, believed, compiled=False) == by_fold(terms, rows)
    assert by_fold(kept, rows)["gave"] != by_fold(frozen, rows)["gave"]


def test_control_a_plan_that_runs_for_ever_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = terms_of()
    rows = told(terms)
    right = by_fold(terms, rows)
    monkeypatch.setattr(then.life, "runs", lambda *_: "yes")
    assert by_fold(terms, rows) != right
    assert by_kernel(terms, rows, compiled=False) != right
