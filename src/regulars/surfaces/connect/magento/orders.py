"""What an order of Magento tells: its lines, what was paid, what its credit memos gave back.

Each time it is asked for the whole order as it is then, with all credit memos so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from regulars.base.money import decimals
from regulars.surfaces.connect.magento.events import CUSTOMER, ORDER, WHOLE, moment
from regulars.surfaces.connect.moving.wrong import Wrong

HELD_BACK: Final = ("new", "pending_payment", "payment_review", "canceled", "holded")
CANCELED_MEMO: Final = "3"
_SEE: Final = "See what is sent here"
_LARGEST: Final = Decimal(10**15)


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the order as it came, and beside it what is worked out of it.

    `type`: `order`, `customer`, `cart`, or that of an event which only hints. `state`: unpaid, paid
    or closed. `paid_at`: when it was placed. `customer`: empty for a guest. `goods`: its lines with
    `amount` before their `discount`, and the `tax` that is contained. `shipping`, `less`: so that
    all of it comes to the total. `stored`: what gift cards and store credit paid. `returns`: pieces
    that came back or were cancelled. `money_back`: what was given back for no piece.
    Amounts are in minor units of the shop's own currency. Raises: Wrong.
    """
    if WHOLE not in root:
        return root
    if root.get("object") == CUSTOMER:
        one = root.get("customer")
        one = one if isinstance(one, dict) else {}
        return {**root, **one, "type": CUSTOMER, "confirmed": not one.get("confirmation")}
    order = root.get("order")
    if root.get("object") != ORDER or not isinstance(order, dict):
        return {**root, "type": str(root.get("object"))}
    one = _Order(order)
    state = one.state()
    goods = [one.line(place, row) for place, row in one.lines]
    stored = one.minor(order, "base_gift_cards_amount", "order")
    stored += one.minor(order, "base_customer_balance_amount", "order")
    total = one.minor(order, "base_grand_total", "order") + stored
    rest = total - sum(line["amount"] - line["discount"] for line in goods)
    back = list(one.backs(root)) if state == "paid" else []
    return {
        **root,
        "type": ORDER,
        "id": order.get("entity_id"),
        "state": state,
        "paid_at": _at(order.get("created_at"), "order.created_at"),
        "changed_at": _at(order.get("updated_at"), "order.updated_at"),
        "currency": one.currency,
        "customer": "" if order.get("customer_is_guest") else str(order.get("customer_id") or ""),
        "mail": order.get("customer_email") or "",
        "telephone": order.get("telephone") or "",
        "goods": goods,
        "shipping": max(rest, 0),
        "less": max(-rest, 0),
        "stored": [{"amount": stored}] if stored else [],
        "returns": [one for one in back if one["pieces"]],
        "money_back": [one for one in back if not one["pieces"] and one["amount"]],
    }


