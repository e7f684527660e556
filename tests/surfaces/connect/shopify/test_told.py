"""What an order tells: without a shop or a database."""

from __future__ import annotations

import pytest

from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.shopify.as_webhooks import number
from regulars.surfaces.connect.shopify.kind import Shopify
from regulars.surfaces.connect.shopify.orders import essence, seen, shape_of

LINE = {
    "id": 9, "sku": "tea", "name": "Tea", "quantity": 2, "price": "10.00",
    "discount_allocations": [{"amount": "1.00"}, {"amount": "0.50"}],
    "tax_lines": [{"price": "3.00"}], "gift_card": False,
}  # fmt: skip
ORDER = {
    "id": 1 << 60, "financial_status": "paid", "line_items": [LINE], "currency": "EUR",
    "total_price": "26.50", "taxes_included": False, "email": "a@x.org", "refunds": [],
    "processed_at": "2026-03-02T09:00:00-05:00", "updated_at": "2026-03-02T10:00:00-05:00",
    "customer": {"id": 7, "email": "b@x.org", "phone": "+491"},
}  # fmt: skip


def test_lines_shipping_and_tips_come_to_the_total() -> None:
    told = seen(ORDER | {"total_tip_received": "2.00"})
    (line,) = told["goods"]
    assert (line["amount"], line["discount"], line["tax"]) == ("23.00", "1.50", "3.00")
    assert (told["shipping_paid"], told["less"], told["tips"]) == ("3.00", "0", "2.00")
    included = seen(ORDER | {"taxes_included": True})
    assert (included["goods"][0]["amount"], included["shipping_paid"]) == ("20.00", "8.00")
    cheaper = seen(ORDER | {"total_price": "20.00"})
    assert (cheaper["shipping_paid"], cheaper["less"]) == ("0", "1.50")


def test_a_tip_is_no_goods_whichever_way_it_was_told() -> None:
    tip = {"id": 10, "sku": None, "name": "Tip", "quantity": 1, "price": "5.00", "tax_lines": []}
    mug = LINE | {"id": 11, "sku": "mug"}
    rows = {"line_items": [LINE, tip, mug], "taxes_included": True}
    whole = ORDER | rows | {"total_price": "45.40", "total_tip_received": "5.00"}
    carried = {"total_shipping_price_set": {"shop_money": {"amount": "3.40"}}}
    refund = {"id": 5, "refund_line_items": [{"line_item_id": 10, "quantity": 1},
                                             {"line_item_id": 11, "quantity": 2}]}  # fmt: skip
    marked = {"line_items": [LINE, tip | {"tip": {"payment_method": None}}, mug]}
    for told, more in (
        (whole | carried, "3.40"),
        (whole | marked | {"total_price": "51.40"}, "9.40"),
    ):
        found = seen(told | {"refunds": [refund]})
        assert [one["sku"] for one in found["goods"]] == ["tea", "mug"]
        assert (found["tips"], found["less"], found["shipping_paid"]) == ("5.00", "0", more)
        assert found["returns"][0]["pieces"] == [{"line": 1, "quantity": 2}]
    paid = seen(whole | carried | {"total_price": "50.40"})
    assert len(paid["goods"]) == 3, "all of it comes to the total: what cost as much is no tip"
    free = {"total_shipping_price_set": {"shop_money": {"amount": "8.00"}}, "total_price": "47.00"}
    assert len(seen(whole | free)["goods"]) == 3, "carriage was free: what cost as much is no tip"
    empty = {"line_items": [one | {"tip_payment_gateway": None} for one in (LINE, mug)]}
    assert len(seen(ORDER | empty)["goods"]) == 2, "a field that is there and empty says nothing"


def test_what_was_shown_to_who_bought_in_another_currency_counts_for_nothing() -> None:
    other = {"presentment_money": {"amount": "999.00", "currency_code": "JPY"}}
    shown = ORDER | {"presentment_currency": "JPY", "total_price_set": other}
    assert seen(shown)["goods"] == seen(ORDER)["goods"]
    yen = ORDER | {"currency": "JPY", "total_price": "300", "taxes_included": True}
    yen |= {"line_items": [LINE | {"price": "150", "discount_allocations": [], "tax_lines": []}]}
    assert seen(yen)["goods"][0]["amount"] == "300"


