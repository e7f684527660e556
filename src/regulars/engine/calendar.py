"""Days, weeks, months and years as the shop's wall calendar has them; every interval half-open.

Days are proleptic ordinals (`date.toordinal()`), instants aware UTC datetimes, zones `ZoneInfo`s.
A local day begins at the first instant the clocks there show it: where midnight does not exist
that is later (01:00 in some zones on one spring night), where it comes twice it is the first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.records.program.types import Expiry, Period, Tiers

LAST_DAY: Final = date(9998, 12, 31).toordinal()
"""What would lapse later lapses on this day; calendars of computers end a year after."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = {"minute": 60, "hour": 3600}
_MONTHS: Final = {"month": 1, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}
_SPAN: Final = re.compile(r"([1-9][0-9]{0,4}) (minute|hour|day|week|month|year)s?\Z", re.ASCII)


class Local(Struct, frozen=True, gc=False):
    """What calendar and clock in the shop show."""

    day: int
    weekday: int
    """0 is Monday."""
    hour: int

    @property
    def date_text(self) -> str:
        """The day as program files write it: 2026-07-06."""
        return date.fromordinal(self.day).isoformat()


class Span(NamedTuple):
    """A length of time as people say it; exactly one of the three is not 0."""

    seconds: int
    days: int
    months: int


class Days(Struct, frozen=True, gc=False):
    """A stretch of local days: from the first one to before the other."""

    start: int
    end: int


def local(zone: ZoneInfo, instant: datetime) -> Local:
    """Which day, weekday and hour it is in the shop at this instant."""
    assert instant.tzinfo is not None, instant
    there = instant.astimezone(zone)
    day = there.toordinal()
    return Local(day, (day - 1) % 7, there.hour)


@lru_cache(maxsize=4096)
def day_starts_at(zone: ZoneInfo, day: int) -> datetime:
    """The first instant at which it is this day in the shop (or later, if the day was skipped).

    Example: 30 December 2011 never was in Samoa; it "starts" when the 31st does.
    """
    midnight = datetime.fromordinal(day)
    begins = midnight.replace(tzinfo=zone).astimezone(UTC)
    if begins.astimezone(zone).replace(tzinfo=None) == midnight:
        return begins
    # Clocks jumped over midnight: the jump lies between the two readings of "00:00".
    before = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = 0, int((begins - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).toordinal() >= day:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)


@lru_cache(maxsize=1024)
def span(words: str) -> Span:
    """A length of time from its words: `12 months`, `1 day`."""
    match = _SPAN.match(words)
    if match is None:
        raise ValueError(f"{words!r} is not a length of time such as 12 months")
    count, unit = int(match[1]), match[2]
    return Span(
        count * _UNITS.get(unit, 0), count * _DAYS.get(unit, 0), count * _MONTHS.get(unit, 0)
    )


def add_months(day: int, months: int) -> int:
    """The same day of the month so many months on; the month's last day if it has no such day.

    Example: 31 January + 1 month = 28 or 29 February; 29 February + 12 months = 28 February.
    """
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.fromordinal(LAST_DAY).year:
        return LAST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def add_span(zone: ZoneInfo, instant: datetime, words: str) -> datetime:
    """So long after an instant: minutes and hours by the stopwatch, days and more by the wall.

    Keeps: a day later is the same time on the clock; a time the clocks skip is read as if they
    had not jumped yet, one that comes twice is the first.
    """
    length = span(words)
    if length.seconds:
        return instant + timedelta(seconds=length.seconds)
    there = instant.astimezone(zone)
    target = _days_on(there.toordinal(), length)
    shown = datetime.combine(date.fromordinal(target), there.time(), zone)
    return shown.replace(fold=0).astimezone(UTC)


def expires_at(
    zone: ZoneInfo, earned_at: datetime, expiry: Expiry, day: int | None = None
) -> datetime:
    """When points earned now are gone: the first instant at which they cannot be spent.

    Shape: `day` is the local day of `earned_at`, where it is known already.

    Keeps: rounded up, points can be spent through the last local day of the period in which
    their time is over; points of one day then go together.
    Example: 12 months rounded up to the month, earned 6 July 2020: gone 1 August 2021, 00:00.
    """
    length = span(expiry.after)
    if expiry.round_up_to == "none" and expiry.yearly_on is None:
        return add_span(zone, earned_at, expiry.after)
    if length.seconds:
        earned_at += timedelta(seconds=length.seconds)
    if day is None or length.seconds:
        day = earned_at.astimezone(zone).toordinal()
    return _gone_at(zone, day, expiry)


