"""Why rates may not hold for what happened already, and what their author has to say they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.rating import rates_from, rates_of
from regulars.engine.restating.late import ACCEPTED
from regulars.records.program.problems import Finding, Path, worded
from regulars.records.program.types import Program

_WHERE: Final[Path] = ("changeover", "rates_from_on")


def rates(before: Program, after: Program, when: tuple[datetime, datetime]) -> Iterator[Finding]:
    """What forbids that tables hold from a day on that is over; `when` is from when on the version
    rules, and now."""
    day = rates_from(after)
    if day is None:
        return
    start = day_starts_at(ZoneInfo(after.zone), day)
    changed = rates_of(before, after)
    if not changed:
        says = "no table rates otherwise than in the version before, so nothing is rated anew"
        yield Finding(_WHERE, says, "remove it, or change the rows of a table")
    if start >= when[0]:
        says = (
            f"{date.fromordinal(day)} is not before this version begins, and rates hold then anyway"
        )
        yield Finding(_WHERE, says, "remove it, or name an earlier day")
    if start < when[1] - ACCEPTED:
        says = f"what happened more than {ACCEPTED.days} days ago is decided anew no more"
        earliest = (when[1] - ACCEPTED).date().toordinal() + 1
        yield Finding(_WHERE, says, f"name {date.fromordinal(earliest)}, or a later day")
    for rule in changed:
        rounding = before.wallets[rule.wallet].rounding
        if rounding.carry or rounding.scope == "day":
            says = f"the wallet {rule.wallet} keeps what rounding leaves of several activities, so "
            says += f"none of them can be rated anew alone (rule {rule.id})"
            yield Finding(_WHERE, says, "let the new rates hold from the version's first day on")


def rated_anew(before: Program, after: Program) -> Iterator[Finding]:
    """That members get more, or have points taken, for what they did: its author has to mean it."""
    on = after.changeover.rates_from_on
    changed = [rule.id for rule in rates_of(before, after)] if on is not None else []
    if changed:
        says = worded(
            "what happened since %(day)s is rated anew by %(rules)s, and points that were too many "
            "are taken back",
            day=on,
            rules=", ".join(changed),
        )
        mend = "look at the plan to see whom it touches; or remove it, and rate what is to come"
        yield Finding(_WHERE, says, mend, "warning", f"rates:{on}")
