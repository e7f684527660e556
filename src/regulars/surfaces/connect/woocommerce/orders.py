"""What an order of WooCommerce tells: its lines, when it was paid, which pieces came back.

Each webhook has the whole order as it is then, with the sum of each refund so far; so whatever came
before it is told once more by the one that comes after. Which pieces a refund gave back is asked
for (`looking.py`).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from regulars.base.money import decimals
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.woocommerce.goods import SEE, Goods, amount

ORDER: Final = "order"
CUSTOMER: Final = "customer"
CLOSED: Final = ("cancelled", "refunded", "failed")
"""All that is left of such an order is taken back; one fails after it was paid where its payment
bounced, and the shop goes on saying when it was paid."""
WAITS: Final = ("pending", "on-hold")
"""Nobody knows yet what becomes of such an order, even if it was paid once: no sale begins by it,
and one that was booked stays."""
TOLD: Final = "refunds_told"
"""The mark of an order whose refunds were asked for, with what they say; no shop sends it."""
BY_PIECES: Final = "pieces_back"
"""What a mapping reads that knows which pieces came back."""
_OF_GOODS: Final = ("goods", "delivery", "less", "stored", BY_PIECES, "money_back")
"""What is worked out of the goods of an order."""


def shape_of(found: dict[str, Any]) -> str:
    """What a body is, by what stands in it: no signature covers the header that says it."""
    if "line_items" in found and "status" in found:
        return ORDER
    if "is_paying_customer" in found:
        return CUSTOMER
    if set(found) - {"_links"} == {"id"}:
        return "deleted"
    return "other"


def asks_about(root: dict[str, Any]) -> str | None:
    """The number of an order of which money came back and nobody asked yet for which pieces;
    nothing of all that says enough by itself."""
    number = root.get("id")
    if shape_of(root) != ORDER or TOLD in root or not root.get("refunds"):
        return None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else None


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the order as it came, and beside it what is worked out of it.

    `type`: what it is. `state`: unpaid, paid, or closed. `paid_at`. `customer`: empty for a guest,
    who is customer 0 there. `goods`: its lines with `amount` before their `discount`, and the `tax`
    that is contained. `delivery`, `less`: so that all of it comes to what was paid. `stored`: what
    gift cards paid. `pieces_back`: pieces that came back, by refund. `money_back`: what was given
    back for no piece. Amounts of these are in minor units. `confirmed`, of a customer: an order of
    theirs was paid, and its bill has the address they sign in by.
    Of a mapping that tells a sale as one amount: `shipping_paid` with its tax, and `returns`, a
    refund each with `order`, `at` and `pieces`, which are minor units of that one amount.
    Raises: Wrong with the place that is no amount.
    Example: an order of 30.00 with refunds of 10.00 and 5.00 tells both while it is `processing`,
    and once it is `refunded` also that nothing is left of it.
    """
    return _seen(root, by_goods=True)


def seen_by(root: dict[str, Any], mapping: str) -> dict[str, Any]:
    """The same, without what is worked out of its goods where this mapping names nothing of it."""
    return _seen(root, by_goods=_reads_goods(mapping))


@lru_cache(maxsize=128)
def _reads_goods(mapping: str) -> bool:
    """Whether anything of a mapping may be worked out of the goods of an order; rather too often,
    as these are words that may stand in it anywhere."""
    return any(name in mapping for name in _OF_GOODS)


def _seen(root: dict[str, Any], *, by_goods: bool) -> dict[str, Any]:
    shape = shape_of(root)
    if shape == CUSTOMER:
        return {**root, "type": shape, "confirmed": is_confirmed(root)}
    if shape != ORDER:
        return {**root, "type": shape}
    paid_at = moment(root, "date_paid") or moment(root, "date_completed")
    state = _state(root) if paid_at else "unpaid"
    shipping = amount(root, "shipping_total")
    shipping += amount(root, "shipping_tax")
    of_goods, back = _of_goods(root, state) if by_goods or TOLD in root else ({}, [])
    return {
        **root,
        "type": ORDER,
        "state": state,
        "paid_at": paid_at,
        "modified_at": moment(root, "date_modified"),
        "closed_at": _closed_at(root, back),
        "customer": str(root.get("customer_id") or ""),
        "shipping_paid": str(shipping),
        "returns": _returns(root) if state == "paid" else [],
        **of_goods,
    }


