"""What a mapping says of a value, of lines, of payments and of pieces that came back."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from regulars.surfaces.connect.moving.mapping import Field, Skip


class From(Field, frozen=True, forbid_unknown_fields=True):
    """Where a value comes from, and how it is written there."""

    prefix: str = ""
    """Written before it, so that it is nobody else's: `shop-` makes `shop-4711` of 4711."""


Said = str | From


class LinesMap(Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of a sale: one for each entry of a list; places are within the entry."""

    each: str
    """The way to the list."""
    amount: Said | None = None
    """What all its pieces cost, before the discount."""
    amount_minor: Said | None = None
    price: Said | None = None
    """What one piece costs, in place of an amount."""
    price_minor: Said | None = None
    quantity: Said | None = None
    sku: Said | None = None
    category: Said | None = None
    name: Said | None = None
    discount: Said | None = None
    discount_minor: Said | None = None
    tax: Said | None = None
    """The tax contained in what remains after the discount."""
    tax_minor: Said | None = None
    skip: tuple[Skip, ...] = ()
    """Entries that are left aside on purpose."""


class PaymentsMap(Struct, frozen=True, forbid_unknown_fields=True):
    """How a sale was paid: one for each entry of a list; places are within the entry."""

    each: str
    kind: Said
    """`money`, `points` or `stored_value`; translate theirs with `values`."""
    amount: Said | None = None
    amount_minor: Said | None = None
    skip: tuple[Skip, ...] = ()


class ReturnedMap(Struct, frozen=True, forbid_unknown_fields=True):
    """Which pieces came back: one for each entry of a list; places are within the entry."""

    each: str
    line: Said
    """Which line of the sale: its place in the sale's own list."""
    quantity: Said | None = None
    """How many pieces; one where it is not said."""
    first: Literal[0, 1] = 0
    """Whether lines are counted from 0 or from 1."""
    skip: tuple[Skip, ...] = ()
