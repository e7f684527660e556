"""Which pieces of a bill come back when so much of it is given back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from regulars.records.tills.bills.types import BillBody

LOOKS: Final = 2_000
"""So many choices are looked at before it is no price of pieces."""
Pieces = tuple[tuple[int, int], ...]
"""Of lines by their places, how many pieces."""
Rounded = Literal["ours", "theirs"]
"""Whose rounding makes a price: ours, one after the other to exactly what was paid; or a till's
own, down or up for what it gives back at once."""
ROUNDED: Final[tuple[Rounded, ...]] = ("ours", "theirs")


class Back(NamedTuple):
    """What one refund of a bill brings back: everything that is left, these pieces, or (where it
    is the price of no whole pieces) nothing."""

    whole: bool
    pieces: Pieces


class _Line(NamedTuple):
    """What is left of a line: its pieces, those that came back before, and what was paid for it;
    and, with its part of what was taken off not yet rounded, from and to how much that was."""

    quantity: int
    gone: int
    net: int
    low: int
    high: int

    @property
    def left(self) -> int:
        return self.quantity - self.gone

    def price(self, many: int, rounded: Rounded) -> tuple[int, int]:
        """From and to what so many further pieces cost.

        Example: three for 10.00 are 3.33, 3.33 and 3.34 one after the other by ours; any one of
        them is 3.33 or 3.34 to a till that rounds its own way.
        """
        if rounded == "ours":
            before = self.net * self.gone // self.quantity
            cost = self.net * (self.gone + many) // self.quantity - before
            return cost, cost
        return self.low * many // self.quantity, -(-self.high * many // self.quantity)

    def most(self, amount: int, rounded: Rounded) -> int:
        """How many of what is left cost no more than this; none of what costs nothing."""
        whole, before, spent = self.low, 0, 0
        if rounded == "ours":
            whole, before = self.net, self.gone
            spent = whole * before // self.quantity
        if whole <= 0:
            return 0
        within = (self.quantity * (spent + amount + 1) - 1) // whole
        return max(0, min(self.left, within - before))


def brought_back(body: BillBody, off_minor: int, refunds: Sequence[int]) -> list[Back]:
    """What each refund of a bill that was paid brings back, in the order they were made.

    Units: minor units of money. Order: what our own rounding makes the price of pieces before what
    another till's may; the pieces of one line before those of several, many of the first line
    before fewer; what comes back together is everything that was paid.
    Example: of two cups for 3.00 and a cake for 5.00, 3.00 is a cup, 8.00 a cup and the cake, and
    1.00 nothing. Of three pieces that came to 10.00 in all, 3.34 is one, and so is 3.33.
    """
    gone, given = [0] * len(body.lines), 0
    paid = sum(line.net for line in _lines(body, off_minor, gone))
    found = []
    for amount in refunds:
        given += amount
        lines = _lines(body, off_minor, gone)
        if given >= paid:
            found.append(Back(any(line.left for line in lines), ()))
            continue
        pieces = _pieces(lines, amount)
        for place, many in pieces:
            gone[place] += many
        found.append(Back(whole=False, pieces=pieces))
    return found


def _lines(body: BillBody, off_minor: int, gone: Sequence[int]) -> list[_Line]:
    """What was paid for each line, with its part of what was taken off the bill."""
    gross = sum(line.amount_minor for line in body.lines)
    seen, lines = 0, []
    for line, out in zip(body.lines, gone, strict=True):
        before = off_minor * seen // gross if gross else 0
        seen += line.amount_minor
        after = off_minor * seen // gross if gross else 0
        share = line.amount_minor * (gross - off_minor)
        low, high = (share // gross, -(-share // gross)) if gross else (0, 0)
        net = line.amount_minor - (after - before)
        lines.append(_Line(line.quantity, out, net, low, high))
    return lines


def _pieces(lines: Sequence[_Line], amount: int) -> Pieces:
    for rounded in ROUNDED:
        for place, line in enumerate(lines):
            many = line.most(amount, rounded)
            if many and amount <= line.price(many, rounded)[1]:
                return ((place, many),)
        if found := _several(lines, amount, rounded):
            return found
    return ()


def _several(lines: Sequence[_Line], amount: int, rounded: Rounded) -> Pieces:
    """Pieces of several lines; looked for so long and no longer."""
    looks = LOOKS
    todo: list[tuple[int, int, int, Pieces]] = [(0, amount, amount, ())]
    while todo and looks:
        looks -= 1
        place, least, rest, found = todo.pop()
        if found and least <= 0:
            return found
        if place == len(lines):
            continue
        line = lines[place]
        for many in range(min(line.most(rest, rounded), looks) + 1):
            low, high = line.price(many, rounded)
            more = (*found, (place, many)) if many else found
            todo.append((place + 1, least - high, rest - low, more))
    return ()
