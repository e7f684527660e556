"""RFM: how lately, how often and how much, each from 1 to 5 beside everybody else.

Symbols: R, F and M from 1 to 5, 5 the latest, most often, most. Assumptions: none of how members
buy; it says where somebody stands beside the others, and no chance of anything.
Source: Hughes (1994), "Strategic Database Marketing", with equal fifths; names of groups are ours.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.buying.histories import Floats, Whole
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import NotEnough

STEPS: Final = 5
FEWEST: Final = 25


class Scores(Struct, frozen=True):
    """Columns of one length, a row a member, each from 1 (worst) to 5 (best)."""

    recency: Whole
    frequency: Whole
    money: Whole


def rfm(days_since: ArrayLike, orders: ArrayLike, paid: ArrayLike) -> Scores | NotEnough:
    """Scores by fifths. `days_since` the last order: fewer is better.

    Members who are alike get the same score, so fifths need not be equal: where half ordered
    once, all of these get the lowest score. Refuses with fewer than 25 members.
    """
    ago, often, money = numbers(days_since, orders, paid)
    if len(ago) < FEWEST:
        return NotEnough("members", len(ago), FEWEST)
    return Scores(_fifths(-ago), _fifths(often), _fifths(money))


def _fifths(values: Floats) -> Whole:
    """1 to 5 by rank; what is equal gets the lowest rank of its kind."""
    lowest = np.searchsorted(np.sort(values), values, side="left")
    return np.asarray(lowest * STEPS // len(values) + 1, dtype=np.int64)
