"""What points buy is asked about whenever it is less, however that is said; and kept where the
terms say so: the same share of a worth for the same share of the points."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.points.choosing.test_kept_worth import MONTH, START, member, terms

from regulars.engine.changing.owned.worth import Less, lessened
from regulars.engine.changing.prices import devalued
from regulars.engine.rewarding.counter.keeping import way_kept
from regulars.engine.rewarding.promise import promise, ways
from regulars.records.program.reading import read_program

KEEP = "changeover: {worth: keep}\n"
OFF = '{id: "off", name: Off, price: {points: 100}, worth: "10.00"}'
TIERS = 'tiers: {steps: [{id: silver, at: "1"}, {id: gold, at: "9"}]}\n'
PAYS = 'paying: {wallet: points, points: 10, per: "1.00", minimum: 20}\n'
BANK = 'paying_out: {wallet: cash, minimum: "10.00"}\n'


def program(reward: str = OFF, more: str = "") -> str:
    return f"""
regulars: 1
program: worthy
name: Worthy
currency: EUR
zone: Europe/Berlin
wallets: {{points: {{}}, stars: {{}}, cash: {{kind: cashback, scale: 2}}}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.00"}}}}
rewards: [{reward}]
{TIERS}{more}"""


def lost(before: str, after: str) -> list[Less]:
    return lessened(read_program(before), read_program(after))


def codes(before: str, after: str) -> list[str]:
    return [one.code for one in devalued(read_program(before), read_program(after))]


KEPT = [
    ('worth: "10.00"', 'worth: "1.00"'),
    ('worth: "10.00"', 'worth: "10.00", money: "9.00"'),
    ("points: 100}", "points: 101}"),
]
NOT_KEPT = [
    ("{points: 100}", "{stars: 100}"),
    ("{points: 100}", "{points: 100, stars: 1}"),
    ('worth: "10.00"', 'worth: "10.00", stock: 0'),
    ('worth: "10.00"', 'worth: "10.00", tier: gold'),
    ('worth: "10.00"', 'worth: "10.00", by: shop'),
    ('worth: "10.00"', 'worth: "10.00", stores: [mitte]'),
    ('worth: "10.00"', 'worth: "10.00", channels: [online]'),
    ('worth: "10.00"', 'worth: "10.00", for: {age: [old]}'),
    ('worth: "10.00"', 'worth: "10.00", limit: {times: 1, per: ever}'),
    ('worth: "10.00"', 'worth: "10.00", cooldown: 30 days'),
    ('worth: "10.00"', 'worth: "10.00", until_on: 2026-01-01'),
    (', worth: "10.00"', ""),
    ('id: "off"', 'id: "else"'),
]


PIECE = '{id: "off", name: Off, price: {points: 100}, gives: {kind: item, sku: bike}}'
GIVEN = "gives: {kind: item, sku: bike}"
TOLD = PIECE.replace("100}", '100}, worth: "10.00"')


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        (PIECE, PIECE.replace("bike", "pen")),
        (PIECE.replace(GIVEN, "gives: {kind: discount, percent: 20}"), PIECE),
        (
            PIECE.replace(GIVEN, "gives: {kind: discount, percent: 20}"),
            PIECE.replace(GIVEN, 'gives: {kind: discount, off: "0.10"}'),
        ),
        (
            OFF.replace("00}", "00}, stores: [berlin]", 1),
            OFF.replace("00}", "00}, stores: [munich]", 1),
        ),
        (
            OFF.replace("00}", "00}, channels: [store]", 1),
            OFF.replace("00}", "00}, channels: [web]", 1),
        ),
    ],
)
def test_what_nobody_can_weigh_is_less(was: str, is_: str) -> None:
    """A bicycle became a pencil, and Berlin Munich, without a word."""
    assert codes(program(was), program(is_)) == ["worth:points"]
    assert codes(program(was), program(is_) + KEEP) == ["worth:points"]


def test_what_is_worth_as_much_may_be_another_piece() -> None:
    assert codes(program(TOLD), program(TOLD.replace("bike", "pen"))) == []


def test_a_reward_that_is_over_is_nobodys_any_more() -> None:
    """Each season's rewards were asked about when they were left out, and the real one passed."""
    season = OFF.replace("100}", "100}, until_on: 2026-03-01")
    both = read_program(program(season)), read_program(program(""))
    assert [one.code for one in devalued(*both, "2026-02-28")] == ["worth:points"]
    assert [one.code for one in devalued(*both, "2026-03-01")] == []


def test_of_what_nobody_has_nothing_is_asked() -> None:
    both = read_program(program()), read_program(program(OFF.replace("100}", "101}")))
    assert [one.code for one in devalued(*both, "2026-03-01", ["points"])] == []


@pytest.mark.parametrize(("was", "is_"), KEPT)
def test_less_for_the_same_points_is_asked_about_unless_it_is_kept(was: str, is_: str) -> None:
    after = program(OFF.replace(was, is_))
    assert codes(program(), after) == ["worth:points"]
    assert codes(program(), after + KEEP) == []


@pytest.mark.parametrize(("was", "is_"), NOT_KEPT)
def test_what_is_not_kept_is_asked_about_all_the_same(was: str, is_: str) -> None:
    """`worth: keep` was believed, and nothing was kept."""
    after = program(OFF.replace(was, is_))
    assert codes(program(), after) == ["worth:points"]
    assert codes(program(), after + KEEP) == ["worth:points"]


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("points: 100}", "points: 99}"),
        ('worth: "10.00"', 'worth: "12.00"'),
        ('points: 100}, worth: "10.00"', 'points: 10}, worth: "1.00"'),
        ('worth: "10.00"', 'worth: "10.00", or: [{price: {stars: 5}}]'),
        ('worth: "10.00"', 'worth: "10.00", cost: "20.00", hold_for: 1 hour'),
        ('worth: "10.00"', 'worth: "10.00", tier_prices: {gold: {price: {points: 90}}}'),
    ],
)
def test_as_much_or_more_is_asked_about_by_nobody(was: str, is_: str) -> None:
    assert lost(program(), program(OFF.replace(was, is_))) == []


