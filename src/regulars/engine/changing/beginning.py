"""When a version begins, beside those that are published: what its author may not have meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at, local
from regulars.records.program.problems import Finding, Path, worded

_TOP: Final[Path] = ()


def begins(
    starts: Sequence[tuple[int, datetime]], zone: str, start: datetime, now: datetime
) -> Iterator[Finding]:
    """What is warned of where a version begins before another one, or before today.

    Shape: `starts` has each published version with the instant from which on it rules.
    Order: of two that start together the later one wins, so that nothing is in its way then.
    Example: version 1 rules since noon, and the file is to rule from this morning on: it would
    rule this morning, which is over, and never again.
    """
    if not starts:
        return
    home = ZoneInfo(zone)
    follows = min((one for one in starts if one[1] > start), key=lambda one: one[1], default=None)
    if follows is not None:
        version, at = follows
        told = {"version": version, "day": f"{at.astimezone(home):%Y-%m-%d %H:%M}"}
        if at <= now:
            says = worded(
                "version %(version)s rules since %(day)s, so this never would from now on", **told
            )
            mend = "name no day, and it rules at once; or one that is to come"
            yield Finding(_TOP, says, mend, "warning", f"overtaken:{version}")
        else:
            says = worded(
                "it rules until %(day)s only; from then on version %(version)s does", **told
            )
            mend = "publish it once more from then on, or take that version back"
            yield Finding(_TOP, says, mend, "warning")
        return
    if start < day_starts_at(home, local(home, now).day):
        day = f"{start.astimezone(home):%Y-%m-%d}"
        says = worded(
            "it begins on %(day)s, which is over: what is told late of the days since then is "
            "decided by it, and what was told already is not",
            day=day,
        )
        mend = "name no day, and it rules from now on"
        yield Finding(_TOP, says, mend, "warning", f"past:{day}")
