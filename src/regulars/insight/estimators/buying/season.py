"""How the season lifts or lowers what a model of buying expects, where the shop's past says so.

Models of buying know no season: they expect of December what they expect of June. Where the shop
has seen a season, and what was foretold comes nearer with it at two of three origins, the orders of
everybody are multiplied by an index of the stretch ahead.

Symbols: n(d) orders of day d, T today, h the stretch ahead; the index is the sum of n over the same
stretch a year ago, over h/365 of the sum over the whole year about the middle of that stretch.
Assumes: one season a year, alike for everybody, that multiplies; the year about the stretch takes
growth out, so the index is one where there is no season.
Source: the ratio to a centred moving average, classical multiplicative decomposition (Hyndman &
Athanasopoulos 2021, section 3.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

YEAR: Final = 365
FEWEST_KNOWN: Final = 3
"""At so many origins of the past the season must have been seen before it is believed."""
State = Literal["taken", "tried", "unseen"]
"""It is used; it was tried and foretold no better; too little of it was seen."""


class Season(Struct, frozen=True):
    """What is known of a season: `factor` by which orders ahead are multiplied (1: by nothing)."""

    state: State = "unseen"
    factor: float = 1.0
    orders: tuple[float, ...] = ()
    """How far off orders were at each origin, with the season where it is taken: then at those
    that had seen it, and no others."""
    indices: tuple[float, ...] = ()
    """What the season says at every origin, where it is taken; 1 where nobody had seen it yet."""

    @property
    def bounds(self) -> tuple[float, float]:
        """How much more or less came than was foretold, at the worst of origins: orders are to be
        multiplied by these. Example: a quarter too few was foretold: up to 1.33 times as many."""
        asked = [1 / (1 + off) for off in self.orders if off > -1]
        return min(asked, default=1.0), max(asked, default=1.0)


def index_of(days: NDArray[np.int64], origin: int, ahead: int) -> float | None:
    """By how much more than on average a shop sells in the stretch after `origin`, as it did a year
    before; nothing where the year about that stretch was not seen whole, or nothing happened in it.

    `days` are days of orders in order; what came after `origin` is not looked at.
    """
    first = origin - YEAR
    begin = first - (YEAR - ahead) // 2
    if ahead >= YEAR or not len(days) or days[0] > begin:
        return None
    same = _between(days, first, first + ahead)
    whole = _between(days, begin, begin + YEAR)
    return same * YEAR / (whole * ahead) if whole and same else None


def _between(days: NDArray[np.int64], after: int, until: int) -> int:
    """Orders after a day, until the end of another."""
    low, high = np.searchsorted(days, (after, until), side="right")
    return int(high - low)


def seasoned(
    orders: Sequence[float], indices: Sequence[float | None], ahead: float | None
) -> Season:
    """Whether the season is taken: `orders` is how far off a model was at each origin, `indices`
    what the season said there, `ahead` what it says today.

    Order: taken where it was less off in all and nearer at two of three origins that had seen it.
    """
    plain = tuple(orders)
    both = [(off, index) for off, index in zip(plain, indices, strict=True) if index is not None]
    if ahead is None or len(both) < FEWEST_KNOWN:
        return Season("unseen", 1.0, plain)
    lifted = [(1 + off) * index - 1 for off, index in both]
    nearer = sum(abs(new) < abs(off) for new, (off, _) in zip(lifted, both, strict=True))
    less = sum(map(abs, lifted)) < sum(abs(off) for off, _ in both)
    if not less or 3 * nearer < 2 * len(both):
        return Season("tried", 1.0, plain)
    every = tuple(1.0 if index is None else index for index in indices)
    return Season("taken", ahead, tuple(lifted), every)
