"""What a cashier hands over alone: as much as the shop allows, whichever way it is paid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.terms import Terms, terms_of
from regulars.records.program.reading import read_program
from regulars.surfaces.till.sync.limits import above

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
PROGRAM = """
regulars: 1
program: asks
name: Asks
currency: EUR
zone: Europe/Berlin
wallets:
  points: {scale: 1}
  stamps: {kind: stamps}
rules:
  - {id: base, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers: {measure: visits, steps: [{id: gold, at: 3}]}
rewards:
  - {id: cup, name: A cup, price: {points: "5.5"}}
  - {id: pot, name: A pot, price: {points: 5}, or: [{price: {points: 7}}]}
  - {id: can, name: A can, price: {points: 5}, tier_prices: {gold: {price: {stamps: 8}}}}
"""


@pytest.fixture(scope="module")
def terms() -> Terms:
    compiled = compile_program(read_program(PROGRAM))
    codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
    return terms_of(1, "asks", [(1, NOON, compiled)], codes)


@pytest.mark.parametrize(("reward", "most"), [("cup", 6), ("pot", 7), ("can", 8), ("nothing", 0)])
def test_no_way_to_pay_goes_past_the_limit(terms: Terms, reward: str, most: int) -> None:
    assert not above(terms, reward, most, NOON)
    assert above(terms, reward, most - 1, NOON) or reward == "nothing"
