"""What comes back of a paid term is what was said as it was agreed, whatever moves its days."""

from __future__ import annotations

from datetime import timedelta

from tests.flows.plans.houses import ROASTERY, turn
from tests.flows.terms.owned.houses import Open
from tests.flows.terms.owned.test_plans_stay import begun, paid, shown
from tests.makers import Shop, named


def no_refunds(shop: Shop, word: str = "none") -> None:
    """From now on: nothing comes back."""
    after = ROASTERY.replace("grace: 7 days", f"grace: 7 days\n    refund: {word}")
    shop.publish(named(after.replace("refund: rest}", "refund: none}"), shop.terms.slug))
    shop.now += timedelta(hours=1)


def test_a_pause_takes_no_refund(open_shop: Open) -> None:
    """It moved the day the term began into the days of another version."""
    shop = begun(open_shop)
    one = paid(shop)
    shop.at("2027-02-05T15:00")
    no_refunds(shop)
    turn(shop, one, "paused")
    assert shown(shop).refund_minor == 1_000
    shop.at("2027-02-20T15:00")
    turn(shop, one, "resumed")
    assert shown(shop).refund_minor == 1_000


def test_a_term_that_is_paid_ahead_has_the_refund_of_the_day_it_was_paid(open_shop: Open) -> None:
    shop = begun(open_shop)
    one = paid(shop)
    shop.at("2027-02-20T15:00")
    turn(shop, one, "paid", amount_minor=1_000)
    assert shown(shop).refund_minor == 1_000
    no_refunds(shop)
    assert shown(shop).refund_minor == 1_000
    shop.at("2027-03-05T15:00")
    assert shown(shop).refund_minor == 1_000


def test_a_plan_that_is_changed_to_has_the_refund_of_that_day(open_shop: Open) -> None:
    shop = begun(open_shop)
    one = paid(shop)
    shop.at("2027-02-05T15:00")
    no_refunds(shop)
    turn(shop, one, "changed", plan="club", at="now")
    assert shown(shop).refund_minor == 0, "Club gave the rest back before, and not when it was had"


def test_what_is_chosen_for_later_agrees_on_nothing_now(open_shop: Open) -> None:
    shop = begun(open_shop)
    one = paid(shop)
    no_refunds(shop)
    turn(shop, one, "changed", plan="club", at="period_end")
    assert shown(shop).refund_minor == 1_000


def test_a_late_payment_has_the_refund_of_its_day(open_shop: Open) -> None:
    shop = begun(open_shop)
    one = paid(shop)
    shop.at("2027-03-02T15:00")
    no_refunds(shop)
    turn(shop, one, "paid", amount_minor=1_000)
    assert shown(shop).refund_minor == 0


def test_what_is_given_back_of_a_term_ahead_leaves_the_one_that_runs(open_shop: Open) -> None:
    shop = begun(open_shop)
    one = paid(shop)
    shop.at("2027-02-20T15:00")
    no_refunds(shop)
    turn(shop, one, "paid", amount_minor=1_000)
    assert shown(shop).refund_minor == 0
    turn(shop, one, "refunded", amount_minor=1_000)
    assert shown(shop).refund_minor == 1_000