def _gone_at(zone: ZoneInfo, day: int, expiry: Expiry) -> datetime:
    if expiry.yearly_on is not None:
        last = next_yearly(expiry.yearly_on, _days_on(day, span(expiry.after)))
        return day_starts_at(zone, last + 1)
    return _rounded_up(zone, day, expiry.after, expiry.round_up_to)


@lru_cache(maxsize=4096)
def _rounded_up(zone: ZoneInfo, day: int, after: str, period: str) -> datetime:
    target = _days_on(day, span(after))
    return day_starts_at(zone, stretch_of(period, target).end)


def next_yearly(month_day: str, day: int) -> int:
    """The first such day of a year on or after this one; 29 February is the 28th in other years.

    Example: `03-31` seen from 1 April 2026 is 31 March 2027.
    """
    year, (month, on) = date.fromordinal(day).year, map(int, month_day.split("-"))
    for there in (year, year + 1):
        found = date(there, month, min(on, monthrange(there, month)[1])).toordinal()
        if found >= day:
            return found
    raise AssertionError((month_day, day))


def stretch_of(period: str, day: int) -> Days:
    """The calendar day, ISO week, month, quarter or year a day lies in."""
    if period == "day":
        return Days(day, day + 1)
    if period == "week":
        monday = day - (day - 1) % 7
        return Days(monday, monday + 7)
    here = date.fromordinal(day)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    first = (here.month - 1) // months * months + 1
    start = date(here.year, first, 1).toordinal()
    year, month = divmod(here.year * 12 + first - 1 + months, 12)
    return Days(start, date(year, month + 1, 1).toordinal())


@lru_cache(maxsize=4096)
def period_of(period: Period, day: int) -> int:
    """The number under which a limit counts on this day; later periods have larger numbers.

    Shape: day → ordinal, week → 202653 (ISO), month → 202607, year → 2026; `ever` and
    `activity` → 0 (an activity is its own period and needs no counter).
    """
    if period == "day":
        return day
    here = date.fromordinal(day)
    if period == "week":
        year, week, _ = here.isocalendar()
        return year * 100 + week
    if period == "month":
        return here.year * 100 + here.month
    return here.year if period == "year" else 0


def first_of(period: Period, number: int) -> int:
    """The first local day of the period that counts under this number; 0 where it never began."""
    if period == "day":
        return number
    if period == "week":
        return date.fromisocalendar(*divmod(number, 100), 1).toordinal()
    if period == "month":
        return date(*divmod(number, 100), 1).toordinal()
    return date(number, 1, 1).toordinal() if period == "year" else 0


def minute_of(instant: datetime) -> int:
    """The minute since 1970 in which something happened, the same everywhere in the world."""
    return (instant - _EPOCH) // _MINUTE


def minute_starts_at(minute: int) -> datetime:
    """The instant at which a minute since 1970 begins."""
    return _EPOCH + minute * _MINUTE


def tier_window(tiers: Tiers, day: int, joined_on: int) -> Days:
    """The stretch of days whose credit counts for a tier on this day.

    Example: a member since 29 February has their anniversary on 28 February in common years.
    """
    if tiers.window == "calendar_year":
        return stretch_of("year", day)
    if tiers.window == "rolling":
        return Days(max(day - tiers.rolling_days + 1, 1), day + 1)
    if tiers.window == "ever":
        return Days(1, LAST_DAY + 1)
    years = date.fromordinal(day).year - date.fromordinal(joined_on).year
    if add_months(joined_on, 12 * years) > day:
        years -= 1
    return Days(add_months(joined_on, 12 * years), add_months(joined_on, 12 * years + 12))


def tier_valid_until(tiers: Tiers, day: int, joined_on: int) -> int | None:
    """The first day on which a tier reached (or confirmed) today is no longer sure; None: never.

    Assumes: grace days are added by whoever decides about the downgrade.
    """
    if tiers.valid == "for_ever" or tiers.window == "ever":
        return None
    times = 1 if tiers.valid == "window_end" else 2
    if tiers.window == "rolling":
        return min(day + times * tiers.rolling_days, LAST_DAY)
    end = tier_window(tiers, day, joined_on).end
    return end if times == 1 else tier_window(tiers, end, joined_on).end


def ahead_of(zone: ZoneInfo, day: int, words: str) -> datetime:
    """So long before a day begins: minutes and hours by the stopwatch, days and more by the wall.

    Example: a day ahead of 30 March is when the 29th begins, also where that day has 23 hours.
    """
    length = span(words)
    if length.seconds:
        return day_starts_at(zone, day) - timedelta(seconds=length.seconds)
    return day_starts_at(zone, _days_on(day, Span(0, -length.days, -length.months)))


def _days_on(day: int, length: Span) -> int:
    if length.months:
        return add_months(day, length.months)
    return min(day + length.days, LAST_DAY)
