"""Which earlier sale a return takes back, where the file does not say."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from regulars.surfaces.connect.retail.lines import ShopLine


class Why(StrEnum):
    """Why a line that came back takes back no sale."""

    NEVER_BOUGHT = "never_bought"
    OTHER_PRICE = "other_price"
    FEWER_PIECES = "fewer_pieces"
    CAME_BACK = "came_back"
    NOBODY = "nobody"

    @property
    def says(self) -> str:
        """The reason in a sentence."""
        return _SAYS[self]

    @property
    def finds_no_sale(self) -> bool:
        """There is no earlier sale line of so many pieces, whatever came back before."""
        return self in (Why.NEVER_BOUGHT, Why.OTHER_PRICE, Why.FEWER_PIECES)


_SAYS = {
    Why.NEVER_BOUGHT: "This member bought no such article before",
    Why.OTHER_PRICE: "This member bought the article before, but never at this price",
    Why.FEWER_PIECES: "No earlier line of this member has so many pieces at this price",
    Why.CAME_BACK: "A line fits, but too few of its pieces are left: others came back before",
    Why.NOBODY: "The line names no member: a write-off, or a return of a sale to nobody",
}


class Sold(Struct):
    """One line of a sale, with how many of its pieces are still out."""

    receipt: str
    line: int
    bought: int
    left: int


class Found(NamedTuple):
    """The sale line that a return takes back."""

    receipt: str
    line: int


class Shelf:
    """What every member has bought so far and not brought back.

    Order: lines are told in the order of the file; a return sees only what stands before it.
    A return line is matched with one sale line, the latest that has enough pieces left, by
    member, description and price, each exactly as written. It is never spread over several.
    """

    def __init__(self) -> None:
        self._sold: dict[tuple[int, str, str], list[Sold]] = {}
        self._articles: set[tuple[int, str]] = set()

    def sell(self, line: ShopLine, receipt: str, place: int) -> None:
        """Note a line that was sold to a member, and where on which receipt."""
        assert line.member is not None, line
        key = (line.member, line.description, line.price)
        sold = Sold(receipt, place, line.quantity, line.quantity)
        self._sold.setdefault(key, []).append(sold)
        self._articles.add(key[:2])

    def take_back(self, line: ShopLine) -> Found | Why:
        """The sale line whose pieces these are, or why there is none."""
        if line.member is None:
            return Why.NOBODY
        pieces, key = -line.quantity, (line.member, line.description, line.price)
        lines = self._sold.get(key, [])
        for sold in reversed(lines):
            if sold.left >= pieces:
                sold.left -= pieces
                return Found(sold.receipt, sold.line)
        if any(sold.bought >= pieces for sold in lines):
            return Why.CAME_BACK
        if lines:
            return Why.FEWER_PIECES
        return Why.OTHER_PRICE if key[:2] in self._articles else Why.NEVER_BOUGHT
