"""Bugs of orders that are others by now than they were booked, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AGAIN = "flows/inlets/again/told_before.py"
_ANEW = "engine/returning/told_anew.py"
_ASKED = "surfaces/connect/shopify/catching_up.py"
_ORDERS = "surfaces/connect/shopify/orders.py"
EDITED = (
    Bug(
        "an order that comes to another amount never gives anything back",
        "flows/inlets/book_arrivals.py",
        "return one.snapshot and bool(no) and all(isinstance(out, _findings(no)) for out in no)",
        "return False",
        "checks.an_edited_order_ends_at_nothing",
    ),
    Bug(
        "an order that tells fewer pieces than came back never gives anything back",
        "flows/inlets/book_arrivals.py",
        "return (*_SAID, TooMuchReturned) if is_other else _SAID",
        "return _SAID",
        "checks.fewer_than_came_back_ends_at_nothing",
    ),
    Bug(
        "what came back of an edited order is read by the lines that were booked",
        "flows/recording/before/other_lines.py",
        "return None if stand_as_booked(as_booked(first), lines) else lines",
        "return None",
        "checks.an_edited_order_ends_at_nothing",
    ),
    Bug(
        "states of an order that wait together are read by the lines of the first",
        _AGAIN,
        "if is_other and begun > begin:",
        "if False:",
        "checks.edited_states_may_wait",
    ),
    Bug(
        "lines that changed places are the same lines",
        _ANEW,
        "and (_id(one) == _id(now) or (_id(one) not in has and _id(now) not in had))",
        "and True",
        "checks.lines_stand_where_they_stood",
    ),
    Bug(
        "what somebody had engraved is kept after they were erased",
        _ANEW,
        "blake2b(name.encode(), digest_size=4).hexdigest() if name",
        "name if name",
        "checks.no_name_is_kept",
    ),
    Bug(
        "whatever else came back, what was added is guessed at",
        _ANEW,
        "if _id(meant) and not equal and all(_still(one, mine, told) for one in others):",
        "if True:",
        "checks.unsure_lines_are_left",
    ),
    Bug(
        "more pieces come back than were booked",
        _ANEW,
        "if now := min(wanted, left[line]):",
        "if now := wanted:",
        "checks.booked_pieces_come_back_first",
    ),
    Bug(
        "the receipt of what another source told with another total stands for nothing",
        _AGAIN,
        "in told\n        if isinstance(one, OtherTotal) and one.stands_for is not None",
        "in told\n        if False",
        "checks.another_total_comes_back",
    ),
    Bug(
        "a stranger's order of the same number gives back what the till sold",
        "flows/recording/before/told_elsewhere.py",
        "stands = own if is_theirs and not no else None",
        "stands = None if no else own",
        "checks.a_number_alone_is_too_little",
    ),
    Bug(
        "what came to another amount than the till told is that for ever",
        "flows/inlets/again/say_another.py",
        '("booked", SAME), ("refused", KeyReused.code))',
        '("booked", SAME))',
        "checks.another_total_may_be_another_sale",
    ),
    Bug(
        "an order is booked once more under another receipt",
        "flows/inlets/keep_inlets.py",
        "if not other or not await read.has_booked(tx, inlet.inlet_id):",
        "if True:",
        "checks.receipts_stay",
    ),
    Bug(
        "what is cancelled while a part is owed keeps its points",
        _ORDERS,
        'if not is_sale or (root.get("financial_status") not in PAID and not is_owed(root)):',
        'if not goods or root.get("financial_status") not in PAID:',
        "checks.what_is_owed_comes_back",
    ),
    Bug(
        "a tip that says that it is one is goods",
        _ORDERS,
        "if any(one.get(name) is not None for name in TIP)]\n    tips",
        "if False]\n    tips",
        "checks.tips_are_no_goods",
    ),
    Bug(
        "whatever costs as much as the tip is one",
        _ORDERS,
        "frozenset(may_be[-1:] if is_one else ())",
        "frozenset(may_be[-1:])",
        "checks.tips_are_no_goods",
    ),
    Bug(
        "a field of tips that is empty makes every line one",
        _ORDERS,
        "any(one.get(name) is not None for name in TIP)",
        "any(name in one for name in TIP)",
        "checks.tips_are_no_goods",
    ),
    Bug(
        "what costs as much as the tip is one where carriage was free",
        _ORDERS,
        "left < shipping and (left != 0 or tips == shipping)",
        "left < shipping",
        "checks.tips_are_no_goods",
    ),
    Bug(
        "what is still to read is ten thousand orders at most",
        _ASKED,
        "ordersCount(query: $changed, limit: null)",
        "ordersCount(query: $changed)",
        "checks.a_back_fill_counts_all",
    ),
    Bug(
        "a brace too many makes what a shop is asked no question",
        _ASKED,
        "  transactions(first: 5) {{ {_PAID} }}\n",
        "  transactions(first: 5) {{ {_PAID} }}\n}}\n",
        "checks.no_refund_is_cut",
    ),
    Bug(
        "the fifty-first refund of an order is cut",
        _ASKED,
        "if len(there) < REFUNDS:",
        "if True:",
        "checks.no_refund_is_cut",
    ),
    Bug(
        "the sixth payment of a refund is cut",
        _ASKED,
        'parts = (("refundLineItems", PIECES), ("transactions", PAYMENTS))',
        'parts = (("refundLineItems", PIECES),)',
        "checks.no_refund_is_cut",
    ),
    Bug(
        "who was nobody when they bought first stays it",
        _ASKED,
        'told | {"updated_at": order["customer"]["updatedAt"]}',
        "told",
        "checks.who_joined_since_is_known",
    ),
    Bug(
        "one large order ends the webhooks of a shop",
        "surfaces/connect/inlets/door.py",
        "most = LARGEST_BODY if vendor is None else LARGEST_OF_A_SHOP",
        "most = LARGEST_BODY",
        "checks.a_large_order_comes_in",
    ),
)


@contextmanager
def opened(shop: Shop) -> Iterator[Any]:
    """A shop on Shopify that sends to this one."""
    from tests.surfaces.connect.shopify.shop import Hook
    from tests.surfaces.counter import Counter

    yield Hook(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def an_edited_order_ends_at_nothing(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_an_edited_order_gives_back_what_was_booked_and_ends_at_nothing(hook, False)


def fewer_than_came_back_ends_at_nothing(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_an_order_that_tells_fewer_pieces_than_came_back_ends_at_nothing(hook)


def edited_states_may_wait(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_an_edited_order_gives_back_what_was_booked_and_ends_at_nothing(hook, True)


def lines_stand_where_they_stood(_: Shop) -> None:
    from tests.engine.orders import test_told_anew as tests

    tests.test_lines_stand_as_booked_with_another_number_and_in_the_currency_they_were_paid_in()


def unsure_lines_are_left(_: Shop) -> None:
    from tests.engine.orders import test_told_anew as tests

    for booked, now in tests.UNSURE:
        tests.test_what_nobody_can_say_is_left(booked, now)


def no_name_is_kept(_: Shop) -> None:
    from tests.engine.orders import test_told_anew as tests

    tests.test_a_name_that_may_be_somebodys_is_not_kept()


def booked_pieces_come_back_first(_: Shop) -> None:
    from tests.engine.orders import test_told_anew as tests

    tests.test_of_more_pieces_than_were_booked_those_that_were_come_back_first()


def another_total_comes_back(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_elsewhere as tests

    with opened(shop) as hook:
        tests.test_pieces_of_what_the_till_told_with_another_total_come_back(hook.counter)


def a_number_alone_is_too_little(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_elsewhere as tests

    with opened(shop) as hook:
        tests.test_with_another_total_a_number_alone_is_nobodys_sale_but_the_tills(hook.counter)


def another_total_may_be_another_sale(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_elsewhere as tests

    with opened(shop) as hook:
        tests.test_what_the_till_told_with_another_total_may_be_another_sale(hook.counter)


def receipts_stay(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_what_was_booked_keeps_its_receipts_whatever_becomes_of_the_mapping(hook)


def what_is_owed_comes_back(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_orders as tests

    with opened(shop) as hook:
        tests.test_what_is_cancelled_while_a_part_is_owed_is_back(hook)


def tips_are_no_goods(_: Shop) -> None:
    from tests.surfaces.connect.shopify import test_told as tests

    tests.test_a_tip_is_no_goods_whichever_way_it_was_told()


def a_back_fill_counts_all(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_catching_up as tests

    with opened(shop) as hook:
        tests.test_a_back_fill_is_read_page_by_page_and_goes_on_where_it_was_cut_off(hook)


def no_refund_is_cut(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_catching_up as tests

    with opened(shop) as hook:
        tests.test_of_many_refunds_and_payments_none_is_cut(hook)


def who_joined_since_is_known(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_people as tests

    with opened(shop) as hook:
        tests.test_who_joined_after_they_bought_is_known_by_what_they_buy_next(hook)


def a_large_order_comes_in(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_forged as tests

    with opened(shop) as hook:
        tests.test_what_is_too_large_or_no_order_is_refused_or_kept_with_its_field(hook)


EDITED_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        an_edited_order_ends_at_nothing, edited_states_may_wait, lines_stand_where_they_stood,
        unsure_lines_are_left, booked_pieces_come_back_first, another_total_comes_back,
        receipts_stay, what_is_owed_comes_back, tips_are_no_goods, a_back_fill_counts_all,
        no_refund_is_cut, who_joined_since_is_known, a_large_order_comes_in, no_name_is_kept,
        fewer_than_came_back_ends_at_nothing, a_number_alone_is_too_little,
        another_total_may_be_another_sale,
    )
}  # fmt: skip