class _Order:
    """One order while it is read."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self._order = order
        said = order.get("base_currency_code")
        self.currency = said if isinstance(said, str) else ""
        self._scale = decimals(self.currency)
        rows = list(entries(order, "items", "order."))
        known = {str(one.get("item_id")) for _, one in rows}
        self.lines = [row for row in rows if str(row[1].get("parent_item_id")) not in known]
        """Those that are bought; what they are made of is told beside them."""
        self._parts: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for place, one in rows:
            self._parts.setdefault(str(one.get("parent_item_id")), []).append((place, one))

    def state(self) -> str:
        """Unpaid, paid, or closed: all that was paid was given back.

        Keeps: what is paid by gift cards alone, or costs nothing, is paid once the shop works on
        it.
        """
        order = self._order
        total, paid, back = (
            self.minor(order, name, "order")
            for name in ("base_grand_total", "base_total_paid", "base_total_refunded")
        )
        works = order.get("state") not in HELD_BACK
        if not (paid >= total > 0 or (works and total == 0) or order.get("state") == "complete"):
            return "closed" if order.get("state") == "closed" and 0 < paid <= back else "unpaid"
        if order.get("state") in ("payment_review", "canceled"):
            return "unpaid"
        return "closed" if 0 < paid <= back else "paid"

    def line(self, place: str, one: Mapping[str, Any]) -> dict[str, Any]:
        """A line with what all its pieces cost, tax included, before what was taken off.

        Order: what was paid for it is its row less the discount, and the tax, and the tax that a
        discount on prices with tax leaves over; of a bundle the last three stand at its parts.
        """
        parts = [(place, one), *self._parts.get(str(one.get("item_id")), ())]

        def told(name: str) -> int:
            return sum(self.minor(part, name, at) for at, part in parts)

        off, tax = abs(told("base_discount_amount")), told("base_tax_amount")
        left = self.minor(one, "base_row_total", place) - off + tax
        left += told("base_discount_tax_compensation_amount")
        return {
            "sku": one.get("sku") or "",
            "name": str(one.get("name") or "")[:200],
            "category": "gift-card" if one.get("product_type") == "giftcard" else "",
            "quantity": pieces(one, "qty_ordered", place) or 1,
            "amount": left + off,
            "discount": off,
            "tax": tax,
        }

    def backs(self, root: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What each credit memo gave back, and what was cancelled before it was paid for."""
        places = {str(one.get("item_id")): at for at, (_, one) in enumerate(self.lines)}
        order = self._order
        for place, memo in entries(root, "memos"):
            if str(memo.get("state")) == CANCELED_MEMO:
                continue
            found: dict[int, int] = {}
            for at, one in entries(memo, "items", f"{place}."):
                line = places.get(str(one.get("order_item_id")))
                count = pieces(one, "qty", at)
                if line is not None and count:
                    found[line] = found.get(line, 0) + count
            yield {
                **self._whose(f"memo-{memo.get('entity_id')}", memo.get("created_at"), place),
                "amount": self.minor(memo, "base_grand_total", place),
                "pieces": [{"line": line, "quantity": count} for line, count in found.items()],
            }
        gone = [pieces(one, "qty_canceled", place) for place, one in self.lines]
        yield {
            **self._whose(f"canceled-{order.get('entity_id')}", order.get("created_at"), "order"),
            "amount": 0,
            "pieces": [{"line": at, "quantity": many} for at, many in enumerate(gone) if many],
        }

    def _whose(self, id_: str, at: Any, place: str) -> dict[str, Any]:
        order = self._order
        guest = order.get("customer_is_guest")
        return {
            "id": id_,
            "order": order.get("entity_id"),
            "at": _at(at, f"{place}.created_at"),
            "customer": "" if guest else str(order.get("customer_id") or ""),
            "mail": order.get("customer_email") or "",
            "telephone": order.get("telephone") or "",
        }

    def minor(self, found: Mapping[str, Any], name: str, place: str) -> int:
        """An amount, which Magento keeps with four decimals, in minor units. Raises: Wrong.

        Example: `"123.000000"` is 12300; `"10.9950"` of EUR is 1100.
        """
        amount = _decimal(found.get(name), f"{place}.{name}")
        return int((amount * 10**self._scale).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def pieces(found: Mapping[str, Any], name: str, place: str) -> int:
    """How many pieces; none of a part of one. Raises: Wrong."""
    said = _decimal(found.get(name), f"{place}.{name}")
    if said < 0:
        raise Wrong(f"{place}.{name}", "this is no number of pieces", _SEE)
    return int(said) if said == said.to_integral_value() else 0


def entries(
    found: Mapping[str, Any], name: str, before: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entry of a list with its place; nothing where it is not there. Raises: Wrong."""
    some = found.get(name)
    if some is None:
        return
    if not isinstance(some, list):
        raise Wrong(before + name, "this is no list", _SEE)
    for at, one in enumerate(some):
        if not isinstance(one, dict):
            raise Wrong(f"{before}{name}.{at}", "this is no object", _SEE)
        yield f"{before}{name}.{at}", one


def _decimal(said: Any, place: str) -> Decimal:
    if said is None or said == "":
        return Decimal(0)
    try:
        found = Decimal("nan") if isinstance(said, bool) else Decimal(str(said))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) > _LARGEST:
        raise Wrong(place, f"{str(said)[:60]!r} is no amount", _SEE)
    return found


def _at(said: Any, place: str) -> str:
    found = moment(said)
    if found is None:
        raise Wrong(place, "this is no moment", _SEE)
    return found.isoformat()
