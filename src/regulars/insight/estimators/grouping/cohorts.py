"""Of those who came first in one period, who ordered again how many periods later?

Symbols: n(i) members whose first order is in period i, c(i, k) how many of them ordered in i + k;
the share is c(i, k) / n(i), and c(i, 0) = n(i).
Assumes: nothing; it counts. A share of few is uncertain, so Wilson's bounds stand beside it.
Source: Glenn (2005), Cohort Analysis: the standard cohort table.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from regulars.insight.estimators.buying.histories import Floats, Whole
from regulars.insight.estimators.columns import numbers


class Cohorts(Struct, frozen=True):
    """Row i: members whose first order was in period `first[i]`. Column k: k periods later.

    `came` how many of them ordered, `spent` what they paid net, `size` how many they are. What
    has not happened yet is -1 in `came` and NaN in `spent`: a cohort is never old enough to have
    lost somebody in a period that has not ended.
    """

    first: Whole
    size: Whole
    came: Whole
    spent: Floats


def cohorts(member: ArrayLike, period: ArrayLike, paid: ArrayLike, periods: int) -> Cohorts:
    """From orders: whose, in which period (from 0, `periods` of them have ended), what was paid.

    Order: of the first periods. Two orders of a member in one period are one of `came`.
    Example: who ordered in period 0 and 2 counts in columns 0 and 2, and not in 1.
    """
    who, when = np.asarray(member), np.asarray(period, dtype=np.int64)
    (money,) = numbers(paid)
    assert ((when >= 0) & (when < periods)).all(), "orders of periods that have ended"
    _, row = np.unique(who, return_inverse=True)
    begins = np.full(int(row.max(initial=-1)) + 1, periods, dtype=np.int64)
    np.minimum.at(begins, row, when)
    size = np.bincount(begins, minlength=periods)
    came, spent = np.zeros((periods, periods), np.int64), np.zeros((periods, periods))
    later = when - begins[row]
    seen = np.unique(np.stack((row, later)), axis=1)
    np.add.at(came, (begins[seen[0]], seen[1]), 1)
    np.add.at(spent, (begins[row], later), money)
    open_yet = np.add.outer(np.arange(periods), np.arange(periods)) >= periods
    came[open_yet], spent[open_yet] = -1, np.nan
    some = size > 0
    return Cohorts(np.flatnonzero(some), size[some], came[some], spent[some])
