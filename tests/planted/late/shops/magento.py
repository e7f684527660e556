"""Bugs of what a shop on Adobe Commerce tells and asks, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AT = "surfaces/connect/magento"
_CARTS = "flows/inlets/carts/offers.py"
MAGENTO = (
    Bug(
        "any signature of Adobe Commerce will do",
        f"{_AT}/signing.py",
        "    except InvalidSignature:\n        return False",
        "    except InvalidSignature:\n        return len(signature) > 99",
        "checks.only_commerce_signs",
    ),
    Bug(
        "the body as it is may be signed in place of its base64",
        f"{_AT}/signing.py",
        "signed = [b64encode(body) for body in bodies]",
        "signed = [*bodies, *(b64encode(body) for body in bodies)]",
        "checks.only_commerce_signs",
    ),
    Bug(
        "what Adobe signed for somebody else's project is good here",
        f"{_AT}/signing.py",
        "and _is_for(client.decode(), body):",
        "and client:",
        "checks.only_our_project_is_heard",
    ),
    Bug(
        "of several events of Adobe all but one may be for anybody",
        f"{_AT}/signing.py",
        "return bool(some) and all(mine)",
        "return any(mine)",
        "checks.only_our_project_is_heard",
    ),
    Bug(
        "a webhook of a shop may be several events, of which one stops all",
        f"{_AT}/events.py",
        "if not by_adobe or not body.lstrip()",
        "if not body.lstrip()",
        "checks.a_webhook_is_one_event",
    ),
    Bug(
        "keys of Adobe are fetched from wherever an event says",
        f"{_AT}/signing.py",
        "or _PATH.fullmatch(where) is None:",
        "or not where:",
        "checks.only_our_project_is_heard",
    ),
    Bug(
        "an order saved twice with the same words is asked for once",
        f"{_AT}/events.py",
        'else f"{id_} {digest(encoded(found)).hex}"',
        'else f"{digest(encoded(found)).hex}"',
        "checks.a_hint_counts_each_time",
    ),
    Bug(
        "the last page of a list is read once more",
        f"{_AT}/catching_up.py",
        "len(events), ahead > 0, ahead)",
        "len(events), len(events) >= A_PAGE, ahead)",
        "checks.a_list_has_an_end",
    ),
    Bug(
        "what a product is made of is a line of its own",
        f"{_AT}/orders.py",
        'if str(row[1].get("parent_item_id")) not in known]',
        'if str(row[1].get("parent_item_id")) != "x"]',
        "checks.parts_are_no_lines",
    ),
    Bug(
        "tax that a discount leaves over is forgotten",
        f"{_AT}/orders.py",
        'left += told("base_discount_tax_compensation_amount")',
        "left += 0",
        "checks.a_discounted_line_comes_to_what_was_paid",
    ),
    Bug(
        "a credit memo that was cancelled gives back",
        f"{_AT}/orders.py",
        'if str(memo.get("state")) == CANCELED_MEMO:',
        'if memo.get("state") == CANCELED_MEMO:',
        "checks.a_cancelled_memo_is_none",
    ),
    Bug(
        "what a gift card paid whole is never given back",
        f"{_AT}/looking.py",
        'return order.get("base_total_refunded") is not None or',
        'return bool(order.get("base_total_refunded")) and',
        "checks.stored_value_comes_back",
    ),
    Bug(
        "store credit is a discount",
        f"{_AT}/orders.py",
        'total = one.minor(order, "base_grand_total", "order") + stored',
        'total = one.minor(order, "base_grand_total", "order")',
        "checks.store_credit_is_payment",
    ),
    Bug(
        "a guest has off what somebody else reserved",
        f"{_AT}/cart.py",
        'if quote.get("customer_is_guest") in (True, 1, "1"):',
        'if quote.get("customer_is_guest") in ("",):',
        "checks.nobody_else_has_it_off",
    ),
    Bug(
        "more is off than the goods cost",
        _CARTS,
        "and 0 < worth <= left:",
        "and 0 < worth:",
        "checks.no_more_is_off_than_goods",
    ),
    Bug(
        "what was reserved at a till is off a cart, too",
        _CARTS,
        "and one.channel == wanted.channel",
        "and one.channel",
        "checks.no_more_is_off_than_goods",
    ),
    Bug(
        "what lapsed is off a cart",
        _CARTS,
        "if ours and one.lapses_at > tx.now and",
        "if ours and",
        "checks.what_lapsed_is_off_no_more",
    ),
    Bug(
        "what is promised to a cart is not kept",
        f"{_AT}/cart.py",
        "    if keeps:\n        await _keep(",
        "    if not keeps:\n        await _keep(",
        "checks.a_cart_uses_what_it_promised",
    ),
    Bug(
        "an order uses the largest promise, whatever was off it",
        "flows/inlets/carts/promises.py",
        "if offer is None or offer.amount_minor > cart.off_minor:",
        "if offer is None or offer.amount_minor < 0:",
        "checks.the_promise_that_fits_is_used",
    ),
    Bug(
        "one reward is off every cart until one is paid",
        "flows/inlets/carts/claims.py",
        "elif at < MOST_CLAIMS and _is_over(tx, row, facts):",
        "elif at < MOST_CLAIMS:",
        "checks.an_unpaid_order_keeps_its_reward",
    ),
    Bug(
        "an order that is not paid yet holds no reward",
        "flows/inlets/book_arrivals.py",
        "await carts_ordered(tx, _ordered(batch))",
        "await carts_ordered(tx, _ordered(batch[:0]))",
        "checks.an_unpaid_order_keeps_its_reward",
    ),
    Bug(
        "what is off an unpaid order is given back",
        "flows/inlets/carts/unpaid.py",
        "mine = [one for one in ends if not one.command.by_order]",
        "mine = [one for one in ends if one.command.by_order]",
        "checks.what_is_off_an_order_stays",
    ),
    Bug(
        "an order that went through without a reward holds it for a month",
        "flows/inlets/carts/unpaid.py",
        'return redemption_id.hex in said.get("off", [redemption_id.hex])',
        "return True",
        "checks.an_order_without_it_holds_nothing",
    ),
    Bug(
        "what an order has off for nothing nobody hears",
        "flows/inlets/carts/offers.py",
        "first=key in fresh",
        "first=False",
        "checks.what_is_off_an_order_stays",
    ),
    Bug(
        "a checkout waits for as long as we take",
        f"{_AT}/cart.py",
        "asyncio.wait({going}, timeout=BUDGET_S)",
        "asyncio.wait({going}, timeout=None)",
        "checks.a_checkout_waits_for_nobody",
    ),
)


@contextmanager
def _hook(shop: Shop) -> Iterator[Any]:
    """A shop of the office supplies, which the one that is given is not."""
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.magento.conftest import opened_counter
    from tests.surfaces.connect.magento.hook import Endpoint
    from tests.surfaces.connect.magento.shop import MagentoShop

    from regulars.records.program.templates import load_template

    counter = opened_counter(Kept.open(shop.made, load_template("office-supplies")))
    yield Endpoint(counter, MagentoShop())
    counter.close()


def only_commerce_signs(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_forged as forged

    with _hook(shop) as hook:
        forged.test_nothing_forged_or_changed_on_its_way_comes_in(hook)


def only_our_project_is_heard(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_forged as forged

    with _hook(shop) as hook:
        forged.test_what_adobe_signed_for_somebody_else_does_not_come_in(hook)


def a_webhook_is_one_event(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_forged as forged

    with _hook(shop) as hook:
        forged.test_what_is_no_event_is_refused_and_of_others_nothing_becomes(hook)


def a_hint_counts_each_time(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_orders as orders

    with _hook(shop) as hook:
        orders.test_an_order_that_is_saved_twice_with_the_same_words_is_asked_for_twice(hook)


def a_list_has_an_end(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.magento import test_catching_up as catching

    with _hook(shop) as hook, pytest.MonkeyPatch.context() as patch:
        catching.test_a_page_behind_the_last_is_the_end_and_a_full_second_is_read_to_it(hook, patch)


def a_cancelled_memo_is_none(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_orders as orders

    with _hook(shop) as hook:
        orders.test_a_credit_memo_that_was_cancelled_gives_nothing_back(hook)


def parts_are_no_lines(_: Shop) -> None:
    from tests.surfaces.connect.magento import test_told as told

    told.test_what_a_product_is_made_of_is_no_line_of_its_own()


def a_discounted_line_comes_to_what_was_paid(_: Shop) -> None:
    from tests.surfaces.connect.magento import test_told as told

    told.test_a_discount_on_prices_with_tax_comes_to_what_was_paid()


def store_credit_is_payment(_: Shop) -> None:
    from tests.surfaces.connect.magento import test_told as told

    told.test_gift_cards_and_store_credit_are_payment_and_no_discount()


def stored_value_comes_back(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_orders as orders

    with _hook(shop) as hook:
        orders.test_what_stored_value_paid_whole_comes_back_by_its_pieces(hook)


def nobody_else_has_it_off(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_nobody_else_has_it_off(hook)


def no_more_is_off_than_goods(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_no_more_is_off_than_the_goods_cost_and_nothing_of_a_till(hook)


def what_lapsed_is_off_no_more(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_what_lapsed_or_was_given_back_is_off_no_more(hook)


def a_cart_uses_what_it_promised(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_what_was_reserved_on_the_shops_pages_is_off_and_used_by_the_paid_order(hook)


def the_promise_that_fits_is_used(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_of_several_promises_the_one_that_fits_the_order_is_used(hook)


def an_unpaid_order_keeps_its_reward(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_what_an_unpaid_order_has_off_no_other_cart_has(hook)


def what_is_off_an_order_stays(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_what_is_off_an_unpaid_order_is_not_given_back_and_gone_elsewhere_it_is_said(hook)


def an_order_without_it_holds_nothing(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_an_order_that_went_through_without_a_reward_holds_it_not(hook)


def a_checkout_waits_for_nobody(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook, pytest.MonkeyPatch.context() as patch:
        carts.test_a_slow_or_broken_answer_takes_nothing_off_and_stops_nobody(hook, "slow", patch)


MAGENTO_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        only_commerce_signs, only_our_project_is_heard, a_webhook_is_one_event, a_hint_counts_each_time, a_list_has_an_end,
        a_cancelled_memo_is_none, parts_are_no_lines, a_discounted_line_comes_to_what_was_paid,
        store_credit_is_payment, stored_value_comes_back, nobody_else_has_it_off, no_more_is_off_than_goods,
        what_lapsed_is_off_no_more, a_cart_uses_what_it_promised, the_promise_that_fits_is_used,
        a_checkout_waits_for_nobody, an_unpaid_order_keeps_its_reward,
        what_is_off_an_order_stays, an_order_without_it_holds_nothing,
    )
}  # fmt: skip