def _of_goods(root: dict[str, Any], state: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is worked out of the goods, by the names of `_OF_GOODS`, and what came back of them."""
    goods = Goods(root)
    back = [{**one, "order": root.get("id")} for one in goods.backs(root.get(TOLD))]
    back = back if state != "unpaid" else []
    return {
        "goods": goods.lines,
        "delivery": max(goods.rest, 0),
        "less": max(-goods.rest, 0),
        "stored": [{"amount": goods.stored}] if goods.stored else [],
        BY_PIECES: [one for one in back if one["pieces"]],
        "money_back": _money_back(root, goods, back) if state == "paid" else [],
    }, back


def _state(root: dict[str, Any]) -> str:
    """Of an order that was paid: whether it is so still."""
    status = root.get("status")
    if status in WAITS:
        return "unpaid"
    return "closed" if status in CLOSED and amount(root, "total") != 0 else "paid"


def is_open(root: dict[str, Any]) -> bool:
    """Whether an order is paid and something is left of it, of what a mapping looks at.

    Example: one whose money went back whole, and which somebody called *completed* afterwards, is
    not.
    """
    if root.get("type") != ORDER or root.get("state") != "paid":
        return False
    back = sum(abs(amount(one, "total", place)) for place, one in _refunds(root))
    return back < amount(root, "total")


def is_confirmed(customer: dict[str, Any]) -> bool:
    """Whether who this customer is may be believed: the shop asks nobody for a proof of an address,
    so it counts where an order was paid and the bill has the one they sign in by."""
    bill = customer.get("billing")
    said = customer.get("email"), bill.get("email") if isinstance(bill, dict) else None
    if customer.get("is_paying_customer") is not True or not all(isinstance(x, str) for x in said):
        return False
    own, billed = (str(one).strip().lower() for one in said)
    return own == billed != ""


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


def _closed_at(root: dict[str, Any], back: list[dict[str, Any]]) -> str:
    """Since when nothing is left of it: its last refund, or its last change where none says."""
    told = [one["at"] for one in back if one["at"]] if root.get("status") == "refunded" else []
    return max(told, default=moment(root, "date_modified"))


def _returns(root: dict[str, Any]) -> list[dict[str, Any]]:
    scale = 10 ** decimals(Goods.currency_of(root))
    found = []
    for place, one in _refunds(root):
        minor = abs(amount(one, "total", place)) * scale
        if minor != int(minor):
            raise Wrong(f"{place}.total", "this has more decimals than its currency", SEE)
        if minor:
            pieces = [{"line": 0, "quantity": int(minor)}]
            told_at = moment(root, "date_modified")
            found.append(
                {"id": one.get("id"), "order": root.get("id"), "at": told_at, "pieces": pieces}
            )
    return found


def _money_back(
    root: dict[str, Any], goods: Goods, back: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What each refund gave back for no piece; where nobody could ask for pieces, all of it."""
    whose = {
        "order": root.get("id"),
        "customer": str(root.get("customer_id") or ""),
        "billing": root.get("billing") or {},
    }
    if TOLD in root:
        return [{**one, **whose} for one in back if one["amount"]]
    found = []
    for place, one in _refunds(root):
        money = goods.minor(abs(amount(one, "total", place)))
        told = {"id": one.get("id"), "at": moment(root, "date_modified"), "amount": money}
        found += [{**told, **whose}] if money else []
    return found


def _refunds(root: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    refunds = root.get("refunds")
    found = []
    for place, one in enumerate(refunds if isinstance(refunds, list) else ()):
        if not isinstance(one, dict):
            raise Wrong(f"refunds.{place}", "this is no refund", SEE)
        found.append((f"refunds.{place}", one))
    return found
