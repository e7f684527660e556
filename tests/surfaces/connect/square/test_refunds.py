"""What is given back of an order takes back what it earned, in part or whole, and once."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from tests.surfaces.connect.square.till import Till, earning, paying

from regulars.engine.rewarding.counter.refunding import Back, brought_back
from regulars.records.tills.bills.types import BillBody, Sold

CAFE = BillBody((Sold("cup", 2, 300), Sold("cake", 1, 500)))


@pytest.mark.parametrize(
    ("refunds", "back"),
    [
        ([1_100], [Back(True, ())]),
        ([300], [Back(False, ((0, 1),))]),
        ([600, 500], [Back(False, ((0, 2),)), Back(True, ())]),
        ([800], [Back(False, ((0, 1), (1, 1)))]),
        ([100, 1_000], [Back(False, ()), Back(True, ())]),
        ([300, 300, 300], [Back(False, ((0, 1),)), Back(False, ((0, 1),)), Back(False, ())]),
        ([300, 800, 0], [Back(False, ((0, 1),)), Back(True, ()), Back(True, ())]),
    ],
)
def test_a_refund_brings_back_the_pieces_it_is_the_price_of(
    refunds: list[int], back: list[Back]
) -> None:
    assert brought_back(CAFE, 0, refunds) == back


def test_pieces_of_a_line_come_to_what_was_paid_for_it() -> None:
    thirds = BillBody((Sold("third", 3, 100),))
    found = brought_back(thirds, 100, [66, 67])  # 200 for three: 66, 67 and 67
    assert found == [Back(False, ((0, 1),)), Back(False, ((0, 1),))]
    assert brought_back(thirds, 300, [1]) == [Back(True, ())]  # it was free


@pytest.mark.parametrize(
    ("refunds", "back"),
    [
        ([334], [Back(False, ((0, 1),))]),
        ([334, 333, 333], [Back(False, ((0, 1),)), Back(False, ((0, 1),)), Back(True, ())]),
        ([333, 334, 333], [Back(False, ((0, 1),)), Back(False, ((0, 1),)), Back(True, ())]),
        ([667], [Back(False, ((0, 2),))]),
        ([666], [Back(False, ((0, 2),))]),
        ([332], [Back(False, ())]),
        ([335], [Back(False, ())]),
        ([668], [Back(False, ())]),
    ],
)
def test_a_piece_comes_back_whichever_way_the_till_rounded_it(
    refunds: list[int], back: list[Back]
) -> None:
    three_for_ten = BillBody((Sold("bar", 3, 400),))
    assert brought_back(three_for_ten, 200, refunds) == back


def test_pieces_of_several_lines_come_back_whichever_way_they_were_rounded() -> None:
    """Each line's part of what was taken off is rounded by tills in their own way, too."""
    lines = BillBody((Sold("bar", 3, 400), Sold("tea", 3, 250), Sold("cake", 1, 700)))
    # 200 of 2,650 are off: a bar is 369.81, a tea 231.13, the cake 647.17
    for amount, pieces in (
        (369, ((0, 1),)), (370, ((0, 1),)), (647, ((2, 1),)), (648, ((2, 1),)),
        (602, ((0, 1), (1, 1))), (1_017, ((0, 1), (2, 1))), (200, ()),
    ):  # fmt: skip
        assert brought_back(lines, 200, [amount]) == [Back(False, pieces)]


@pytest.mark.parametrize("refund", [1, 2])
def test_a_heap_of_pieces_for_a_cent_is_looked_through_at_once(refund: int) -> None:
    heap = BillBody((Sold("grain", 10**12, 1), Sold("cake", 1, 500)))
    began = perf_counter()
    brought_back(heap, 10**12 - 1, [refund])
    assert perf_counter() - began < 1


def refunded(till: Till, payment: str, cents: int, **more: Any) -> Any:
    back = {"payment_id": payment, "amount_money": {"amount": cents, "currency": "USD"}, **more}
    return till.good("POST", "/refunds", back)["refund"]


def bought(till: Till, account: str) -> tuple[str, str]:
    """An order of three things for 50 dollars each, paid and credited; and its payment."""
    line = {"quantity": "3", "base_price_money": {"amount": 5_000, "currency": "USD"}}
    made = {"order": {"location_id": "main", "customer_id": account, "line_items": [line]}}
    order = till.good("POST", "/orders", made)["order"]["id"]
    payment = till.good("POST", "/payments", paying(order, 15_000))["payment"]["id"]
    till.good("POST", *earning(account, order))
    return order, payment


