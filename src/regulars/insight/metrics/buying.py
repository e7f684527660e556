"""Who came back: figures of members' orders in a span, from counts that were read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.insight.estimators.asking.ratios import Weeks
from regulars.insight.estimators.asking.shares import Share, share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.waits import Gaps, Median, median_closed, median_wait
from regulars.insight.metrics.figures import (
    Figure,
    count_of,
    missing,
    part_of,
    ratio_by_members,
    ratio_by_weeks,
    share_of,
)
from regulars.insight.metrics.spans import Span, begins, compared, following

SECOND_DAYS: Final = 90
"""Within so many days a second order makes a first buyer a regular."""


class Bought(Struct, frozen=True):
    """What was bought in a span, as counts and sums.

    Units: money in minor units, net of what came back; it may be below nothing where more came
    back than was bought.
    """

    span: Span
    buyers: int = 0
    twice: int = 0
    """Of these, with two orders or more."""
    first: int = 0
    """Of these, whose first order of all it was."""
    before: int = 0
    """Who bought in the span before, of the same length."""
    both: int = 0
    """Of those, who bought in this one, too."""
    orders: int = 0
    net_minor: int = 0
    named_sales: int = 0
    """Purchases that name a member, also those that came back."""
    all_sales: int = 0
    named_net_minor: int = 0
    all_net_minor: int = 0
    orders_by_week: tuple[tuple[int, int], ...] = ()
    """Of one store: orders of members in each seven days from its beginning on."""
    by_buyer: Weeks = Weeks()
    """Orders of each buyer above, one below."""
    paid_by_week: Weeks = Weeks()
    """What members paid above, their orders below, week by week."""
    sold_by_week: Weeks = Weeks()
    """Purchases that name a member above, all below."""
    named_by_week: Weeks = Weeks()
    """What members paid above, what everybody did below."""


class Seconds(Struct, frozen=True):
    """First buyers of a span long enough ago, and how many of them ordered again in time."""

    span: Span
    first: int = 0
    again: int = 0


def bought_figures(found: Bought, history_from: date | None, *, elsewhere: bool) -> list[Figure]:
    """The figures of orders in a span; `history_from` is the day of the first order of all.

    `elsewhere` says whether orders of nobody are told to us: if not, all orders are those of
    members, and a share of 100 % would be made up.
    Example: a shop that opened yesterday has nothing before, so nothing is said of who came again.
    """
    span = found.span
    return [
        count_of("active_members", span, found.buyers),
        count_of("new_buyers", span, found.first),
        _again(found, history_from),
        share_of("repeat_rate", span, found.twice, found.buyers),
        ratio_by_members("order_frequency", span, found.orders, found.buyers, found.by_buyer),
        ratio_by_weeks(
            "order_value", span, found.net_minor, found.orders, (found.orders, found.paid_by_week)
        ),
        *participation_figures(found, elsewhere=elsewhere),
    ]


def _again(found: Bought, history_from: date | None) -> Figure:
    then = compared(found.span, "previous")
    days = then.days
    if history_from is None or history_from >= then.until_on:
        seen = 0 if history_from is None else max(0, (found.span.from_on - history_from).days)
        return missing("period_retention", found.span, NotEnough("history", seen, days))
    return share_of("period_retention", found.span, found.both, found.before)


def participation_figures(found: Bought, *, elsewhere: bool) -> list[Figure]:
    """The members' part of purchases and of revenue; of nothing else nothing is said."""
    names = ("participation_orders", "participation_revenue")
    if not elsewhere:
        return [missing(name, found.span, NotEnough("groups", 1, 2)) for name in names]
    sales, by = (found.named_sales, found.all_sales), (found.all_sales, found.sold_by_week)
    mine, whole = found.named_net_minor, found.all_net_minor
    weeks = (found.all_sales, found.named_by_week)
    return [
        ratio_by_weeks(names[0], found.span, *sales, by, 1.0)
        if found.all_sales
        else part_of(names[0], found.span, *sales),
        ratio_by_weeks(names[1], found.span, mine, whole, weeks, 1.0),
    ]


