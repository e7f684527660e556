"""What is left of a sale once some of it came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from regulars.records.activity.types import Activity, ReturnedLine


class Part(NamedTuple):
    """What is left of one category of a sale: articles and money, in minor units."""

    category: str
    pieces: int
    minor: int


class _Line(NamedTuple):
    category: str
    quantity: int
    paid: int
    worth: int
    counts: int


def left_of(sale: Activity, back: Sequence[tuple[ReturnedLine, ...]]) -> dict[str, Part]:
    """What is left of a sale by category; each return is a list of pieces, or empty for all that
    was left.

    Units: minor units of the program's currency. What stays of each line is rounded down; the
    discount on the whole lies on the lines by what they cost; shipping, tips and what rounding
    left stay until the last piece is back. A piece that was free comes back last.
    Example: of 3 pieces for 10.00 with 2.00 shipping, 2 came back: 3.33 + 2.00 are left; with the
    third nothing is.
    """
    lines = _lines(sale)
    gone = _gone(lines, back)
    if all(line.quantity == away for line, away in zip(lines, gone, strict=True)):
        return {line.category: Part(line.category, 0, 0) for line in lines}
    worth = sum(line.worth for line in lines)
    after = worth - sale.body.order_discount_minor
    found: dict[str, Part] = {}

    def add(category: str, pieces: int, minor: int) -> None:
        had = found.get(category, Part(category, 0, 0))
        found[category] = Part(category, had.pieces + pieces, had.minor + minor)

    rest = sale.amount_minor
    for line, away in zip(lines, gone, strict=True):
        stays = line.worth * max(line.paid - away, 0) * after // (line.paid * worth) if worth else 0
        rest -= line.worth * after // worth if worth else 0
        add(line.category, line.counts * (line.quantity - away), stays)
    add("", 0, rest)
    return found


def _lines(sale: Activity) -> list[_Line]:
    if not sale.body.lines:
        told = sale.body.paid_in.amount_minor if sale.body.paid_in else sale.amount_minor
        whole = max(told, 1)
        return [_Line("", whole, whole, sale.amount_minor, 0)]
    return [
        _Line(
            one.category, one.quantity, max(one.quantity - one.free, 1),
            one.amount_minor - one.discount_minor, 1,
        )
        for one in sale.body.lines
    ]  # fmt: skip


def _gone(lines: Sequence[_Line], back: Sequence[tuple[ReturnedLine, ...]]) -> list[int]:
    """Pieces of each line that came back in all."""
    if any(not parts for parts in back):
        return [line.quantity for line in lines]
    gone = [0] * len(lines)
    for parts in back:
        for part in parts:
            gone[part.line] += part.quantity
    return [min(away, line.quantity) for away, line in zip(gone, lines, strict=True)]