def test_state_follows_payment_and_what_became_of_it() -> None:
    for status, more, state in (
        ("pending", {}, "unpaid"),
        ("authorized", {}, "unpaid"),
        ("voided", {"cancelled_at": "2026-03-02T10:00:00Z"}, "unpaid"),
        ("paid", {}, "paid"),
        ("partially_refunded", {}, "paid"),
        ("refunded", {}, "closed"),
        ("paid", {"cancelled_at": "2026-03-02T10:00:00Z"}, "closed"),
        ("partially_paid", {}, "unpaid"),
        ("partially_paid", {"cancelled_at": "2026-03-02T10:00:00Z"}, "closed"),
        ("paid", {"test": True}, "test"),
    ):
        assert seen(ORDER | {"financial_status": status} | more)["state"] == state


def test_a_refund_tells_its_pieces_and_one_without_any_its_money() -> None:
    back = {
        "id": 5, "created_at": "2026-03-03T09:00:00Z", "transactions": [],
        "refund_line_items": [{"line_item_id": 9, "quantity": 1, "subtotal": 9.25}] * 2,
    }  # fmt: skip
    paid = {"kind": "refund", "status": "success", "amount": "4.00"}
    failed = paid | {"status": "failure", "amount": "9.00"}
    money = {"id": 6, "order_adjustments": [{"amount": "-4.00"}], "transactions": [paid, failed]}
    told = seen(ORDER | {"refunds": [back, money]})
    (pieces,) = told["returns"]
    assert pieces["pieces"] == [{"line": 0, "quantity": 2}]
    assert [one["amount"] for one in told["money_back"]] == ["4.00"]
    # Who bought paid in their own currency, and so it is told what they were given back.
    total = {"shop_money": {"amount": "20.00"}, "presentment_money": {"amount": "25.00"}}
    in_theirs = money | {"transactions": [paid | {"amount": "5.00", "currency": "CHF"}]}
    told = seen(ORDER | {"currency": "EUR", "total_price_set": total, "refunds": [in_theirs]})
    assert [one["amount"] for one in told["money_back"]] == ["4.00"]
    with pytest.raises(Wrong) as wrong:
        seen(ORDER | {"currency": "EUR", "refunds": [in_theirs]})
    assert wrong.value.column == "refunds.0.transactions.0.amount"
    assert told["money_back"][0]["mail"] == "a@x.org"
    with pytest.raises(Wrong) as wrong:
        seen(ORDER | {"refunds": [back | {"refund_line_items": [{"line_item_id": 8}]}]})
    assert wrong.value.column == "refunds.0.refund_line_items.0.line_item_id"


def test_bodies_are_known_by_what_stands_in_them() -> None:
    assert shape_of(ORDER) == "order"
    assert shape_of({"id": 5, "order_id": 4, "refund_line_items": []}) == "refund"
    assert shape_of({"shop_id": 1, "shop_domain": "x"}) == "shop_redact"
    customer = {"shop_id": 1, "shop_domain": "x", "customer": {"id": 7}}
    assert shape_of(customer | {"orders_to_redact": []}) == "customer_redact"
    assert shape_of(customer | {"data_request": {"id": 1}}) == "data_request"
    assert shape_of({"id": 7, "email": "a@x.org", "verified_email": True}) == "customer"
    assert shape_of({"id": 7}) == "deleted"
    assert shape_of({"hello": 1}) == "other"


def test_the_essence_is_one_in_whichever_words_it_is_told() -> None:
    other = ORDER | {
        "total_price": "26.5", "processed_at": "2026-03-02T14:00:00Z", "note": "x",
        "updated_at": "2026-03-02T15:00:00Z", "test": False, "phone": "", "discount_codes": [],
    }  # fmt: skip
    assert essence(other) == essence(ORDER)
    assert essence(ORDER | {"total_price": "26.51"}) != essence(ORDER)
    odd = {"customer": 7, "line_items": 7, "refunds": [7], "total_price": [], "id": {}}
    assert essence(ORDER | odd) != essence(ORDER)


def test_ids_are_exact_and_the_shipped_mapping_fits() -> None:
    assert number(f"gid://shopify/Order/{(1 << 60) + 1}?x=1") == (1 << 60) + 1
    assert mapping_for(Shopify().mapping, "shopify").source == "shopify"
