"""How many members it takes to notice a difference between two shares, or between two means.

Symbols: p share, δ difference, σ standard deviation, z quantiles of the normal distribution.
Assumptions: two groups of one size, drawn by chance and independently; as many members that means
are normal. Source: shares by Fleiss, Levin & Paik (2003), without correction for continuity; means
by n = 2 σ² (z₁₋α⁄₂ + z₁₋β)² ⁄ δ², as in Chow, Shao & Wang (2008), two groups side by side.
"""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


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
