"""What of the points will come back, what that costs, and how far off such an estimate was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.owing.triangles import Triangle, Ultimate, error_of
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, count_of, missing
from regulars.insight.metrics.spans import Span, begins, following, months_on
from regulars.insight.metrics.trying import Chosen, Tried, chosen, expected_by


class Came(NamedTuple):
    """Of points given in the month of `given_on`, so many came back in that of `on`."""

    given_on: date
    on: date
    redeemed: int


class Given(NamedTuple):
    """So many points were given in a month, net of what returns took back; of these are left."""

    on: date
    given: int
    left: int


class Owing(Struct, frozen=True):
    """What becomes of all points given so far.

    Units: points in units of the wallet's scale; shares from 0 to 1. `low` and `high` are of the
    ultimate redemption rate, with 95 %.
    """

    given: int
    redeemed: int
    expected: float
    left: int
    rate: float
    low: float
    high: float
    chosen: Chosen
    by_month: Ultimate
    """Of the points of each month: given, redeemed so far, expected in the end."""

    @property
    def coming(self) -> float:
        """Of what is outstanding, how many are expected to be redeemed; never more than there
        are."""
        return min(max(self.expected - self.redeemed, 0.0), float(max(self.left, 0)))

    def of_what_is_left(self, expected: float) -> float:
        """The share of what is left that comes back, where so many do in the end.

        Example: 100 given, 30 redeemed, 40 lapsed: where 45 come in the end, 15 of the 30 left.
        """
        if self.left <= 0:
            return self.rate
        return min(max((expected - self.redeemed) / self.left, 0.0), 1.0)


def triangle_of(
    given: Sequence[Given],
    came: Iterable[Came],
    ended_on: date,
    burned: Mapping[date, int] | None = None,
) -> Triangle:
    """The triangle of all months that ended before the month of `ended_on`.

    Shape: all of it is of points that were given here: of those that were brought over nobody knows
    what had come back before, and each of their months would grow far too much. `burned` is all
    that was redeemed in each month by the books, whether or not anybody knows of which month's.
    Keeps: a month from which more came back than was left of it after returns counts as given what
    came back: what was taken back and what was redeemed cross in the books.
    """
    points = {one.on: one.given for one in given}
    came = tuple(came)
    months = months_of(given, ended_on)
    rows = _rows(months, came)
    whole = [
        max(float(points.get(on, 0)), sum(row)) for on, row in zip(months, rows, strict=True)
    ]  # fmt: skip
    return Triangle(tuple(whole), tuple(rows), _beyond(months, came, burned or {}))


def _beyond(
    months: Sequence[date], came: Iterable[Came], burned: Mapping[date, int]
) -> tuple[float, ...]:
    """What was redeemed in each month beyond what is known of points of some month."""
    if not months or not burned:
        return ()
    sums = dict.fromkeys([months_on(months[0], -1), *months, months_on(months[-1], 1)], 0)
    for one in came:
        if one.on in sums:
            sums[one.on] += one.redeemed
    lost = unmatched([burned.get(month, 0) - known for month, known in sums.items()])[1:-1]
    return tuple(map(float, lost)) if any(lost) else ()


def unmatched(more: Sequence[int]) -> list[int]:
    """What was redeemed in each month of points of no month that is known: by how much `more` it
    was by the days of stores than by lots, less what lacks in a month beside it.

    Order: days are cut by the clock of the store, lots by that of the program. What was redeemed
    between the two midnights at the end of a month is in one month here and in the next there.
    """
    left, lacks = [max(one, 0) for one in more], [max(-one, 0) for one in more]
    for at in range(len(more)):
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(more):
                same = min(left[at], lacks[beside])
                left[at] -= same
                lacks[beside] -= same
    return left


def owing_of(seen: Triangle, left: int) -> Owing | NotEnough:
    """Bornhuetter-Ferguson with the rate of chain-ladder, or chain-ladder or the calendar where
    that foretold the shop's own past better for long.

    Bounds: Mack's error about the first two; of the calendar, as much of what is still to come as
    it was off at the worst of its origins. Refuses where chain-ladder does, with what is missing.
    """
    way = chosen(seen)
    usual = expected_by(way.way, seen)
    if isinstance(usual, NotEnough):
        return usual
    error = _error(seen, usual, way)
    if isinstance(error, NotEnough):
        return error
    given = sum(usual.given)
    width = error / given
    floor = sum(usual.redeemed) / given
    return Owing(
        given=round(given),
        redeemed=round(sum(usual.redeemed)),
        expected=sum(usual.expected),
        left=left,
        rate=usual.rate,
        low=max(floor, usual.rate - width),
        high=min(1.0, usual.rate + width),
        chosen=way,
        by_month=usual,
    )


def _error(seen: Triangle, found: Ultimate, way: Chosen) -> float | NotEnough:
    """By how many points the estimate may be off, with 95 %."""
    if way.way == "calendar" and isinstance(way.tried, Tried):
        return way.tried.worst * (sum(found.expected) - sum(found.redeemed))
    error = error_of(seen)
    return error if isinstance(error, NotEnough) else SURE_95 * error


def owing_figures(
    span: Span, found: Owing | NotEnough, outstanding: int, worth_minor: int
) -> list[Figure]:
    """Outstanding points, the ultimate rate, breakage and liability.

    `worth_minor` is what all outstanding points would cost if all were redeemed; nothing where the
    program does not say what a point costs. `found` is of the last month that had ended by the end
    of the span; points given since, in a month that runs, are taken to come back like those before.
    """
    first = count_of("outstanding", span, outstanding)
    names = ("redemption_ultimate", "breakage", "liability")
    if isinstance(found, NotEnough):
        return [first, *(missing(name, span, found) for name in names)]
    n = found.given
    rate = Figure(
        names[0], span, found.rate, round(found.expected), n, found.low, found.high, n
    )  # fmt: skip
    low, high = 1 - found.high, 1 - found.low
    left = n - round(found.expected)
    never = Figure(names[1], span, 1 - found.rate, left, n, low, high, n)
    return [first, rate, never, _liability(span, found, outstanding, worth_minor)]


def _liability(span: Span, found: Owing, outstanding: int, worth_minor: int) -> Figure:
    if outstanding <= 0 or worth_minor <= 0:
        return missing("liability", span, NotEnough("values", worth_minor, 1))
    share, low, high = (
        found.of_what_is_left(expected)
        for expected in (found.expected, found.given * found.low, found.given * found.high)
    )
    value, coming = float(round(share * worth_minor)), round(share * outstanding)
    bounds = low * worth_minor, high * worth_minor
    return Figure("liability", span, value, coming, outstanding, *bounds, outstanding)


def months_of(given: Iterable[Given], ended_on: date) -> list[date]:
    """The months of the triangle's rows: all that ended since the first points were given."""
    return list(_months(min((one.on for one in given), default=ended_on), ended_on))


def _rows(months: Sequence[date], came: Iterable[Came]) -> list[tuple[float, ...]]:
    back = {(one.given_on, one.on): one.redeemed for one in came}
    return [
        tuple(float(back.get((first, on), 0)) for on in months[place:])
        for place, first in enumerate(months)
    ]


def _months(first_on: date, ended_on: date) -> Iterable[date]:
    first_on = begins(first_on, "month")
    while first_on < begins(ended_on, "month"):
        yield first_on
        first_on = following(first_on, "month")
