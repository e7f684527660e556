"""An estimate of what comes back, tried on the shop's own past: what it would have said, what came.

At several months in the past (rolling origins) the same is worked out of what was known then, and
asked for the two quarters after; how far off it was on average stands beside today's estimate. All
ways of estimating are tried so, and one that did better for long than the usual one is taken.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

from regulars.insight.estimators.owing.calendar import by_calendar
from regulars.insight.estimators.owing.triangles import (
    FEWEST_PERIODS,
    Triangle,
    Ultimate,
    bornhuetter_ferguson,
    chain_ladder,
)
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, missing
from regulars.insight.metrics.spans import Span

TESTED_MONTHS: Final = 6
"""An estimate is tried on the two quarters after it was made."""
FEWEST_ORIGINS: Final = 4
"""Once or twice says how lucky it was, not how far off it is."""
MOST_ORIGINS: Final = 12


Way = Literal["bornhuetter_ferguson", "chain_ladder", "calendar"]
USUAL: Final[Way] = "bornhuetter_ferguson"
"""What is taken where nothing says that another way is better."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)


class Origin(Struct, frozen=True):
    """So many months `ago`, so much was `expected` of the two quarters after, and so much `came`:
    points of what had been given until then."""

    ago: int
    expected: float
    came: int

    @property
    def off(self) -> float | None:
        """How far off, as a share of what came; None where nothing came, or more was given back
        than came."""
        return (self.expected - self.came) / self.came if self.came > 0 else None


class Tried(Struct, frozen=True):
    """What would have been expected of `months` at each origin, and what came; the latest first."""

    months: int
    origins: tuple[Origin, ...]

    @property
    def missed(self) -> int:
        """By how many points it was off at all of them, either way."""
        return sum(abs(round(one.expected) - one.came) for one in self.origins)

    @property
    def came(self) -> int:
        """How many came after all of them."""
        return sum(one.came for one in self.origins)

    @property
    def off(self) -> float:
        """How far off on average, either way, as a share of what came."""
        return self.missed / self.came

    @property
    def worst(self) -> float:
        """How far off at the worst of all origins, either way, as a share of what came in all of
        them on average."""
        most = max(abs(one.expected - one.came) for one in self.origins)
        return most * len(self.origins) / self.came


class Chosen(Struct, frozen=True):
    """The way that is taken, how it did on the shop's past, and how each of the others did."""

    way: Way
    tried: Tried | NotEnough
    others: tuple[tuple[Way, Tried | NotEnough], ...]

    def other(self, way: Way) -> Tried | NotEnough:
        """How a way did that was not taken."""
        return dict(self.others)[way]


def chosen(seen: Triangle, months: int = TESTED_MONTHS) -> Chosen:
    """Which way foretold the shop's own past better.

    Order: another than the usual one is taken only where it missed less in all and at two of three
    origins at least; of several such ways the one that missed least. Origins overlap, and whatever
    is a little better this month is a little worse in the next. Where nothing can be tried, nothing
    is chosen: the usual one is taken, and `tried` says what is missing.
    A way that cannot say anything today is not taken, however well it did: in the first month after
    one without sales the calendar knows no growth.
    Example: of twelve origins it was nearer at seven: too few to leave the usual way.
    """
    found = {way: tried(seen, months, way) for way in WAYS}
    usual, best = found[USUAL], USUAL
    if isinstance(usual, Tried):
        better = [
            (one.missed, way)
            for way, one in found.items()
            if isinstance(one, Tried) and _surely_better(one, usual) and _tells(way, seen)
        ]
        best = min(better, key=lambda one: one[0])[1] if better else USUAL
    return Chosen(best, found[best], tuple(one for one in found.items() if one[0] != best))


def _tells(way: Way, seen: Triangle) -> bool:
    """Whether a way can say what becomes of the points of today."""
    return not isinstance(expected_by(way, seen), NotEnough)


