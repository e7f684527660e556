"""Rules that ask whether a paid plan runs: at the moment of the sale, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.plans.houses import start
from tests.makers import Shop, brings_back, buys

from regulars.engine.checking.admission import admit
from regulars.records.program.problems import ProgramFault

Open = Callable[[str], Shop]
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
plans: [{id: plus, name: Plus, fee: "10.00", term: month}]
"""


def earned(shop: Shop, command: Any) -> int:
    (outcome,) = shop.record(command)
    return int(outcome.earned.get("points", 0))


def test_it_counts_while_the_plan_runs_and_for_what_is_told_late_as_it_stood_then(
    open_shop: Open,
) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T12:00")
    (ada,) = shop.joined("ada")
    assert earned(shop, buys(ada, 1_000)) == 10
    start(shop, ada)
    shop.at("2026-03-02T12:00")
    assert earned(shop, buys(ada, 1_000)) == 20
    late = shop.local("2026-02-27T12:00")
    assert earned(shop, buys(ada, 1_000, occurred_at=late)) == 10
    shop.at("2026-05-02T12:00")
    assert earned(shop, buys(ada, 1_000)) == 10
    late = shop.local("2026-03-15T12:00")
    assert earned(shop, buys(ada, 1_000, occurred_at=late)) == 20


def test_what_comes_back_after_the_plan_ended_takes_what_it_gave(open_shop: Open) -> None:
    shop = open_shop(PLUS)
    shop.at("2026-03-01T12:00")
    (ada,) = shop.joined("ada")
    start(shop, ada)
    assert earned(shop, buys(ada, 1_000, receipt="R1")) == 20
    shop.at("2026-05-02T12:00")
    assert earned(shop, brings_back("R1")) == -20


def test_a_plan_that_is_not_there_is_refused() -> None:
    with pytest.raises(ProgramFault) as no:
        admit(PLUS.replace("runs: plus", "runs: puls"))
    assert "plan" in str(no.value)
