"""Lists within a payload: the lines of a sale, how it was paid, what of it came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from regulars.records.activity.checks import MOST_LINES
from regulars.records.activity.types import Line, Payment, ReturnedLine
from regulars.surfaces.connect.inlets.places.pieces import LinesMap, PaymentsMap, ReturnedMap, Said
from regulars.surfaces.connect.inlets.places.values import Where, place_of
from regulars.surfaces.connect.moving.wrong import Wrong


def either(part: Struct, name: str) -> Said | None:
    """Where an amount stands, whichever way it is told."""
    found: Said | None = getattr(part, name, None) or getattr(part, f"{name}_minor", None)
    return found


def lines_of(where: Where, one: LinesMap) -> Callable[[Any], tuple[Line, ...]]:
    """Reads the lines of a sale, each as a row. Raises, as it reads: Wrong."""
    entries = where.each(one.each, one.skip)
    texts = [(name, where.text(getattr(one, name))) for name in ("sku", "category", "name")]
    quantity = where.whole(one.quantity)
    by_piece = either(one, "amount") is None
    amount = where.money(one, "price" if by_piece else "amount")
    beside = [(f"{name}_minor", where.money(one, name)) for name in ("discount", "tax")]

    def row(entry: Any) -> dict[str, Any]:
        pieces = quantity(entry)
        pieces = 1 if pieces is None else pieces
        cost = amount(entry)
        if cost is None:
            place = place_of(either(one, "price" if by_piece else "amount"))
            raise Wrong(place, "nothing stands here", "See what is sent here, or give a `default`")
        told = {name: money(entry) or 0 for name, money in beside}
        told |= {"amount_minor": cost * pieces if by_piece else cost, "quantity": pieces}
        return told | {name: text(entry) for name, text in texts}

    return _rows(one.each, entries, row, tuple[Line, ...])


def payments_of(where: Where, one: PaymentsMap) -> Callable[[Any], tuple[Payment, ...]]:
    """Reads how a sale was paid. Raises, as it reads: Wrong."""
    entries = where.each(one.each, one.skip)
    kind, amount = where.text(one.kind), where.money(one, "amount")

    def row(entry: Any) -> dict[str, Any]:
        return {"kind": kind(entry), "amount_minor": amount(entry) or 0}

    return _rows(one.each, entries, row, tuple[Payment, ...])


def returned_of(where: Where, one: ReturnedMap) -> Callable[[Any], tuple[ReturnedLine, ...]]:
    """Reads which pieces came back. Raises, as it reads: Wrong."""
    entries = where.each(one.each, one.skip)
    line, quantity = where.whole(one.line), where.whole(one.quantity)

    def row(entry: Any) -> dict[str, Any]:
        at = line(entry)
        if at is None:
            raise Wrong(place_of(one.line), "nothing says which line", "See what is sent here")
        pieces = quantity(entry)
        return {"line": at - one.first, "quantity": 1 if pieces is None else pieces}

    return _rows(one.each, entries, row, tuple[ReturnedLine, ...])


def _rows(
    each: str,
    entries: Callable[[Any], Sequence[tuple[int, Any]]],
    row: Callable[[Any], Mapping[str, Any]],
    shape: Any,
) -> Callable[[Any], Any]:
    """Every entry of a list as a row of this shape; what is wrong is told with its place."""

    def read(root: Any) -> Any:
        found = entries(root)
        if len(found) > MOST_LINES:
            raise Wrong(each, f"more than {MOST_LINES} entries", "Send such a sale in parts")
        rows = []
        for at, entry in found:
            try:
                rows.append(row(entry))
            except Wrong as wrong:
                raise Wrong(f"{each}.{at}.{wrong.column}", wrong.says, wrong.mend) from None
        try:
            return msgspec.convert(rows, shape)
        except msgspec.ValidationError as wrong:
            says, _, place = str(wrong).partition(" - at `$[")
            at = int(place.partition("]")[0] or 0)
            name = place.partition(".")[2].rstrip("`")
            told = f"{each}.{found[at][0]}.{name}"
            raise Wrong(told, says.replace("`", ""), "See what is sent here") from None

    return read
