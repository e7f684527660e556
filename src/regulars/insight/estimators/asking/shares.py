"""A share of those asked, with the interval in which it lies.

Symbols: k of n are p = k / n, and z = 1.96; Wilson's bounds are (p + z^2/2n +- z sqrt(p (1 - p)/n +
z^2/4n^2)) / (1 + z^2/n). Assumptions: each of the n is counted once, apart from the others, and has
the same chance; both groups of a difference are of different members.
Source: Wilson (1927); Agresti & Coull (1998) for why plain Wald is wrong; Newcombe (1998), method
10, for the difference of two shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

from msgspec import Struct

from regulars.insight.estimators.saying import NotEnough

SURE_95: Final = 1.959963984540054


class Share(Struct, frozen=True):
    """`part` of `whole`; with 95 % it lies from `low` to `high`, also where none or all did.

    Example: 0 of 10 is a share of 0 that may be up to 0.28; "0 % to 0 %" would be wrong.
    """

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, from 0 to 1; 0 where nobody was asked."""
        return self.part / self.whole if self.whole else 0.0


def share(part: int, whole: int, sure: float = SURE_95) -> Share:
    """A share with Wilson's interval; of nobody it may be anything."""
    assert 0 <= part <= whole, (part, whole)
    if whole == 0:
        return Share(0, 0, 0.0, 1.0)
    p, z = part / whole, sure * sure / whole
    middle, width = p + z / 2, sure * sqrt(p * (1 - p) / whole + z / (4 * whole))
    low, high = (middle - width) / (1 + z), (middle + width) / (1 + z)
    return Share(part, whole, 0.0 if part == 0 else low, 1.0 if part == whole else high)


class Difference(Struct, frozen=True):
    """By how much one share is above another, with 95 % from `low` to `high`."""

    value: float
    low: float
    high: float


def difference(one: Share, other: Share) -> Difference | NotEnough:
    """How far `one` lies above `other`, two groups that have nobody in common.

    Refuses where one of them is nobody: a share of nobody lies above and below nothing.
    """
    if min(one.whole, other.whole) == 0:
        return NotEnough("answers", 0, 1)
    p, q = one.value, other.value
    down = sqrt((p - one.low) ** 2 + (other.high - q) ** 2)
    up = sqrt((one.high - p) ** 2 + (q - other.low) ** 2)
    return Difference(p - q, p - q - down, p - q + up)


def satisfied(scores: Sequence[int], asked: int) -> tuple[Share, Share]:
    """CSAT (answers of 4 and 5 among all from 1 to 5) and the share of the asked who answered.

    Faults: AssertionError for a score outside 1 to 5, or more answers than asked.
    """
    assert all(1 <= score <= 5 for score in scores), "CSAT is asked from 1 to 5"
    assert len(scores) <= asked, (len(scores), asked)
    content = sum(score >= 4 for score in scores)
    return share(content, len(scores)), share(len(scores), asked)
