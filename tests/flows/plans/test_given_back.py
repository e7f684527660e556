"""Paid membership: what comes back of a term that was ended, agreed for less, or is long over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.plans.houses import ADA, ROASTERY, start, turn
from tests.makers import Shop

from regulars.base.faults import Invalid, NotFound
from regulars.flows.commands import Adjust
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.plans.commands import TurnMembership
from regulars.flows.membership.plans.keep_memberships import turn_memberships
from regulars.flows.membership.plans.show_memberships import show_membership
from regulars.records.members.types import EraseMember

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Iterator[Shop]:
    """Ada and Ben joined; it is the first of April. After each story the books are right."""
    shop = met(open_shop(ROASTERY))
    yield shop
    shop.run(assert_books_right(shop.made.owner_dsn))


def met(shop: Shop) -> Shop:
    shop.joined("ada", "ben")
    shop.at("2027-04-01T15:00")
    return shop


def comes_back(shop: Shop, begun: Any) -> int:
    _, found, _ = shop.do(lambda tx, terms: show_membership(tx, terms, begun.membership_id))
    return found.refund_minor


def points(shop: Shop) -> int:
    return shop.balances("ada").get("points", (0, 0, 0))[0]


def paid_three_months(shop: Shop) -> Any:
    """In April, May and June, as in_1, in_2 and in_3; it is the tenth of June."""
    begun = start(shop, source="pay", external_id="in_1")
    for day, number in (("2027-05-01", "in_2"), ("2027-06-01", "in_3")):
        shop.at(f"{day}T15:00")
        turn(shop, begun, "paid", source="pay", external_id=number)
    shop.at("2027-06-10T15:00")
    return begun


def refunds(shop: Shop, begun: Any, payment: str, minor: int | None = None, **more: Any) -> Any:
    said = {"source": "pay", "amount_minor": minor} | more
    return turn(shop, begun, "refunded", payment=payment, **said)


def test_what_is_left_of_a_term_ended_now_stays_until_it_is_given_back(shop: Shop) -> None:
    begun = start(shop, plan="club")
    shop.at("2027-04-16T15:00")
    turn(shop, begun, "cancelled", at="now")
    assert comes_back(shop, begun) == 1_250
    shop.at("2027-04-28T15:00")
    assert comes_back(shop, begun) == 1_250
    turn(shop, begun, "refunded", amount_minor=1_000)
    assert comes_back(shop, begun) == 250


def test_ended_in_a_pause_what_was_left_as_it_began_is_left(shop: Shop) -> None:
    paused = ROASTERY.replace("refund: rest", "refund: rest, pause: 3 months")
    shop.publish(paused.replace("program: roastery", f"program: {shop.terms.slug}"))
    begun = start(shop, plan="club")
    shop.at("2027-04-11T15:00")
    turn(shop, begun, "paused")
    shop.at("2027-05-20T15:00")
    turn(shop, begun, "cancelled", at="now")
    shop.at("2027-07-01T15:00")
    assert comes_back(shop, begun) == 1_667


def test_of_a_term_agreed_below_the_fee_the_rest_of_what_was_agreed_comes_back(shop: Shop) -> None:
    begun = start(shop, plan="club", amount_minor=1_500, reason="a friend of the house")
    shop.at("2027-04-16T15:00")
    assert comes_back(shop, begun) == 750
    longer = turn(shop, begun, "changed", plan="year", at="now")
    assert longer.amount_minor == 10_000 - 750


def test_a_refund_of_a_term_that_is_over_leaves_the_one_that_runs(shop: Shop) -> None:
    begun = paid_three_months(shop)
    half = refunds(shop, begun, "in_1", 500)
    assert (half.state, half.amount_minor, half.paid_minor, points(shop)) == (
        "active", -500, 1_000, 250,
    )  # fmt: skip
    no = refunds(shop, begun, "in_1", 501)
    assert (no.code, no.facts) == ("more_than_paid", {"paid_minor": 500})
    rest = refunds(shop, begun, "in_1")
    assert (rest.state, rest.amount_minor, points(shop)) == ("active", -500, 200)
    assert refunds(shop, begun, "in_1").code == "more_than_paid"
    assert refunds(shop, begun, "in_3").state == "ended"
    assert points(shop) == 100


def test_what_was_given_back_while_it_ran_is_not_given_back_again(shop: Shop) -> None:
    begun = start(shop, source="pay", external_id="in_1")
    turn(shop, begun, "refunded", amount_minor=700)
    shop.at("2027-05-01T15:00")
    turn(shop, begun, "paid", source="pay", external_id="in_2")
    assert refunds(shop, begun, "in_1", 301).code == "more_than_paid"
    assert (refunds(shop, begun, "in_1").amount_minor, points(shop)) == (-300, 100)


def test_two_refunds_of_one_payment_in_one_batch_see_each_other(shop: Shop) -> None:
    begun = paid_three_months(shop)
    both = [
        TurnMembership(
            begun.membership_id, "refunded", 600, "EUR", payment="in_2", source="pay",
            external_id=number,
        )
        for number in ("re_1", "re_2")
    ]  # fmt: skip
    first, second = shop.ask(turn_memberships, *both)
    assert (first.amount_minor, second.code) == (-600, "more_than_paid")


def test_points_of_a_term_that_is_over_are_taken_from_what_is_there(shop: Shop) -> None:
    begun = paid_three_months(shop)
    shop.adjust(Adjust(ADA, "points", -250, "a mug", "Mia"))
    refunds(shop, begun, "in_1")
    assert points(shop) == 0


def test_a_payment_that_is_none_is_told_with_its_field(shop: Shop) -> None:
    begun = paid_three_months(shop)
    before = shop.counts()
    assert isinstance(no := refunds(shop, begun, "in_9"), NotFound)
    assert no.field == "/payment"
    assert isinstance(refunds(shop, begun, "in_1", source="other"), NotFound)
    wrong = turn(shop, begun, "paid", source="pay", payment="in_1")
    assert isinstance(wrong, Invalid)
    assert wrong.field == "/payment"
    assert shop.counts() == before
    refunds(shop, begun, "in_1", 100, external_id="re_1")
    (who,) = shop.rows("select distinct member_id from membership_turn where program_id = $1")[0]
    shop.ask(erase_members, EraseMember(who))
    named = "select count(*) from membership_turn where program_id = $1 and payment <> ''"
    assert shop.rows(named) == [(0,)]