def test_a_part_and_then_the_rest_of_an_order_are_given_back(till: Till) -> None:
    account = till.joined("+12125550150")
    order, payment = bought(till, account)
    assert till.account(account)["balance"] == 15
    part = refunded(till, payment, 5_000, reason="Too cold")
    assert (part["status"], part["order_id"], part["destination_type"]) == (
        "COMPLETED", order, "EXTERNAL",
    )  # fmt: skip
    assert till.account(account)["balance"] == 10
    assert till.good("GET", f"/refunds/{part['id']}")["refund"] == part
    refunded(till, payment, 10_000)
    assert till.account(account)["balance"] == 0
    shown = till.good("GET", f"/orders/{order}")["order"]
    assert [one["amount_money"]["amount"] for one in shown["refunds"]] == [5_000, 10_000]
    more = {"payment_id": payment, "amount_money": {"amount": 1, "currency": "USD"}}
    assert till.bad("/refunds", more)[:2] == (400, "BAD_REQUEST")
    told = till.events(loyalty_account_filter={"loyalty_account_id": account})
    assert sum(next(iter(_parts(one)), {}).get("points", 0) for one in told) == 0


def _parts(event: Any) -> list[Any]:
    return [part for part in event.values() if isinstance(part, dict)]


def test_a_refund_asked_for_again_is_told_and_booked_once(till: Till) -> None:
    account = till.joined("+12125550151")
    _, payment = bought(till, account)
    first = refunded(till, payment, 5_000, idempotency_key="back")
    assert refunded(till, payment, 5_000, idempotency_key="back") == first
    assert till.account(account)["balance"] == 10
    other = {"payment_id": payment, "amount_money": {"amount": 1, "currency": "USD"},
             "idempotency_key": "back"}  # fmt: skip
    assert till.bad("/refunds", other)[1] == "IDEMPOTENCY_KEY_REUSED"


def test_what_is_no_price_of_pieces_is_noted_and_booked_with_the_rest(till: Till) -> None:
    account = till.joined("+12125550152")
    _, payment = bought(till, account)
    refunded(till, payment, 1)
    assert till.account(account)["balance"] == 15
    refunded(till, payment, 14_999)
    assert till.account(account)["balance"] == 0


def test_three_for_ten_come_back_piece_by_piece_at_a_till_that_rounds_up_first(till: Till) -> None:
    account = till.joined("+12125550154")
    line = {"quantity": "3", "base_price_money": {"amount": 4_000, "currency": "USD"}}
    off = [{"uid": "off", "name": "Three for 100", "type": "FIXED_AMOUNT", "scope": "ORDER",
            "amount_money": {"amount": 2_000, "currency": "USD"}}]  # fmt: skip
    made = {"order": {"location_id": "main", "customer_id": account, "line_items": [line],
                      "discounts": off}}  # fmt: skip
    order = till.good("POST", "/orders", made)["order"]["id"]
    payment = till.good("POST", "/payments", paying(order, 10_000))["payment"]["id"]
    till.good("POST", *earning(account, order))
    balances = [till.account(account)["balance"]]
    for cents in (3_334, 3_333, 3_333):
        refunded(till, payment, cents)
        balances.append(till.account(account)["balance"])
    assert balances == [10, 6, 3, 0]


def test_an_order_that_was_given_back_before_earns_what_is_left(till: Till) -> None:
    account = till.joined("+12125550153")
    order = till.ordered(10_000, customer_id=account)
    payment = till.good("POST", "/payments", paying(order, 10_000))["payment"]["id"]
    refunded(till, payment, 10_000)
    assert till.bad(*earning(account, order)) == (400, "BAD_REQUEST", "accumulate_points.order_id")


def test_refunds_are_listed_page_by_page_and_wrong_ones_say_where(till: Till) -> None:
    payment = till.good("POST", "/payments", paying(till.ordered(900), 900))["payment"]["id"]
    made = [refunded(till, payment, cents)["id"] for cents in (100, 200, 300)]
    for order, first in (("DESC", made[::-1]), ("ASC", made)):
        found, cursor = list[str](), ""
        while True:
            at = f"/refunds?limit=1&sort_order={order}" + (f"&cursor={cursor}" if cursor else "")
            page = till.good("GET", at)
            found += [one["id"] for one in page.get("refunds", ()) if one["id"] in made]
            cursor = page.get("cursor", "")
            if not cursor:
                break
        assert found == first
    newest = till.good("GET", "/payments?limit=1&location_id=main")
    (one,) = newest["payments"]
    assert (one["id"], one["status"]) == (payment, "COMPLETED")
    assert till.good("GET", f"/payments/{payment}")["payment"] == one
    (before,) = till.good("GET", f"/payments?limit=1&cursor={newest['cursor']}")["payments"]
    assert before["id"] < payment
    assert till.good("GET", "/payments?end_time=2020-01-01T00:00:00Z") == {}
    assert till.ask("GET", "/payments/pay_none").status_code == 404
    money = {"amount": 1, "currency": "USD"}
    assert till.bad("/refunds", {"payment_id": "pay_none", "amount_money": money}) == (
        400, "NOT_FOUND", "payment_id",
    )  # fmt: skip
    free = {"payment_id": payment, "amount_money": {"amount": 0, "currency": "USD"}}
    assert till.bad("/refunds", free)[1] == "VALUE_TOO_LOW"
    euros = {"payment_id": payment, "amount_money": {"amount": 1, "currency": "EUR"}}
    assert till.bad("/refunds", euros)[1] == "CURRENCY_MISMATCH"
    assert till.ask("GET", "/refunds/rfd_none").status_code == 404
