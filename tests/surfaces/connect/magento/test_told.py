"""What an order of Magento tells: without a shop or a database."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.mapping import MappingFault
from regulars.surfaces.connect.magento.api.refusals import Message, message_of
from regulars.surfaces.connect.magento.events import asks_about
from regulars.surfaces.connect.magento.kind import Magento
from regulars.surfaces.connect.magento.orders import seen
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.senders.outgoing.client import Answer


def item(number: int, row: str, **more: Any) -> dict[str, Any]:
    told = {"item_id": number, "sku": f"s{number}", "qty_ordered": "2.0000"}
    return told | {"base_row_total": row} | more


def told(root: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    order = {
        "entity_id": 5, "state": "processing", "base_currency_code": "EUR",
        "created_at": "2026-03-02 09:00:00", "updated_at": "2026-03-02 10:00:00",
        "base_grand_total": "24.400000", "base_total_paid": "24.400000",
        "items": [item(1, "20.000000", base_tax_amount="4.400000")],
    } | more  # fmt: skip
    return seen({"asked_for": 1, "object": "order", "order": order, **(root or {})})


def test_amounts_are_read_to_the_cent_however_many_decimals_they_have() -> None:
    (line,) = told()["goods"]
    assert (line["amount"], line["tax"], line["quantity"]) == (2440, 440, 2)
    found = told(
        items=[item(1, "10.9950"), item(2, "0.1000000000000000055")], base_grand_total=11.1
    )
    assert [one["amount"] for one in found["goods"]] == [1100, 10]
    assert (found["shipping"], found["less"]) == (0, 0)
    yen = told(base_currency_code="JPY", items=[item(1, "1250.0000")], base_grand_total="1250")
    assert yen["goods"][0]["amount"] == 1250


def test_a_discount_on_prices_with_tax_comes_to_what_was_paid() -> None:
    # 100.00 with 20 % tax, 10.00 off: 90.00, of which 15.00 are tax.
    one = item(
        1, "83.3300", base_discount_amount="10.0000", base_tax_amount="15.0000",
        base_discount_tax_compensation_amount="1.6700",
    )  # fmt: skip
    found = told(items=[one], base_grand_total="95.0000", base_total_paid="95.0000")
    (line,) = found["goods"]
    assert (line["amount"], line["discount"], line["tax"]) == (10_000, 1000, 1500)
    assert (found["shipping"], found["less"]) == (500, 0)


def test_what_a_product_is_made_of_is_no_line_of_its_own() -> None:
    whole = item(1, "30.00", product_type="bundle")
    parts = [item(2, "10.00", parent_item_id=1, base_discount_amount="1.00")]
    parts += [item(3, "20.00", parent_item_id=1, base_tax_amount="2.90")]
    found = told(items=[whole, *parts, item(4, "5.00")], base_grand_total="36.90")
    assert [(one["sku"], one["amount"], one["discount"]) for one in found["goods"]] == [
        ("s1", 3290, 100), ("s4", 500, 0),
    ]  # fmt: skip
    memo = {"entity_id": 9, "created_at": "2026-03-03 09:00:00", "items": [
        {"order_item_id": 1, "qty": 1}, {"order_item_id": 2, "qty": 1},
        {"order_item_id": 4, "qty": 2},
    ]}  # fmt: skip
    back = told({"memos": [memo]}, items=[whole, *parts, item(4, "5.00")])["returns"]
    assert back[0]["pieces"] == [{"line": 0, "quantity": 1}, {"line": 1, "quantity": 2}]


def test_gift_cards_and_store_credit_are_payment_and_no_discount() -> None:
    found = told(
        base_grand_total="10.00", base_total_paid="10.00", base_gift_cards_amount="4.40",
        base_customer_balance_amount="10.00",
    )  # fmt: skip
    assert (found["stored"], found["less"]) == ([{"amount": 1440}], 0)
    card = told(items=[item(1, "24.40", product_type="giftcard")])
    assert card["goods"][0]["category"] == "gift-card"


@pytest.mark.parametrize(
    ("order", "state"),
    [
        ({}, "paid"),
        ({"base_total_paid": "10.00"}, "unpaid"),
        ({"base_total_paid": None, "state": "new"}, "unpaid"),
        ({"base_total_paid": "24.4000", "state": "payment_review"}, "unpaid"),
        ({"base_total_paid": None, "state": "canceled"}, "unpaid"),
        ({"base_total_refunded": "24.4000", "state": "closed"}, "closed"),
        ({"base_total_refunded": "10.0000"}, "paid"),
        ({"base_grand_total": 0, "base_total_paid": None}, "paid"),
        ({"base_grand_total": 0, "base_total_paid": None, "state": "new"}, "unpaid"),
        ({"base_total_paid": "10.00", "state": "complete"}, "paid"),
        ({"base_total_paid": "9", "base_total_refunded": "9", "state": "closed"}, "closed"),
    ],
)
def test_an_order_is_paid_once_all_of_it_is(order: dict[str, Any], state: str) -> None:
    assert told(**order)["state"] == state


def test_what_was_cancelled_before_it_was_paid_for_comes_back() -> None:
    gone = item(1, "20.00", qty_canceled="1.0000")
    found = told(items=[gone], state="complete", base_total_paid="10.00")
    assert found["returns"][0]["pieces"] == [{"line": 0, "quantity": 1}]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"base_grand_total": "ten"}, "order.base_grand_total"),
        ({"base_grand_total": True}, "order.base_grand_total"),
        ({"base_grand_total": "1e99"}, "order.base_grand_total"),
        ({"items": {}}, "order.items"),
        ({"items": [7]}, "order.items.0"),
        ({"items": [item(1, "NaN")]}, "order.items.0.base_row_total"),
        ({"items": [item(1, "1", qty_ordered="-1")]}, "order.items.0.qty_ordered"),
        ({"created_at": "yesterday"}, "order.created_at"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(Wrong) as found:
        told(**wrong)
    assert found.value.column == place


def test_a_hint_is_found_wherever_it_stands() -> None:
    assert asks_about({"data": {"order": {"entity_id": "5", "status": "x"}}}) == "order:5"
    assert asks_about({"creditmemo": {"order_id": 7, "entity_id": 9}}) == "order:7"
    io = {"event": {"data": {"value": {"increment_id": "000000012"}}}}
    assert asks_about(io) == "number:000000012"
    cloud = {"type": "com.adobe.commerce.x", "data": {"value": {"id": 3, "email": "a@x.org"}}}
    assert asks_about(cloud) == "customer:3"
    assert asks_about({"product": {"sku": "x"}}) == ""
    assert asks_about({"asked_for": 1, "object": "order"}) is None


def test_the_mapping_that_is_shipped_fits_and_carts_are_no_other_shops() -> None:
    text = Magento().mapping
    assert mapping_for(text, "magento").source == "magento"
    cart = text.replace("# cart: {rewards: [five-off]}", "cart: {rewards: [five-off]}")
    found = mapping_for(cart, "magento").cart
    assert found is not None
    assert found.rewards == ("five-off",)
    with pytest.raises(MappingFault) as fault:
        mapping_for(cart, "shopify")
    assert "only a source of the kind magento" in str(fault.value.problems[0])


def test_a_refusal_as_deep_as_a_well_says_nothing() -> None:
    assert message_of(Answer(401, {}, b'{"message":' + b"[" * 100_000)) == Message("", "")
