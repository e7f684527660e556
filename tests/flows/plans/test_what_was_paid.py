"""Paid membership: money and points of a term, after changes, refunds and payments ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.plans.houses import ADA, ROASTERY, may, start, turn, until
from tests.makers import Shop, buys

from regulars.base.faults import Invalid
from regulars.flows.commands import Adjust
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import UseBenefit
from regulars.flows.membership.plans.show_memberships import Shown, show_membership

Open = Callable[[str], Shop]
SHOPS: list[Shop] = []
GIVES = "gives: {wallet: points, points: 50, on: renewals, claw_back: false}"
YEARLY = ROASTERY.replace(GIVES, "gives: {wallet: points, points: 1200}")
UNUSED = ROASTERY.replace("refund: rest", "refund: unused")
LAPSING = ROASTERY.replace(
    "wallets: {points: {}}", "wallets: {points: {expiry: {after: 10 days, round_up_to: day}}}"
)
OWING = ROASTERY.replace("wallets: {points: {}}", "wallets: {points: {negative: debt}}")


@pytest.fixture(autouse=True)
def books(open_shop: Open) -> Iterator[None]:
    """After each story the books are right."""
    yield
    for shop in SHOPS:
        shop.run(assert_books_right(shop.made.owner_dsn))
    SHOPS.clear()


def roastery(open_shop: Open, source: str = ROASTERY) -> Shop:
    """Ada and Ben joined; it is the first of April, three in the afternoon."""
    shop = open_shop(source)
    shop.joined("ada", "ben")
    shop.at("2027-04-01T15:00")
    SHOPS.append(shop)
    return shop


def look(shop: Shop, begun: Any) -> Shown:
    return shop.do(lambda tx, terms: show_membership(tx, terms, begun.membership_id))[1]


def points(shop: Shop) -> int:
    return shop.balances("ada").get("points", (0, 0, 0))[0]


def test_to_another_plan_and_back_at_once_costs_nothing(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-16T15:00")
    there = turn(shop, begun, "changed", plan="club", at="now").amount_minor
    back = turn(shop, begun, "changed", plan="plus", at="now").amount_minor
    assert (there, back, points(shop)) == (750, -750, 100)


def test_a_refund_out_of_goodwill_is_not_charged_at_the_next_change(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-16T15:00")
    turn(shop, begun, "refunded", amount_minor=300)
    assert turn(shop, begun, "changed", plan="club", at="now").amount_minor == 750
    back = turn(shop, begun, "changed", plan="plus", at="now")
    assert (back.amount_minor, back.paid_minor) == (-750, 700)


def test_a_change_gives_back_no_more_than_was_paid(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop, plan="club")
    turn(shop, begun, "refunded", amount_minor=2_000)
    changed = turn(shop, begun, "changed", plan="plus", at="now")
    assert (changed.amount_minor, changed.paid_minor) == (-500, 0)


def test_the_rest_of_a_dearer_plan_is_what_was_paid_for_the_rest(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-16T15:00")
    turn(shop, begun, "changed", plan="club", at="now")
    assert look(shop, begun).refund_minor == 1_250
    turn(shop, begun, "refunded", amount_minor=1_000)
    assert look(shop, begun).refund_minor == 250


def test_points_go_with_the_money_when_a_year_becomes_a_month(open_shop: Open) -> None:
    shop = roastery(open_shop, YEARLY)
    begun = start(shop, plan="year")
    changed = turn(shop, begun, "changed", plan="plus", at="now")
    assert (changed.amount_minor, points(shop)) == (-9_000, 120)


def test_points_go_with_a_cheaper_plan_at_once(open_shop: Open) -> None:
    gives = "refund: rest, gives: {wallet: points, points: 250}"
    shop = roastery(open_shop, ROASTERY.replace("refund: rest", gives))
    begun = start(shop, plan="club")
    turn(shop, begun, "changed", plan="plus", at="now")
    assert points(shop) == 100


def test_a_change_at_once_brings_no_points_and_going_there_and_back_gains_none(
    open_shop: Open,
) -> None:
    shop = roastery(open_shop, YEARLY)
    begun = start(shop)
    for _ in range(3):
        up = turn(shop, begun, "changed", plan="year", at="now")
        assert (up.amount_minor, points(shop)) == (9_000, 100)
        down = turn(shop, begun, "changed", plan="plus", at="now")
        assert (down.amount_minor, points(shop)) == (-9_000, 100)
    turn(shop, begun, "changed", plan="year", at="period_end")
    turn(shop, begun, "paid")
    assert points(shop) == 1_300


def test_what_was_used_of_the_plan_before_is_used(open_shop: Open) -> None:
    shop = roastery(open_shop, UNUSED)
    begun = start(shop)
    shop.ask(use_benefits, UseBenefit(ADA, "delivery"))
    turn(shop, begun, "changed", plan="club", at="now")
    shown = look(shop, begun)
    assert (shown.uses, shown.worth_minor, shown.refund_minor) == (1, 490, 0)


def test_giving_back_a_term_paid_ahead_leaves_the_one_that_runs(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-02T15:00")
    turn(shop, begun, "paid")
    assert points(shop) == 200
    part = turn(shop, begun, "refunded", amount_minor=400)
    assert (part.state, points(shop)) == ("active", 160)
    back = turn(shop, begun, "refunded")
    assert (back.state, until(shop, back), points(shop)) == ("active", "2027-05-01T15:00", 100)
    last = turn(shop, begun, "refunded")
    assert (last.state, last.amount_minor, points(shop)) == ("ended", -1_000, 0)


def test_a_term_paid_ahead_may_be_given_back_whole(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    turn(shop, begun, "paid")
    back = turn(shop, begun, "refunded")
    assert (back.state, until(shop, back), points(shop)) == ("active", "2027-05-01T15:00", 100)


def test_points_that_lapsed_are_not_taken_from_others(open_shop: Open) -> None:
    shop = roastery(open_shop, LAPSING)
    begun = start(shop)
    shop.at("2027-04-20T15:00")
    shop.record(buys(ADA, 5_000, receipt="beans"))
    shop.night()
    turn(shop, begun, "refunded", amount_minor=500)
    turn(shop, begun, "refunded")
    assert points(shop) == 50


@pytest.mark.parametrize(("source", "owed"), [(ROASTERY, 0), (OWING, 70)])
def test_points_that_were_spent_are_owed_where_the_wallet_says_so(
    open_shop: Open, source: str, owed: int
) -> None:
    shop = roastery(open_shop, source)
    begun = start(shop)
    shop.adjust(Adjust(ADA, "points", -70, "a mug", "Mia"))
    turn(shop, begun, "refunded")
    assert shop.rows("select coalesce(sum(debt), 0) from balance where program_id = $1") == [
        (owed,)
    ]


def test_cancelled_in_a_pause_it_runs_through_the_time_that_was_left(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-11T15:00")
    turn(shop, begun, "paused")
    shop.at("2027-06-11T15:00")
    gone = turn(shop, begun, "cancelled")
    assert (gone.state, until(shop, gone)) == ("cancelled", "2027-07-01T15:00")
    assert may(shop, "ada", "delivery") == "yes"
    shop.at("2027-07-01T15:00")
    assert may(shop, "ada", "delivery") == "no_plan"


def test_cancelled_now_something_still_comes_back_and_of_a_term_that_is_over_nothing(
    open_shop: Open,
) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-05-01T14:59")
    assert look(shop, begun).refund_minor == 1_000
    shop.at("2027-05-01T15:00")
    assert (look(shop, begun).one.state, look(shop, begun).refund_minor) == ("past_due", 0)
    paid = turn(shop, begun, "paid")
    assert turn(shop, begun, "cancelled", at="now").state == "ended"
    assert look(shop, begun).refund_minor == paid.paid_minor


@pytest.mark.parametrize("night", [False, True])
def test_paid_in_time_and_told_after_the_grace_leaves_no_gap(open_shop: Open, night: bool) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-05-10T15:00")
    if night:
        shop.night("renew_plans")
    assert may(shop, "ada", "delivery") == "no_plan"
    in_time = datetime(2027, 5, 7, tzinfo=UTC)
    too_late = turn(shop, begun, "paid", occurred_at=datetime(2027, 5, 9, tzinfo=UTC))
    assert too_late.code == "membership_over"
    paid = turn(shop, begun, "paid", occurred_at=in_time)
    assert (paid.state, until(shop, paid), points(shop)) == ("active", "2027-06-01T15:00", 200)
    assert may(shop, "ada", "delivery") == "yes"
    kept = "select at, recorded_at > at from membership_turn where program_id = $1 and step = $2"
    ((at, later),) = shop.rows(kept, 4)
    assert (at, later) == (in_time, True)


def test_a_word_told_late_is_judged_by_its_time(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-05-10T15:00")
    shop.night("renew_plans")
    paid = turn(shop, begun, "paid", occurred_at=datetime(2027, 4, 30, tzinfo=UTC))
    assert (paid.state, until(shop, paid)) == ("active", "2027-06-01T15:00")


def test_a_word_of_the_past_does_not_undo_one_that_was_told_since(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-04-10T15:00")
    turn(shop, begun, "cancelled", at="now")
    before = datetime(2027, 4, 5, tzinfo=UTC)
    assert turn(shop, begun, "paid", occurred_at=before).code == "membership_over"


def test_who_began_another_membership_has_no_second_by_a_late_word(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    shop.at("2027-05-10T15:00")
    start(shop, plan="club")
    late = turn(shop, begun, "paid", occurred_at=datetime(2027, 5, 7, tzinfo=UTC))
    assert late.code == "membership_over"


def test_what_has_not_happened_yet_is_not_noted(open_shop: Open) -> None:
    shop = roastery(open_shop)
    begun = start(shop)
    wrong = turn(shop, begun, "paid", occurred_at=datetime(2027, 4, 2, tzinfo=UTC))
    assert isinstance(wrong, Invalid)
    assert wrong.field == "/occurred_at"


def test_a_plan_chosen_while_the_next_term_was_paid_comes_after_the_one_that_runs(
    open_shop: Open,
) -> None:
    """What was chosen is not forgotten with the payment that came before it."""
    shop = roastery(open_shop)
    begun = start(shop)
    turn(shop, begun, "paid")
    assert turn(shop, begun, "changed", plan="club").next_plan == "club"
    back = turn(shop, begun, "refunded")
    assert (back.plan, back.next_plan, back.due_minor) == ("plus", "club", 2_500)
    assert turn(shop, begun, "paid").plan == "club"
    assert turn(shop, begun, "changed", plan="plus").next_plan == "plus"
    back = turn(shop, begun, "refunded")
    assert (back.plan, back.next_plan, back.due_minor) == ("plus", "", 1_000)
