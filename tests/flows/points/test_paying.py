"""Paying a part of a basket with points: what it takes follows from what it is worth."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.books import assert_books_right
from tests.makers import Shop, asked, brings_back, buys, line

from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.paying import Basket, Quote, _Rate
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.points.quote_payment import quote_payment
from regulars.records.activity.types import Payment
from regulars.records.members.types import Asked, MemberRef

Open = Callable[[str], Shop]
PAYING = """
regulars: 1
program: payer
name: Payer
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying: {wallet: points, points: 100, per: "1.00", minimum: 200, step: 50, at_most_percent: 50}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(PAYING)


@pytest.fixture
def ada(shop: Shop) -> MemberRef:
    """A member with 480 points."""
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 480, "as a start", "mia"))
    return ada


def pay(shop: Shop, who: MemberRef, *basket: int | None, **more: Any) -> Any:
    return shop.redeem(Redeem(who, pay=Basket(*basket), **more))[0]  # type: ignore[arg-type]


def quoted(shop: Shop, basket: Basket) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    ((member_id,),) = shop.rows(sql, "ada")
    assert isinstance(member_id, UUID)
    return shop.do(lambda tx, terms: quote_payment(tx, terms, member_id, basket))


def test_as_much_as_can_be_is_paid_in_whole_steps(shop: Shop, ada: MemberRef) -> None:
    before = shop.counts()
    assert quoted(shop, Basket(700)) == Quote("points", 350, 350, 0, 350, False)
    assert quoted(shop, Basket(710)) == Quote("points", 350, 350, 0, 360, False)
    assert quoted(shop, Basket(9_000)) == Quote("points", 450, 450, 0, 8_550, False)
    assert shop.counts() == before


def test_discounts_come_before_payments(shop: Shop, ada: MemberRef) -> None:
    assert quoted(shop, Basket(1_000, 300)) == Quote("points", 350, 350, 300, 350, False)


def test_a_wish_is_paid_as_far_as_whole_steps_come(shop: Shop, ada: MemberRef) -> None:
    assert quoted(shop, Basket(1_000, 0, 300)) == Quote("points", 300, 300, 0, 700, False)
    assert quoted(shop, Basket(1_000, 0, 349)) == Quote("points", 300, 300, 0, 700, True)


def test_what_cannot_be_paid_is_refused_and_nothing_is_held(shop: Shop, ada: MemberRef) -> None:
    before = shop.counts()
    answers = {
        basket: (no.code, no.facts)
        for basket in ((500, 0, 251), (10_000, 0, 500), (300, 0, None), (1_000, 0, 100))
        if isinstance(no := pay(shop, ada, *basket), Refused)
    }
    assert answers == {
        (500, 0, 251): ("share_exceeded", {"at_most_minor": 250}),
        (10_000, 0, 500): (
            "not_enough_points", {"wallet": "points", "price": 500, "available": 480},
        ),
        (300, 0, None): ("below_minimum", {"minimum": 200, "value_minor": 200}),
        (1_000, 0, 100): ("below_minimum", {"minimum": 200, "value_minor": 200}),
    }  # fmt: skip
    assert shop.counts() == before


@pytest.mark.parametrize(
    "wish",
    [{}, {"reward": "x", "pay": Basket(1)}, {"pay": Basket(0)}, {"pay": Basket(5, 6)},
     {"pay": Basket(5, -1)}, {"pay": Basket(5, 0, 0)}],
)  # fmt: skip
def test_a_basket_that_is_none_is_a_fault(shop: Shop, ada: MemberRef, wish: dict[str, Any]) -> None:
    assert isinstance(shop.redeem(Redeem(ada, **wish))[0], Fault)


def test_paid_named_by_the_sale_and_given_back_with_it(shop: Shop, ada: MemberRef) -> None:
    done = pay(shop, ada, 1_000, 200, capture=True)
    assert (done.reward, done.kind, done.price) == ("pay-with-points", "payment", {"points": 400})
    assert done.told == {"value_minor": 400, "discount_minor": 200, "left_minor": 400}
    sold = line(1_000, discount_minor=200)
    wrong = {"payments": (Payment("points", 399, done.redemption_id),)}
    (fault,) = shop.record(buys(ada, sold, receipt="s", basket=wrong))
    assert isinstance(fault, Fault)
    assert fault.field == "/payments/0"
    paid = {"payments": (Payment("points", 400, done.redemption_id),)}
    (sale,) = shop.record(buys(ada, sold, receipt="s", basket=paid))
    assert sale.earned == {"points": 4}  # on what was paid in money
    assert shop.balances("ada") == {"points": (84, 0, 0)}
    shop.record(brings_back("s"))
    assert shop.balances("ada") == {"points": (480, 0, 0)}


