"""A day or a month of the program's calendar, as a stretch of time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from regulars.base.faults import Invalid
from regulars.engine.calendar import day_starts_at


def stretch(zone: ZoneInfo, period: str) -> tuple[datetime, datetime]:
    """From when until before when a month (`2027-03`) or a day (`2027-03-15`) is.

    Faults: Invalid for what is in no calendar.
    """
    try:
        first = date.fromisoformat(period if len(period) > 7 else f"{period}-01")
    except ValueError:
        raise Invalid(f"there is no such day or month as {period}", field="/period") from None
    if not 1970 <= first.year <= 2999:
        raise Invalid("a statement is of the years 1970 to 2999", field="/period")
    days = 1 if len(period) > 7 else monthrange(first.year, first.month)[1]
    begins = first.toordinal()
    return day_starts_at(zone, begins), day_starts_at(zone, begins + days)
