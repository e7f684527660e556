"""Bugs of shops that are taken for another, pay late, change their mind or stand still."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_CONNECT = "surfaces/connect"
_WORK = "runtime/working/inlets"
TRAPS = (
    Bug(
        "customer 17 of one shop is customer 17 of another",
        f"{_CONNECT}/inlets/mapping.py",
        "before.replace(BY_SOURCE, source)",
        'before.replace(BY_SOURCE, "shop")',
        "checks.shops_count_apart",
    ),
    Bug(
        "two shops may call their customers by the same names",
        "flows/inlets/keep_inlets.py",
        "if both := mine & numbers(one.kind, one.mapping):",
        "if both := mine & numbers(one.kind, ''):",
        "checks.shops_count_apart",
    ),
    Bug(
        "an order that is paid by transfer keeps its voucher for a quarter of an hour",
        "flows/inlets/carts/holding.py",
        "return max(one.lapses_at, tx.now + UNPAID_FOR)",
        "return one.lapses_at",
        "checks.an_order_holds_until_it_is_paid",
    ),
    Bug(
        "an order that was cancelled keeps its voucher for a month",
        "flows/inlets/carts/holding.py",
        "return min(one.lapses_at, add_span(version.zone, tx.now, reward.hold_for))",
        "return one.lapses_at",
        "checks.a_cancelled_order_lets_go",
    ),
    Bug(
        "5.00 EUR are 5.00 CZK",
        f"{_CONNECT}/catching/codes.py",
        "if theirs.upper() == ours or not (code.minimum or not code.percent):",
        "if theirs or not (code.minimum or not code.percent):",
        "checks.an_amount_is_of_its_currency",
    ),
    Bug(
        "an order in yen may change as it likes",
        "flows/recording/before/told_elsewhere.py",
        "return told.amount_minor if told.currency == currency else None",
        "return None",
        "checks.yen_are_compared",
    ),
    Bug(
        "money that is on its way back is back",
        f"{_CONNECT}/square/selling/orders.py",
        '("APPROVED", "COMPLETED", None)',
        '("APPROVED", "COMPLETED", "PENDING", None)',
        "checks.a_refund_is_there_once_it_is",
    ),
    Bug(
        "Stripe's money that is on its way back is back",
        f"{_CONNECT}/stripe/telling.py",
        "if back.status == GIVEN_BACK:",
        'if back.status != "failed":',
        "checks.stripes_refund_is_there_once_it_is",
    ),
    Bug(
        "money that did not arrive stays taken",
        f"{_CONNECT}/stripe/telling.py",
        'NEVER_ARRIVED: Final = ("failed", "canceled")',
        'NEVER_ARRIVED: Final = ("canceled",)',
        "checks.a_refund_that_failed_gives_again",
    ),
    Bug(
        "a membership that a refund ended stays over",
        "engine/rewarding/plans/restoring.py",
        "if stood is not None and alone:",
        "if stood is None and alone:",
        "checks.a_refund_that_failed_gives_again",
    ),
    Bug(
        "the points of a refund that failed are given twice",
        "engine/rewarding/plans/restoring.py",
        "Amount(version, wallet, units)",
        "Amount(version, wallet, units * 2)",
        "checks.a_refund_that_failed_gives_again",
    ),
    Bug(
        "a refund that was never told gives something all the same",
        "flows/membership/plans/subscriptions.py",
        "    if mine is None:\n        return\n",
        "    if mine is None:\n        mine = life.membership_id\n",
        "checks.a_refund_that_failed_stands_so",
    ),
    Bug(
        "money of a term that is over is paid for the one that runs",
        "engine/rewarding/plans/restoring.py",
        "if not undone.of_last:",
        "if undone.refund is None:",
        "checks.an_old_refund_leaves_the_term_that_runs",
    ),
    Bug(
        "totals do not say which contract ended early",
        f"{_CONNECT}/extracts/settlements/files.py",
        "for each in about.ends\n",
        "for each in about.ends[:0]\n",
        "checks.totals_say_what_ended",
    ),
    Bug(
        "two sales that are one stay two",
        "flows/inlets/again/say_same.py",
        "back = await _given_back(tx, terms, sale, one)",
        "back = None",
        "checks.two_booked_sales_are_one",
    ),
    Bug(
        "what comes back of a sale that is another one's is taken from the one that is gone",
        "flows/inlets/again/say_same.py",
        "if not mine:",
        "if mine:",
        "checks.two_booked_sales_are_one",
    ),
    Bug(
        "what was said to be one is one for ever",
        "flows/inlets/again/say_another.py",
        '("passed", DUPLICATE), ("booked", SAME), ',
        '("passed", DUPLICATE), ',
        "checks.two_booked_sales_are_one",
    ),
    Bug(
        "two sales that are each said to be the other one are both gone",
        "flows/inlets/again/say_same.py",
        "    if back:\n        which",
        "    if back and other.activity_id not in back:\n        which",
        "checks.of_two_sales_one_stays",
    ),
    Bug(
        "a sale of somebody else may be the same",
        "flows/inlets/again/say_same.py",
        "whose[0] != whose[1]:",
        "not whose:",
        "checks.no_other_sale_is_the_same",
    ),
    Bug(
        "a sale of another total may be the same",
        "flows/inlets/again/say_same.py",
        "(sale.amount_minor, sale.body.paid_in) != (other.amount_minor, other.body.paid_in)",
        "sale.kind != other.kind",
        "checks.no_other_sale_is_the_same",
    ),
    Bug(
        "an endpoint that Stripe switched off stays so",
        f"{_CONNECT}/stripe/hooks.py",
        'if lacks or one.get("status") == _OFF:',
        "if lacks and not before:",
        "checks.a_made_secret_is_kept",
    ),
    Bug(
        "what nobody was asked about yet is forgotten after a month",
        "records/inlets/read.py",
        "(state = 'passed' and code <> 'asks')",
        "(state = 'passed')",
        "checks.hints_wait_and_go_on",
    ),
    Bug(
        "two hundred odd hints stop every newer one",
        f"{_WORK}/looker.py",
        "            if not behind:\n",
        "            if not behind or behind:\n",
        "checks.hints_wait_and_go_on",
    ),
    Bug(
        "what moved up while pages were read is passed over",
        "records/inlets/catching/types.py",
        "if ends and (page.count if again else one.page > 1):",
        "if ends and again and page.count:",
        "checks.what_moved_up_is_read",
    ),
    Bug(
        "an order that was deleted before it was asked about is nothing",
        f"{_WORK}/looker.py",
        "if answer is None and one.about and kind in ENOUGH:",
        "if answer is None and one.about and kind not in ENOUGH:",
        "checks.a_deleted_order_is_booked_as_told",
    ),
    Bug(
        "where WooCommerce is switched off all orders were deleted",
        "surfaces/connect/woocommerce/looking.py",
        "if why.code != _NO_ORDER:",
        "if not _NO_ORDER:",
        "checks.a_deleted_order_is_booked_as_told",
    ),
    Bug(
        "what a buyer paid in francs is euros of the shop",
        f"{_CONNECT}/shopify/orders.py",
        'if not currency or currency == root.get("currency"):',
        "if not currency or currency:",
        "checks.shopify_counts_its_own_money",
    ),
    Bug(
        "a checkout waits until somebody can say whose shop it is",
        f"{_CONNECT}/inlets/door.py",
        "    if carts is None:\n",
        "    if carts is None or carts:\n",
        "checks.a_checkout_waits_for_no_door",
    ),
    Bug(
        "a pause that WooCommerce asks for is a failure",
        f"{_CONNECT}/woocommerce/catching_up.py",
        "if answer.status == 429:",
        "if answer.status == 430:",
        "checks.a_pause_is_no_failure",
    ),
    Bug(
        "a shop is asked by the clock of a sandbox",
        f"{_WORK}/catcher.py",
        "asker(inlet.kind, inlet.mapping), self._database.clock()",
        "asker(inlet.kind, inlet.mapping), self._database.now(program_id)",
        "checks.a_shop_has_a_real_clock",
    ),
    Bug(
        "a code that was used twice is seen by nobody",
        "flows/inlets/codes_used.py",
        "await tx.write(write.used_twice(tx, twice))",
        "await tx.write(write.used_twice(tx, twice[:0]))",
        "checks.a_code_used_twice_is_seen",
    ),
)


def shops_count_apart(shop: Shop) -> None:
    from tests.planted.late.shops.magento import _hook
    from tests.surfaces.connect.magento import test_orders as orders

    with _hook(shop) as hook:
        orders.test_customer_17_of_another_shop_is_somebody_else(hook)


def an_order_holds_until_it_is_paid(shop: Shop) -> None:
    from tests.planted.late.shops.magento import _hook
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_an_order_that_is_paid_weeks_later_uses_what_is_off_it(hook)


def a_cancelled_order_lets_go(shop: Shop) -> None:
    from tests.planted.late.shops.magento import _hook
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook:
        carts.test_what_an_unpaid_order_has_off_no_other_cart_has(hook)


def an_amount_is_of_its_currency(_: Shop) -> None:
    from datetime import UTC, datetime

    from regulars.surfaces.connect.catching.codes import CodeThere, in_other_money

    code = CodeThere("C", "Regulars C", "5.00", datetime(2026, 3, 2, tzinfo=UTC), None)
    assert "CZK" in in_other_money(code, "EUR", "CZK")
    assert in_other_money(code, "EUR", "eur") == ""


def yen_are_compared(shop: Shop) -> None:
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.inlets import test_currencies as currencies
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    source = load_template("coffee-shop").replace("currency: EUR\n", currencies.JPY)
    kept = Kept.open(shop.made, source)
    counter = Counter(kept, ticks=lambda: kept.now.timestamp())  # noqa: PLW0108
    currencies.test_yen_that_are_told_otherwise_later_are_refused(counter)
    counter.close()


def _till(shop: Shop) -> Any:
    from tests.surfaces.connect.square_tills.hook import Endpoint
    from tests.surfaces.counter import Counter

    return Endpoint(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def a_refund_is_there_once_it_is(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_orders as orders

    orders.test_money_that_was_refused_is_not_back(_till(shop))


def stripes_refund_is_there_once_it_is(shop: Shop) -> None:
    from tests.planted.late.payers import _hook
    from tests.surfaces.connect.stripe import test_lives as lives

    lives.test_money_that_is_on_its_way_back_is_not_back(_hook(shop))


def a_refund_that_failed_gives_again(shop: Shop) -> None:
    from tests.planted.late.payers import _hook
    from tests.surfaces.connect.stripe import test_lives as lives

    lives.test_a_refund_that_failed_after_all_gives_again_what_it_took_once(_hook(shop))


def a_refund_that_failed_stands_so(shop: Shop) -> None:
    from tests.planted.late.payers import _hook
    from tests.surfaces.connect.stripe import test_lives as lives

    hook = _hook(shop)
    lives.test_a_refund_that_failed_stands_so_in_any_order(hook, 0)
    assert "refused" not in {state for state, _ in hook.became()}


def an_old_refund_leaves_the_term_that_runs(shop: Shop) -> None:
    from tests.planted.late.payers import _hook
    from tests.surfaces.connect.stripe import test_lives as lives

    lives.test_a_refund_of_a_term_that_is_over_that_failed_leaves_the_one_that_runs(_hook(shop))


def totals_say_what_ended(_: Shop) -> None:
    from datetime import UTC, datetime
    from uuid import UUID

    from regulars.records.rewards.partners.settling.types import Settlement
    from regulars.records.rewards.partners.types import ContractEnd
    from regulars.surfaces.connect.extracts.settlements.files import Between, totals_of

    at, id_ = datetime(2026, 3, 2, tzinfo=UTC), UUID(int=7)
    one = Settlement(id_, id_, 1, 0, 0, None, at, *([0] * 7), at, "mia")
    ends = [ContractEnd(id_, id_, at, at, "mia", "sold")]
    told = totals_of(one, [], Between("sea", "EUR", {}, ends), ("sea-1.csv", b""))
    assert [each.reason for each in told.ended] == ["sold"]


def two_booked_sales_are_one(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _ways
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_two_booked_sales_are_said_to_be_one_and_another_one_after_all(_ways(shop))


def of_two_sales_one_stays(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _ways
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_of_two_sales_each_said_to_be_the_other_one_stays(_ways(shop))


def no_other_sale_is_the_same(shop: Shop) -> None:
    from tests.planted.late.coming_in.told_twice import _ways
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_what_is_no_same_sale_is_not_said_to_be_one(_ways(shop))


def hints_wait_and_go_on(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.square_tills import test_catching_up as catching

    with pytest.MonkeyPatch.context() as patch:
        catching.test_odd_hints_stop_no_newer_one_and_a_forgotten_one_says_so(_till(shop), patch)


def _woo(shop: Shop) -> Any:
    from tests.surfaces.connect.woocommerce.shop import Hook
    from tests.surfaces.counter import Counter

    return Hook(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def what_moved_up_is_read(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    catching.test_what_changes_while_a_moment_is_read_hides_no_other(_woo(shop))


def a_deleted_order_is_booked_as_told(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_pieces as pieces

    hook = _woo(shop)
    pieces.test_without_a_key_nothing_waits_and_with_one_pieces_are_asked_for(hook.counter)


def shopify_counts_its_own_money(_: Shop) -> None:
    from tests.surfaces.connect.shopify import test_told as told

    told.test_a_refund_tells_its_pieces_and_one_without_any_its_money()


def a_checkout_waits_for_no_door(shop: Shop) -> None:
    import pytest
    from tests.planted.late.shops.magento import _hook
    from tests.surfaces.connect.magento import test_carts as carts

    with _hook(shop) as hook, pytest.MonkeyPatch.context() as patch:
        carts.test_nobody_waits_where_nobody_can_say_whose_shop_it_is(hook, "broken", patch)


def a_pause_is_no_failure(_: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    catching.test_a_pause_is_no_failure_and_what_was_read_is_not_ahead()


def a_shop_has_a_real_clock(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    with pytest.MonkeyPatch.context() as patch:
        catching.test_a_sandbox_that_is_ahead_asks_by_the_clock_of_whoever_is_asked(
            _woo(shop), patch
        )


def a_code_used_twice_is_seen(shop: Shop) -> None:
    from tests.planted.late.shops.shopify import _desk
    from tests.surfaces.connect.shopify import test_codes as codes

    with _desk(shop) as one:
        codes.test_used_at_the_till_and_in_the_shop_it_is_said_to_be_used_twice(one)


TRAPS_MET: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        shops_count_apart, an_order_holds_until_it_is_paid, a_cancelled_order_lets_go,
        an_amount_is_of_its_currency, yen_are_compared, a_refund_is_there_once_it_is,
        stripes_refund_is_there_once_it_is, hints_wait_and_go_on, what_moved_up_is_read,
        a_deleted_order_is_booked_as_told, shopify_counts_its_own_money,
        a_checkout_waits_for_no_door, a_pause_is_no_failure, a_shop_has_a_real_clock,
        a_code_used_twice_is_seen, a_refund_that_failed_gives_again,
        a_refund_that_failed_stands_so, an_old_refund_leaves_the_term_that_runs,
        totals_say_what_ended, two_booked_sales_are_one, no_other_sale_is_the_same,
        of_two_sales_one_stays,
    )
}  # fmt: skip
