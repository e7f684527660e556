"""On which days a benefit can be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from regulars.base.faults import Refused
from regulars.engine.calendar import local
from regulars.engine.terms import Version
from regulars.records.program.types import Benefit


def not_then(
    version: Version, benefit: Benefit, now: datetime, opens_at: datetime | None
) -> Iterator[Refused]:
    """Why it cannot be used at an instant: not begun for this member, over, or not on these days.

    Shape: `opens_at` is when it begins for this member; nothing where it has always begun.
    """
    if opens_at is not None and now < opens_at:
        facts = {"opens_at": opens_at.isoformat()}
        yield Refused("not_now", "this has not begun for this member", facts)
    today = date.fromordinal(local(version.zone, now).day).isoformat()
    if benefit.until_on is not None and today >= benefit.until_on:
        yield Refused("not_now", "this is over", {"until_on": benefit.until_on})
    for days in benefit.blackout:
        if days.from_on <= today < days.until_on:
            facts = {"from_on": days.from_on, "until_on": days.until_on}
            yield Refused("not_now", "not on these days", facts)
