"""When a promotion holds: periods as calendars write them (VEVENT), as conditions of a rule."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from regulars.surfaces.connect.square.errors import Wrong

_DAYS: Final = {
    "MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun",
}  # fmt: skip
_DURATION: Final = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?\Z", re.ASCII)
_START: Final = re.compile(r"\d{8}T\d{6}\Z", re.ASCII)
_DAY: Final = re.compile(r"\d{8}\Z", re.ASCII)
_DAY_H: Final = 24


class Period(NamedTuple):
    """One period: its first day, the day after its last one, and the condition for it."""

    starts_on: date
    ends_on: date | None
    when: list[dict[str, Any]]


def period_of(text: str, field: str) -> Period:
    """The period that is meant, in the program's local time.

    Faults: Wrong for what a rule of the program cannot say: half hours, other repetitions than
    daily and weekly ones, an end by count.
    """
    said = _fields(text, field)
    try:
        start = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise _wrong("DTSTART is no local time such as 20260302T160000", field) from None
    hours = _hours(said["DURATION"], field)
    if start.minute or start.second:
        raise _wrong("a promotion begins on the hour here", field)
    try:
        if "RRULE" not in said:
            return _once(start, hours, field)
        return _again(start, hours, said["RRULE"], field)
    except OverflowError:
        raise _wrong("there is no day after the year 9999", field) from None


def _fields(text: str, field: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in text.replace("\r\n", "\n").strip().split("\n"):
        name, _, value = row.strip().partition(":")
        if name in ("BEGIN", "END") and value == "VEVENT":
            continue
        if name not in ("DTSTART", "DURATION", "RRULE") or name in found:
            raise _wrong("a period has DTSTART, DURATION and RRULE, each once", field)
        found[name] = value
    if not {"DTSTART", "DURATION"} <= found.keys() or not _START.match(found["DTSTART"]):
        raise _wrong("a period says DTSTART, without a zone, and DURATION", field)
    return found


def _hours(text: str, field: str) -> int:
    found = _DURATION.match(text)
    days, hours, minutes = (int(one or 0) for one in found.groups()) if found else (0, 0, 0)
    if not days and not hours and not minutes:
        raise _wrong("DURATION is no length of time such as PT2H", field)
    if minutes % 60:
        raise _wrong("a promotion ends on the hour here", field)
    return days * _DAY_H + hours + minutes // 60


def _once(start: datetime, hours: int, field: str) -> Period:
    end = start + timedelta(hours=hours)
    if start.hour == 0 and end.hour == 0:
        return Period(start.date(), end.date(), [_dates(start.date(), end.date())])
    if end > _next_day(start):
        raise _wrong("a period of more than a day begins and ends at midnight here", field)
    after = start.date() + timedelta(days=1)
    return Period(start.date(), after, [_dates(start.date(), after), *_clock(start, hours)])


def _again(start: datetime, hours: int, rule: str, field: str) -> Period:
    named = rule.split(";")
    parts = dict(one.partition("=")[::2] for one in named)
    if len(parts) < len(named):
        raise _wrong("each part of RRULE is said once", field)
    if parts.keys() - {"FREQ", "BYDAY", "UNTIL", "INTERVAL"} or parts.get("INTERVAL", "1") != "1":
        raise _wrong("RRULE is FREQ=DAILY or FREQ=WEEKLY here, with BYDAY and UNTIL", field)
    if start + timedelta(hours=hours) > _next_day(start):
        raise _wrong("a period that comes again ends on the day it begins", field)
    ends_on = _until(start, parts.get("UNTIL"), field)
    when = [_dates(start.date(), ends_on), *_clock(start, hours)]
    if parts.get("FREQ") == "WEEKLY":
        own = list(_DAYS.values())[start.weekday()]
        days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
        if any(day not in _DAYS for day in days):
            raise _wrong("BYDAY names days of the week such as MO,TU", field)
        when.append({"if": "weekday", "in": [_DAYS[day] for day in days] or [own]})
    elif parts.get("FREQ") != "DAILY" or "BYDAY" in parts:
        raise _wrong("RRULE is FREQ=DAILY or FREQ=WEEKLY here", field)
    return Period(start.date(), ends_on, when)


def _until(start: datetime, text: str | None, field: str) -> date | None:
    """The day after the last one on which it begins: a time before it begins is too early."""
    if text is None:
        return None
    form = "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d"
    try:
        if not (_START.match(text) or _DAY.match(text)):
            raise ValueError(text)
        last = datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        says = "UNTIL is no day such as 20261231, and no local time such as 20261231T160000"
        raise _wrong(says, field) from None
    after = last.date() + timedelta(days=1)
    ends_on = last.date() if "T" in text and last.time() < start.time() else after
    if ends_on <= start.date():
        raise _wrong("UNTIL is before it begins", field)
    return ends_on


def _next_day(start: datetime) -> datetime:
    return datetime.combine(start.date() + timedelta(days=1), datetime.min.time())


def _clock(start: datetime, hours: int) -> list[dict[str, Any]]:
    if hours >= _DAY_H:
        return []
    return [{"if": "hour", "from": start.hour, "until": start.hour + hours}]


def _dates(first: date, after: date | None) -> dict[str, Any]:
    found: dict[str, Any] = {"if": "dates", "from_on": first.isoformat()}
    return found if after is None else {**found, "until_on": after.isoformat()}


def _wrong(says: str, field: str) -> Wrong:
    return Wrong(says, code="INVALID_VALUE", field=field)
