"""Other currencies than the program's own: what an amount in them counts, from which day on, and
what rewards and points are worth there."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.program.wallets import Day, Decimal

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """From a day on so much of another currency counts as so much of the program's.

    What is bought is counted at the rate of its day, and keeps it: a return goes by the rate of
    its sale, whatever rates followed.
    """

    counts: Decimal
    """So much of the program's currency, with up to six decimals."""
    per: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """For so many of the other one."""
    from_on: Day | None = None
    """From this day on, until the next rate; the first one may rule from ever."""


class PaysIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What points pay of a basket in another currency: as much as at home, at the rate of the day,
    or as many for so much as is said here."""

    points: Decimal | None = None
    """So many points, of the wallet that pays …"""
    per: Decimal | None = None
    """… pay so much of that currency; both are said, or neither."""
    leaves_at_least: Decimal | None = None
    """So much of a basket is left to pay in that currency; as at home, at the rate of the day,
    unless said."""


class WorthIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A reward where members pay in another currency: what it is worth there, and takes off."""

    worth: Decimal = 0
    """What it is worth to the member, in that currency."""
    money: Decimal = 0
    """To be paid besides the price, in that currency."""
    off: Decimal | None = None
    """Of a discount: so much off, in that currency."""
    at_most: Decimal | None = None
    """A percentage takes at most so much off, in that currency."""
    from_amount: Decimal | None = None
    """The basket comes to this much at least, in that currency."""
