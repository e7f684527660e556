"""RFM: how lately, how often and how much, each from 1 to 5 beside everybody else.

Source: Hughes (1994), "Strategic Database Marketing", with equal fifths; names of groups are ours.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.buying.histories import Whole
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
    once, all of them are as far down as the best of them. Refuses with fewer than 25 members.
    """
    ago = np.asarray(days_since, dtype=np.float64)
    if len(ago) < FEWEST:
        return NotEnough("members", len(ago), FEWEST)
    often, money = np.asarray(orders), np.asarray(paid)
    return Scores(_fifths(-ago), _fifths(often), _fifths(money))


def _fifths(column: ArrayLike) -> Whole:
    """1 to 5 by rank; what is equal gets the lowest rank of its kind."""
    values = np.asarray(column, dtype=np.float64)
    lowest = np.searchsorted(np.sort(values), values, side="left")
    return np.asarray(lowest * STEPS // len(values) + 1, dtype=np.int64)
