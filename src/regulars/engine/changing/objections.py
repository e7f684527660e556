"""What forbids that one version follows on another: somebody would be stripped without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.counters import credit_name
from regulars.engine.ladder.measuring import bare
from regulars.records.program.parts.gaming import same_draw
from regulars.records.program.parts.measuring import as_tiers
from regulars.records.program.problems import Finding, shown
from regulars.records.program.types import Changeover, Program, Tiers

When = tuple[datetime, datetime]
"""From when on the version rules, and now."""
_PLAN: Final = ("changeover",)


def objections(before: Program | None, after: Program, when: When) -> list[Finding]:
    """Why this program may not follow on that one, each with its place and what to write instead.

    Shape: nothing for the first version of all.
    """
    if before is None:
        return []
    return [
        *_notice(after.changeover, when),
        *_removed(before, after),
        *_ladder(before, after, when),
        *_draws(before, after, when),
    ]


def placed_anew(before: Program, after: Program) -> Iterator[Finding]:
    """Further ladders on which whoever stands there is placed anew, by their new terms, the moment
    they rule: their author has to say that it is meant."""
    for name, old in before.ladders.items():
        new = after.ladders.get(name)
        path = ("ladders", name) if new is not None else ("ladders",)
        if new is None:
            says = f"the ladder {shown(name)} is no more, and nobody stands on it from then on"
        elif bare(as_tiers(new)) != bare(as_tiers(old)):
            says = f"everybody on the ladder {shown(name)} is placed anew, up and down"
        else:
            continue
        mend = "leave it as it is, or add another ladder beside it"
        yield Finding(path, says, mend, "warning", f"ladder:{name}")


def _notice(plan: Changeover, when: When) -> Iterator[Finding]:
    start, now = when
    if plan.notice_days is not None and start < now + timedelta(days=plan.notice_days):
        says = f"this begins {start:%Y-%m-%d}, and {plan.notice_days} days of notice were promised"
        mend = f"publish it from {now + timedelta(days=plan.notice_days + 1):%Y-%m-%d} on"
        yield Finding((*_PLAN, "notice_days"), says, mend)


def _removed(before: Program, after: Program) -> Iterator[Finding]:
    """Each tier that is no more needs a place where its holders belong (semantics F3)."""
    if before.tiers is None or after.tiers is None:
        return
    ladder = [step.id for step in after.tiers.steps]
    said = after.changeover.removed
    for step in before.tiers.steps:
        if step.id not in ladder and step.id not in said:
            says = f"the tier {shown(step.id)} is not on this ladder, and nothing says where its "
            says += "holders belong"
            mend = f"add `changeover: {{removed: {{{step.id}: {ladder[-1]}}}}}`, or keep the tier"
            yield Finding(("tiers", "steps"), says, mend)


def _ladder(before: Program, after: Program, when: When) -> Iterator[Finding]:
    plan, tiers = after.changeover, after.tiers
    moves = plan.members != "keep"
    if tiers is None or before.tiers is None:
        return
    if moves and _counts(before) != _counts(after):
        says = f"`{plan.members}` looks at credit, and of what this ladder counts there is none yet"
        mend = "write `members: keep`; what is counted from the first day on decides afterwards"
        yield Finding((*_PLAN, "members"), says, mend)
    if plan.members == "full" and tiers.window == "rolling" and tiers.valid == "for_ever":
        says = "who once reached a tier of a rolling window for ever cannot be placed anew"
        yield Finding((*_PLAN, "members"), says, "write `members: upgrade_only`")
    yield from _until(plan, tiers, ZoneInfo(after.zone), when)


def _draws(before: Program, after: Program, when: When) -> Iterator[Finding]:
    """A draw is promised as it is: its tickets were bought by its terms, and may be announced."""
    kept = {one.id: (place, one) for place, one in enumerate(after.draws)}
    for old in before.draws:
        place, new = kept.get(old.id, (0, None))
        over = day_starts_at(ZoneInfo(before.zone), date.fromisoformat(old.until_on).toordinal())
        if new is None and when[0] < over:
            says = f"the draw {shown(old.id)} is promised, and its days are not over"
            yield Finding(("draws",), says, f"keep it until {old.until_on}")
        elif new is not None and not same_draw(old, new):
            says = f"{shown(old.id)} is promised already, and not as it is here"
            mend = "leave it as it was, and give another draw its own id"
            yield Finding(("draws", place), says, mend)


def _until(plan: Changeover, tiers: Tiers, zone: ZoneInfo, when: When) -> Iterator[Finding]:
    where = (*_PLAN, "until_on")
    if plan.until_on is None:
        if plan.members == "step_by_step" and tiers.window == "ever":
            says = "nothing says until when the old ladder counts beside this one"
            yield Finding((*_PLAN, "members"), says, "add `until_on:` with a day")
        return
    if day_starts_at(zone, date.fromisoformat(plan.until_on).toordinal()) <= when[0]:
        says = f"{plan.until_on} is over before this version begins"
        yield Finding(where, says, "name a later day, or remove it")


def _counts(program: Program) -> tuple[object, ...]:
    tiers = program.tiers
    assert tiers is not None
    days = tiers.rolling_days if tiers.window == "rolling" else 0
    return (credit_name(tiers), days, tiers.credit_after_days)