def second_figure(found: Seconds) -> Figure:
    """Of those who bought first and had 90 days since, who ordered again within them."""
    if found.first == 0:
        return missing("second_order_90", found.span, NotEnough("history", 0, SECOND_DAYS))
    return share_of("second_order_90", found.span, found.again, found.first)


def with_time(span: Span, today: date) -> Span | None:
    """The part of a span whose first buyers had 90 whole days since; None where nobody had.

    Example: on 1 July those of 1 April had 91 days; who came on 3 April still has time today.
    """
    until = min(span.until_on, today - timedelta(SECOND_DAYS))
    return Span(span.from_on, until) if until > span.from_on else None


def gap_figures(span: Span, gaps: Sequence[Gaps], some: Sequence[Sequence[int]]) -> list[Figure]:
    """The median gap, plain and with open ones counted; `some` are the gaps of some members, of
    which its bounds are made."""
    plain, closed = median_closed(gaps), sum(one.closed for one in gaps)
    found = median_wait(gaps, some)
    if plain is None or isinstance(found, NotEnough):
        why = found if isinstance(found, NotEnough) else NotEnough("repeat_orders", 0, 1)
        return [missing(name, span, why) for name in ("median_gap", "median_wait")]
    return [
        Figure("median_gap", span, float(plain), closed, n=closed),
        _wait(span, found),
    ]


def _wait(span: Span, found: Median) -> Figure:
    whole = found.closed + found.open
    if found.value is None:
        return missing("median_wait", span, NotEnough("repeat_orders", found.closed, whole / 2))
    low, high = (None if one is None else float(one) for one in (found.low, found.high))
    return Figure("median_wait", span, float(found.value), found.closed, whole, low, high, whole)


class Came(NamedTuple):
    """Of members whose first order was in the month of `first_on`, so many ordered in that of
    `on`, and paid this net."""

    first_on: date
    on: date
    members: int
    net_minor: int


class Cohort(Struct, frozen=True):
    """Members who came first in a month: how many, and month by month who came and what they paid.

    `came[k]` and `net_minor[k]` are k months later (0 the same); months that have not ended are
    not there: a cohort is never old enough to have lost somebody in them.
    """

    span: Span
    size: int
    came: tuple[Share, ...]
    net_minor: tuple[int, ...]


def cohorts(rows: Iterable[Came], ended_on: date) -> list[Cohort]:
    """The table of cohorts, the oldest first, with months that ended before `ended_on`.

    Example: first in January and again in March counts for columns 0 and 2, and not for 1.
    """
    seen: dict[date, dict[date, Came]] = {}
    for one in rows:
        seen.setdefault(one.first_on, {})[one.on] = one
    found = []
    for first_on, months in sorted(seen.items()):
        size = months[first_on].members if first_on in months else 0
        assert all(one.members <= size for one in months.values()), (first_on, size)
        whole = list(_months(first_on, ended_on))
        shares = tuple(share(_of(months, one).members, size) for one in whole)
        paid = tuple(_of(months, one).net_minor for one in whole)
        if whole:
            span = Span(first_on, following(first_on, "month"))
            found.append(Cohort(span, size, shares, paid))
    return found


def cohort_figures(table: Sequence[Cohort]) -> list[Figure]:
    """Each cell of the table as a figure; its span is the later month, its group the cohort."""
    found = []
    for one in table:
        month = one.span.from_on
        for cell in one.came:
            span = Span(month, following(month, "month"))
            group = one.span.from_on.isoformat()[:7]
            found.append(share_of("cohort_retention", span, cell.part, cell.whole, group))
            month = span.until_on
    return found


def _of(months: dict[date, Came], on: date) -> Came:
    return months.get(on, Came(on, on, 0, 0))


def _months(first_on: date, ended_on: date) -> Iterable[date]:
    last = begins(ended_on, "month")
    while first_on < last:
        yield first_on
        first_on = following(first_on, "month")
