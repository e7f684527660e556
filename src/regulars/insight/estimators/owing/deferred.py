"""What of a sale's money is earned when points are given with it, and when the rest is.

Symbols: of sales S with points of worth W, of which the share u is expected to be redeemed, S u W /
(S + u W) waits; once R of R' points that will ever come back did, R / R' of it is earned.
Assumptions: points are a material right, and what members paid is shared between goods and points
by what each is worth by itself; what nobody will redeem is earned as the others redeem.
Source: IFRS 15.B39 to B47 and ASC 606-10-55-41 to 49 (a material right, and rights not used),
15.87 to 90 (a change of what is expected is caught up at once); KPMG, "Revenue for
loyalty programs", examples 10A, 10B.
Units: whole minor units of one currency; the last step is the only one that rounds.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Allocated(Struct, frozen=True):
    """Of what was paid: for what was bought at once, and for the points."""

    goods_minor: int
    points_minor: int


class Year(Struct, frozen=True):
    """What the books knew at the end of a period: all points redeemed until then, and how many of
    all given are expected to be redeemed in the end."""

    redeemed: int
    expected: int


class Earned(Struct, frozen=True):
    """Revenue of a period, and what is still owed at its end."""

    minor: int
    deferred_minor: int


def allocated(paid_minor: int, goods_minor: int, points_minor: int) -> Allocated:
    """Shares of what was paid by what each part would cost alone.

    `points_minor` is the worth of those points that are expected to be redeemed, not of all.
    Example: 100,000 paid for goods of 100,000 and 9,700 of points: 91,158 and 8,842.
    """
    whole = goods_minor + points_minor
    assert min(paid_minor, goods_minor, points_minor) >= 0, "amounts are not negative"
    assert whole > 0, "something was sold"
    points = _rounded(paid_minor * points_minor, whole)
    return Allocated(paid_minor - points, points)


def earned(deferred_minor: int, years: Sequence[Year]) -> list[Earned]:
    """Revenue of each period out of what was put back for points.

    At each end all of it is worked out anew by what is expected then; the difference to what was
    shown before is this period's revenue, also when the estimate changed. Where no more are
    expected than were redeemed, nothing is owed any more, also if that is none.
    Example: 9,000 put back, 4,500 redeemed of 9,700 expected: 4,175; then 8,500 of 9,900: 3,552.
    Faults: AssertionError where fewer are expected than were redeemed, or redeemed falls.
    """
    shown, before, found = 0, 0, []
    for year in years:
        assert before <= year.redeemed <= year.expected, year
        until = (
            _rounded(deferred_minor * year.redeemed, year.expected)
            if year.expected
            else deferred_minor
        )
        found.append(Earned(until - shown, deferred_minor - until))
        shown, before = until, year.redeemed
    return found


def _rounded(above: int, below: int) -> int:
    """To the nearest, a half away from nothing."""
    return (2 * above + below) // (2 * below)
