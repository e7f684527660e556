"""From an order as GraphQL answers it to the same order as the shop's webhook tells it."""

from __future__ import annotations

from typing import Any

from regulars.surfaces.connect.shopify.picking import entries


def as_webhook(order: dict[str, Any]) -> dict[str, Any]:
    """The order in the words of a webhook, as far as it counts.

    Keeps: ids are whole numbers there, and the end of a path here; neither goes through a float.
    """
    return {
        "id": number(order["id"]),
        "currency": order["currencyCode"],
        "email": order["email"],
        "phone": order["phone"],
        "source_name": order["sourceName"],
        "test": order["test"],
        "taxes_included": order["taxesIncluded"],
        "processed_at": order["processedAt"],
        "created_at": order["createdAt"],
        "updated_at": order["updatedAt"],
        "cancelled_at": order["cancelledAt"],
        "financial_status": (order["displayFinancialStatus"] or "pending").lower(),
        "total_price": _money(order["totalPriceSet"]),
        "total_shipping_price_set": {
            "shop_money": {"amount": _money(order["totalShippingPriceSet"])}
        },
        "total_tip_received": _money(order["totalTipReceivedSet"]),
        "customer": _customer(order["customer"]),
        "discount_codes": [{"code": code} for code in order["discountCodes"]],
        "line_items": [_line(one) for _, one in entries(order["lineItems"]["nodes"], "")],
        "refunds": [_refund(one) for _, one in entries(order["refunds"], "")],
    }


def number(gid: str) -> int:
    """Example: 450789469 of `gid://shopify/Order/450789469`, with or without a question behind."""
    return int(gid.partition("?")[0].rpartition("/")[2])


def _money(found: dict[str, Any] | None) -> str:
    return "0" if found is None else str(found["shopMoney"]["amount"])


def _customer(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    mail, phone = found["defaultEmailAddress"], found["defaultPhoneNumber"]
    return {
        "id": number(found["id"]),
        "email": mail["emailAddress"] if mail else None,
        "phone": phone["phoneNumber"] if phone else None,
    }


def _line(one: dict[str, Any]) -> dict[str, Any]:
    product = one.get("product")
    return {
        "id": number(one["id"]),
        "product_id": number(product["id"]) if product else None,
        "sku": one["sku"],
        "name": one["name"],
        "quantity": one["quantity"],
        "gift_card": one["isGiftCard"],
        "price": _money(one["originalUnitPriceSet"]),
        "discount_allocations": [
            {"amount": _money(part["allocatedAmountSet"])} for part in one["discountAllocations"]
        ],
        "tax_lines": [{"price": _money(part["priceSet"])} for part in one["taxLines"]],
    }


def _refund(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number(one["id"]),
        "created_at": one["createdAt"],
        "refund_line_items": [
            {"line_item_id": number(part["lineItem"]["id"]), "quantity": part["quantity"]}
            for part in one["refundLineItems"]["nodes"]
        ],
        "transactions": [
            {
                "kind": part["kind"].lower(),
                "status": part["status"].lower(),
                "amount": _money(part["amountSet"]),
            }
            for part in one["transactions"]["nodes"]
        ],
    }
