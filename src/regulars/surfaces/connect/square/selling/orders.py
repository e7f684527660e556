"""What an order of Square tells: its lines, when it was paid, which pieces and money came back.

An order may sell, give back, or both at once: what is given back stands in an order of its own,
which names the sale and its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.square.selling.events import ORDER, moment

GIFT_CARD: Final = "GIFT_CARD"
PAID_BY_GIFT_CARD: Final = "SQUARE_GIFT_CARD"
GIVEN_BACK: Final = ("APPROVED", "COMPLETED", None)
"""Of a refund; one that is on its way may still be refused, and is told again once it is not."""
_SEE: Final = "See what is sent here"
_LARGEST: Final = 1 << 53


def seen(root: dict[str, Any]) -> dict[str, Any]:
    """What a mapping looks at: the order as it came, and beside it what is worked out of it.

    `type`: `order`, `customer`, or that of an event which only hints at one. `state`: paid, unpaid,
    or none where nothing is sold. `goods`: its lines with `amount` before their `discount`, and the
    `tax` that is contained. `service`, `less`: so that all of it comes to the total. `stored`: what
    gift cards paid. `returns`: pieces that came back, by sale. `money_back`: what was given back
    for no piece. `closed`: sales of which all money is back. Amounts are in minor units.
    Raises: Wrong with the place that is no amount, or a line that is not there.
    """
    if root.get("object") != ORDER:
        return _customer(root)
    order = root.get("order")
    if not isinstance(order, dict):
        raise Wrong("order", "this is no order", _SEE)
    who = root.get("customer") or {}
    back = _given_back(order)
    return {
        **root,
        "type": ORDER,
        "id": order.get("id"),
        "state": _state(order),
        "paid_at": _paid_at(order),
        "currency": _currency(order),
        "customer": who if isinstance(who, dict) else {},
        **_sold(order),
        "returns": list(_returns(root, order)) if back else [],
        "money_back": list(_money_back(root, order)) if back else [],
        "closed": list(_closed(root, order)) if back else [],
    }


def _customer(root: dict[str, Any]) -> dict[str, Any]:
    """A customer as an event tells them; of any other event, the event."""
    within = root.get("data")
    found = within.get("object") if isinstance(within, dict) else None
    one = found.get("customer") if isinstance(found, dict) else None
    if not isinstance(one, dict) or root.get("type") == "customer.deleted":
        return root
    return {
        **one,
        "type": "customer",
        "email": one.get("email_address"),
        "phone": one.get("phone_number"),
        "reference": one.get("reference_id"),
    }


def _state(order: Mapping[str, Any]) -> str:
    if not order.get("line_items"):
        return "none"
    if order.get("state") == "COMPLETED":
        return "paid"
    due = order.get("net_amount_due_money")
    tenders = [one for _, one in entries(order, "tenders")]
    over = isinstance(due, dict) and due.get("amount") == 0 and tenders
    return "paid" if over and all(_captured(one) for one in tenders) else "unpaid"


def _captured(tender: Mapping[str, Any]) -> bool:
    """Whether this money is there: of a card that was only asked for it, it is not yet."""
    card = tender.get("card_details")
    return not isinstance(card, dict) or card.get("status") in (None, "CAPTURED")


def _paid_at(order: Mapping[str, Any]) -> Any:
    """When the last of it was paid, so that an order handed over days later is no other sale."""
    told = [one.get("created_at") for _, one in entries(order, "tenders")]
    paid = [(at, said) for said in told if (at := moment(said)) is not None]
    if paid:
        return max(paid)[1]
    return order.get("closed_at") or order.get("created_at")


def _currency(order: Mapping[str, Any]) -> str:
    found = order.get("total_money")
    said = found.get("currency") if isinstance(found, dict) else ""
    return said if isinstance(said, str) else ""


def _sold(order: Mapping[str, Any]) -> dict[str, Any]:
    """Lines, tips and what is left between them and the total.

    Order: of an order that also gives back the total of what is sold counts, and not what is left
    of it after that.
    """
    goods = [_line(place, one) for place, one in entries(order, "line_items", "order.")]
    tips = minor(order, "total_tip_money")
    total = minor(order, "total_money")
    net, back = order.get("net_amounts"), order.get("return_amounts")
    if order.get("returns") and isinstance(net, dict) and isinstance(back, dict):
        total = minor(net, "total_money") + minor(back, "total_money")
    rest = total - tips - sum(one["amount"] - one["discount"] for one in goods)
    stored = [
        {"amount": minor(one, "amount_money")}
        for _, one in entries(order, "tenders")
        if one.get("type") == PAID_BY_GIFT_CARD
    ]
    return {
        "goods": goods,
        "tips": tips,
        "service": max(rest, 0),
        "less": max(-rest, 0),
        "stored": stored,
    }


def _line(place: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A line with what all its pieces cost, tax included, before what was taken off.

    Example: of 0.450 kg, which nobody can count, the line is one piece.
    """
    off = minor(one, "total_discount_money", place)
    names = (one.get("name"), one.get("variation_name"))
    return {
        "sku": one.get("catalog_object_id") or "",
        "name": " · ".join(str(name) for name in names if name)[:200],
        "category": "gift-card" if one.get("item_type") == GIFT_CARD else "",
        "quantity": whole_pieces(_quantity(one, place)) or 1,
        "amount": minor(one, "total_money", place) + off,
        "discount": off,
        "tax": minor(one, "total_tax_money", place),
    }


