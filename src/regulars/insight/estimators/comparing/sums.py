"""The effect of something given by chance, from sums alone: a million members need no million rows.

Symbols: of n members, y what came of it and x what there was before, known as the sums of y, y^2,
x, x^2 and x y; b = cov(x, y) / var(x) over both groups together, z = y - b x; the effect is mean(z)
less that of the hold-out, give or take 1.96 times the root of var(z) / n of both.
Assumptions: chance decided who had it, before anything that x counts; members do not change one
another; so many of them that means are normal.
Source: Welch (1947), with the normal distribution in place of t, as thirty members and more stand
in each group; Deng, Xu, Kohavi & Walker (2013) for the time before.
"""

from __future__ import annotations

from math import log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.insight.estimators.saying import NotEnough

FEWEST_IN_GROUP: Final = 30
FEWEST_LOOKED_AT: Final = 100
FEWEST_BUYERS: Final = 10
"""With fewer who did anything at all, one more or less turns what is said around."""
_WIDTH: Final = NormalDist().inv_cdf(0.975)


class Sums(NamedTuple):
    """Of one group: members, how many of them did anything, and sums over all of them: of what came
    of it, of what there was before, of their squares, and of one times the other."""

    members: int
    buyers: int
    after: int
    after_squares: int
    before: int
    before_squares: int
    both: int


class More(Struct, frozen=True):
    """`value` of a member who had it beside one who was held out; 95 % from `low` to `high`."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether chance alone seldom gives as much."""
        return self.low > 0 or self.high < 0


def more(test: Sums, held_out: Sums) -> More | NotEnough:
    """How far the mean of those who had it lies above that of the hold-out, less what the time
    before foretold of each.

    Refuses with fewer than thirty members or ten who did anything in a group, or where nobody
    differs from anybody: then nothing says how sure one is.
    Example: 3 orders a hundred members more, give or take 4, is not yet sure.
    """
    fewest = min(test.members, held_out.members)
    if fewest < FEWEST_IN_GROUP:
        return NotEnough("groups", fewest, FEWEST_IN_GROUP)
    buyers = min(test.buyers, held_out.buyers)
    if buyers < FEWEST_BUYERS:
        return NotEnough("values", buyers, FEWEST_BUYERS)
    slope = _slope(test, held_out)
    one, other = _mean(test, slope), _mean(held_out, slope)
    spread = _variance(test, slope) / test.members + _variance(held_out, slope) / held_out.members
    if spread <= 0:
        return NotEnough("spread", 0, 1)
    width = _WIDTH * sqrt(spread)
    return More(one - other, one - other - width, one - other + width)


def at_every_look(
    found: More, members: int, first_look: int = 1_000, level: float = 0.05
) -> More | NotEnough:
    """The same with bounds that hold however often and whenever one looks, so that one may stop by
    them; `members` are those of both groups.

    Source: as `guards.at_every_look`, of which it is the same in sums alone; `level` is smaller
    where several are looked at together, so that one of them is wrong as seldom.
    """
    if members < FEWEST_LOOKED_AT:
        return NotEnough("members", members, FEWEST_LOOKED_AT)
    error = (found.high - found.low) / (2 * _WIDTH)
    width = error * errors_at_every_look(members, first_look, level)
    return More(found.value, found.value - width, found.value + width)


def errors_at_every_look(members: int, first_look: int = 1_000, level: float = 0.05) -> float:
    """How many standard errors wide such bounds are to each side, of so many members of both groups
    together. Example: of 1,000 members 3.04 where one look alone takes 1.96."""
    tight = (-2 * log(level) + log(-2 * log(level) + 1)) / first_look
    grown = members * tight + 1
    return sqrt(2 * grown / (members * tight) * log(sqrt(grown) / level))


def _slope(one: Sums, other: Sums) -> float:
    """How much of what came was foretold by what was before, over both groups."""
    members, before = one.members + other.members, one.before + other.before
    squares = one.before_squares + other.before_squares - before * before / members
    if squares <= 0:
        return 0.0
    after, both = one.after + other.after, one.both + other.both
    return (both - before * after / members) / squares


def _mean(of: Sums, slope: float) -> float:
    return (of.after - slope * of.before) / of.members


def _variance(of: Sums, slope: float) -> float:
    """That of one member's outcome, once what was foretold of it is taken away."""
    squares = of.after_squares - 2 * slope * of.both + slope * slope * of.before_squares
    total = of.after - slope * of.before
    return max(squares - total * total / of.members, 0.0) / (of.members - 1)
