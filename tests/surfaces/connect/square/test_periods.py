"""Periods of promotions: a calendar's words as conditions of a rule, and what is no period here."""

from __future__ import annotations

from datetime import date

import pytest

from regulars.surfaces.connect.square.errors import Wrong
from regulars.surfaces.connect.square.telling.periods import Period, period_of


def period(start: str, rule: str = "", hours: int = 2) -> Period:
    """A period as it is sent."""
    text = f"DTSTART:{start}\nDURATION:PT{hours}H"
    return period_of(f"{text}\nRRULE:{rule}" if rule else text, "/time_periods/0")


@pytest.mark.parametrize(
    ("until", "after"),
    [
        ("20260401", date(2026, 4, 2)),
        ("20260401T160000", date(2026, 4, 2)),
        ("20260401T155959", date(2026, 4, 1)),
        ("20260401T000000", date(2026, 4, 1)),
        ("20260302", date(2026, 3, 3)),
    ],
)
def test_the_last_day_is_one_on_which_it_still_begins(until: str, after: date) -> None:
    found = period("20260302T160000", f"FREQ=DAILY;UNTIL={until}")
    assert (found.starts_on, found.ends_on) == (date(2026, 3, 2), after)
    assert found.when[0] == {
        "if": "dates",
        "from_on": "2026-03-02",
        "until_on": after.isoformat(),
    }


@pytest.mark.parametrize(
    "until", ["20260401XYZ", "2026040", "20260431", "20260401T", "20260401T25000", "99991231",
              "20260401T160000Z", "", "20260301", "20260302T150000"],
)  # fmt: skip
def test_what_is_no_end_is_refused(until: str) -> None:
    with pytest.raises(Wrong) as refused:
        period("20260302T160000", f"FREQ=DAILY;UNTIL={until}")
    assert (refused.value.theirs, refused.value.field) == ("INVALID_VALUE", "/time_periods/0")


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("99991231T160000", ""),
        ("99991231T000000", ""),
        ("99991231T160000", "FREQ=DAILY"),
        ("20260302T160000", "FREQ=DAILY;FREQ=WEEKLY"),
        ("20260302T160000", "FREQ=DAILY;UNTIL=20260401;UNTIL=20270401"),
        ("20260302T160000", "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU"),
    ],
)
def test_the_end_of_days_and_a_part_said_twice_are_refused(start: str, rule: str) -> None:
    with pytest.raises(Wrong):
        period(start, rule)
