"""What an order of Shopify tells: its lines, when it was placed, which pieces came back.

Each webhook has the whole order as it is then, with all refunds so far; so whatever came before it
is told once more by the one that comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from regulars.base.money import decimals
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.shopify.picking import amount, entries, in_utc, moment, plain

ORDER: Final = "order"
TYPES: Final = "product_types"
"""Where the types of the products of an order stand, once they were asked for."""
GIFT_CARD: Final = "gift-card"
PAID: Final = ("paid", "partially_refunded", "refunded")
TIP: Final = ("tip", "tip_payment_gateway", "tip_payment_method")
"""One of these stands at a line that is a tip, and at no other, where a webhook tells it."""
_LINE: Final = ("id", "sku", "name", "quantity", "gift_card")
_WORDS: Final = ("id", "currency", "email", "phone", "source_name", "test", "taxes_included")
_TIMES: Final = ("processed_at", "created_at", "updated_at", "cancelled_at")
_OTHERS: Final = (
    ("order_id", "refund"),
    ("data_request", "data_request"),
    ("orders_to_redact", "customer_redact"),
    ("addresses", "customer"),
    ("default_address", "customer"),
    ("verified_email", "customer"),
)
"""By which field other bodies are known; the first that stands there counts."""


def shape_of(found: Mapping[str, Any]) -> str:
    """What a body is, by what stands in it: no signature covers the header that says it."""
    if "line_items" in found and "financial_status" in found:
        return ORDER
    for field, shape in _OTHERS:
        if field in found:
            return shape
    if "shop_domain" in found and "shop_id" in found and "customer" not in found:
        return "shop_redact"
    return "deleted" if set(found) == {"id"} else "other"


def essence(found: Mapping[str, Any]) -> dict[str, Any]:
    """What of an order counts, in the same words whether a webhook told it or it was asked for.

    Example: `"10.00"` and `"10.0"`, and a time by the shop's clock and in UTC, are the same.
    """
    customer = found.get("customer")
    return {
        **{name: found.get(name) or None for name in _WORDS},
        **{name: in_utc(found.get(name)) for name in _TIMES},
        "total_price": plain(found.get("total_price")),
        "total_tip_received": plain(found.get("total_tip_received") or "0"),
        "financial_status": found.get("financial_status"),
        "customer": _some(customer, ("id", "email", "phone")) or None,
        "codes": [one.get("code") for one in _dicts(found.get("discount_codes"))],
        "lines": [_line(one) for one in _dicts(found.get("line_items"))],
        "refunds": [_refund(one) for one in _dicts(found.get("refunds"))],
        **({TYPES: found[TYPES]} if TYPES in found else {}),
    }


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the order as it came, and beside it what is worked out of it.

    `type`: what it is. `state`: unpaid, paid, closed, or test; unpaid, too, where no goods were
    sold. `paid_at`. `mail`, `telephone`: of the order, else of its customer. `goods`: its lines
    with `amount` before their `discount`, the `tax` that is contained, and the `product_type` where
    it was asked for; a tip is none of them. `shipping_paid`, `less`: so that all of it comes to the
    total. `returns`: a refund each, with `order`, `at` and `pieces`. `money_back`: what was given
    back beyond pieces.
    Raises: Wrong with the place that is no amount, or a line that is not there.
    """
    shape = shape_of(root)
    if shape != ORDER:
        return {**root, "type": shape}
    rows = list(entries(root.get("line_items"), "line_items"))
    all_lines = [_goods(root, place, one) for place, one in rows]
    total = amount(root.get("total_price"), "total_price")
    at = _tip_lines(root, [one for _, one in rows], all_lines)
    goods = [one for place, one in enumerate(all_lines) if place not in at]
    tips = max(_tips(root), _paid_for(all_lines[place] for place in at))
    ids = [one.get("id") for place, (_, one) in enumerate(rows) if place not in at]
    gone = {rows[place][1].get("id") for place in at}
    rest = total - tips - _paid_for(goods)
    state, customer = _state(root, total, bool(goods) or not tips), root.get("customer")
    customer = customer if isinstance(customer, dict) else {}
    whose = {
        "customer": str(customer.get("id") or ""),
        "mail": root.get("email") or customer.get("email") or "",
        "telephone": root.get("phone") or customer.get("phone") or "",
    }
    back = _refunds(root, whose, (ids, gone)) if state == "paid" else ([], [])
    return {
        **root,
        "type": ORDER,
        "state": state,
        "paid_at": root.get("processed_at") or root.get("created_at"),
        **whose,
        "goods": [{name: _text(value) for name, value in one.items()} for one in goods],
        "shipping_paid": f"{max(rest, Decimal(0)):f}",
        "less": f"{max(-rest, Decimal(0)):f}",
        "tips": f"{tips:f}",
        "returns": back[0],
        "money_back": back[1],
    }


