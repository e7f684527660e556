"""What a basket is paid with, on the wire: quoted beforehand, and what each of a household pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from regulars.engine.rewarding.paying import Quote
from regulars.flows.commands import Part
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Money


class QuotePart(Struct, frozen=True):
    """What one member of a household would pay of a basket."""

    member_id: str
    points: int
    value: Money
    name: str | UnsetType = UNSET
    """What they are called at the counter; only at a till."""


class QuoteShown(Struct, frozen=True):
    """What would be paid with points, and what is left to pay in money."""

    wallet: str
    points: int
    value: Money
    discount: Money
    """Of the discounts told, what stands beside it."""
    left: Money
    partly: bool
    """Less than what was asked for, since points are paid in steps."""
    counts: Money | UnsetType = UNSET
    """Of a basket in another currency: what the value counts in the program's."""
    parts: list[QuotePart] | UnsetType = UNSET
    """Where a household pays: whose points pay how much, the taker's first."""


def quote_shown(
    found: Quote, own: str, names: Mapping[UUID, str] = MappingProxyType({})
) -> QuoteShown:
    """A quote as the world sees it; `own` is the currency of the program, `names` by whose points
    they are."""
    currency = found.where.currency or own
    return QuoteShown(
        wallet=found.wallet,
        points=found.points,
        value=Money(found.value_minor, currency),
        discount=Money(found.discount_minor, currency),
        left=Money(found.left_minor, currency),
        partly=found.partly,
        counts=Money(found.worth_minor, own) if found.where.currency else UNSET,
        parts=_parts(found, currency, names) if found.parts else UNSET,
    )


def _parts(found: Quote, currency: str, names: Mapping[UUID, str]) -> list[QuotePart]:
    return [
        QuotePart(
            shown("mem", one.member_id),
            one.points,
            Money(one.value_minor, currency),
            names.get(one.member_id, UNSET),
        )
        for one in found.parts
    ]


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
