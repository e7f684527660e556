"""How many of those who pay by the period are still there after so many months; plain arithmetic.

Symbols: in each month d of n who were there end; the share still there is the product of 1 - d / n.
Assumptions: as `waits.py`; who began later ends as those who began earlier did.
Source: Kaplan & Meier (1958); bounds by Greenwood on the scale of log(-log), as in `waits.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from regulars.insight.estimators.staying.waits import Gaps, between


class Still(NamedTuple):
    """After so many whole months this share was still there, with 95 % between the bounds.

    `at_risk` had come that far, and `ended` of them ended then.
    """

    months: int
    at_risk: int
    ended: int
    share: float
    low: float
    high: float


def still_there(lives: Iterable[Gaps]) -> list[Still]:
    """The share still there after each month, from 0 on, as long as anybody was seen.

    Shape: of `lives` the length is in whole months, `closed` ended then, `open` have come that far
    and are there. Whoever has come two months is at risk in the second and says nothing of the
    third.
    Example: of 10 who began, 2 ended after one month; 4 of the others began a month ago. After two
    months 1 of the remaining 4 ended: 0.8 × 0.75 = 0.6 are still there, and not 7 of 10.
    """
    by: dict[int, tuple[int, int]] = {}
    for one in lives:
        closed, waiting = by.get(one.length, (0, 0))
        by[one.length] = (closed + one.closed, waiting + one.open)
    left, still, variance = sum(closed + waiting for closed, waiting in by.values()), 1.0, 0.0
    found = []
    for months in range(max(by, default=-1) + 1):
        ended, waiting = by.get(months, (0, 0))
        if ended:
            rest = left - ended
            still *= rest / left
            variance = variance + ended / (left * rest) if rest else inf
        low, high = between(still, variance) if still < 1 else (1.0, 1.0)
        found.append(Still(months, left, ended, still, low, high))
        left -= ended + waiting
    return found
