"""A member as a profile of Klaviyo: ids, points, tier, and what the shop chose to share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import Struct

from regulars.base.money import decimals
from regulars.insight.connected.marketed import Marketed
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.klaviyo.asking import written

BEFORE: Final = "loyalty_"
"""What names of our properties begin with, so that they never meet somebody else's."""


class Sharing(Struct, frozen=True):
    """What is told of a program's members: of which money, what beside ids, points and tier."""

    currency: str
    shares: Collection[str]


def profile_of(one: Marketed, sharing: Sharing, *, with_id: bool = True) -> dict[str, Any]:
    """The attributes of a profile; our own id leads back to the member.

    Keeps: what is not shared is not there. What a member has no more is null, so that it goes there
    too.
    Example: `loyalty_points: 120, loyalty_tier: "gold"`.
    """
    told: dict[str, Any] = {"properties": _properties(one, sharing)}
    if with_id:
        told["external_id"] = shown("mem", one.member_id)
    if one.email:
        told["email"] = one.email
    if one.phone:
        told["phone_number"] = one.phone
    if "names" in sharing.shares:
        names = {"first_name": one.given_name, "last_name": one.family_name, "locale": one.locale}
        told |= {name: value for name, value in names.items() if value}
    return told


def _properties(one: Marketed, sharing: Sharing) -> dict[str, Any]:
    told: dict[str, Any] = {
        "tier": one.tier,
        "tier_until": None if one.tier_until is None else written(one.tier_until),
        "member_since": one.joined_at.date().isoformat(),
        **{wallet.replace("-", "_"): units for wallet, units in one.points.items()},
    }
    if "attributes" in sharing.shares:
        told |= {
            f"attribute_{name.replace('-', '_')}": value for name, value in one.attributes.items()
        }
    if "values" in sharing.shares:
        told |= _worth(one, sharing.currency)
    return {BEFORE + name: value for name, value in told.items()}


def _worth(one: Marketed, currency: str) -> Mapping[str, Any]:
    """What they are worth and whether they come again, dated; nothing where nobody reckoned it."""
    if one.as_of is None:
        return {}
    scale, worth = decimals(currency), one.worth_minor
    return {
        "value_12_months": None if worth is None else decimal(worth, scale),
        "value_currency": currency,
        "chance_90_days": None if one.chance is None else decimal(one.chance, 3),
        "health": one.health,
        "worth": one.worth,
        "values_as_of": one.as_of.isoformat(),
    }


def decimal(units: int, places: int) -> float | int:
    """Whole units as the decimal number that JSON has; what is reckoned with stays whole.

    Example: 8450 with two places is 84.5.
    """
    return units if places == 0 else float(f"{units}e-{places}")
