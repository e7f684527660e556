"""The wall calendar counted by hand: days are `date`s, and every search is by trying.

Written apart from `regulars.engine.calendar`, slow and plain, so that a mistake would have to be
made twice.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
QUARTER_HOUR = timedelta(minutes=15)


def there(zone: str, instant: datetime) -> datetime:
    """What the clock and calendar on the wall show at this instant, without a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def day_of(text: str) -> date:
    """The day a program file writes like this: `2026-03-10`."""
    return date.fromisoformat(text)


@cache
def begins(zone: str, day: date) -> datetime:
    """The first quarter of an hour at which the wall shows this day or a later one."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    while there(zone, instant).date() < day:
        instant += QUARTER_HOUR
    return instant


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one that month has."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def later(zone: str, instant: datetime, words: str) -> datetime:
    """So long after an instant: hours by the stopwatch, days and longer by the wall clock."""
    count, unit = int(words.split(maxsplit=1)[0]), words.split()[1].rstrip("s")
    if unit == "minute":
        return instant + timedelta(minutes=count)
    if unit == "hour":
        return instant + timedelta(hours=count)
    shown = there(zone, instant)
    day = days_later(shown.date(), count, unit)
    return first_shown(zone, datetime.combine(day, shown.time()))


def days_later(day: date, count: int, unit: str) -> date:
    if unit in ("month", "year"):
        return months_later(day, count * (12 if unit == "year" else 1))
    return day + count * (7 if unit == "week" else 1) * DAY


@cache
def first_shown(zone: str, reading: datetime) -> datetime:
    """The first instant at which the wall shows this; when it never does, as if it had not
    jumped yet."""
    guess = reading.replace(tzinfo=UTC)
    known = [
        (guess + hours * QUARTER_HOUR * 4).astimezone(ZoneInfo(zone)).utcoffset()
        for hours in range(-40, 41)
    ]
    offsets = [offset for offset in known if offset is not None]
    fitting = [guess - offset for offset in offsets if there(zone, guess - offset) == reading]
    return min(fitting) if fitting else guess - offsets[0]


@cache
def label(period: str, day: date) -> str:
    """The name of the day, ISO week, month, quarter or year a day lies in."""
    if period == "week":
        return f"{day.isocalendar()[0]}w{day.isocalendar()[1]}"
    if period == "quarter":
        return f"{day.year}q{(day.month + 2) // 3}"
    lengths = {"day": 10, "month": 7, "year": 4, "ever": 0, "activity": 0}
    return day.isoformat()[: lengths[period]]


@cache
def after_period(period: str, day: date) -> date:
    """The first day that no longer lies in the same period."""
    following = day
    while label(period, following) == label(period, day):
        following += DAY
    return following


@cache
def gone_at(zone: str, earned_at: datetime, after: str, round_up_to: str) -> datetime:
    """When points earned then can no longer be spent."""
    if round_up_to == "none":
        return later(zone, earned_at, after)
    count, unit = int(after.split(maxsplit=1)[0]), after.split()[1].rstrip("s")
    if unit in ("minute", "hour"):
        day = there(zone, later(zone, earned_at, after)).date()
    else:
        day = days_later(there(zone, earned_at).date(), count, unit)
    return begins(zone, after_period(round_up_to, day))


@cache
def anniversary(joined: date, day: date) -> date:
    """The last anniversary of joining on or before a day."""
    years = day.year - joined.year - 1
    while months_later(joined, 12 * (years + 1)) <= day:
        years += 1
    return months_later(joined, 12 * years)


@cache
def next_anniversary(joined: date, day: date) -> date:
    following = day + DAY
    while anniversary(joined, following) != following:
        following += DAY
    return following
