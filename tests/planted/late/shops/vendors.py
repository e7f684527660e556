"""Bugs of shop systems that send and are asked, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_GOODS = "surfaces/connect/woocommerce/goods.py"
_FAR = "records/inlets/catching/types.py"
VENDORS = (
    Bug(
        "any signature of a shop will do",
        "surfaces/connect/woocommerce/kind.py",
        "good |= hmac.compare_digest(given, made)",
        "good |= len(given) == len(made)",
        "checks.nobody_else_is_the_shop",
    ),
    Bug(
        "the first call of a shop is refused",
        "surfaces/connect/woocommerce/kind.py",
        "return SIGNATURE not in headers and _GREETING",
        "return SIGNATURE in headers and _GREETING",
        "checks.a_shop_is_greeted",
    ),
    Bug(
        "a shop tells the tax of shipping to nobody",
        "surfaces/connect/woocommerce/orders.py",
        'shipping += amount(root, "shipping_tax")',
        'shipping += amount(root, "shipping_total") * 0',
        "checks.shipping_is_told_with_its_tax",
    ),
    Bug(
        "an older state is booked over a newer one",
        "records/inlets/read.py",
        "where n.inlet_id = a.inlet_id and n.name = a.name",
        "where n.inlet_id = a.inlet_id and n.name = a.name || 'x'",
        "checks.the_newest_state_counts",
    ),
    Bug(
        "an order that changed after it was booked is taken for the same",
        "flows/inlets/again/told_before.py",
        "booked is not None and _amount(command) != booked",
        "booked is None",
        "checks.a_changed_order_is_seen",
    ),
    Bug(
        "whoever joined since has the order refused",
        "flows/inlets/again/told_before.py",
        "await as_told_before(tx, some, found, retold) if any(retold) else found",
        "found",
        "checks.an_order_stays_whose_it_was",
    ),
    Bug(
        "a second that fills a page is passed over",
        _FAR,
        "before = last - timedelta(seconds=1)",
        "before = last",
        "checks.a_full_second_is_read_to_its_end",
    ),
    Bug(
        "what a shop was asked for moves on without what it told",
        "runtime/working/inlets/catcher.py",
        "await keep_arrivals(tx, terms, [wish])",
        "await keep_arrivals(tx, terms, [replace(wish, events=wish.events[:-1])])",
        "checks.a_gap_is_closed",
    ),
    Bug(
        "keys of a shop are kept as they are",
        "surfaces/connect/catching/keys.py",
        "return nonce + AESGCM(key).encrypt(nonce, _encode(keys), about)",
        "return nonce + _encode(keys)",
        "checks.keys_are_sealed",
    ),
    Bug(
        "keys of one shop open another's",
        "surfaces/connect/catching/keys.py",
        'about = str(program_id).encode() + b" " + inlet_id.bytes',
        'about = str(program_id).encode() + b" "',
        "checks.keys_are_sealed",
    ),
    Bug(
        "keys go with a new address",
        "flows/inlets/keep_catch_ups.py",
        'if before is not None and wish.address not in ("", before.address) and not wish.keys:',
        "if before is not None and wish.address is None and not wish.keys:",
        "checks.keys_go_nowhere_else",
    ),
    Bug(
        "what a line was made cheaper by is told to nobody",
        _GOODS,
        '"discount": max(full - told, 0),',
        '"discount": 0,',
        "checks.goods_are_told_with_their_discount",
    ),
    Bug(
        "what a gift card paid is forgotten",
        _GOODS,
        "if abs(total + self.stored - gross) < abs(total - gross):",
        "if abs(total + self.stored - gross) > abs(total - gross):",
        "checks.goods_are_told_with_their_discount",
    ),
    Bug(
        "a part of a weighed piece came back whole",
        _GOODS,
        "return 1 if back == sold.pieces else 0",
        "return 1 if back else 0",
        "checks.pieces_are_told_by_their_refund",
    ),
    Bug(
        "a piece of what was booked as one amount takes back a cent",
        "engine/returning/told_anew.py",
        "if not _is_amount(told):",
        "if False:",
        "checks.pieces_of_one_amount_are_refused",
    ),
    Bug(
        "a mapping that was kept before waits for answers",
        "surfaces/connect/vendors.py",
        "not (is_asked and needs(inlet.mapping))",
        "not is_asked",
        "checks.a_kept_mapping_waits_for_nobody",
    ),
    Bug(
        "an order whose payment bounced stays paid",
        "surfaces/connect/woocommerce/orders.py",
        'CLOSED: Final = ("cancelled", "refunded", "failed")',
        'CLOSED: Final = ("cancelled", "refunded")',
        "checks.a_payment_that_bounced_is_none",
    ),
    Bug(
        "an order that waits for its money begins a sale",
        "surfaces/connect/woocommerce/orders.py",
        "    if status in WAITS:",
        "    if status in CLOSED and status in WAITS:",
        "checks.a_payment_that_bounced_is_none",
    ),
    Bug(
        "an address that nobody paid by says who somebody is",
        "surfaces/connect/woocommerce/orders.py",
        'return own == billed != ""',
        'return own != ""',
        "checks.only_who_paid_is_known",
    ),
)


def _hook(shop: Shop) -> Any:
    from tests.surfaces.connect.woocommerce.shop import Hook
    from tests.surfaces.counter import Counter

    return Hook(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def nobody_else_is_the_shop(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_forged import (
        test_nothing_forged_or_changed_on_its_way_comes_in,
    )

    test_nothing_forged_or_changed_on_its_way_comes_in(_hook(shop))


def a_shop_is_greeted(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_orders import (
        test_the_first_call_is_answered_by_200_and_nothing_is_kept,
    )

    test_the_first_call_is_answered_by_200_and_nothing_is_kept(_hook(shop))


def shipping_is_told_with_its_tax(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_told import (
        test_shipping_is_told_with_its_tax_and_a_guest_is_nobody,
    )

    test_shipping_is_told_with_its_tax_and_a_guest_is_nobody()


def a_payment_that_bounced_is_none(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_told as told

    told.test_a_payment_that_bounced_closes_its_order_and_one_that_is_doubted_begins_none()


def the_newest_state_counts(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_orders import (
        test_what_comes_late_is_passed_as_it_stood_before,
    )

    test_what_comes_late_is_passed_as_it_stood_before(_hook(shop))


def a_changed_order_is_seen(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_orders import (
        test_an_order_changed_after_it_was_booked_is_refused_and_says_by_how_much,
    )

    test_an_order_changed_after_it_was_booked_is_refused_and_says_by_how_much(_hook(shop))


def an_order_stays_whose_it_was(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_orders import (
        test_who_joins_between_two_states_does_not_have_the_order_refused,
    )

    test_who_joins_between_two_states_does_not_have_the_order_refused(_hook(shop))


def a_full_second_is_read_to_its_end(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_catching_up import (
        test_a_moment_that_fills_pages_is_read_to_its_end,
    )

    test_a_moment_that_fills_pages_is_read_to_its_end(_hook(shop))


def a_gap_is_closed(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_catching_up import (
        test_a_back_fill_is_read_page_by_page_and_goes_on_where_it_was_cut_off,
    )

    test_a_back_fill_is_read_page_by_page_and_goes_on_where_it_was_cut_off(_hook(shop))


def keys_are_sealed(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_told import (
        test_keys_are_opened_only_where_they_were_put,
    )

    test_keys_are_opened_only_where_they_were_put()


def keys_go_nowhere_else(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce.test_catching_up import (
        test_keys_are_kept_encrypted_and_go_with_no_other_address,
    )

    test_keys_are_kept_encrypted_and_go_with_no_other_address(_hook(shop))


def goods_are_told_with_their_discount(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as told

    told.test_goods_are_told_with_tax_and_discount_and_all_comes_to_what_was_paid()


def pieces_are_told_by_their_refund(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as told

    told.test_pieces_came_back_when_their_refund_says_and_the_rest_is_money()


def pieces_of_one_amount_are_refused(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as told

    told.test_pieces_of_what_was_booked_as_one_amount_are_refused(_hook(shop).counter)


def a_kept_mapping_waits_for_nobody(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as told

    told.test_a_mapping_that_was_kept_before_is_read_as_it_was_and_nobody_is_asked(
        _hook(shop).counter
    )


def only_who_paid_is_known(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as told

    told.test_who_paid_by_the_address_they_sign_in_by_is_known_by_their_number(_hook(shop))


SHOPS_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        nobody_else_is_the_shop, a_shop_is_greeted, shipping_is_told_with_its_tax,
        the_newest_state_counts, a_changed_order_is_seen, an_order_stays_whose_it_was,
        a_full_second_is_read_to_its_end, a_gap_is_closed, keys_are_sealed, keys_go_nowhere_else,
        goods_are_told_with_their_discount, pieces_are_told_by_their_refund,
        a_payment_that_bounced_is_none,
        pieces_of_one_amount_are_refused, a_kept_mapping_waits_for_nobody, only_who_paid_is_known,
    )
}  # fmt: skip
