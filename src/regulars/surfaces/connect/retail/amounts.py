"""Prices and minutes as the shop wrote them, made exact."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Invalid

ZONE: Final = ZoneInfo("Europe/London")
_SCALE: Final = 9
_PENNY: Final = 10 ** (_SCALE - 2)


@lru_cache(maxsize=65_536)
def price_units(price: str) -> int:
    """A price as a whole number of thousand-millionths of a pound, nothing dropped.

    Faults: Invalid for anything but plain decimal text with at most nine decimals.
    """
    try:
        return units(price, _SCALE)
    except NotExact as wrong:
        raise Invalid(f"a price cannot be read: {wrong}", field="/UnitPrice") from None


def amount_minor(price: str, quantity: int) -> int:
    """What so many pieces came to in pence.

    Order: multiplied first, rounded once, half a penny up; prices in whole pence stay exact.
    Example: 3 pieces at 0.335 are 1.01 (rounding the price first would say 1.02).
    """
    return (price_units(price) * quantity + _PENNY // 2) // _PENNY


def whole_pence(price: str) -> bool:
    """Whether a price has no fraction of a penny."""
    return price_units(price) % _PENNY == 0


@lru_cache(maxsize=65_536)
def instant(minute: datetime) -> datetime:
    """The instant at which the shop's clock showed this.

    Order: a time that the clock showed twice (autumn) is the first of the two; one that it
    skipped (spring) is told by the clock before the change, so it lies an hour later.
    """
    return minute.replace(tzinfo=ZONE, fold=0).astimezone(UTC)
