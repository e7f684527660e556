"""Bugs of what Shopify tells and is asked, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_ORDERS = "surfaces/connect/shopify/orders.py"
_PEOPLE = "flows/inlets/about_people.py"
SHOPIFY = (
    Bug(
        "any signature of Shopify will do",
        "surfaces/connect/shopify/kind.py",
        'good |= hmac.compare_digest(given, hmac.digest(secret, body, "sha256"))',
        'good |= len(given) == len(hmac.digest(secret, body, "sha256"))',
        "checks.only_the_app_signs",
    ),
    Bug(
        "an order that was asked for is another one than the webhook told",
        "surfaces/connect/shopify/picking.py",
        'return f"{found.normalize():f}" if',
        'return f"{found:f}" if',
        "checks.told_and_asked_is_one",
    ),
    Bug(
        "what a refund gave back is counted on the first line",
        _ORDERS,
        "found[line_at] = found.get(line_at, 0) + quantity",
        "found[0] = found.get(0, 0) + quantity",
        "checks.pieces_come_back",
    ),
    Bug(
        "orders for trying out give points",
        _ORDERS,
        'if root.get("test") is True:',
        'if root.get("test") is None:',
        "checks.trials_give_nothing",
    ),
    Bug(
        "tax that is added on top is forgotten",
        _ORDERS,
        'added = Decimal(0) if root.get("taxes_included") is True else tax',
        "added = Decimal(0)",
        "checks.lines_come_to_the_total",
    ),
    Bug(
        "a pause that a shop asks for is a failure",
        "runtime/working/inlets/catcher.py",
        "waits if why.wait_s else failed(one, why.why, tx.now)",
        "failed(one, why.why, tx.now)",
        "checks.a_pause_is_kept",
    ),
    Bug(
        "of a moment that fills pages the first is read for ever",
        "surfaces/connect/shopify/catching_up.py",
        '"first": first, "after": after}',
        '"first": first, "after": None}',
        "checks.a_full_moment_is_read",
    ),
    Bug(
        "lines beyond the first page of an order are left out",
        "surfaces/connect/shopify/catching_up.py",
        'while there["hasNextPage"]:',
        'while there["hasNextPage"] and not nodes:',
        "checks.a_long_order_is_whole",
    ),
    Bug(
        "another shop's leaving deletes the keys of this one",
        _PEOPLE,
        "if about.shop and not await _is_ours(",
        "if not about.shop and not await _is_ours(",
        "checks.a_shop_leaves",
    ),
    Bug(
        "who asks to be forgotten stays",
        _PEOPLE,
        "(outcome,) = await erase_members(tx, terms, [EraseMember(member_id, asked=asked)])",
        "(outcome,) = await erase_members(tx, terms, [EraseMember(arrival.arrival_id)])",
        "checks.a_person_is_forgotten",
    ),
    Bug(
        "the secret before is not good beside the new one",
        "surfaces/connect/catching/keys.py",
        "if keys.before and keys.until is not None and now < keys.until:",
        "if keys.before and keys.until is None:",
        "checks.both_secrets_are_good",
    ),
    Bug(
        "a code that a shop has already counts as made, whosever it is",
        "surfaces/connect/shopify/codes.py",
        'return isinstance(what, dict) and what.get("title") == mark',
        "return isinstance(what, dict)",
        "checks.a_code_of_others_is_seen",
    ),
    Bug(
        "a code that was used at the till stays good in the shop",
        "records/rewards/codes/shops/read.py",
        "and (c.code_id is null or c.state <> 'issued')",
        "and c.code_id is null",
        "checks.a_used_code_is_over_there",
    ),
    Bug(
        "a code that failed once is never told again",
        "records/rewards/codes/shops/types.py",
        'if one.state not in ("wanted", "ending"):',
        'if one.state not in ("ending",) or one.problem:',
        "checks.a_lost_answer_makes_no_second",
    ),
    Bug(
        "of an answer that was lost nobody asks the shop",
        "surfaces/connect/shopify/codes.py",
        'if any(one.get("code") == _TAKEN for one in wrong):',
        'if any(one.get("code") == "" for one in wrong):',
        "checks.a_lost_answer_makes_no_second",
    ),
    Bug(
        "a code for a large basket is good for any",
        "surfaces/connect/catching/codes.py",
        'minimum=_amount(minimum, currency) if isinstance(minimum, int) else "",',
        'minimum="",',
        "checks.a_code_is_told_as_promised",
    ),
    Bug(
        "a code is off whatever the shop's lax search finds",
        "surfaces/connect/shopify/codes.py",
        'if isinstance(one, dict) and one.get("sku") == sku]',
        "if isinstance(one, dict)]",
        "checks.a_code_is_told_as_promised",
    ),
    Bug(
        "an address nobody made sure of says who bought",
        "surfaces/connect/shopify/catching_up.py",
        'order["customer"].get("verifiedEmail") is True',
        'order["customer"].get("verifiedEmail") is not None',
        "checks.only_a_sure_address_says_who_bought",
    ),
)


@contextmanager
def _hook(shop: Shop) -> Iterator[Any]:
    from tests.surfaces.connect.shopify.shop import Hook
    from tests.surfaces.counter import Counter

    yield Hook(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def only_the_app_signs(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_forged import (
        test_nothing_forged_or_changed_on_its_way_comes_in,
    )

    with _hook(shop) as hook:
        test_nothing_forged_or_changed_on_its_way_comes_in(hook)


def both_secrets_are_good(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_forged import (
        test_both_secrets_are_good_for_a_week_after_another_was_entered,
    )

    with _hook(shop) as hook:
        test_both_secrets_are_good_for_a_week_after_another_was_entered(hook)


def told_and_asked_is_one(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_catching_up import (
        test_what_was_told_and_is_asked_for_is_one_event,
    )

    with _hook(shop) as hook:
        test_what_was_told_and_is_asked_for_is_one_event(hook)


def pieces_come_back(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_orders import (
        test_pieces_that_come_back_take_back_what_they_gave,
    )

    with _hook(shop) as hook:
        test_pieces_that_come_back_take_back_what_they_gave(hook)


def trials_give_nothing(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_orders import (
        test_test_orders_and_unpaid_ones_are_left_out,
    )

    with _hook(shop) as hook:
        test_test_orders_and_unpaid_ones_are_left_out(hook)


def lines_come_to_the_total(_: Shop) -> None:
    from tests.surfaces.connect.shopify.test_told import (
        test_lines_shipping_and_tips_come_to_the_total,
    )

    test_lines_shipping_and_tips_come_to_the_total()


def a_pause_is_kept(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_catching_up import (
        test_a_pause_it_asks_for_is_kept_and_is_no_failure,
    )

    with _hook(shop) as hook:
        test_a_pause_it_asks_for_is_kept_and_is_no_failure(hook)


def a_full_moment_is_read(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_catching_up import (
        test_a_moment_that_fills_pages_is_read_to_its_end,
    )

    with _hook(shop) as hook:
        test_a_moment_that_fills_pages_is_read_to_its_end(hook)


def a_long_order_is_whole(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_catching_up import (
        test_an_order_with_more_lines_than_a_page_is_told_whole,
    )

    with _hook(shop) as hook:
        test_an_order_with_more_lines_than_a_page_is_told_whole(hook)


def a_shop_leaves(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_people import (
        test_a_shop_that_leaves_has_its_keys_deleted,
    )

    with _hook(shop) as hook:
        test_a_shop_that_leaves_has_its_keys_deleted(hook)


def a_person_is_forgotten(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_people import (
        test_who_is_to_be_forgotten_is_erased_with_all_that_names_them,
    )

    with _hook(shop) as hook:
        test_who_is_to_be_forgotten_is_erased_with_all_that_names_them(hook)


@contextmanager
def _desk(_: Shop) -> Iterator[Any]:
    """A shop with codes of rewards, which the one that is given has none of."""
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.shopify.shop import Hook, Store
    from tests.surfaces.connect.shopify.test_codes import SHOWS, Desk
    from tests.surfaces.console.browser import Browser, somebody
    from tests.surfaces.counter import Counter

    shop = Kept.open(_.made, SHOWS)
    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    hook = Hook(counter, Store(1))
    desk = Desk(hook, hook.store, browser)
    desk.turn("on")
    yield desk
    counter.close()


def a_code_of_others_is_seen(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_codes import (
        test_a_code_of_somebody_else_there_is_said_and_tried_again_when_wanted,
    )

    with _desk(shop) as desk:
        test_a_code_of_somebody_else_there_is_said_and_tried_again_when_wanted(desk)


def a_used_code_is_over_there(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_codes import (
        test_used_at_the_till_or_withdrawn_it_is_over_in_the_shop,
    )

    with _desk(shop) as desk:
        test_used_at_the_till_or_withdrawn_it_is_over_in_the_shop(desk)


def a_lost_answer_makes_no_second(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_codes import (
        test_an_answer_nobody_heard_makes_no_second_code,
    )

    with _desk(shop) as desk:
        test_an_answer_nobody_heard_makes_no_second_code(desk)


def a_code_is_told_as_promised(shop: Shop) -> None:
    from tests.surfaces.connect.shopify.test_codes import (
        test_a_percentage_a_least_basket_and_goods_are_told_as_they_were_promised,
    )

    with _desk(shop) as desk:
        test_a_percentage_a_least_basket_and_goods_are_told_as_they_were_promised(desk)


def only_a_sure_address_says_who_bought(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_people as people

    with _hook(shop) as hook:
        people.test_who_bought_is_told_with_the_orders_where_their_address_is_sure(hook)


SHOPIFY_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        only_the_app_signs, both_secrets_are_good, told_and_asked_is_one, pieces_come_back,
        trials_give_nothing, lines_come_to_the_total, a_pause_is_kept, a_full_moment_is_read,
        a_long_order_is_whole, a_shop_leaves, a_person_is_forgotten, a_code_of_others_is_seen,
        a_used_code_is_over_there, a_lost_answer_makes_no_second,
        a_code_is_told_as_promised, only_a_sure_address_says_who_bought,
    )
}  # fmt: skip
