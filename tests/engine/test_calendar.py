"""The shop's calendar against counting by hand: minute by minute, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engine.calendar import (
    LAST_DAY,
    Days,
    Local,
    add_months,
    add_span,
    day_starts_at,
    expires_at,
    local,
    period_of,
    span,
    stretch_of,
    tier_valid_until,
    tier_window,
)
from regulars.records.program.types import Expiry, Tier, Tiers

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia",
         "Asia/Kathmandu", "America/Sao_Paulo", "America/Havana", "UTC")  # fmt: skip
MINUTE = timedelta(minutes=1)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def day_of(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def counted_start(zone: ZoneInfo, day: int) -> datetime:
    """The first minute at which the local calendar shows this day or a later one."""
    instant = datetime.fromordinal(day).replace(tzinfo=UTC) - timedelta(hours=27)
    while instant.astimezone(zone).date().toordinal() < day:
        instant += MINUTE
    return instant


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00"),
        ("America/St_Johns", "2026-11-02", "2026-11-02T03:30"),
        ("America/St_Johns", "2010-11-07", "2010-11-07T02:30"),  # 00:01 fell back to 23:01
        ("Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30"),  # half an hour of DST
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # a day that never was
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
        ("Asia/Kathmandu", "2024-02-29", "2024-02-28T18:15"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),  # midnight did not exist
        ("America/Havana", "2023-11-05", "2023-11-05T04:00"),  # midnight came twice
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30"),  # 23:30 jumped to 00:30
    ],
)
def test_a_day_starts_at_its_first_instant(zone: str, day: str, starts: str) -> None:
    found = day_starts_at(ZoneInfo(zone), day_of(day))
    assert found == utc(starts) == counted_start(ZoneInfo(zone), day_of(day))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", ["2011-12", "2018-11", "2026-03", "2026-04", "2026-10"])
def test_days_start_where_counting_minutes_says(zone: str, month: str) -> None:
    there, first = ZoneInfo(zone), day_of(f"{month}-01")
    changed = [
        day
        for day in range(first, first + 31)
        if day_starts_at(there, day + 1) - day_starts_at(there, day) != timedelta(days=1)
    ]
    for day in {first, first + 1, *changed, *(day + 1 for day in changed)}:
        assert day_starts_at(there, day) == counted_start(there, day)


@given(
    st.integers(631_152_000, 2_840_140_800).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.sampled_from(ZONES),
)
def test_local_is_what_clock_and_calendar_on_the_wall_show(at: datetime, zone: str) -> None:
    there = at + at.astimezone(ZoneInfo(zone)).utcoffset()  # type: ignore[operator]
    seen = local(ZoneInfo(zone), at)
    assert seen == Local(there.toordinal(), there.weekday(), there.hour)
    assert seen.date_text == f"{there:%Y-%m-%d}"


def test_the_hour_that_comes_twice_is_the_same_hour() -> None:
    hours = [local(BERLIN, utc(f"2026-10-25T{h:02}:30")).hour for h in range(4)]
    assert hours == [2, 2, 3, 4]


@pytest.mark.parametrize(
    ("earned", "after", "round_up_to", "gone"),
    [
        ("2020-07-06T10:00", "12 months", "month", "2021-07-31T22:00"),  # A4: 1 August, 00:00
        ("2026-01-31T10:00", "1 month", "day", "2026-02-28T23:00"),
        ("2024-01-31T10:00", "1 month", "day", "2024-02-29T23:00"),
        ("2024-02-29T10:00", "1 year", "day", "2025-02-28T23:00"),
        ("2024-02-29T10:00", "4 years", "none", "2028-02-29T10:00"),
        ("2026-07-06T21:59:59", "1 day", "day", "2026-07-07T22:00"),
        ("2026-07-06T22:00", "1 day", "day", "2026-07-08T22:00"),  # already the 7th in Berlin
        ("2026-03-28T01:30", "1 day", "none", "2026-03-29T01:30"),  # 02:30 is skipped: 03:30
        ("2026-10-24T10:00", "1 day", "none", "2026-10-25T11:00"),  # 25 hours by the stopwatch
        ("2026-10-24T10:00", "24 hours", "none", "2026-10-25T10:00"),
        ("2026-07-06T10:00", "90 minutes", "none", "2026-07-06T11:30"),
        ("2026-07-06T21:00", "2 hours", "day", "2026-07-07T22:00"),  # ends on the 7th, 01:00
        ("2026-07-06T10:00", "1 week", "week", "2026-07-19T22:00"),
        ("2026-07-06T10:00", "1 day", "quarter", "2026-09-30T22:00"),
        ("2026-12-31T10:00", "1 day", "quarter", "2027-03-31T22:00"),
        ("2026-07-06T10:00", "1 year", "year", "2027-12-31T23:00"),
    ],
)
def test_points_are_gone_at_an_exact_instant(
    earned: str, after: str, round_up_to: str, gone: str
) -> None:
    assert expires_at(BERLIN, utc(earned), Expiry(after, round_up_to)) == utc(gone)


@pytest.mark.parametrize(
    ("earned", "after", "on", "gone"),
    [
        ("2026-09-30T10:00", "6 months", "03-31", "2027-03-31T22:00"),  # 30 March is before it
        ("2026-10-01T10:00", "6 months", "03-31", "2028-03-31T22:00"),
        ("2026-03-31T10:00", "1 year", "03-31", "2027-03-31T22:00"),  # the day itself still counts
        ("2026-12-31T10:00", "1 day", "12-31", "2027-12-31T23:00"),
        ("2026-12-30T10:00", "1 day", "12-31", "2026-12-31T23:00"),
        ("2026-01-05T10:00", "1 day", "02-29", "2026-02-28T23:00"),
        ("2028-01-05T10:00", "1 day", "02-29", "2028-02-29T23:00"),
    ],
)
def test_points_live_through_a_day_of_the_year(earned: str, after: str, on: str, gone: str) -> None:
    assert expires_at(BERLIN, utc(earned), Expiry(after, yearly_on=on)) == utc(gone)


def test_a_span_beyond_the_calendar_ends_on_the_last_day() -> None:
    found = expires_at(BERLIN, utc("2026-07-06T10:00"), Expiry("99999 years", "year"))
    assert found == day_starts_at(BERLIN, date(9999, 1, 1).toordinal())
    assert add_span(BERLIN, utc("2026-07-06T10:00"), "99999 weeks").year > 3900


@given(days, st.integers(0, 60), st.sampled_from(["day", "week", "month", "quarter", "year"]),
       st.sampled_from(ZONES), st.integers(0, 23))  # fmt: skip
def test_expiry_is_what_counting_months_and_days_says(
    earned_on: date, months: int, period: str, zone: str, hour: int
) -> None:
    there = ZoneInfo(zone)
    earned_at = datetime(earned_on.year, earned_on.month, earned_on.day, hour, tzinfo=UTC)
    start = earned_at.astimezone(there).date()
    year, month = start.year, start.month
    for _ in range(months + 1):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    last = date(year, month, start.day if start.day <= 28 else 28)
    while last.day < start.day and (last + timedelta(1)).month == last.month:
        last += timedelta(1)
    until = last + timedelta(1)
    while _same_period(period, last, until):
        until += timedelta(1)
    found = expires_at(there, earned_at, Expiry(f"{months + 1} months", period))
    assert found == day_starts_at(there, until.toordinal())
    assert local(there, found).day >= until.toordinal() > local(there, found - MINUTE).day


def _same_period(period: str, one: date, other: date) -> bool:
    if period == "week":
        return one.isocalendar()[:2] == other.isocalendar()[:2]
    if period == "quarter":
        return (one.year, (one.month - 1) // 3) == (other.year, (other.month - 1) // 3)
    return {
        "day": one == other,
        "month": (one.year, one.month) == (other.year, other.month),
        "year": one.year == other.year,
    }[period]


@given(days, st.sampled_from(["day", "week", "month", "year"]))
def test_a_limit_starts_afresh_exactly_when_its_period_changes(here: date, period: str) -> None:
    after = here + timedelta(1)
    one, other = period_of(period, here.toordinal()), period_of(period, after.toordinal())
    assert (one == other) == _same_period(period, here, after)
    assert one <= other
    stretch = stretch_of(period, here.toordinal())
    assert stretch.start <= here.toordinal() < stretch.end
    assert period_of(period, stretch.start) == one == period_of(period, stretch.end - 1)
    assert period_of(period, stretch.start - 1) < one < period_of(period, stretch.end)


def test_period_numbers_can_be_read() -> None:
    day = day_of("2027-01-01")
    found = [period_of(period, day) for period in ("week", "month", "year", "ever", "activity")]
    assert found == [202653, 202701, 2027, 0, 0]


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("15 minutes", (900, 0, 0)),
        ("1 hour", (3600, 0, 0)),
        ("2 weeks", (0, 14, 0)),
        ("12 months", (0, 0, 12)),
        ("3 years", (0, 0, 36)),
    ],
)
def test_spans_are_read_from_words(words: str, length: tuple[int, int, int]) -> None:
    assert span(words) == length


@pytest.mark.parametrize(
    "words", ["", "0 days", "1", "1 fortnight", "1 day\n", "-1 day", "1.5 days"]
)
def test_what_is_no_span_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="length of time"):
        span(words)


def ladder(**more: object) -> Tiers:
    return Tiers(steps=(Tier("gold", 1),), **more)


def test_windows_of_a_calendar_year_rolling_days_and_for_ever() -> None:
    day, joined = day_of("2026-07-06"), day_of("2025-02-01")
    assert tier_window(ladder(), day, joined) == Days(day_of("2026-01-01"), day_of("2027-01-01"))
    rolling = ladder(window="rolling", rolling_days=365)
    assert tier_window(rolling, day, joined) == Days(day_of("2025-07-07"), day_of("2026-07-07"))
    assert tier_window(ladder(window="ever"), day, joined) == Days(1, LAST_DAY + 1)


def test_the_eve_of_an_anniversary_belongs_to_the_year_before() -> None:
    joined, yearly = day_of("2024-02-29"), ladder(window="anniversary")
    windows = [tier_window(yearly, day_of(day), joined) for day in ("2026-02-27", "2026-02-28")]
    assert windows == [
        Days(day_of("2025-02-28"), day_of("2026-02-28")),
        Days(day_of("2026-02-28"), day_of("2027-02-28")),
    ]


@given(days, st.integers(0, 4000))
def test_anniversary_windows_are_what_counting_days_says(joined: date, since: int) -> None:
    today = joined + timedelta(since)
    start = today
    while not _is_anniversary(joined, start):
        start -= timedelta(1)
    end = today + timedelta(1)
    while not _is_anniversary(joined, end):
        end += timedelta(1)
    found = tier_window(ladder(window="anniversary"), today.toordinal(), joined.toordinal())
    assert found == Days(start.toordinal(), end.toordinal())


def _is_anniversary(joined: date, day: date) -> bool:
    tomorrow_is_march = (day + timedelta(1)).month == 3
    if (joined.month, joined.day) == (2, 29):
        return day.month == 2 and tomorrow_is_march
    return (joined.month, joined.day) == (day.month, day.day)


def test_a_tier_stays_to_the_end_of_this_window_or_the_next_or_for_ever() -> None:
    day, joined = day_of("2026-07-06"), day_of("2024-02-29")
    valid = {
        (window, how): tier_valid_until(ladder(window=window, valid=how), day, joined)
        for window in ("calendar_year", "anniversary", "rolling")
        for how in ("window_end", "next_window_end")
    }
    assert valid == {
        ("calendar_year", "window_end"): day_of("2027-01-01"),
        ("calendar_year", "next_window_end"): day_of("2028-01-01"),
        ("anniversary", "window_end"): day_of("2027-02-28"),
        ("anniversary", "next_window_end"): day_of("2028-02-29"),
        ("rolling", "window_end"): day + 365,
        ("rolling", "next_window_end"): day + 730,
    }
    assert tier_valid_until(ladder(valid="for_ever"), day, joined) is None
    assert tier_valid_until(ladder(window="ever"), day, joined) is None


@given(days, st.integers(0, 600))
def test_months_added_one_by_one_from_the_first_day_land_on_the_same_month(
    start: date, months: int
) -> None:
    found = date.fromordinal(add_months(start.toordinal(), months))
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day == start.day or (found + timedelta(1)).day == 1
