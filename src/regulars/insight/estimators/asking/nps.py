"""The Net Promoter Score: would they recommend us, from 0 to 10, and how sure is that number?

Symbols: of n answers p promote (9 and 10) and d detract (0 to 6); the score is p - d, its variance
(p + d - (p - d)^2) / n. Assumptions: members answer for themselves and not for one another; it is
of who answered, and of the others only if they would have said the same.
Source: Reichheld (2003); interval by adjusted Wald, Rocks (2016), "Interval Estimation for the Net
Promoter Score": three answers are added, of which three quarters of one answer promote, three
quarters of one detract, and one and a half lie between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

from msgspec import Struct

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import NotEnough

PROMOTES: Final = 9
DETRACTS: Final = 6
_ADDED: Final = 3.0
_ADDED_EACH: Final = 0.75
FEWEST_ACCOUNTS: Final = 2


class Nps(Struct, frozen=True):
    """`value`, `low` and `high` (95 %) from -100 to 100, and how many of each there were.

    Example: of 10, 9, 8 and 0 two promote and one detracts: 25, not the mean of the scores.
    """

    value: float
    low: float
    high: float
    promoters: int
    passives: int
    detractors: int

    @property
    def answers(self) -> int:
        """How many said a score."""
        return self.promoters + self.passives + self.detractors


def nps(scores: Iterable[int | None]) -> Nps | NotEnough:
    """NPS of these answers; who left it blank (None) counts nowhere.

    Refuses without an answer. Faults: AssertionError for a score outside 0 to 10.
    """
    given = [score for score in scores if score is not None]
    assert all(0 <= score <= 10 for score in given), "NPS is asked from 0 to 10"
    if not given:
        return NotEnough("answers", 0, 1)
    promoters = sum(score >= PROMOTES for score in given)
    detractors = sum(score <= DETRACTS for score in given)
    value, low, high = _interval(promoters, detractors, len(given))
    return Nps(value, low, high, promoters, len(given) - promoters - detractors, detractors)


def nps_of_accounts(scores: Mapping[str, Sequence[int | None]]) -> Nps | NotEnough:
    """NPS across companies: first what each says by the mean of its people, then over companies.

    Example: one company of 100 people who all give 10 beside one of a single 0 comes to 0, not to
    98. Each counts as promoter, passive or detractor by its mean, rounded down to a whole score.
    Refuses with fewer than two companies that answered.
    """
    means: list[int | None] = []
    for answers in scores.values():
        given = [score for score in answers if score is not None]
        if given:
            means.append(sum(given) // len(given))
    if len(means) < FEWEST_ACCOUNTS:
        return NotEnough("answers", len(means), FEWEST_ACCOUNTS)
    return nps(means)


def _interval(promoters: int, detractors: int, many: int) -> tuple[float, float, float]:
    value = (promoters - detractors) / many
    whole = many + _ADDED
    up, down = (promoters + _ADDED_EACH) / whole, (detractors + _ADDED_EACH) / whole
    width = SURE_95 * sqrt((up + down - (up - down) ** 2) / whole)
    # Of a single answer the bounds, drawn toward the middle, would leave out what was said.
    low = min(value, max(-1.0, up - down - width))
    high = max(value, min(1.0, up - down + width))
    return 100 * value, 100 * low, 100 * high
