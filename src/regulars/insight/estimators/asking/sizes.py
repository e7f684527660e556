"""How many members it takes to notice a difference between two shares.

Source: Fleiss, Levin & Paik (2003), without correction for continuity.
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
