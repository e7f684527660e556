"""Bugs of orders that are paid again, or never were, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug
from tests.planted.late.shops.edited import opened

if TYPE_CHECKING:
    from tests.makers import Shop

_LIVES = "flows/inlets/again/live_again.py"
_NEVER = "flows/inlets/again/never_paid.py"
REOPENED = (
    Bug(
        "an order that failed and was paid again keeps no points",
        _LIVES,
        'if event.stands and one.kind == "purchase"',
        'if False and one.kind == "purchase"',
        "checks.reopened_counts_once",
    ),
    Bug(
        "what was paid before it failed is paid again by it",
        _LIVES,
        "all(one is not None and one < at for one in said)",
        "True",
        "checks.reopened_counts_once",
    ),
    Bug(
        "an order that lives again and fails once more keeps its points",
        _LIVES,
        "and outcome.activity_id not in of_now",
        "and False",
        "checks.reopened_may_fail_once_more",
    ),
    Bug(
        "an order whose money went back whole is a sale once somebody calls it completed",
        "surfaces/connect/woocommerce/orders.py",
        'return back < amount(root, "total")',
        "return True",
        "checks.reopened_not_by_a_name",
    ),
    Bug(
        "an order that was never paid is booked and given back",
        _NEVER,
        "if some.isdisjoint(booked)",
        "if False",
        "checks.never_paid_books_nothing",
    ),
    Bug(
        "what was paid once and is cancelled while a part is owed stays booked",
        _NEVER,
        "booked = set(await known(tx, sorted(set[UUID]().union(*keys.values()))))",
        "booked = set[UUID]()",
        "checks.what_is_owed_comes_back",
    ),
    Bug(
        "what an order was before it was cancelled unpaid is booked as it comes late",
        "records/inlets/read.py",
        "b.told_at > a.told_at and b.code = 'never_paid'",
        "b.told_at > a.told_at and b.code = 'x'",
        "checks.never_paid_overtakes",
    ),
    Bug(
        "a tip alone is a purchase that is refused",
        "surfaces/connect/vendors.py",
        "return kind in NO_SALE and NO_SALE[kind](root)",
        "return False",
        "checks.a_tip_alone_is_passed",
    ),
)


def _woo(shop: Shop) -> Any:
    from tests.surfaces.connect.woocommerce.shop import Hook
    from tests.surfaces.counter import Counter

    return Hook(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def reopened_counts_once(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_orders as tests

    again = tests.test_what_failed_after_it_was_booked_and_is_paid_again_counts_once_in_any_order
    again(_woo(shop), (0, 1, 2), False)
    tests.test_a_payment_that_bounces_takes_its_points_and_while_it_is_doubted_they_stay(_woo(shop))
    tests.test_of_one_second_what_is_closed_stays_closed(_woo(shop))


def reopened_may_fail_once_more(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_orders as tests

    lives = tests.test_what_lives_again_gives_back_what_comes_back_and_may_fail_once_more
    lives(_woo(shop))


def reopened_not_by_a_name(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_orders as tests

    stays = tests.test_an_order_whose_money_went_back_whole_stays_back_whatever_it_is_called
    stays(_woo(shop))


def never_paid_books_nothing(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        never = tests.test_what_was_never_paid_and_is_cancelled_books_nothing_and_says_why
        never(hook, (0, 1, 2), False)


def never_paid_overtakes(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_what_was_paid_once_is_nothing_in_the_end_in_any_order(hook, (2, 1, 0), False)


def a_tip_alone_is_passed(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_a_tip_alone_is_no_purchase_and_nothing_is_booked_or_given_back(hook, True)


REOPENED_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        reopened_counts_once, reopened_may_fail_once_more,
        reopened_not_by_a_name, never_paid_books_nothing, never_paid_overtakes,
        a_tip_alone_is_passed,
    )
}  # fmt: skip