def changed_at(root: Mapping[str, Any]) -> datetime | None:
    """When it became as it is told, by the shop's clock; nothing where that is not said well."""
    return moment(root.get("updated_at"))


def has_no_goods(root: Mapping[str, Any]) -> bool:
    """Whether an order that is paid sold nothing, of what a mapping looks at: it is a tip alone.
    One of carriage alone is looked at by somebody."""
    if root.get("type") != ORDER or root.get("goods") or root.get("test") is True:
        return False
    return root.get("financial_status") in PAID and Decimal(root.get("tips") or 0) > 0


def is_owed(root: Mapping[str, Any]) -> bool:
    """Whether an order was cancelled while a part of it was owed: it may have been paid once, and
    changed since. Then nothing is left of what was booked; else it was never a sale."""
    owed = root.get("financial_status") == "partially_paid"
    return owed and bool(root.get("cancelled_at")) and root.get("test") is not True


def _state(root: Mapping[str, Any], total: Decimal, is_sale: bool) -> str:
    if root.get("test") is True:
        return "test"
    if not is_sale or (root.get("financial_status") not in PAID and not is_owed(root)):
        return "unpaid"
    over = root.get("cancelled_at") or root.get("financial_status") == "refunded"
    return "closed" if over and total else "paid"


def _tips(root: Mapping[str, Any]) -> Decimal:
    return amount(root.get("total_tip_received"), "total_tip_received")


def _paid_for(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((one["amount"] - one["discount"] for one in lines), Decimal(0))


def _tip_lines(
    root: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], goods: Sequence[Mapping[str, Any]]
) -> frozenset[int]:
    """Which lines are tips, which are no goods: those that say so; where none does, as GraphQL says
    it of none, the last one that may be it.

    It may where the lines and tips come to more than the total, and it comes to the tips by itself.
    Where they come to the total, there was nothing to pay for carriage, whatever it had cost.
    Source: Shopify REST Admin API, LineItem: `tip_payment_gateway` is present only on tips.
    """
    told = [at for at, one in enumerate(rows) if any(one.get(name) is not None for name in TIP)]
    tips = _tips(root)
    if told or not tips:
        return frozenset(told)
    left = amount(root.get("total_price"), "total_price") - tips - _paid_for(goods)
    may_be = [
        at
        for at, (row, one) in enumerate(zip(rows, goods, strict=True))
        if not (row.get("sku") or row.get("product_id") or row.get("gift_card"))
        and (one["quantity"], one["discount"], one["tax"]) == (1, 0, 0)
        and one["amount"] == tips
    ]
    shipping = _shipping(root)
    is_one = left < shipping and (left != 0 or tips == shipping)
    return frozenset(may_be[-1:] if is_one else ())


def _shipping(root: Mapping[str, Any]) -> Decimal:
    both = root.get("total_shipping_price_set")
    return _money_of(both, "shop_money") if isinstance(both, dict) else Decimal(0)


def _goods(root: Mapping[str, Any], place: str, one: dict[str, Any]) -> dict[str, Any]:
    """A line with what all its pieces cost, tax included, before what was taken off.

    Keeps: the plain amounts are in the shop's own currency, whatever was shown to who bought.
    """
    pieces = one.get("quantity")
    if not isinstance(pieces, int) or isinstance(pieces, bool) or pieces < 0:
        raise Wrong(f"{place}.quantity", "this is no number of pieces", "See what is sent here")
    tax = _sum(one, "tax_lines", "price", place)
    cost = amount(one.get("price"), f"{place}.price") * pieces
    added = Decimal(0) if root.get("taxes_included") is True else tax
    types = root.get(TYPES)
    told = types.get(str(one.get("product_id"))) if isinstance(types, dict) else ""
    is_card = one.get("gift_card") is True
    return {
        "sku": one.get("sku") or "",
        "name": one.get("name") or one.get("title") or "",
        "category": GIFT_CARD if is_card else "",
        "product_type": GIFT_CARD if is_card else str(told or ""),
        "quantity": pieces,
        "amount": cost + added,
        "discount": _sum(one, "discount_allocations", "amount", place),
        "tax": tax,
    }


