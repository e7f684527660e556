"""How many members it takes to notice a difference between two shares, or between two means.

An experiment is judged by bounds that hold at every look, which are wider than those of one look:
what it takes is counted by them (`parts_wanted`, `parts_wanted_for_mean`). What the textbooks say
of one look (`members_wanted`, `members_wanted_for_mean`) is where counting begins.

Symbols: p share, δ difference, σ standard deviation, z quantiles of the normal distribution, c(n)
standard errors to each side at every look of n members; n is the least with
|δ| ≥ (c(n) + z₁₋β) (v₁ ⁄ n₁ + v₂ ⁄ n₂)^½, v the variance of one member's outcome in each part.
Assumptions: two groups, drawn by chance and independently; as many members that means are normal;
nothing that the time before would foretell (where it does, fewer are enough).
Source: shares by Fleiss, Levin & Paik (2003), without correction for continuity; means by n = 2 σ²
(z₁₋α⁄₂ + z₁₋β)² ⁄ δ², as in Chow, Shao & Wang (2008), two groups side by side.
"""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from regulars.insight.estimators.comparing.sums import (
    FEWEST_IN_GROUP,
    FEWEST_LOOKED_AT,
    errors_at_every_look,
)

_NORMAL = NormalDist()
LEVEL: Final = 0.05
"""In so many experiments where nothing is there, some part is said to be surely ahead."""


class Parts(NamedTuple):
    """Members each part of an experiment needs."""

    smaller: int
    larger: int


def parts_wanted(
    share: float, lift: float, part: float = 0.5, power: float = 0.8, arms: int = 2
) -> Parts:
    """How many members each of two parts needs so that `lift` on a `share` is sure, at whatever
    look, with this chance; `part` is how much of both is in the smaller one. Each of several
    `arms` is beside the first one, and judged as an experiment with so many is: by narrower levels.

    Example: to be sure of 12 % for 10 % takes 8,442 in each of two equal parts, where one look
    alone would take 3,841; with one in ten in the smaller part, 5,387 and 48,480.
    Order: whichever of both parts has which share, it is enough. Keeps: no part is smaller than
    what an effect is said of at all.
    Faults: AssertionError unless both shares lie between 0 and 1.
    """
    fewest = 2 * members_wanted(share, lift, power)
    mine, other = share * (1 - share), (share + lift) * (1 - share - lift)
    ways = [
        _parts(lift, each, (part, power, arms), fewest) for each in ((mine, other), (other, mine))
    ]
    return max(ways)


def parts_wanted_for_mean(
    spread: float, more: float, part: float = 0.5, power: float = 0.8, arms: int = 2
) -> Parts:
    """How many members each of two parts needs so that `more` on average is sure, at whatever look.

    Units: as `members_wanted_for_mean`, arms as `parts_wanted`.
    Faults: AssertionError without a spread or a difference.
    """
    fewest = 2 * members_wanted_for_mean(spread, more, power)
    return _parts(more, (spread * spread, spread * spread), (part, power, arms), fewest)


def _parts(
    apart: float, varies: tuple[float, float], asked: tuple[float, float, int], fewest: int
) -> Parts:
    """The least of both parts by halving: more members make bounds narrower, always."""
    part, power, arms = asked
    assert 0 < part <= 0.5, part
    assert arms > 1, arms
    seen, level = _NORMAL.inv_cdf(power), LEVEL / (arms - 1)

    def enough(members: int) -> bool:
        error = sqrt(varies[0] / (members * part) + varies[1] / (members * (1 - part)))
        return abs(apart) >= (errors_at_every_look(members, level=level) + seen) * error

    low = high = max(fewest, FEWEST_LOOKED_AT, ceil(FEWEST_IN_GROUP / part))
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return Parts(ceil(high * part), ceil(high * (1 - part)))


def members_wanted(share: float, lift: float, power: float = 0.8, level: float = 0.05) -> int:
    """How many members each of two equal groups needs to notice `lift` on a `share`.

    Both are shares, the lift an absolute one. Example: to notice 12 % for 10 % takes 3,841 in
    each group; half the lift takes some four times as many.
    Faults: AssertionError unless both shares lie between 0 and 1.
    """
    other = share + lift
    assert 0 < share < 1, share
    assert 0 < other < 1, other
    assert lift != 0, "no difference cannot be noticed"
    sure, seen = _NORMAL.inv_cdf(1 - level / 2), _NORMAL.inv_cdf(power)
    middle = (share + other) / 2
    apart = sure * sqrt(2 * middle * (1 - middle))
    apart += seen * sqrt(share * (1 - share) + other * (1 - other))
    return ceil((apart / lift) ** 2)


def members_wanted_for_mean(
    spread: float, more: float, power: float = 0.8, level: float = 0.05
) -> int:
    """How many members each of two equal groups needs to notice that one has `more` on average.

    Units: `spread` (standard deviation) and `more` in the same, whichever it is.
    Example: to notice 2.00 more where members differ by 10.00 takes 393 in each group; twice the
    spread takes four times as many. Faults: AssertionError without a spread or a difference.
    """
    assert spread > 0, spread
    assert more != 0, "no difference cannot be noticed"
    sure, seen = _NORMAL.inv_cdf(1 - level / 2), _NORMAL.inv_cdf(power)
    return max(2, ceil(2 * (spread * (sure + seen) / more) ** 2))
