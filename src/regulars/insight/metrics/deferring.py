"""What of the money members paid is put back for their points, and what of it is earned when.

Each month's sales are shared between what was bought and the points given with it by what each
costs alone (IFRS 15.74 to 80); the part of the points is earned as they are redeemed, out of those
that are expected to be in the end (15.B46). At the end of each month that is worked out anew by
what was known then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from regulars.insight.estimators.owing.deferred import Year, allocated, earned
from regulars.insight.estimators.owing.triangles import Triangle, bornhuetter_ferguson, chain_ladder
from regulars.insight.estimators.saying import NotEnough

Worth = Callable[[int], int]
"""What so many units of a wallet cost the shop if they are redeemed, in minor units."""


class Deferred(Struct, frozen=True):
    """A month of the contract liability, in minor units: `opening` + `added` − `earned` is
    `closing`.

    Keeps: `earned` takes with it what estimates changed; it may be below nothing in a month in
    which more is expected to come back than was thought before.
    """

    month: date
    opening_minor: int
    added_minor: int
    earned_minor: int
    closing_minor: int
    rate: float
    """The ultimate redemption rate as it was estimated at the end of this month."""


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
    return closing, added, found.rate
