"""What each of a household pays of a basket, on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars.flows.commands import Part
from regulars.surfaces.api.strict.ids import shown


class PartShown(Struct, frozen=True):
    """What one member of a household pays of a basket: a payment of the sale names this redemption
    and says this value."""

    redemption: str
    member_id: str
    price: dict[str, int]
    """Units per wallet."""
    value_minor: int
    """In minor units of the currency of the basket."""


def parts_shown(parts: Sequence[Part]) -> list[PartShown]:
    """Whose points pay how much, the taker's first."""
    return [
        PartShown(
            shown("red", one.redemption_id),
            shown("mem", one.member_id),
            one.price,
            one.value_minor,
        )
        for one in parts
    ]
