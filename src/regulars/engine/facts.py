"""Everything a rule may see of an activity: the whole list, in one place.

The rule builder, the documentation and the privacy note are generated from here. A rule that
needs to know more needs a field here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct


class FactLine(NamedTuple):
    """One line of the basket as the rules see it."""

    sku: str
    """The article."""
    category: str
    """The kind of goods it belongs to."""
    quantity: int
    """Pieces that were not returned."""
    amounts: tuple[int, ...]
    """Qualifying minor units, one per qualifying definition in the order of the program file; one
    more, as it was paid, where rules ask for amounts of other currencies."""
    free: int = 0
    """Of the pieces, those a reward made free; no rule counts them."""

    @property
    def counted(self) -> int:
        """Pieces that rules count: not those that were free."""
        return self.quantity - self.free


class Facts(Struct, frozen=True):
    """What happened, as the rules see it. Times are local to the program's zone."""

    kind: str
    """What sort of activity it is: `purchase`, `visit`, `review`, …"""
    day: int
    """Proleptic ordinal of the local day (`date.toordinal()`)."""
    weekday: int
    """0 is Monday."""
    hour: int
    """0 to 23, as the shop's clock shows it."""
    channel: str = ""
    """The way it came about: till, web, app; empty when nobody said."""
    store: str = ""
    """The shop where it happened; empty when nobody said."""
    tier: int = 0
    """0 is no tier, 1 the lowest step of the ladder."""
    further: frozenset[str] = frozenset()
    """Every step of further ladders that the member stands on or above."""
    lines: tuple[FactLine, ...] = ()
    """The basket; a purchase of which only the sum is known is one line without a name."""
    extras: tuple[int, ...] = ()
    """Shipping and tips that qualify, per qualifying definition; they belong to no line."""
    member: Mapping[str, bool | int | str] = {}
    """Attributes the shop keeps of the member, by name."""
    details: Mapping[str, bool | int | str] = {}
    """What was sent with the activity, such as the rating of a review."""
    currency: str = ""
    """The currency in which it was paid, where that is not the program's."""
