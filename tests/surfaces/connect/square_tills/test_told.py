"""What an order of Square tells: without an account or a database."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.square.selling.events import asks_about, changed_at
from regulars.surfaces.connect.square.selling.kind import Square
from regulars.surfaces.connect.square.selling.orders import seen


def money(minor: int, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": minor, "currency": currency}


def line(minor: int, quantity: str = "1", **more: Any) -> dict[str, Any]:
    return {"uid": f"u{minor}", "quantity": quantity, "total_money": money(minor)} | more


def told(root: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    order = {
        "id": "O1", "state": "COMPLETED", "closed_at": "2026-03-02T09:00:00Z",
        "line_items": [line(1000)], "total_money": money(1000),
    } | more  # fmt: skip
    return seen({"object": "order", "order": order, **(root or {})})


def test_lines_service_and_tips_come_to_the_total() -> None:
    off = line(900, total_discount_money=money(100), total_tax_money=money(144))
    found = told(line_items=[off, line(500)], total_money=money(1720), total_tip_money=money(200))
    first = found["goods"][0]
    assert (first["amount"], first["discount"], first["tax"]) == (1000, 100, 144)
    assert (found["tips"], found["service"], found["less"]) == (200, 120, 0)
    rounded = told(total_money=money(998))  # cash is rounded to the nearest five
    assert (rounded["service"], rounded["less"]) == (0, 2)


def test_an_exchange_sells_and_gives_back_in_one_order() -> None:
    sale = {"id": "O0", "total_money": money(700), "line_items": [{"uid": "a", "quantity": "1"}]}
    back = {"source_order_id": "O0", "return_line_items": [
        {"uid": "r", "source_line_item_uid": "a", "quantity": "1", "total_money": money(700)},
    ]}  # fmt: skip
    found = told(
        {"sales": [sale]}, returns=[back], total_money=money(300),
        net_amounts={"total_money": money(300)}, return_amounts={"total_money": money(700)},
    )  # fmt: skip
    assert (found["state"], found["service"], found["less"]) == ("paid", 0, 0)
    (given,) = found["returns"]
    assert (given["sale"], given["pieces"]) == ("O0", [{"line": 0, "quantity": 1}])
    assert found["money_back"] == []


def test_amounts_are_in_the_smallest_unit_of_their_currency() -> None:
    yen = told(line_items=[line(1250)], total_money=money(1250, "JPY"))
    assert (yen["currency"], yen["goods"][0]["amount"]) == ("JPY", 1250)


def test_gift_cards_are_marked_as_goods_and_as_payment() -> None:
    card = line(1000, item_type="GIFT_CARD")
    tender = {"id": "P", "type": "SQUARE_GIFT_CARD", "amount_money": money(400)}
    found = told(line_items=[card], tenders=[tender | {"created_at": "2026-03-02T08:00:00Z"}])
    assert (found["goods"][0]["category"], found["stored"]) == ("gift-card", [{"amount": 400}])
    assert found["paid_at"] == "2026-03-02T08:00:00Z"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"total_money": money("9")}, "order.total_money.amount"),  # type: ignore[arg-type]
        ({"total_money": {"amount": 9.5}}, "order.total_money.amount"),
        ({"total_money": {"amount": True}}, "order.total_money.amount"),
        ({"total_money": money(1 << 60)}, "order.total_money.amount"),
        ({"line_items": [line(5, "two")]}, "order.line_items.0.quantity"),
        ({"line_items": [line(5, "-1")]}, "order.line_items.0.quantity"),
        ({"line_items": [line(5, "NaN")]}, "order.line_items.0.quantity"),
        ({"line_items": {}, "state": "OPEN"}, "order.line_items"),
        ({"line_items": [7]}, "order.line_items.0"),
        ({"tenders": "x"}, "tenders"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(Wrong) as found:
        told(**wrong)
    assert found.value.column == place


def test_a_line_that_is_not_there_is_said_with_its_place() -> None:
    sale = {"id": "O0", "total_money": money(7), "line_items": [{"uid": "a", "quantity": "1"}]}
    row = {"source_line_item_uid": "b", "quantity": "1"}
    back = {"source_order_id": "O0", "return_line_items": [row]}
    with pytest.raises(Wrong) as found:
        told({"sales": [sale]}, returns=[back])
    assert found.value.column.endswith("return_line_items.0.source_line_item_uid")


def test_versions_of_one_moment_follow_each_other() -> None:
    at = {"updated_at": "2026-03-02T09:00:00.120Z"}
    times = [changed_at(at | {"version": number}) for number in (2, 3, 5_000)]
    assert times == sorted(times, key=str)
    assert len(set(times)) == 3
    rung_up, later = changed_at(at), changed_at({"updated_at": "2026-03-02T09:00:00.121Z"})
    assert rung_up is not None
    assert later is not None
    assert times[-1] is not None
    assert rung_up < times[-1] < later
    assert changed_at({"updated_at": "yesterday"}) is None


def test_an_event_hints_at_one_order_and_a_customer_says_all_by_itself() -> None:
    def hint(type_: str, **found: Any) -> str | None:
        return asks_about({"type": type_, "data": {"object": found}})

    assert hint("order.fulfillment.updated", order_fulfillment_updated={"order_id": "O"}) == "O"
    assert hint("payment.updated", payment={"id": "P", "order_id": "O"}) == "O"
    assert hint("refund.updated", refund={"id": "R", "order_id": "B"}) == "B"
    assert hint("invoice.payment_made", invoice={"order_id": "O"}) == ""
    assert hint("customer.updated", customer={"id": "C"}) is None
    found = seen({"type": "customer.updated", "data": {"object": {"customer": {
        "id": "C", "email_address": "a@x.org", "phone_number": "+491", "reference_id": "44",
    }}}})  # fmt: skip
    assert [found[name] for name in ("type", "email", "phone", "reference")] == [
        "customer", "a@x.org", "+491", "44",
    ]  # fmt: skip


def test_the_mapping_that_is_shipped_fits() -> None:
    assert mapping_for(Square().mapping, "square").source == "square"
