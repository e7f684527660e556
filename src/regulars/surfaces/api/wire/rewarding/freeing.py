"""What lies on the counter, and which pieces of it are free, on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.activity.checks import MOST_LINES
from regulars.records.activity.types import Line, ReturnedLine
from regulars.records.rewards.types import FreeOf
from regulars.surfaces.api.wire.parts import Money, Pieces, Text, minor_of


class BasketLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One article on the counter: what all its pieces cost together, before its own discount."""

    amount: Money
    sku: Text = ""
    category: Text = ""
    quantity: Pieces = 1
    discount: Money | None = None


class NamedPieces(Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of one line of the basket, counted from 0."""

    line: Annotated[int, Meta(ge=0, le=9_999)]
    quantity: Pieces = 1


BasketLines = Annotated[tuple[BasketLine, ...], Meta(max_length=MOST_LINES)]


class FreePiecesShown(Struct, frozen=True):
    """Pieces of one line of the basket that are free."""

    line: int
    sku: str
    category: str
    quantity: int
    value_minor: int
    """What they come to, in minor units of the program's currency: the line's discount."""


def lines_of(sent: Sequence[BasketLine], currency: str) -> tuple[Line, ...]:
    """The lines of a basket. Faults: Invalid for another currency."""
    return tuple(
        [
            Line(
                minor_of(one.amount, currency, f"/lines/{place}/amount"),
                one.sku,
                one.category,
                one.quantity,
                minor_of(one.discount, currency, f"/lines/{place}/discount"),
            )
            for place, one in enumerate(sent)
        ]
    )


def named_of(sent: Sequence[NamedPieces]) -> tuple[ReturnedLine, ...]:
    """The pieces a till names."""
    return tuple([ReturnedLine(one.line, one.quantity) for one in sent])


def free_shown(free: Sequence[FreeOf]) -> list[FreePiecesShown]:
    """Pieces that are free, as the world sees them."""
    return [
        FreePiecesShown(one.line, one.sku, one.category, one.pieces, one.value_minor)
        for one in free
    ]
