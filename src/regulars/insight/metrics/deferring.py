"""What of the money members paid is put back for their points, and what of it is earned when.

Each month's sales are shared between what was bought and the points of all wallets given with it by
what each costs alone (IFRS 15.74 to 80), as many of them as were then expected back (15.B42). That
is done once: neither a later price nor a later estimate shares a sale anew (15.88). Until the shop
has seen points come back for as long as they do, no estimate is finished, and what is shared is
provisional. The part of a wallet is earned as its points are redeemed, out of those that are
expected to be in the end (15.B46); how many that is is worked out anew at the end of each month,
and what that changes is revenue of that month. A month that was closed stays as it was closed; what
is known of it only later (a return, a sale that was told late) is booked in the first month that is
open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from regulars.insight.estimators.owing.deferred import Year, allocated, earned
from regulars.insight.estimators.owing.triangles import (
    Triangle,
    bornhuetter_ferguson,
    chain_ladder,
    grown_since,
)
from regulars.insight.estimators.saying import NotEnough

Worth = Callable[[date, int], int]
"""What so many units of a wallet, given in the month that begins on this day, cost the shop if they
are redeemed, in minor units: by the terms of that month."""

SETTLED: Final = 1.02
"""Where what came back grows by no more than this in the last third of what was seen, points come
back no longer than that."""
OLD: Final = 12
"""So many months a shop has to have seen where points lapse later, or never."""
OLDEST: Final = 37
"""Of points that live for longer than three years no more than so many are waited for."""


class Promise(Struct, frozen=True):
    """The points of one wallet that were given with what members bought: `months` are those of the
    rows of what was `seen` of them, `lives` in how many months, with its own, points of a month can
    come back before they lapse; 0 where they do not."""

    months: Sequence[date]
    seen: Triangle
    worth: Worth
    lives: int = 0

    def finished(self, month: date) -> bool:
        """Whether points had been seen, as a month ended, for as long as they come back.

        Example: 2 % come back in each of two years: after one year nobody sees that there is
        another, but what came back still grows; after three it does not any more.
        """
        seen = _seen(self, month)
        size = len(seen.given)
        if size < (min(self.lives, OLDEST) if self.lives else OLD):
            return False
        grew = grown_since(seen, 2 * size // 3)
        return not isinstance(grew, NotEnough) and grew <= SETTLED


class _Known(NamedTuple):
    """Of each month of a promise: redeemed so far, and expected in the end, whole points."""

    by_month: dict[date, tuple[int, int]]
    rate: float


class Deferred(Struct, frozen=True):
    """A month of the contract liability, in minor units: `opening` + `added` + `changed_added` −
    `earned` − `changed_earned` is `closing`.

    Keeps: `earned` takes with it what estimates changed; it may be below nothing in a month in
    which more is expected to come back than was thought before. What `changed` is of months that
    are closed: more or less is put back of their sales, or earned of it, than they were closed
    with.
    """

    month: date
    opening_minor: int
    added_minor: int
    earned_minor: int
    closing_minor: int
    rate: float
    """The ultimate redemption rate as it was estimated at the end of this month, to a millionth."""
    changed_added_minor: int = 0
    changed_earned_minor: int = 0


class _Shared:
    """How many points of each month of a wallet take part in sharing its sales: as many as were
    expected in the end when an estimate was first finished; until then, as are expected by now."""

    def __init__(self, one: Promise) -> None:
        self.promise, self.whole, self.settled = one, dict[date, int](), set[date]()

    def look(self, month: date) -> _Known | NotEnough:
        """What is known as a month has ended; what is not settled takes part so, and is from now on
        where the estimate is finished."""
        known = _known(self.promise, month)
        if isinstance(known, _Known):
            self.whole |= {
                on: whole for on, (_, whole) in known.by_month.items() if on not in self.settled
            }
            if self.promise.finished(month):
                self.settled |= known.by_month.keys()
        return known

    def worths(self, month: date) -> dict[date, int]:
        """What the points that take part cost, for each month until this one.

        Order: where nothing could be said yet, those that were redeemed so far: it grows into what
        will be said, and shares the sales of other wallets anew by little as it is.
        """
        one, seen = self.promise, _seen(self.promise, month)
        known = zip(one.months, seen.redeemed, strict=False)
        return {on: one.worth(on, self.whole.get(on, max(round(sum(row)), 0))) for on, row in known}


def deferred(
    mine: Promise, paid_minor: Mapping[date, int], others: Sequence[Promise] = ()
) -> list[Deferred] | NotEnough:
    """The contract liability of one wallet month by month, from the first in which an estimate can
    be made.

    Shape: `others` are the other wallets of the shop: what members paid is shared with them, too,
    by what is expected of them. What the months before had put back stands in the opening of the
    first one. In a month between others of which nothing can be said nothing moves; what that
    leaves out is of what `changed` in the first one after, as is all that shares months before
    anew: an estimate that was not finished, or another wallet of which nothing could be said.
    Refuses where chain-ladder does at the last month.
    Example: 1,000 paid, and points worth 100 in each of two wallets: 83.33 are put back for each,
    not 90.91.
    """
    found: list[Deferred] = []
    own, beside = _Shared(mine), [_Shared(one) for one in others]
    known: _Known | NotEnough = NotEnough("periods", 0, 1)
    was, silent = dict[date, int](), False
    for month in mine.months:
        known = own.look(month)
        for one in beside:
            one.look(month)
        if isinstance(known, NotEnough):
            found += [_still(month, found[-1])] if found else []
            silent = bool(found)
            continue
        shares = _shares(own, month, paid_minor, beside)
        before = found[-1].closing_minor if found else _stands(known, shares) - shares[month]
        found.append(_moved(month, known, shares, was if found else shares, before, silent))
        was, silent = shares, False
    return known if isinstance(known, NotEnough) and mine.months else found


def _moved(
    month: date, known: _Known, shares: Mapping[date, int], was: Mapping[date, int], before: int,
    silent: bool,
) -> Deferred:  # fmt: skip
    """A month of which something can be said; `before` is what stood when it began, `was` what the
    months before had put back until then.

    Keeps: what is earned is out of what `was` put back. Where more or less is by now, that is what
    `changed`, and so is what of it is earned by now; and all that goes after a `silent` month,
    since nobody knows in which of them it went.
    """
    added = shares[month]
    late = sum(minor - was.get(on, 0) for on, minor in shares.items() if on != month)
    closing = _stands(known, shares)
    kept = {on: was.get(on, minor) if on != month else minor for on, minor in shares.items()}
    gone = before + added + late - closing
    earned_now = 0 if silent else before + added - _stands(known, kept)
    return Deferred(
        month, before, added, earned_now, closing, known.rate, late, gone - earned_now
    )  # fmt: skip


def as_closed(found: Sequence[Deferred], closed: Mapping[date, Deferred | None]) -> list[Deferred]:
    """Closed months with what they were closed with, and the others on top of them.

    `closed` are months one after the other, each with its row, or with nothing where nothing could
    be said when it was closed; `found` are all months as they would be today.
    Order: what changed in closed months is booked in the first one that is open; net, where those
    of today begin later, as what they had put back is not the same months then. Months before the
    first that was closed with a row stand in its opening.
    Example: closed with 100 put back; then half of it came back: today it would be 50. The month
    stays at 100, and the open one has −50 beside what it put back itself.
    """
    kept = _kept(closed)
    last = max(closed, default=date.min)
    ahead = [one for one in found if one.month > last]
    if not kept or not ahead:
        return [*kept, *ahead]
    today = [one for one in found if kept[0].month <= one.month <= last]
    was, is_ = kept[-1].closing_minor, today[-1].closing_minor if today else ahead[0].opening_minor
    same = today and today[0].month == kept[0].month
    more = _put_back(today) - _put_back(kept) if same else 0
    ahead[0] = replace(
        ahead[0],
        opening_minor=was,
        changed_added_minor=ahead[0].changed_added_minor + more,
        changed_earned_minor=ahead[0].changed_earned_minor + was + more - is_,
    )
    return [*kept, *ahead]


def _kept(closed: Mapping[date, Deferred | None]) -> list[Deferred]:
    """The rows of closed months; where one said nothing after others did, nothing moved in it."""
    rows: list[Deferred] = []
    for month in sorted(closed):
        row = closed[month]
        if row is None and rows:
            row = _still(month, rows[-1])
        rows += [row] if row is not None else []
    return rows


def _still(month: date, before: Deferred) -> Deferred:
    """A month in which nothing moved."""
    stands = before.closing_minor
    return Deferred(month, stands, 0, 0, stands, before.rate)


def _put_back(rows: Sequence[Deferred]) -> int:
    """What was put back in all: before the first of them, in each, and of others in it."""
    each = sum(one.added_minor + one.changed_added_minor for one in rows)
    return rows[0].opening_minor + each


def _known(one: Promise, month: date) -> _Known | NotEnough:
    """What was known of points when a month had ended."""
    seen = _seen(one, month)
    ladder = chain_ladder(seen)
    if isinstance(ladder, NotEnough):
        return ladder
    found = bornhuetter_ferguson(seen, min(ladder.rate, 1.0))
    if isinstance(found, NotEnough):
        return found
    points = (
        (round(redeemed), max(round(expected), round(redeemed)))
        for redeemed, expected in zip(found.redeemed, found.expected, strict=True)
    )
    return _Known(dict(zip(one.months, points, strict=False)), round(found.rate, 6))


def _seen(one: Promise, month: date) -> Triangle:
    return one.seen.until(bisect_right(one.months, month))


def _shares(
    own: _Shared, month: date, paid_minor: Mapping[date, int], others: Sequence[_Shared]
) -> dict[date, int]:
    """What of the sales of each month until this one was put back for the points of a wallet."""
    beside = [one.worths(month) for one in others]
    found = dict[date, int]()
    for on, points in own.worths(month).items():
        paid = max(paid_minor.get(on, 0), 0)
        goods = paid + sum(one.get(on, 0) for one in beside)
        found[on] = allocated(paid, goods, points).points_minor if goods + points else 0
    return found


def _stands(known: _Known, shares: Mapping[date, int]) -> int:
    """What of that is not earned yet, by what is known now of how many points will come back."""
    years = ((shares[on], Year(*points)) for on, points in known.by_month.items())
    return sum(earned(minor, [year])[0].deferred_minor for minor, year in years)