def _given_back(order: Mapping[str, Any]) -> bool:
    """Whether what an order gives back is back: money that is only on its way is not yet, and money
    that was refused never is. What becomes of it is told by an event of its own."""
    if order.get("state") != "COMPLETED":
        return False
    stands = [one.get("status") for _, one in entries(order, "refunds")]
    return not stands or any(one in GIVEN_BACK for one in stands)


def _returns(root: Mapping[str, Any], order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """For each sale which of its pieces came back, by the lines of the sale."""
    sales = _by_id(root)
    for _, one in entries(order, "returns", "order."):
        sale = sales.get(one.get("source_order_id"))
        pieces = _pieces(one, sale) if sale else []
        if sale and pieces:
            yield {
                "id": f"{order.get('id')}-{sale['id']}",
                "sale": sale["id"],
                "at": order.get("closed_at") or order.get("created_at"),
                "pieces": pieces,
            }


def _pieces(back: Mapping[str, Any], sale: Mapping[str, Any]) -> list[dict[str, int]]:
    sold = {
        one.get("uid"): (at, _quantity(one, place))
        for at, (place, one) in enumerate(entries(sale, "line_items", "sales."))
    }
    found: dict[int, int] = {}
    for place, one in entries(back, "return_line_items", "order.returns."):
        uid = one.get("source_line_item_uid")
        if not uid:
            continue
        if uid not in sold:
            raise Wrong(f"{place}.source_line_item_uid", "no line of the sale has this uid", _SEE)
        line, of = sold[uid]
        pieces = _of_line(_quantity(one, place), of)
        if pieces:
            found[line] = found.get(line, 0) + pieces
    return [{"line": line, "quantity": count} for line, count in found.items()]


def _of_line(back: Decimal, sold: Decimal) -> int:
    """How many pieces that is; of a line that is weighed all of it or nothing."""
    if whole_pieces(sold):
        return whole_pieces(back)
    return 1 if back == sold else 0


def _money_back(root: Mapping[str, Any], order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What was given back for no piece: an amount, or a part of something that is weighed."""
    sales = _by_id(root)
    for place, back in entries(order, "returns", "order."):
        said = back.get("source_order_id")
        only = next(iter(sales), "") if len(sales) == 1 and not said else ""
        sale = sales.get(said or only)
        money = sum(
            minor(one, "total_money", at)
            for at, one in entries(back, "return_line_items", "order.returns.")
            if not _is_piece(one, sale)
        )
        if money:
            whose = (sale or {}).get("customer") or root.get("customer") or {}
            yield {
                "id": f"{order.get('id')}-{place.rpartition('.')[2]}",
                "order": (sale or {}).get("id") or "",
                "at": order.get("closed_at") or order.get("created_at"),
                "amount": money,
                "customer": whose,
            }


def _is_piece(one: Mapping[str, Any], sale: Mapping[str, Any] | None) -> bool:
    uid = one.get("source_line_item_uid")
    if not uid or sale is None:
        return False
    lines = {line.get("uid"): line for _, line in entries(sale, "line_items", "sales.")}
    sold = lines.get(uid)
    return sold is not None and _of_line(_quantity(one, ""), _quantity(sold, "")) > 0


def _closed(root: Mapping[str, Any], order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Sales of which all money is back by now, in however many parts and by whichever payments:
    nothing is left of them. What is told in another currency than the sale counts for nothing."""
    for id_, sale in _by_id(root).items():
        paid_in = _currency(sale)
        back = sum(
            minor(one, "refunded_money")
            for _, one in entries(root, "payments")
            if one.get("order_id") == id_
            and _currency({"total_money": one.get("refunded_money")}) == paid_in
        )
        if 0 < minor(sale, "total_money") <= back:
            yield {"sale": id_, "at": order.get("closed_at") or order.get("created_at")}


def _by_id(root: Mapping[str, Any]) -> dict[Any, dict[str, Any]]:
    return {one.get("id"): one for _, one in entries(root, "sales")}


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


def minor(found: Mapping[str, Any], name: str, place: str = "order") -> int:
    """An amount, which Square tells in the smallest unit of its currency. Raises: Wrong.

    Example: 1250 of USD are 12.50, 1250 of JPY are 1250.
    """
    one = found.get(name)
    said = one.get("amount") if isinstance(one, dict) else one
    if said is None:
        return 0
    if isinstance(said, bool) or not isinstance(said, int) or abs(said) >= _LARGEST:
        raise Wrong(f"{place}.{name}.amount", f"{str(said)[:60]!r} is no amount", _SEE)
    return said


def _quantity(one: Mapping[str, Any], place: str) -> Decimal:
    said = one.get("quantity")
    try:
        found = Decimal(said) if isinstance(said, str) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or not 0 <= found < _LARGEST:
        raise Wrong(f"{place}.quantity", "this is no number of pieces", _SEE)
    return found


def whole_pieces(quantity: Decimal) -> int:
    """How many pieces that is; none where it is weighed."""
    return int(quantity) if quantity == quantity.to_integral_value() else 0
