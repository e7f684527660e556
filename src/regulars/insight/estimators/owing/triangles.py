"""How many points of each month will come back: what older months did, carried to younger ones.

A row of a triangle is the points given in one period, a column what was redeemed of them so many
periods later (of lots, soonest end first, as the books consume them). Plain arithmetic: a triangle
has some hundred rows at most, and the server that shows it does not load numpy.
Symbols: C(i, j) of the points of month i are back after j periods; the factor f(j) is the sum of
C(i, j + 1) over the sum of C(i, j), of all months that are as old. Bornhuetter-Ferguson takes what
is still to come from what was given, times the share that comes back in the end, less what of it
should have come by now.
Assumptions (Mack): months do not depend on one another; what comes next is in proportion to what
came, by the same factor for all months, with a variance in proportion, too.
Thin: where the months that are old enough for a column gave next to nothing, or next to nothing of
them had come back, their factor would say how all others end. There what they grew by is laid
beside what usual months had by then (`_volume`), not beside the little they had.
Source: Mack (1993) for chain-ladder and how sure it is; Bornhuetter & Ferguson (1972).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import inf, isfinite, isnan, prod, sqrt
from typing import Final

from msgspec import Struct

from regulars.insight.estimators.saying import NotEnough

FEWEST_PERIODS: Final = 4
THIN: Final = 4
"""What a column grows from is thin below one in so many of what usual months have by then."""
Row = tuple[float, ...]


class Triangle(Struct, frozen=True):
    """`given` points of each period; `redeemed[i][k]` of those of period i in the k-th after it
    (0 the same), as far as it has happened. Both in points of the wallet.

    `beyond` is what came back in each period of points of which nobody knows when they were earned;
    empty where there are none.
    """

    given: Row
    redeemed: tuple[Row, ...]
    beyond: Row = ()

    @property
    def usual(self) -> float:
        """What was given in a period on average."""
        return sum(self.given) / len(self.given)

    def until(self, size: int) -> Triangle:
        """The same as it was known when so many periods had passed."""
        rows = tuple(self.redeemed[i][: size - i] for i in range(size))
        return Triangle(self.given[:size], rows, self.beyond[:size])


class Ultimate(Struct, frozen=True):
    """A row for each period of a triangle: `redeemed` so far and `expected` in the end, points.

    `rate` is the ultimate redemption rate, `breakage` what never comes back; neither is redeemed
    over issued of one month, which mixes points of many.
    """

    given: Row
    redeemed: Row
    expected: Row

    @property
    def rate(self) -> float:
        """Of all points given, the share that is redeemed in the end."""
        whole = sum(self.given)
        return sum(self.expected) / whole if whole else 0.0

    @property
    def breakage(self) -> float:
        """Of all points given, the share that never comes back."""
        return 1 - self.rate


def triangle(given: Iterable[float], redeemed: Iterable[Iterable[float]]) -> Triangle:
    """A triangle of as many rows as columns; what has not happened yet is NaN.

    Faults: AssertionError where it is none, or where more came back than was given.
    """
    points = tuple(float(one) for one in given)
    rows = [tuple(float(one) for one in row) for row in redeemed]
    size = len(points)
    assert len(rows) == size, (len(rows), size)
    assert all(len(row) == size for row in rows), "as many columns as rows"
    known = [row[: size - i] for i, row in enumerate(rows)]
    ahead = [one for i, row in enumerate(rows) for one in row[size - i :]]
    assert all(isnan(one) for one in ahead), "known is what lies before today, and nothing else"
    assert all(isfinite(one) for row in (points, *known) for one in row), "points are numbers"
    assert all(sum(row) <= points[i] for i, row in enumerate(known)), "no more than was given"
    return Triangle(points, tuple(known))


def chain_ladder(seen: Triangle, tail: float = 1.0) -> Ultimate | NotEnough:
    """Each period goes on as all before it did: by what stands, times how others grew from there.

    `tail` is the growth after the last column. Refuses with fewer than four periods that weigh
    something, where nothing was redeemed yet, and where points have to wait before they can be
    used: what nothing grows to is not known.
    """
    growth = _growth(seen)
    if isinstance(growth, NotEnough):
        return growth
    so_far = _diagonal(seen)
    ahead = _to_come(growth, tail)
    if not all(isfinite(one) for one in ahead):
        return NotEnough("values", 0, 1)
    rows = zip(so_far, ahead, seen.given, strict=True)
    return Ultimate(seen.given, so_far, tuple(min(c * f, most) for c, f, most in rows))


def bornhuetter_ferguson(seen: Triangle, rate: float, tail: float = 1.0) -> Ultimate | NotEnough:
    """Young periods by what is usual, old ones by what happened.

    `rate` is the share of points expected back in the end, from older periods or by judgment.
    Example: a month of which nothing came back yet is expected to bring `rate` of its points, not
    nothing, as chain-ladder says.
    Keeps: no fewer are expected than came back. Where refunds let what older months had come back
    shrink again, nothing is still to come; all of it may have been refunded (growth 0).
    """
    assert 0 <= rate <= 1, rate
    growth = _growth(seen)
    if isinstance(growth, NotEnough):
        return growth
    so_far = _diagonal(seen)
    rows = zip(so_far, _to_come(growth, tail), seen.given, strict=True)
    expected = tuple(max(c, min(c + _ahead(f) * rate * most, most)) for c, f, most in rows)
    return Ultimate(seen.given, so_far, expected)


def _ahead(growth: float) -> float:
    """Of all that ever comes, the part that is still to come where it grows so much."""
    return 1 - 1 / growth if growth > 1 else 0.0


def grown_since(seen: Triangle, column: int) -> float | NotEnough:
    """By how much what was redeemed until a column grows until the last one that was seen.

    Example: 1.0 where nothing comes back as late as that; 1.5 where a third of all does. Refuses
    where chain-ladder does.
    """
    growth = _growth(seen)
    return growth if isinstance(growth, NotEnough) else prod(growth[column:])


def error_of(seen: Triangle) -> float | NotEnough:
    """By how many points all that chain-ladder expects may be off: one standard error.

    Symbols: f the growth from a column to the next, s its spread about what rows did (sigma squared
    of the paper, the last one carried on as there), c what stands or is expected in a column.
    Source: Mack (1993), theorem 3 and its corollary on the total of all rows.
    Example: rows that all grow alike have an error of 0; the months ahead may still differ.
    """
    growth = _growth(seen)
    if isinstance(growth, NotEnough):
        return growth
    if not all(isfinite(one) for one in growth) or min(growth) <= 0:
        return NotEnough("values", 0, 1)
    size = len(seen.given)
    sums = [tuple(accumulate(row)) for row in seen.redeemed]
    weigh = _volume(seen, sums)
    if min(weigh) <= 0:
        return NotEnough("values", 0, 1)
    heavy = [THIN * one >= seen.usual for one in seen.given]
    moves = [one / f**2 for one, f in zip(_spread(sums, growth, heavy), growth, strict=True)]
    rows = [_grown(row, growth) for row in sums]
    total, younger = 0.0, 0.0
    for i in range(size - 1, 0, -1):
        ahead = range(size - i - 1, size - 1)
        own = sum(moves[k] / rows[i][k] for k in ahead if rows[i][k])
        shared = sum(moves[k] / weigh[k] for k in ahead)
        end = rows[i][-1]
        # Rows lean on one another, as all of them go by the same growth: each with all younger.
        total += end**2 * (own + shared) + 2 * end * younger * shared
        younger += end
    return sqrt(total)


def _grown(sums: Sequence[float], growth: Sequence[float]) -> list[float]:
    """A row with what it is expected to come to in the columns ahead."""
    row = list(sums)
    while len(row) <= len(growth):
        row.append(row[-1] * growth[len(row) - 1])
    return row


def _spread(
    sums: Sequence[Sequence[float]], growth: Sequence[float], heavy: Sequence[bool]
) -> list[float]:
    """How far rows that weigh something are from growing alike, by columns; of the last one, and
    where fewer than two show it, nobody can tell."""
    size, found = len(sums), list[float]()
    for k in range(size - 2):
        shown = [row for row, one in zip(sums[: size - k - 1], heavy, strict=False) if one]
        rows = [row for row in shown if row[k] > 0]
        off = sum(row[k] * (row[k + 1] / row[k] - growth[k]) ** 2 for row in rows)
        before = found[-1] if found else 0.0
        found.append(off / (len(shown) - 1) if len(shown) > 1 else before)
    last, before = found[-1], found[-2]
    found.append(min(last * last / before if before else 0.0, before, last))
    return found


def _growth(seen: Triangle) -> Row | NotEnough:
    """By how much what was redeemed until k grows until k + 1, over all periods that show both."""
    size = len(seen.given)
    if size < FEWEST_PERIODS:
        return NotEnough("periods", size, FEWEST_PERIODS)
    known = 1 + sum(THIN * sum(seen.given[: size - k - 1]) >= seen.usual for k in range(size - 1))
    if known < FEWEST_PERIODS:
        return NotEnough("periods", known, FEWEST_PERIODS)
    volume = _volume(seen, [tuple(accumulate(row)) for row in seen.redeemed])
    if volume[-1] <= 0:
        return NotEnough("values", volume[-1], 1)
    grew = (sum(seen.redeemed[i][k + 1] for i in range(size - k - 1)) for k in range(size - 1))
    # Nothing that is something later grows without end: all of it is still to come.
    both = zip(volume, grew, strict=True)
    return tuple((before + more) / before if before > 0 else inf for before, more in both)


def _volume(seen: Triangle, sums: Sequence[Row]) -> list[float]:
    """Of each column but the last, what the rows that show the next one had come to by then: what
    they grew by is laid beside it.

    Order: below a fourth of what a usual period has by then, by what came back of all points that
    are as old (and of what the same rows would have by that), it is the more of that the less they
    had. So a factor never jumps, and 50 points among months of thousands move it by no more than
    they are.
    """
    size, share, found = len(seen.given), 0.0, list[float]()
    for k in range(size - 1):
        old = sum(seen.given[: size - k])
        if old > 0:
            came = sum(seen.redeemed[i][k] for i in range(size - k))
            share += came / max(old, seen.usual)
        most = max(sum(seen.given[: size - k - 1]), seen.usual)
        had = sum(row[k] for row in sums[: size - k - 1])
        found.append(max(had, share * most - (THIN - 1) * had))
    return found


def _to_come(growth: Row, tail: float) -> Row:
    """For each row, by how much what stands today grows until the end."""
    assert tail >= 1, tail
    return tuple(accumulate((tail, *reversed(growth)), lambda one, other: one * other))


def _diagonal(seen: Triangle) -> Row:
    return tuple(sum(row) for row in seen.redeemed)
