"""Bugs of orders in a further life, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_LIVES = "flows/inlets/again/live_again.py"
LIVES = (
    Bug(
        "a further life is told but once",
        "flows/inlets/again/told_before.py",
        "told = await as_told_before(tx, wishes, told, [True] * len(wishes))",
        "pass",
        "checks.lives_are_told_once_more",
    ),
    Bug(
        "what comes back of a further life comes back of it twice",
        _LIVES,
        "elif at in stale and life > 1:",
        'elif one.kind == "return" and life > 1:',
        "checks.lives_give_back_once",
    ),
    Bug(
        "a sale that was credited has no further life",
        _LIVES,
        "return (self.activity_id,) if self.credited is None",
        "return (self.activity_id,) if True",
        "checks.lives_of_who_was_credited",
    ),
    Bug(
        "a sale that was credited is nobody's in its next life",
        _LIVES,
        'if one.kind != "purchase" or sale.member_id == NOBODY:',
        "if True:",
        "checks.lives_of_who_was_credited",
    ),
    Bug(
        "an order that is paid again with another total is refused",
        _LIVES,
        "return outcome.linked or outcome.booked if isinstance(outcome, OtherTotal) else None",
        "return None",
        "checks.lives_to_another_total",
    ),
    Bug(
        "two workers at once book the older state of an order last",
        "flows/inlets/take_arrivals.py",
        "await alone_with(tx, arrivals)",
        "pass",
        "checks.lives_by_two_workers",
    ),
    Bug(
        "what is said to be the same as a further life leaves its plain receipt behind",
        "flows/inlets/again/say_same.py",
        "(sale, base(sale.external_id)),",
        "(sale, sale.external_id),",
        "checks.lives_that_are_the_same",
    ),
    Bug(
        "what comes back of a further life is taken from what it was said to be before",
        _LIVES,
        "Anew(at, replace(one, external_id=of_life(one.external_id, life)))",
        "Anew(at, _of_life(one, life))",
        "checks.lives_that_are_another",
    ),
    Bug(
        "an order that is cancelled while it is owed leaves what a till told first",
        "flows/inlets/again/never_paid.py",
        "*self.beside.receipts]",
        "]",
        "checks.owed_by_whoever_told_it_first",
    ),
    Bug(
        "carriage alone is passed as a tip",
        "surfaces/connect/shopify/orders.py",
        'and Decimal(root.get("tips") or 0) > 0',
        "and True",
        "checks.carriage_alone_is_no_tip",
    ),
)


def _told() -> Any:
    from tests.surfaces.connect.woocommerce import test_lives

    return test_lives


def _woo(shop: Shop, mapping: str = "") -> Any:
    from tests.surfaces.connect.woocommerce.shop import Hook
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    return Hook(counter, mapping) if mapping else Hook(counter)


def _as_one(shop: Shop) -> Any:
    from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT

    return _woo(shop, AS_ONE_AMOUNT)


def _owed(shop: Shop) -> Any:
    from tests.surfaces.connect.shopify.shop import Hook, Store
    from tests.surfaces.connect.shopify.test_owed import TILL
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    return Hook(counter, Store(9_000), told_by=TILL)


def lives_are_told_once_more(shop: Shop) -> None:
    tests = _told()
    tests.test_each_state_of_a_further_life_is_told_once_more_with_another_moment(_woo(shop))


def lives_give_back_once(shop: Shop) -> None:
    tests = _told()
    gives = tests.test_what_comes_back_of_a_further_life_is_taken_once_and_something_new_is_taken
    gives(_as_one(shop))


def lives_of_who_was_credited(shop: Shop) -> None:
    _told().test_a_sale_that_was_credited_lives_again_as_that_members(_woo(shop))


def lives_to_another_total(shop: Shop) -> None:
    _told().test_an_order_that_is_paid_again_with_another_total_counts_with_that(_woo(shop))


def lives_by_two_workers(shop: Shop) -> None:
    _told().test_two_workers_at_once_book_the_states_of_an_order_in_that_of_time(_woo(shop))


def lives_that_are_the_same(shop: Shop) -> None:
    _told().test_what_a_further_life_is_said_to_be_gives_back_what_comes_back(_as_one(shop))


def lives_that_are_another(shop: Shop) -> None:
    _told().test_a_further_life_that_is_another_sale_after_all_comes_back_by_itself(_as_one(shop))


def owed_by_whoever_told_it_first(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_owed as tests

    tests.test_what_is_cancelled_while_it_is_owed_is_back_whoever_told_it_first(_owed(shop))


def carriage_alone_is_no_tip(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_owed as tests

    tests.test_an_order_of_carriage_alone_is_looked_at_by_somebody(_owed(shop))


LIVES_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        lives_are_told_once_more, lives_give_back_once, lives_of_who_was_credited,
        lives_to_another_total, lives_by_two_workers, lives_that_are_the_same,
        lives_that_are_another, owed_by_whoever_told_it_first, carriage_alone_is_no_tip,
    )
}  # fmt: skip