def _sum(one: Mapping[str, Any], name: str, field: str, place: str) -> Decimal:
    parts = entries(one.get(name), f"{place}.{name}")
    return sum((amount(part.get(field), f"{at}.{field}") for at, part in parts), Decimal(0))


def _refunds(
    root: Mapping[str, Any], whose: Mapping[str, str], lines: tuple[list[Any], set[Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Which pieces each refund gave back; and which gave back money for no piece, as of a tip.

    `lines`: the ids of goods in their order, and those of tips.
    """
    places: dict[Any, int | None] = {one: at for at, one in enumerate(lines[0])}
    places |= dict.fromkeys(lines[1])
    pieces, money = [], []
    for place, one in entries(root.get("refunds"), "refunds"):
        told = {
            "id": one.get("id"),
            "order": str(root.get("id")),
            "at": one.get("created_at") or root.get("updated_at"),
        }
        came = _pieces(one, place, places)
        paid_back = _paid_back(root, one, place)
        if came:
            pieces.append({**told, "pieces": came})
        elif paid_back:
            money.append({**told, **whose, "amount": f"{paid_back:f}"})
    return pieces, money


def _pieces(
    one: Mapping[str, Any], place: str, places: Mapping[Any, int | None]
) -> list[dict[str, Any]]:
    found: dict[int, int] = {}
    for at, line in entries(one.get("refund_line_items"), f"{place}.refund_line_items"):
        number, quantity = line.get("line_item_id"), line.get("quantity")
        if number not in places:
            raise Wrong(f"{at}.line_item_id", "no line of the order has this id", _AGAIN)
        if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 0:
            raise Wrong(f"{at}.quantity", "this is no number of pieces", "See what is sent here")
        if (line_at := places[number]) is not None:
            found[line_at] = found.get(line_at, 0) + quantity
    return [{"line": line, "quantity": count} for line, count in found.items() if count]


_AGAIN: Final = "Have the order sent again: change a note of it in the shop"


def _paid_back(root: Mapping[str, Any], one: Mapping[str, Any], place: str) -> Decimal:
    """What went back to who bought, by the payments of a refund, in the shop's own currency."""
    parts = entries(one.get("transactions"), f"{place}.transactions")
    return sum(
        (
            _in_shop_money(root, part, at)
            for at, part in parts
            if part.get("kind") == "refund" and part.get("status") in ("success", None)
        ),
        Decimal(0),
    )


def _in_shop_money(root: Mapping[str, Any], part: Mapping[str, Any], at: str) -> Decimal:
    """A payment, which alone of an order is told in the currency of who bought, at the order's own
    rate.

    Source: Shopify REST Admin API, Transaction: `currency` is that of the payment, unless it is
    asked for with `in_shop_currency`. Raises: Wrong where the order says no rate.
    """
    said, currency = abs(amount(part.get("amount"), f"{at}.amount")), part.get("currency")
    if not currency or currency == root.get("currency"):
        return said
    total = root.get("total_price_set")
    both = total if isinstance(total, dict) else {}
    ours, theirs = (_money_of(both, name) for name in ("shop_money", "presentment_money"))
    if not theirs:
        says = f"it is in {str(currency)[:3]}, and the order says no rate"
        raise Wrong(f"{at}.amount", says, "See what is sent here")
    exact = said * ours / theirs
    return exact.quantize(Decimal(1).scaleb(-decimals(str(root.get("currency") or ""))))


def _money_of(both: Mapping[str, Any], name: str) -> Decimal:
    one = both.get(name)
    said = one.get("amount") if isinstance(one, dict) else None
    return amount(said, f"total_price_set.{name}.amount") if said else Decimal(0)


def _line(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: one.get(name) or None for name in _LINE},
        "price": plain(one.get("price")),
        "off": [plain(part.get("amount")) for part in _dicts(one.get("discount_allocations"))],
        "tax": [plain(part.get("price")) for part in _dicts(one.get("tax_lines"))],
    }


def _refund(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": one.get("id"),
        "at": in_utc(one.get("created_at")),
        "pieces": [
            _some(x, ("line_item_id", "quantity")) for x in _dicts(one.get("refund_line_items"))
        ],
        "paid": [
            [part.get("kind"), part.get("status"), plain(part.get("amount"))]
            for part in _dicts(one.get("transactions"))
        ],
    }


def _some(found: Any, names: tuple[str, ...]) -> Any:
    return {name: found.get(name) or None for name in names} if isinstance(found, dict) else found


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
