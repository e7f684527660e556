"""What is had for points in other currencies: how it counts at home, and comes back."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.makers import Shop, brings_back, buys, line

from regulars.engine.returning.payments import nets_told
from regulars.engine.rewarding.counter.currencies import Abroad
from regulars.engine.rewarding.paying import Basket, Quote, _Rate, promised_payment
from regulars.flows.commands import Adjust, Redeem
from regulars.records.activity.foreign import kept
from regulars.records.activity.types import Body, Line, Payment

Open = Callable[[str], Shop]
ABROAD = """
regulars: 1
program: abroad
name: Abroad
currency: EUR
zone: Europe/Berlin
currencies: {USD: [{counts: "0.90"}], JPY: [{counts: "0.61", per: 100}]}
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying:
  wallet: points
  points: 100
  per: "1.00"
  step: 50
  at_most_percent: 50
  in_currency: {USD: {}, JPY: {points: 61, per: 100}}
"""


def test_lines_of_one_price_weigh_alike() -> None:
    """Three articles of a yen count 1, 0 and 0 cents, and each is a third of what was paid."""
    lines = tuple(Line(1, sku) for sku in ("tea", "cup", "pot"))
    body, amount = kept(Body(lines=lines), 3, "JPY", Fraction(61, 100))
    assert (amount, [line.amount_minor for line in body.lines]) == (1, [1, 0, 0])
    assert nets_told(body) == [1, 1, 1]


def test_what_was_paid_counts_at_its_rate_rounded_down() -> None:
    """4.99 dollars at 0.90 are 4.491 euro: 4.49."""
    found = Quote("points", 499, 499, 0, 1, False, Abroad("USD", Fraction(9, 10)))
    promised = promised_payment(found)
    assert (promised.worth_minor, promised.cost_minor) == (449, 449)
    assert (promised.currency, promised.value_minor) == ("USD", 499)


def test_a_return_says_what_of_a_mixed_payment_comes_back_as_points(open_shop: Open) -> None:
    shop = open_shop(ABROAD)
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 2_000, "as a start", "mia"))
    (done,) = shop.redeem(Redeem(ada, pay=Basket(1_000, 0, 500), capture=True, currency="USD"))
    assert (done.price, done.currency) == ({"points": 450}, "USD")
    assert done.told == {"value_minor": 500, "discount_minor": 0, "left_minor": 500}
    kept = "select terms ->> 'worth_minor', terms ->> 'value_minor' from redemption"
    assert shop.rows(f"{kept} where program_id = $1") == [("450", "500")]
    paid = {"payments": (Payment("points", 500, done.redemption_id),)}
    lines = (line(999, quantity=3), line(1))
    shop.record(buys(ada, *lines, receipt="s", basket=paid, currency="USD"))
    (back,) = shop.record(brings_back("s", (0, 1)))
    assert (back.refunded, back.paid_back_minor, back.currency) == ({"points": 149}, 165, "USD")
    (rest,) = shop.record(brings_back("s"))
    assert (rest.refunded, rest.paid_back_minor) == ({"points": 301}, 335)
    assert shop.balances("ada") == {"points": (2_000, 0, 0)}


@given(
    st.integers(1, 900),
    st.integers(1, 900),
    st.integers(1, 50),
    st.integers(0, 20_000),
    st.fractions(min_value="0.001", max_value=900, max_denominator=10_000),
)
@settings(max_examples=300, deadline=None)
def test_at_a_rate_points_pay_never_more_than_they_do_at_home(
    points: int, per: int, step: int, minor: int, rate: Any
) -> None:
    home = _Rate(points, per, step, 0)
    there = _Rate(points * rate.numerator, per * rate.denominator, step, 0)
    taken = there.points_for(there.value(there.points_within(minor)))
    paid = there.value(taken)
    assert paid <= minor
    assert paid * rate * points <= taken * per  # exactly, before anything is rounded at home
    assert home.value(taken) >= int(paid * rate)
