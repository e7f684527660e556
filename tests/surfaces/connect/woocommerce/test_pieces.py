"""What an order of WooCommerce tells of its goods, what came back of them, and who bought."""

from __future__ import annotations

import pytest
from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT, AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.woocommerce.orders import seen

ORDER = {
    "id": 7, "status": "processing", "currency": "EUR", "customer_id": 0,
    "total": "47.50", "shipping_total": "4.20", "shipping_tax": "0.80",
    "date_paid_gmt": "2026-03-02T09:00:00", "date_modified_gmt": "2026-03-02T10:00:00",
    "line_items": [
        {"id": 1, "sku": "tea", "name": "Tea", "quantity": 4, "subtotal": "20.00",
         "subtotal_tax": "4.00", "total": "15.00", "total_tax": "3.00"},
        {"id": 2, "sku": "card", "name": "Card", "quantity": 1, "total": "25.00", "total_tax": "0",
         "meta_data": [{"key": "wc_gc_giftcard_amount", "value": "25"}]},
        {"id": 3, "sku": "loose", "name": "Loose", "quantity": "0.45", "total": "9.00"},
    ],
    "fee_lines": [{"id": 4, "name": "Gift wrap", "total": "2.00", "total_tax": "0.50"},
                  {"id": 5, "name": "Loyal", "total": "-2.00", "total_tax": "0"}],
    "gift_cards": [{"id": 1, "code": "x", "amount": 10}], "refunds": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def hook(counter: Counter) -> Hook:
    return Hook(counter)


def test_goods_are_told_with_tax_and_discount_and_all_comes_to_what_was_paid() -> None:
    told = seen(dict(ORDER))
    names = ("sku", "category", "quantity", "amount", "discount", "tax")
    assert [tuple(one[name] for name in names) for one in told["goods"]] == [
        ("tea", "", 4, 2400, 600, 300), ("card", "gift-card", 1, 2500, 0, 0),
        ("loose", "", 1, 900, 0, 0), ("", "fee", 1, 250, 0, 50),
    ]  # fmt: skip
    # 18.00 + 25.00 + 9.00 + 2.50 + 5.00 of carriage - 2.00 = 57.50, of which a card paid 10.00.
    assert (told["delivery"], told["less"], told["stored"]) == (300, 0, [{"amount": 1000}])
    kept = seen(ORDER | {"total": "57.50"})
    assert (kept["delivery"], kept["stored"]) == (300, [{"amount": 1000}])
    bare = seen(ORDER | {"line_items": [], "fee_lines": [], "gift_cards": [], "total": "12.00"})
    assert ([one["amount"] for one in bare["goods"]], bare["delivery"]) == ([700], 500)


def test_pieces_came_back_when_their_refund_says_and_the_rest_is_money() -> None:
    said = [
        {"id": 8, "date_created_gmt": "2026-03-05T09:00:00", "amount": "16.50", "line_items": [
            {"of": "1", "quantity": -2, "total": "-7.50", "total_tax": "-1.50"},
            {"of": "3", "quantity": "-0.20", "total": "-4.00"}],
         "fee_lines": [{"of": "4", "total": "-2.00", "total_tax": "-0.50"}]},
        {"id": 9, "date_created_gmt": "2026-03-06T09:00:00", "amount": "25.00",
         "line_items": [{"of": "2", "quantity": 0, "total": "-25.00"}], "fee_lines": []},
    ]  # fmt: skip
    told = seen(ORDER | {"refunds": [{"id": 8, "total": "-16.50"}], "refunds_told": said})
    pieces = [(one["id"], one["at"], one["pieces"]) for one in told["pieces_back"]]
    assert pieces == [
        (8, "2026-03-05T09:00:00Z", [{"line": 0, "quantity": 2}, {"line": 3, "quantity": 1}]),
        (9, "2026-03-06T09:00:00Z", [{"line": 1, "quantity": 1}]),
    ]
    assert [(one["id"], one["amount"]) for one in told["money_back"]] == [(8, 500)]
    closed = seen(ORDER | {"status": "refunded", "refunds": [{}], "refunds_told": said})
    assert (closed["closed_at"], closed["money_back"]) == ("2026-03-06T09:00:00Z", [])
    assert len(closed["pieces_back"]) == 2


def test_without_a_key_nothing_waits_and_with_one_pieces_are_asked_for(counter: Counter) -> None:
    hook, shop, email = Hook(counter), WooShop(61_000), member(Hook(counter), "asked")
    number = shop.order("30.00", email)
    shop.pays(number)
    shop.refunds(number, "9.00", {1: 3})
    hook.tell(shop.told[-1])
    hook.book()
    assert (hook.points("asked"), hook.states()[-1][0]) == (30, "booked")
    hook.asks(shop, AT)
    shop.refunds(number, "6.00", {1: 2})
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.states()[-1][:2] == ("passed", "asks")
    hook.look()
    assert hook.points("asked") == 15
    hook.later(minutes=10)
    assert hook.catch_up()["found"] == 0
    gone = shop.order("20.00", email)
    shop.pays(gone)
    shop.refunds(gone, "4.00", {1: 2})
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.points("asked") == 15
    del shop.orders[gone]  # somebody tidied up before it was asked about
    shop.switched_off = True
    hook.look()
    assert hook.points("asked") == 15, "where there is no WooCommerce nothing was deleted"
    shop.switched_off = False
    hook.later(minutes=5)
    hook.look()
    assert (hook.points("asked"), hook.states()[-1][0]) == (35, "booked"), "it is booked as told"
    counter.ask("DELETE", hook.place)


def test_a_mapping_that_was_kept_before_is_read_as_it_was_and_nobody_is_asked(
    counter: Counter,
) -> None:
    hook, shop, email = Hook(counter, AS_ONE_AMOUNT), WooShop(62_000), member(Hook(counter), "old")
    number = shop.order("30.00", email)
    shop.pays(number)
    hook.asks(shop, AT)
    shop.refunds(number, "10.00")
    hook.tell(shop.told[-1])
    hook.book()
    assert (hook.points("old"), hook.states()[-1][0], shop.asked) == (20, "booked", [])
    hook.catch_up()
    assert not any("/refunds" in one for one in shop.asked)
    counter.ask("DELETE", hook.place)


def test_pieces_of_what_was_booked_as_one_amount_are_refused(counter: Counter) -> None:
    hook, shop, email = Hook(counter, AS_ONE_AMOUNT), WooShop(63_000), member(Hook(counter), "both")
    number = shop.order("30.00", email)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    new = Hook(counter).mapping
    source = hook.mapping.partition("source: ")[2].partition("\n")[0]
    told = new.partition("source: ")[2].partition(" ")[0]
    wish = {"mapping": new.replace(f"source: {told}", f"source: {source}")}
    answer = counter.ask("PATCH", hook.place, wish)
    assert answer.status_code == 200, answer.text
    hook.asks(shop, AT)
    shop.refunds(number, "9.00", {1: 3})
    hook.tell(shop.told[-1])
    hook.look()
    assert (hook.points("both"), hook.states()[-1][1:]) == (30, ("invalid", "pieces"))
    shop.becomes(number, "refunded")
    hook.tell(shop.told[-1])
    hook.look()
    assert hook.points("both") == 0, "nothing is left of it, whatever its lines are worth"
    counter.ask("DELETE", hook.place)


def test_who_paid_by_the_address_they_sign_in_by_is_known_by_their_number(hook: Hook) -> None:
    shop, sure, other = WooShop(64_000), member(hook, "sure"), member(hook, "other")
    shop.customer(901, sure)
    shop.customer(902, other, bill="else@x.org")
    shop.customer(903, other, pays=False)
    for customer in (901, 902, 903):
        # The bill names nobody we know: only the number says who it was.
        shop.pays(shop.order("10.00", "gift@x.org", customer=customer))
    hook.asks(shop, AT)
    hook.catch_up()
    hook.book()
    assert (hook.points("sure"), hook.points("other")) == (10, 0)
    assert hook.tell(shop.customers[902], "customer.updated").status_code == 202
    hook.book()
    assert hook.states()[-1] == ("passed", "", "")
