"""What points of one wallet cost the shop if they are redeemed, as terms are now."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import ceil

from msgspec import Struct

from regulars.engine.changing.keeping import changes_of, worths_kept
from regulars.engine.changing.prices import costs_of
from regulars.engine.terms import Version


class Cost(Struct, frozen=True):
    """What the smallest unit of a wallet costs, in minor units: `each` by the terms of now; `kept`
    by how many of the `changes` lie behind what was earned."""

    each: Fraction
    changes: tuple[datetime, ...]
    kept: tuple[Fraction, ...]

    def of(self, units: int) -> int:
        """What so many cost by the terms of now, rounded up once."""
        return ceil(units * self.each)


def cost_of(version: Version, now: datetime, wallet: str) -> Cost:
    """What points of the wallet of this name cost; nothing where the program does not say.

    Example: a mug for 5 points that costs 5.00: each is 100, and 7 points are owed 7.00.
    """
    kept = [one.get(wallet, Fraction(0)) for one in worths_kept(version, now, costs_of)]
    each = costs_of(version.program).get(wallet, Fraction(0))
    return Cost(each, tuple(changes_of(version, now)), tuple(kept))