OTHER_WAYS = OFF.replace(
    'worth: "10.00"',
    'worth: "10.00", or: [{price: {stars: 5}}], tier_prices: {gold: {price: {points: 50}}}',
)


@pytest.mark.parametrize(
    ("was", "is_", "found"),
    [
        ("stars: 5", "stars: 6", [Less("stars", "rewards.off", kept=True)]),
        (", or: [{price: {stars: 5}}]", "", [Less("stars", "rewards.off", kept=False)]),
        ("points: 50", "points: 51", [Less("points", "rewards.off", kept=True)]),
        (", tier_prices: {gold: {price: {points: 50}}}", "",
         [Less("points", "rewards.off", kept=False)]),
        ("gold: {price", "silver: {price", [Less("points", "rewards.off", kept=False)]),
    ],
)  # fmt: skip
def test_each_way_to_pay_is_compared_by_itself(was: str, is_: str, found: list[Less]) -> None:
    assert lost(program(OTHER_WAYS), program(OTHER_WAYS.replace(was, is_))) == found


@pytest.mark.parametrize(
    ("was", "is_", "kept"),
    [
        ("points: 10,", "points: 11,", True),
        ("minimum: 20", "minimum: 30", False),
        ("minimum: 20", "minimum: 20, step: 10", False),
        ("minimum: 20", "minimum: 20, at_most_percent: 50", False),
        ("wallet: points", "wallet: stars", False),
        (PAYS, "", False),
    ],
)
def test_what_points_pay_of_a_basket_is_compared_too(was: str, is_: str, *, kept: bool) -> None:
    before, after = program(more=PAYS), program(more=PAYS.replace(was, is_))
    assert lost(before, after) == [Less("points", "paying", kept=kept)]


@pytest.mark.parametrize(("was", "is_"), [(BANK, ""), ('"10.00"', '"11.00"'), (BANK, BANK)])
def test_what_is_paid_to_the_bank_is_compared_too(was: str, is_: str) -> None:
    after = BANK.replace(was, is_)
    found = [] if was == is_ else [Less("cash", "paying_out", kept=False)]
    assert lost(program(more=BANK), program(more=after)) == found


@pytest.mark.parametrize(
    ("was", "is_", "price"),
    [
        ('worth: "10.00"', 'worth: "1.00"', 10),
        ('worth: "10.00"', 'worth: "10.00", money: "9.00"', 10),
        ('worth: "10.00"', 'worth: "3.33"', 34),
        ('worth: "10.00"', 'worth: "20.00"', 100),
        ('worth: "10.00"', 'worth: "10.00", cost: "1.00"', 100),
        (', worth: "10.00"', "", 100),
    ],
)
def test_points_of_before_buy_as_much_as_they_did(was: str, is_: str, price: int) -> None:
    """100 points bought 10.00 off; for 1.00 off they took 100 as well, though it was kept."""
    all_ = terms(program(), program(OFF.replace(was, is_), KEEP))
    version, state, now = all_.versions[-1], member([(0, 100)]), START + MONTH * 2
    reward = version.rewards["off"]
    found = way_kept(version, state, reward, ways(version, reward)[0], now)
    assert found.price == {"points": price}
    assert promise(version, reward, now, found).price == {"points": price}


@given(
    st.integers(1, 400), st.integers(1, 9_000), st.integers(1, 400), st.integers(1, 9_000),
    st.integers(0, 900),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_the_floor_holds_whatever_price_worth_and_money_become(
    price: int, worth: int, price_now: int, worth_now: int, money: int
) -> None:
    """A point buys at least what it bought, to less than one point of rounding."""
    before = f'{{id: "off", name: Off, price: {{points: {price}}}, worth: "{_money(worth)}"}}'
    after = f'{{id: "off", name: Off, price: {{points: {price_now}}}, '
    after += f'worth: "{_money(worth_now)}", money: "{_money(money)}"}}'
    all_ = terms(program(before), program(after, KEEP))
    version, state = all_.versions[-1], member([(0, 1_000)])
    reward = version.rewards["off"]
    now = START + MONTH * 2 + timedelta(days=1)
    taken = way_kept(version, state, reward, ways(version, reward)[0], now).price["points"]
    net = worth_now - money
    assert taken <= price_now
    if net > 0:
        assert taken - 1 < Fraction(price * net, worth)


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
