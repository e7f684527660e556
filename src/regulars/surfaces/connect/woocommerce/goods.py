"""The lines of an order of WooCommerce, what is left between them and what was paid, and which of
their pieces came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NamedTuple

from regulars.base.money import decimals
from regulars.surfaces.connect.moving.wrong import Wrong

SEE: Final = "See what is sent here"
GIFT_CARD: Final = "gift-card"
FEE: Final = "fee"
"""By these categories rules know a gift card that is sold, and what is charged beside goods."""
SOLD_GIFT_CARD: Final = "wc_gc_giftcard_amount"
"""What stands at a line that sells a gift card of the shop system's own extension."""
_LARGEST: Final = Decimal(10**15)
_LONGEST: Final = 200
"""Letters of an amount; a longer text is none."""


class _Sold(NamedTuple):
    """One line as its refunds see it."""

    place: int
    pieces: Decimal
    paid: int


class Goods:
    """What was sold by one order. Amounts are in minor units. Raises: Wrong.

    `lines`: with `amount` before their `discount`, tax included. `stored`: what gift cards paid.
    `rest`: so much more, or less, was to be paid than the lines come to: carriage, or a fee below
    nothing.
    Order: goods, then fees; what costs less than nothing is no line and stands in the rest. An
    order of nothing else is one line.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._scale = decimals(self.currency_of(root))
        self.lines: list[dict[str, Any]] = []
        self._sold: dict[str, _Sold] = {}
        for name in ("line_items", "fee_lines"):
            for place, one in entries(root, name):
                self._line(place, one, is_fee=name == "fee_lines")
        total = self.minor(amount(root, "total"))
        shipping = amount(root, "shipping_total")
        shipping += amount(root, "shipping_tax")
        if not self.lines and total > self.minor(shipping):
            self.lines.append(_named(total - self.minor(shipping)))
        self.stored = self._stored(root)
        sold = sum(line["amount"] - line["discount"] for line in self.lines)
        # The extension takes off the total what its cards pay; whoever does not is known by that.
        gross = sold + self.minor(shipping)
        if abs(total + self.stored - gross) < abs(total - gross):
            total += self.stored
        self.stored = min(self.stored, total)
        self.rest = total - sold

    @staticmethod
    def currency_of(root: Mapping[str, Any]) -> str:
        """In which it was paid."""
        said = root.get("currency")
        return said if isinstance(said, str) else ""

    def minor(self, found: Decimal) -> int:
        """An amount in minor units, a half of one upwards."""
        return int(found.scaleb(self._scale).to_integral_value(ROUND_HALF_UP))

    def backs(self, told: Any) -> list[dict[str, Any]]:
        """What each refund gave back that was asked for: `id`, `at`, `pieces`, and the `amount`
        that is for none of them."""
        found = []
        for place, one in entries({"refunds_told": told}, "refunds_told"):
            at = one.get("date_created_gmt")
            pieces, worth = self._pieces(place, one)
            money = self.minor(abs(amount(one, "amount", place)))
            found.append(
                {
                    "id": one.get("id"),
                    "at": f"{at}Z" if isinstance(at, str) and at else "",
                    "pieces": pieces,
                    "amount": max(money - worth, 0),
                }
            )
        return found

    def _line(self, place: str, one: Mapping[str, Any], *, is_fee: bool) -> None:
        paid, tax = _with_tax(one, "total", place)
        before = paid if one.get("subtotal") in (None, "") else _with_tax(one, "subtotal", place)[0]
        if paid < 0:
            return
        pieces = _ONE if is_fee else quantity(one, place)
        told = self.minor(paid)
        full = told if before is paid else self.minor(before)
        line = {
            "sku": str(one.get("sku") or "")[:200],
            "name": str(one.get("name") or "")[:200],
            "category": FEE if is_fee else GIFT_CARD if _sells_gift_card(one) else "",
            "quantity": whole_pieces(pieces) or 1,
            "amount": max(full, told),
            "discount": max(full - told, 0),
            "tax": min(max(self.minor(tax), 0), told) if tax else 0,
        }
        self._sold[str(one.get("id"))] = _Sold(len(self.lines), pieces, told)
        self.lines.append(line)

    def _stored(self, root: Mapping[str, Any]) -> int:
        """Source: WooCommerce Gift Cards, `gift_cards` of an order."""
        cards = entries(root, "gift_cards")
        return self.minor(sum((amount(one, "amount", at) for at, one in cards), _ZERO))

    def _pieces(self, place: str, one: Mapping[str, Any]) -> tuple[list[dict[str, int]], int]:
        """Which pieces came back by this refund, and what was paid back for their lines."""
        found: dict[int, int] = {}
        worth = 0
        for name in ("line_items", "fee_lines"):
            for at, line in entries(one, name, f"{place}."):
                sold = self._sold.get(str(line.get("of")))
                money = self.minor(abs(_with_tax(line, "total", at)[0]))
                count = 0 if sold is None else _came(line, at, sold, money)
                if sold is not None and count:
                    found[sold.place] = found.get(sold.place, 0) + count
                    worth += money
        return [{"line": line, "quantity": count} for line, count in found.items()], worth


_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)


def _came(line: Mapping[str, Any], place: str, sold: _Sold, money: int) -> int:
    """How many pieces of a line; of what is weighed, or charged, all of it or nothing.

    Example: who pays a whole line back and says no number of pieces gives back all of it.
    """
    back = quantity(line, place) if "quantity" in line else Decimal(0)
    if not back:
        return (whole_pieces(sold.pieces) or 1) if money >= sold.paid > 0 else 0
    if whole_pieces(sold.pieces):
        return whole_pieces(back)
    return 1 if back == sold.pieces else 0


def _named(worth: int) -> dict[str, Any]:
    return {
        "sku": "", "name": "", "category": "", "quantity": 1,
        "amount": worth, "discount": 0, "tax": 0,
    }  # fmt: skip


def _sells_gift_card(one: Mapping[str, Any]) -> bool:
    beside = one.get("meta_data")
    if not beside:
        return False
    some = beside if isinstance(beside, list) else ()
    return any(isinstance(two, dict) and two.get("key") == SOLD_GIFT_CARD for two in some)


def _with_tax(one: Mapping[str, Any], name: str, place: str) -> tuple[Decimal, Decimal]:
    """An amount of a line with its tax, and the tax of it."""
    tax = amount(one, f"{name}_tax", place)
    return amount(one, name, place) + tax, tax


def quantity(one: Mapping[str, Any], place: str) -> Decimal:
    """How many pieces, which a refund tells below nothing; one where nothing is said."""
    said = one.get("quantity")
    return _ONE if said is None else abs(amount(one, "quantity", place))


def whole_pieces(pieces: Decimal) -> int:
    """How many pieces that is; none where it is weighed."""
    return int(pieces) if pieces == pieces.to_integral_value() else 0


def entries(
    found: Mapping[str, Any], name: str, before: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entry of a list with its place; nothing where it is not there. Raises: Wrong."""
    some = found.get(name)
    for at, one in enumerate(some if isinstance(some, list) else ()):
        if not isinstance(one, dict):
            raise Wrong(f"{before}{name}.{at}", "this is no object", SEE)
        yield f"{before}{name}.{at}", one


def amount(one: Mapping[str, Any], name: str, place: str = "") -> Decimal:
    """An amount, which is told as a text; nothing where nothing stands. Raises: Wrong."""
    said = one.get(name)
    if said is None or said == "":
        return _ZERO
    text = said if type(said) is str else str(said)
    found = None if said is True or said is False else _number(text[:_LONGEST])
    if found is None or len(text) > _LONGEST:
        raise Wrong(f"{place}.{name}" if place else name, f"{str(said)[:60]!r} is no amount", SEE)
    return found


@lru_cache(maxsize=8_192)  # a shop has few prices and many lines
def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) <= _LARGEST else None