def test_it_is_captured_whole_and_voided_whole(shop: Shop, ada: MemberRef) -> None:
    held = pay(shop, ada, 1_000, asked=asked("k"))
    assert shop.balances("ada") == {"points": (30, 450, 0)}
    assert pay(shop, ada, 1_000, asked=asked("k")).replayed
    (part,) = shop.settle(Settle(held.redemption_id, "captured", {"points": 100}))
    assert isinstance(part, Fault)
    shop.settle(Settle(held.redemption_id, "voided"))
    assert shop.balances("ada") == {"points": (480, 0, 0)}


def test_what_a_sale_took_stays_taken_where_something_comes_back_with_it(open_shop: Open) -> None:
    """One batch: a sale that takes what its till reserved, and a return of what that came of."""
    shop = open_shop(PAYING.replace("negative: debt", "negative: never").replace("200", "50"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="a"))
    held = pay(shop, ada, 200, asked=Asked("till-1"))
    paid = (Payment("points", 100, held.redemption_id), Payment("money", 100))
    sale = buys(ada, line(200), receipt="b", basket={"payments": paid}, asked=Asked(till="till-1"))
    assert not any(isinstance(one, Fault) for one in shop.record(sale, brings_back("a")))
    sql = "select state, captured, closed_at is not null from hold where program_id = $1"
    assert shop.rows(sql) == [("captured", 100, True)]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_in_place_of_a_discount_the_better_counts(open_shop: Open) -> None:
    shop = open_shop(PAYING.replace("at_most_percent: 50", "at_most_percent: 50, discounts: best"))
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 480, "as a start", "mia"))
    assert quoted(shop, Basket(1_000, 400)) == Quote("points", 450, 450, 0, 550, False)
    assert pay(shop, ada, 1_000, 450).code == "discount_is_better"
    assert pay(shop, ada, 400, 100, 100).code == "discount_is_better"


def test_a_program_without_it_says_so(open_shop: Open) -> None:
    shop = open_shop(PAYING[: PAYING.index("paying:")])
    (ada,) = shop.joined("ada")
    assert pay(shop, ada, 1_000).code == "points_do_not_pay"


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 12), st.integers(0, 400))
def test_nobody_pays_more_points_than_it_takes(
    points: int, per_minor: int, step: int, wish: int
) -> None:
    rate = _Rate(points, per_minor, step, 0)
    # By hand: every number of whole steps, and what each is worth, cut off.
    worth = {n: n * per_minor // points for n in range(0, step * (wish * points + 2), step)}
    best = max(value for value in worth.values() if value <= wish)
    value = rate.value(rate.points_within(wish))
    assert value == best
    assert rate.points_for(value) == min(n for n, one in worth.items() if one >= value)


def test_so_much_is_left_to_pay_in_money_whatever_the_share(open_shop: Open) -> None:
    """Half of a basket, and 2.00 of each in money: of 3.00 that is 1.00, of 10.00 it is 5.00."""
    bounds = 'at_most_percent: 50, leaves_at_least: "2.00"'
    source = PAYING.replace("at_most_percent: 50", bounds).replace("minimum: 200", "minimum: 50")
    shop = open_shop(source)
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 1_000, "as a start", "mia"))
    assert quoted(shop, Basket(1_000)) == Quote("points", 500, 500, 0, 500, False)
    assert quoted(shop, Basket(300)) == Quote("points", 100, 100, 0, 200, False)
    assert quoted(shop, Basket(400, 100)) == Quote("points", 100, 100, 100, 200, False)
    no = pay(shop, ada, 300, 0, 150)
    assert (no.code, no.facts) == ("share_exceeded", {"at_most_minor": 100})
    # Where nothing is left to pay with points, it is too little.
    assert pay(shop, ada, 200).code == "below_minimum"
    assert pay(shop, ada, 150).code == "below_minimum"
    assert pay(shop, ada, 150, 0, 1).code == "share_exceeded"