def _surely_better(one: Tried, usual: Tried) -> bool:
    """Whether a way missed less in all, and at two of three of the usual one's origins; at all of
    them it could say something."""
    theirs = {each.ago: each for each in one.origins}
    both = [(theirs[each.ago], each) for each in usual.origins if each.ago in theirs]
    nearer = sum(abs(a.expected - a.came) < abs(b.expected - b.came) for a, b in both)
    whole = len(usual.origins)
    return len(both) == whole and one.missed < usual.missed and 3 * nearer >= 2 * whole


def expected_by(way: Way, seen: Triangle) -> Ultimate | NotEnough:
    """What becomes of all points by this way; by each, chain-ladder has to be able to say."""
    ladder = chain_ladder(seen)
    if isinstance(ladder, NotEnough) or way == "chain_ladder":
        return ladder
    if way == "calendar":
        return by_calendar(seen)
    return bornhuetter_ferguson(seen, min(ladder.rate, 1.0))


def tried(seen: Triangle, months: int = TESTED_MONTHS, way: Way = USUAL) -> Tried | NotEnough:
    """What the same would have said at several months in the past, each beside what came since.

    Refuses, with what is missing: fewer months than four origins take, one of them at which no
    estimate could be made, or nothing in all that came after them (what was given back counts
    against it).
    Example: of 13 months four origins have 4 to 7 months before them and six behind.
    """
    size = len(seen.given)
    able = size - months - FEWEST_PERIODS + 1
    if able < FEWEST_ORIGINS:
        return NotEnough("periods", size, months + FEWEST_PERIODS + FEWEST_ORIGINS - 1)
    found: list[Origin] = []
    for ago in range(months, months + min(able, MOST_ORIGINS)):
        one = _at(seen, ago, months, way)
        if isinstance(one, Origin):
            found.append(one)
        elif len(found) < FEWEST_ORIGINS:
            return one
    told = Tried(months, tuple(found))
    return told if told.came > 0 else NotEnough("values", told.came, 1)


def _at(seen: Triangle, ago: int, months: int, way: Way) -> Origin | NotEnough:
    """What was known so many months ago, what it said of the months after, and what came."""
    size = len(seen.given) - ago
    then = seen.until(size)
    found = by_calendar(then, months) if way == "calendar" else expected_by(way, then)
    if isinstance(found, NotEnough):
        return found
    came = sum(sum(seen.redeemed[i][size - i : size - i + months]) for i in range(size))
    if way == "calendar":
        return Origin(ago, sum(found.expected) - sum(found.redeemed), round(came))
    return Origin(ago, _soon(then, found, months), round(came))


def off_figure(span: Span, found: Tried | NotEnough) -> Figure:
    """How far off the estimate was on the shop's own past, or why that cannot be said."""
    if isinstance(found, NotEnough):
        return missing("breakage_off", span, found)
    n = len(found.origins)
    return Figure("breakage_off", span, found.off, found.missed, found.came, n=n)


def _soon(then: Triangle, found: Ultimate, months: int) -> float:
    """What of all that was still expected comes within the next so many months, by how much of
    all that ever comes had come at that age."""
    size = len(then.given)
    whole = sum(sum(row) for row in then.redeemed)
    if not whole:
        return 0.0
    by_age = _by_age(then)
    soon = 0.0
    for i in range(size):
        rest = found.expected[i] - found.redeemed[i]
        age = size - i
        ahead = sum(by_age[age:])
        soon += rest * sum(by_age[age : age + months]) / ahead if ahead > 0 else 0.0
    return soon


def _by_age(then: Triangle) -> list[float]:
    """What comes of a hundred points at each age, of all months that show it."""
    size = len(then.given)
    found = []
    for k in range(size):
        rows = range(size - k)
        base = sum(then.given[i] for i in rows)
        # The last of them are of a few rows: where these gave next to nothing, they say as much.
        came = sum(then.redeemed[i][k] for i in rows)
        found.append(came / max(base, then.usual) if base else 0.0)
    return found
