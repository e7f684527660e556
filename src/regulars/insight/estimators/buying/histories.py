"""What a model of buying sees of each member: how often, how long until the last time, how long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.saying import FEWEST_MEMBERS, NotEnough

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST_REPEATED = 30
"""So few who bought again tell nothing of how gaps differ between members."""
_FAR, _ODD = 1e6, 0.6180339887498949
_PORTION = 50_000
"""Rows looked at in one go, so that a million members need little memory."""


class Histories(Struct, frozen=True):
    """Columns of one length, a row for each kind of member there is.

    `repeats` orders after the first (x); `last` age at the last of them (t_x), 0 where there is
    none; `age` time since the first order (T), all in the same unit; `members` how many are just
    so. Two orders of one day are one order: what comes here is merged per member and day.
    Example: who ordered on days 0, 7 and 30 and is looked at on day 40 has 2, 30 and 40; days
    since the last order (10, the recency of RFM) are `age - last`.
    """

    repeats: Whole
    last: Floats
    age: Floats
    members: Floats

    def __len__(self) -> int:
        return len(self.repeats)

    @property
    def many(self) -> float:
        """How many members these are."""
        return float(self.members.sum())

    @property
    def repeated(self) -> float:
        """How many of them ordered at least twice."""
        return float(self.members[self.repeats > 0].sum())

    def few(self, most: int) -> Histories:
        """At most so many rows, evenly spread: a start for a fit of all of them, or enough."""
        if len(self) <= most:
            return self
        chosen = np.linspace(0, len(self) - 1, min(most, len(self))).astype(np.int64)
        return self._rows(chosen)

    def in_ages(self) -> tuple[Histories, float]:
        """The same with an age of 1 on average, and how long that is in the unit of `age`.

        So what is looked for lies where a search looks, be it in seconds or in years.
        """
        middle = float(np.average(self.age, weights=self.members))
        columns = self.last / middle, self.age / middle
        return Histories(self.repeats, *columns, self.members), middle

    def height_in(self, height: float, middle: float) -> float:
        """A log-likelihood found in ages of `middle`, in the unit of `age`: each order after the
        first lies so much thinner in time."""
        return height - float(self.repeats @ self.members) * float(np.log(middle))

    def portions(self) -> Iterator[Histories]:
        """The same rows, some at a time, in their order."""
        for at in range(0, len(self), _PORTION):
            yield self._rows(slice(at, at + _PORTION))

    def _rows(self, which: Whole | slice) -> Histories:
        columns = self.repeats[which], self.last[which], self.age[which]
        return Histories(*columns, self.members[which])


def histories(
    repeats: ArrayLike, last: ArrayLike, age: ArrayLike, members: ArrayLike | None = None
) -> Histories:
    """Histories of these columns; rows that are alike are put together.

    Faults: AssertionError where a row cannot be: fewer than no orders, a last order before the
    first or after today, a last order of somebody who never came again, one on the first day of
    somebody who did, members fewer than none.
    """
    x = np.asarray(repeats, dtype=np.int64)
    at, until, many = numbers(last, age, np.ones(len(x)) if members is None else members)
    assert (x >= 0).all(), x.min()
    assert ((at >= 0) & (at <= until)).all(), "a last order lies between the first and today"
    assert ((at > 0) == (x > 0)).all(), "a last order belongs to whoever came again, on another day"
    assert (many >= 0).all(), "members are not fewer than none"
    # One key sorts in a quarter of the time of three. Rows that are alike have one key; where
    # others come between them by chance, they stay apart, which changes no sum.
    order = np.argsort(x * _FAR + until + at * _ODD)
    x, at, until = x[order], at[order], until[order]
    differs = np.ones(len(x), dtype=np.bool_)
    differs[1:] = (np.diff(x) != 0) | (np.diff(at) != 0) | (np.diff(until) != 0)
    starts = np.flatnonzero(differs)
    sums = np.add.reduceat(many[order], starts) if len(starts) else many
    return Histories(x[starts], at[starts], until[starts], sums)


def too_few(given: Histories) -> NotEnough | None:
    """What is missing before a model of buying can be fitted at all."""
    if given.many < FEWEST_MEMBERS:
        return NotEnough("members", given.many, FEWEST_MEMBERS)
    if given.repeated < FEWEST_REPEATED:
        return NotEnough("repeat_orders", given.repeated, FEWEST_REPEATED)
    return None
