"""Stretches of the shop's days: a range, the one it is compared with, and the parts of a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.insight.estimators.staying.lapsing import looked_on

Granularity = Literal["day", "week", "month"]
Compare = Literal["previous", "year"]
GRANULARITIES: Final[tuple[Granularity, ...]] = get_args(Granularity)
COMPARES: Final[tuple[Compare, ...]] = get_args(Compare)
MOST_DAYS: Final = 3_700
"""Ten years: a longer range is a slip of whoever typed it."""
MOST_PARTS: Final = 400
"""So many parts a chart or a file has at most."""


class Span(Struct, frozen=True):
    """Days of the shop from `from_on` until before `until_on`.

    Example: October is from the 1st of October until the 1st of November; `until_on` the 31st
    would leave the sales of Halloween out.
    """

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        assert self.from_on < self.until_on, (self.from_on, self.until_on)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until_on - self.from_on).days

    @property
    def last_on(self) -> date:
        """The last day that is in it, as people say it."""
        return self.until_on - timedelta(1)


def ends_on(span: Span, today: date) -> date:
    """The day before which it has ended by tonight: what is looked at as a time ends is looked at
    then, and days that are yet to come are not counted.

    Example: of all this year on 30 November it is 1 December.
    """
    return looked_on(span.last_on, today) + timedelta(1)


def so_far(span: Span, today: date) -> Span:
    """What of it has been by tonight, so that what it is laid beside is as long; of a time that is
    yet to begin its first day, on which nothing was.

    Example: on 3 November all of November is laid beside the last three days of October.
    """
    return Span(span.from_on, max(ends_on(span, today), span.from_on + timedelta(1)))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there; where midnight does not exist, what clocks show right after."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def instants(span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When it begins and ends (exclusive) on the shop's own clock, as instants in UTC.

    Example: a day on which clocks are put back has 25 hours.
    """
    begin, end = (midnight(one, zone) for one in (span.from_on, span.until_on))
    return begin, end


def compared(span: Span, how: Compare) -> Span:
    """What it is compared with: as many days just before, or the same days a year earlier.

    Whole months are compared with as many whole months: March with February, which has fewer
    days, and not with 29 January to 28 February.
    Example: the year before 29 February begins on 28 February. The day of 28 February of a leap
    year is compared with the 28th: the end, the 29th, would fall upon the beginning.
    """
    if how == "year":
        since = a_year_before(span.from_on)
        return Span(since, max(a_year_before(span.until_on), since + timedelta(1)))
    if span.from_on.day == span.until_on.day == 1:
        return Span(months_on(span.from_on, -_months(span)), span.from_on)
    return Span(span.from_on - timedelta(span.days), span.from_on)


def parts(span: Span, granularity: Granularity) -> list[Span]:
    """Its days, ISO weeks or months; the first and the last may be cut off by the range.

    Faults: AssertionError for more than 400; whoever asks is told so before (`too_fine`).
    """
    assert not too_fine(span, granularity), (span, granularity)
    return list(_parts(span, granularity))


def too_fine(span: Span, granularity: Granularity) -> bool:
    """Whether a chart would have more parts than anybody can read."""
    least = {"day": 1, "week": 7, "month": 28}[granularity]
    return span.days > MOST_PARTS * least


def beside(now: Sequence[Span], then: Sequence[Span]) -> list[int | None]:
    """Which part of the time before stands beside each part of a chart: the one at its place, where
    it has as many days, or both are whole months; else none.

    Example: 1 January to 15 March beside 19 October to 31 December: of October 13 days are in it,
    which beside all of January would look like a quiet month. Beside it stands nothing; nor does
    anything of four days beside a whole week.
    """
    return [
        at if at < len(then) and _alike(one, then[at]) else None for at, one in enumerate(now)
    ]  # fmt: skip


def _alike(one: Span, other: Span) -> bool:
    return one.days == other.days or (whole(one, "month") and whole(other, "month"))


def whole(span: Span, granularity: Granularity) -> bool:
    """Whether it is a whole day, ISO week or month, not a part that a range cut off."""
    return span == Span(
        begins(span.from_on, granularity), following(begins(span.from_on, granularity), granularity)
    )


def begins(day: date, granularity: Granularity) -> date:
    """The first day of the day's own day, ISO week or month."""
    if granularity == "month":
        return day.replace(day=1)
    return day - timedelta(day.weekday()) if granularity == "week" else day


def following(first: date, granularity: Granularity) -> date:
    """The first day of the part after the one that begins here."""
    if granularity == "month":
        return months_on(first, 1)
    return first + timedelta(7 if granularity == "week" else 1)


def months_on(first: date, months: int) -> date:
    """The first of the month so many months on; `first` is a first itself."""
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def _parts(span: Span, granularity: Granularity) -> Iterator[Span]:
    first = begins(span.from_on, granularity)
    while first < span.until_on:
        end = following(first, granularity)
        yield Span(max(first, span.from_on), min(end, span.until_on))
        first = end


def _months(span: Span) -> int:
    since, until = span.from_on, span.until_on
    return (until.year - since.year) * 12 + until.month - since.month


def a_year_before(day: date) -> date:
    """The same day of the year before."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
