"""What an order tells, and how keys are kept: without a shop or a database."""

from __future__ import annotations

from uuid import UUID

import pytest

from regulars.base.keyed import key_from
from regulars.surfaces.connect.catching.keys import NotOpened, ShopKeys, opened, sealed
from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.vendors import VENDORS
from regulars.surfaces.connect.woocommerce.orders import seen

PAID = {
    "id": 1 << 60, "status": "processing", "line_items": [], "total": "30.00", "customer_id": 0,
    "shipping_total": "4.20", "shipping_tax": "0.80", "currency": "EUR",
    "date_paid_gmt": "2026-03-02T09:00:00", "date_modified_gmt": "2026-03-02T10:00:00",
    "refunds": [{"id": 5, "total": "-10.00"}, {"id": 6, "total": "-0.05"}],
}  # fmt: skip


def test_shipping_is_told_with_its_tax_and_a_guest_is_nobody() -> None:
    told = seen(dict(PAID))
    assert (told["shipping_paid"], told["customer"], told["state"]) == ("5.00", "", "paid")
    assert told["paid_at"] == "2026-03-02T09:00:00Z"
    pieces = [(one["id"], one["pieces"][0]["quantity"]) for one in told["returns"]]
    assert pieces == [(5, 1000), (6, 5)]


def test_yen_have_no_cents_and_what_is_closed_tells_no_single_refund() -> None:
    yen = PAID | {"currency": "JPY", "refunds": [{"id": 5, "total": "-400"}]}
    assert seen(yen)["returns"][0]["pieces"] == [{"line": 0, "quantity": 400}]
    with pytest.raises(Wrong) as wrong:
        seen(yen | {"refunds": [{"id": 5, "total": "-4.50"}]})
    assert wrong.value.column == "refunds.0.total"
    closed = seen(PAID | {"status": "refunded"})
    assert (closed["state"], closed["returns"]) == ("closed", [])
    assert seen(PAID | {"date_paid_gmt": None, "status": "cancelled"})["state"] == "unpaid"


def test_a_payment_that_bounced_closes_its_order_and_one_that_is_doubted_begins_none() -> None:
    states = {
        status: seen(PAID | {"status": status})["state"]
        for status in ("processing", "completed", "failed", "on-hold", "pending", "packed-by-us")
    }
    assert states == {
        "processing": "paid", "completed": "paid", "failed": "closed", "on-hold": "unpaid",
        "pending": "unpaid", "packed-by-us": "paid",
    }  # fmt: skip
    assert seen(PAID | {"date_paid_gmt": None, "status": "failed"})["state"] == "unpaid"


@pytest.mark.parametrize("total", ["ten", "NaN", "1e99", "Infinity", [], True])
def test_what_is_no_amount_is_said_with_its_place(total: object) -> None:
    with pytest.raises(Wrong) as wrong:
        seen(PAID | {"refunds": [{"id": 5, "total": total}]})
    assert wrong.value.column == "refunds.0.total"


def test_keys_are_opened_only_where_they_were_put() -> None:
    keyed, other = key_from(b"x" * 32, "a"), key_from(b"y" * 32, "a")
    place, keys = (7, UUID(int=1)), ShopKeys("ck_1", "cs_secret")
    kept = sealed(keyed, place, keys, b"n" * 12)
    assert b"cs_secret" not in kept
    assert opened(keyed, place, kept) == keys
    assert "cs_secret" not in repr(keys)
    for wrong in ((other, place), (keyed, (8, UUID(int=1))), (keyed, (7, UUID(int=2)))):
        with pytest.raises(NotOpened):
            opened(*wrong, kept)


def test_a_mapping_that_is_shipped_fits_and_each_of_several_has_a_receipt() -> None:
    for kind, vendor in VENDORS.items():
        assert mapping_for(vendor.mapping, kind).source == kind
    text = VENDORS["woocommerce"].mapping
    with pytest.raises(MappingFault) as fault:
        read_mapping(text.replace("        external_id: {column: id, prefix: refund-}\n", ""))
    assert "each of several has a receipt of its own" in str(fault.value.problems[0])
