"""What an order of WooCommerce tells: when it was paid, how much of it came back.

Each webhook has the whole order as it is then, with all refunds so far; so whatever came before it
is told once more by the one that comes after.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from regulars.base.money import decimals
from regulars.surfaces.connect.moving.wrong import Wrong

ORDER: Final = "order"
CLOSED: Final = ("cancelled", "refunded")
"""All that is left of such an order is taken back; it is not asked by which refund."""


def shape_of(found: dict[str, Any]) -> str:
    """What a body is, by what stands in it: no signature covers the header that says it."""
    if "line_items" in found and "status" in found:
        return ORDER
    if "is_paying_customer" in found:
        return "customer"
    if set(found) - {"_links"} == {"id"}:
        return "deleted"
    return "other"


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the order as it came, and beside it what is worked out of it.

    `type`: what it is. `state`: unpaid, paid, or closed. `paid_at`. `customer`: empty for a guest,
    who is customer 0 there. `shipping_paid`: with its tax. `returns`: a refund each, with `order`,
    `at` and `pieces`, minor units of a sale that is told as one amount.
    Raises: Wrong with the place that is no amount.
    Example: an order of 30.00 with refunds of 10.00 and 5.00 tells both while it is `processing`,
    and once it is `refunded` neither of them, but that nothing is left of it.
    """
    shape = shape_of(root)
    if shape != ORDER:
        return {**root, "type": shape}
    paid_at = moment(root, "date_paid") or moment(root, "date_completed")
    closed = root.get("status") in CLOSED and _amount(root, "total", "total") != 0
    state = "unpaid" if not paid_at else "closed" if closed else "paid"
    shipping = _amount(root, "shipping_total", "shipping_total")
    shipping += _amount(root, "shipping_tax", "shipping_tax")
    return {
        **root,
        "type": ORDER,
        "state": state,
        "paid_at": paid_at,
        "modified_at": moment(root, "date_modified"),
        "customer": str(root.get("customer_id") or ""),
        "shipping_paid": str(shipping),
        "returns": _returns(root) if state == "paid" else [],
    }


def moment(root: dict[str, Any], name: str) -> str:
    """An instant as the shop tells it in UTC, which it writes without saying so; or nothing."""
    found = root.get(f"{name}_gmt")
    return f"{found}Z" if isinstance(found, str) and found else ""


def changed_at(root: dict[str, Any]) -> datetime | None:
    """When it became as it is told, by the shop's clock; nothing where that is not said well."""
    try:
        return datetime.fromisoformat(moment(root, "date_modified"))
    except ValueError:
        return None


def _returns(root: dict[str, Any]) -> list[dict[str, Any]]:
    currency = root.get("currency")
    scale = 10 ** decimals(currency if isinstance(currency, str) else "")
    found = []
    refunds = root.get("refunds")
    for place, one in enumerate(refunds if isinstance(refunds, list) else ()):
        at = f"refunds.{place}"
        if not isinstance(one, dict):
            raise Wrong(at, "this is no refund", "See what is sent here")
        minor = abs(_amount(one, "total", f"{at}.total")) * scale
        if minor != int(minor):
            raise Wrong(
                f"{at}.total", "this has more decimals than its currency", "See what is sent here"
            )
        if minor:
            pieces = [{"line": 0, "quantity": int(minor)}]
            told_at = moment(root, "date_modified")
            found.append(
                {"id": one.get("id"), "order": root.get("id"), "at": told_at, "pieces": pieces}
            )
    return found


def _amount(one: dict[str, Any], name: str, place: str) -> Decimal:
    """An amount, which is told as a text; nothing where nothing stands."""
    said = one.get(name)
    if said is None or said == "":
        return Decimal(0)
    try:
        found = Decimal(str(said))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) > Decimal(10**15):
        raise Wrong(place, f"{str(said)[:60]!r} is no amount", "See what is sent here")
    return found
