"""What of the money members paid is put back for their points, and what of it is earned when.

Each month's sales are shared between what was bought and the points given with it by what each
costs alone (IFRS 15.74 to 80); the part of the points is earned as they are redeemed, out of those
that are expected to be in the end (15.B46). At the end of each month that is worked out anew by
what was known then. A month that was closed stays as it was closed; what is known of it only later
(a return, a sale that was told late) is booked in the first month that is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from regulars.insight.estimators.owing.deferred import Year, allocated, earned
from regulars.insight.estimators.owing.triangles import Triangle, bornhuetter_ferguson, chain_ladder
from regulars.insight.estimators.saying import NotEnough

Worth = Callable[[int], int]
"""What so many units of a wallet cost the shop if they are redeemed, in minor units."""


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


def deferred(
    months: Sequence[date], seen: Triangle, paid_minor: Mapping[date, int], worth: Worth
) -> list[Deferred] | NotEnough:
    """The contract liability month by month, from the first in which an estimate can be made.

    `months` are those of the triangle's rows. What the months before had put back stands in the
    opening of the first one.
    Refuses where chain-ladder does at the last month.
    """
    found: list[Deferred] = []
    size, before = len(months), 0
    for end in range(1, size + 1):
        known = _known(seen, end)
        stands = _balance(known, months[:end], paid_minor, worth)
        if isinstance(stands, NotEnough):
            if end == size:
                return stands
            continue
        closing, added, rate = stands
        opening = before if found else closing - added
        found.append(
            Deferred(months[end - 1], opening, added, opening + added - closing, closing, rate)
        )
        before = closing
    return found


def as_closed(found: Sequence[Deferred], closed: Mapping[date, Deferred | None]) -> list[Deferred]:
    """Closed months with what they were closed with, and the others on top of them.

    `closed` are months one after the other, each with its row, or with nothing where nothing could
    be said when it was closed; `found` are all months as they would be today.
    Order: what changed in closed months is booked in the first one that is open. Months before the
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
    more = _put_back(today) - _put_back(kept) if today else 0
    ahead[0] = replace(
        ahead[0],
        opening_minor=was,
        changed_added_minor=more,
        changed_earned_minor=was + more - is_,
    )
    return [*kept, *ahead]


def _kept(closed: Mapping[date, Deferred | None]) -> list[Deferred]:
    """The rows of closed months; where one said nothing after others did, nothing moved in it."""
    rows: list[Deferred] = []
    for month in sorted(closed):
        row = closed[month]
        if row is None and rows:
            stands = rows[-1].closing_minor
            row = Deferred(month, stands, 0, 0, stands, rows[-1].rate)
        rows += [row] if row is not None else []
    return rows


def _put_back(rows: Sequence[Deferred]) -> int:
    """What was put back in all: before the first of them, in each, and of others in it."""
    each = sum(one.added_minor + one.changed_added_minor for one in rows)
    return rows[0].opening_minor + each


def _known(seen: Triangle, end: int) -> Triangle:
    """What was known when so many months had ended."""
    rows = tuple(seen.redeemed[i][: end - i] for i in range(end))
    return Triangle(seen.given[:end], rows)


def _balance(
    known: Triangle, months: Sequence[date], paid_minor: Mapping[date, int], worth: Worth
) -> tuple[int, int, float] | NotEnough:
    """What is still put back at the end, what the last month added to it, and the rate."""
    ladder = chain_ladder(known)
    if isinstance(ladder, NotEnough):
        return ladder
    found = bornhuetter_ferguson(known, min(ladder.rate, 1.0))
    if isinstance(found, NotEnough):
        return found
    closing, added = 0, 0
    rows = zip(months, found.redeemed, found.expected, strict=True)
    for month, redeemed, expected in rows:
        whole = max(round(expected), round(redeemed))
        paid = max(paid_minor.get(month, 0), 0)
        points = worth(whole)
        added = allocated(paid, paid, points).points_minor if paid + points else 0
        (stands,) = earned(added, [Year(round(redeemed), whole)])
        closing += stands.deferred_minor
    return closing, added, round(found.rate, 6)
