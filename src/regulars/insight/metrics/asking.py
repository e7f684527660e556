"""What was typed or sent becomes a question, or the caller is told which field is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from regulars.base.faults import Invalid
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.spans import (
    COMPARES,
    GRANULARITIES,
    MOST_DAYS,
    MOST_PARTS,
    Compare,
    Granularity,
    Span,
    compared,
    months_on,
    too_fine,
)

USUAL_MONTHS: Final = 12
EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2999, 12, 31)


def usual(today: date) -> Span:
    """The range nobody chose: twelve months, the running one included, until tonight."""
    first = today.replace(day=1)
    return Span(months_on(first, 1 - USUAL_MONTHS), today + timedelta(1))


def usual_spans(today: date) -> dict[str, Span]:
    """Ranges to choose with one click, by their names; the running day is in them.

    Example: on 29 November `last` is all of October, and `quarter` begins on 1 September.
    """
    month, until = today.replace(day=1), today + timedelta(1)
    return {
        "month": Span(month, until),
        "last": Span(months_on(month, -1), month),
        "quarter": Span(months_on(month, -2), until),
        "year": usual(today),
    }


def asked_in(said: dict[str, str], today: date, zone: str) -> Asked:
    """The question in `from`, `until` (exclusive), `compare`, `granularity` and `store`.

    Faults: Invalid, naming the field.
    Example: from 2026-10-01 until 2026-11-01 is October; from and until the same day is nothing.
    """
    span = _span(said, usual(today))
    how = said.get("compare", "")
    if how and how not in COMPARES:
        raise Invalid("compare with `previous` or `year`, or leave it out", field="compare")
    fine = said.get("granularity", "") or "month"
    if fine not in GRANULARITIES:
        raise Invalid("the granularity is day, week or month", field="granularity")
    granularity: Granularity = next(one for one in GRANULARITIES if one == fine)
    if too_fine(span, granularity):
        raise Invalid(
            f"a chart has {MOST_PARTS} parts at most; take a shorter time or a coarser granularity",
            field="granularity",
        )
    beside: Compare | None = next((one for one in COMPARES if one == how), None)
    return Asked(
        span=span,
        compare=compared(span, beside) if beside else None,
        granularity=granularity,
        today=today,
        zone=zone,
        store=said.get("store") or None,
    )


def day_of(text: str, field: str, otherwise: date) -> date:
    """A day as it was typed; nothing typed is `otherwise`. Faults: Invalid."""
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if len(text) != 10 or not EARLIEST <= found <= _LATEST:
        raise Invalid("write a day such as 2026-10-01, from 1970 on", field=field)
    return found


def cohort_in(text: str) -> Span:
    """The month of a cohort, as `2026-03`. Faults: Invalid."""
    try:
        first = day_of(f"{text}-01", "cohort", date.min)
    except Invalid:
        raise Invalid("write the cohort as its month, such as 2026-03", field="cohort") from None
    return Span(first, months_on(first, 1))


def _span(said: dict[str, str], otherwise: Span) -> Span:
    since, until = said.get("from", ""), said.get("until", "")
    end = day_of(until, "until", otherwise.until_on)
    begin = day_of(since, "from", min(otherwise.from_on, end - timedelta(1)))
    if not begin < end:
        raise Invalid("the time ends after it begins; `until` itself is not in it", field="until")
    if (end - begin).days > MOST_DAYS:
        raise Invalid("ten years are looked at together at most", field="from")
    return Span(begin, end)
