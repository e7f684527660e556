"""What compiled rules ask for that is no plain comparison: days of a member, rows of a table."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

LARGEST_NUMBER: Final = 10**9
"""A number told with an activity counts up to here; anything else counts as nothing."""
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Python reads week dates and days without hyphens as well; a program means one form only.
NEVER: Final = -1
"""How many days have gone by since a day nobody knows, or that is still to come."""


class Row(NamedTuple):
    """One row of a table: what the details must be (None fits anything), what a piece gives."""

    values: tuple[str | None, ...]
    first: int
    last: int
    grains: int


class Table(NamedTuple):
    """A table as compiled source holds it: which details choose the row, and the rows."""

    by: tuple[str, ...]
    rows: tuple[Row, ...]


def grains_of(table: Table, details: Mapping[str, Any], day: int) -> int:
    """What the first row that fits gives for one piece; nothing where none does."""
    told = [_text(details.get(name)) for name in table.by]
    for row in table.rows:
        if row.first <= day <= row.last and all(
            want is None or want == have for want, have in zip(row.values, told, strict=True)
        ):
            return row.grains
    return 0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def told_number(details: Mapping[str, Any], name: str) -> int:
    """The whole number told under this name; 0 for anything else."""
    value = details.get(name)
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        return 0
    return value


def near_anniversary(text: Any, day: int, before: int, after: int) -> bool:
    """Whether this day is so near to the yearly return of the day in the text.

    Order: a year's return may lie in the year before or after: 2 January is two days after a
    birthday on 31 December.
    """
    return any(-before <= day - one <= after for one in returns_of(text, day))


def returns_of(text: Any, day: int) -> list[int]:
    """The yearly returns of the day in the text around this day, earliest first; of the year
    before, this one and the next. None where the text is no day.

    Example: of 29 February, around a day of 2027: 28 February 2026 and 2027, 29 February 2028.
    """
    month, on = _month_and_day(text)
    year = date.fromordinal(day).year
    found = []
    for near in (year - 1, year, year + 1):
        if month and 1 <= near <= 9999:
            clamped = 28 if (month, on) == (2, 29) and not isleap(near) else on
            found.append(date(near, month, clamped).toordinal())
    return found


def _month_and_day(text: Any) -> tuple[int, int]:
    # Without its year a day is looked for in a leap year, so that 29 February is one.
    here = _day_of(f"2000-{text}" if isinstance(text, str) and len(text) == 5 else text)
    return (0, 0) if here is None else (here.month, here.day)


def _day_of(text: Any) -> date | None:
    if not isinstance(text, str) or _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_since(text: Any, day: int) -> int:
    """How many days have gone by since the day in the text; `NEVER` where there is none."""
    begun = _day_of(text)
    return NEVER if begun is None else max(day - begun.toordinal(), NEVER)


FUNCTIONS: Final = MappingProxyType(
    {one.__name__: one for one in (grains_of, told_number, near_anniversary, days_since)}
)
