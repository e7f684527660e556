"""What forbids that one version follows on another: somebody would be stripped without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.counters import credit_name
from regulars.records.program.parts.gaming import same_draw
from regulars.records.program.parts.measuring import as_tiers
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import Changeover, Program, Rule, Tiers

When = tuple[datetime, datetime]
"""From when on the version rules, and now."""
_PLAN: Final[Path] = ("changeover",)


def objections(before: Program | None, after: Program, when: When) -> list[Finding]:
    """Why this program may not follow on that one, each with its place and what to write instead.

    Shape: nothing for the first version of all.
    """
    if before is None:
        return []
    found = [*_notice(_PLAN, after.changeover, when)]
    for change in _changes(before, after):
        found += [*_removed(change), *_ladder(change, ZoneInfo(after.zone), when)]
        if change.name:
            found += _notice(change.plan_path, change.plan, when)
    return [*found, *_counted(before, after), *_draws(before, after, when)]


class _Change(NamedTuple):
    """A ladder that is there before and after, with the plan for people and their places."""

    name: str
    path: Path
    plan_path: Path
    plan: Changeover
    before: Tiers
    after: Tiers


def _changes(before: Program, after: Program) -> Iterator[_Change]:
    if before.tiers is not None and after.tiers is not None:
        path: Path = ("tiers",)
        yield _Change("", path, _PLAN, after.changeover, before.tiers, after.tiers)
    for name, new in after.ladders.items():
        old = before.ladders.get(name)
        if old is not None:
            path = ("ladders", name)
            both = as_tiers(old), as_tiers(new)
            yield _Change(name, path, (*path, "changeover"), new.changeover, *both)


def placed_anew(before: Program, after: Program) -> Iterator[Finding]:
    """Ladders that are no more, so that nobody stands on them from then on: their author has to
    say that it is meant. `ladder:tiers` is the ladder of the tiers."""
    if before.tiers is not None and after.tiers is None:
        says = worded(
            "there are no tiers any more, and who has one keeps its name and nothing else"
        )
        yield Finding(("tiers",), says, "keep `tiers:` as it is", "warning", "ladder:tiers")
    for name in before.ladders:
        if name not in after.ladders:
            says = worded(
                "the ladder %(ladder)s is no more, and nobody stands on it from then on",
                ladder=shown(name),
            )
            mend = "leave it as it is, or add another ladder beside it"
            yield Finding(("ladders",), says, mend, "warning", f"ladder:{name}")


def _notice(path: Path, plan: Changeover, when: When) -> Iterator[Finding]:
    start, now = when
    if plan.notice_days is not None and start < now + timedelta(days=plan.notice_days):
        says = f"this begins {start:%Y-%m-%d}, and {plan.notice_days} days of notice were promised"
        mend = f"publish it from {now + timedelta(days=plan.notice_days + 1):%Y-%m-%d} on"
        yield Finding((*path, "notice_days"), says, mend)


def _removed(change: _Change) -> Iterator[Finding]:
    """Each tier that is no more needs a place where its holders belong (semantics F3)."""
    ladder = [step.id for step in change.after.steps]
    said = change.plan.removed
    for step in change.before.steps:
        if step.id not in ladder and step.id not in said:
            says = f"the tier {shown(step.id)} is not on this ladder, and nothing says where its "
            says += "holders belong"
            mend = f"add `changeover: {{removed: {{{step.id}: {ladder[-1]}}}}}`, or keep the tier"
            yield Finding((*change.path, "steps"), says, mend)


def _ladder(change: _Change, zone: ZoneInfo, when: When) -> Iterator[Finding]:
    plan, tiers = change.plan, change.after
    moves = plan.members != "keep"
    if moves and _counts(change.before) != _counts(tiers):
        says = f"`{plan.members}` looks at credit, and of what this ladder counts there is none yet"
        mend = "write `members: keep`; what is counted from the first day on decides afterwards"
        yield Finding((*change.plan_path, "members"), says, mend)
    if plan.members == "full" and tiers.window == "rolling" and tiers.valid == "for_ever":
        says = "who once reached a tier of a rolling window for ever cannot be placed anew"
        where = (*change.plan_path, "members")
        yield Finding(where, says, "write `members: upgrade_only`")
    yield from _until(change, zone, when)


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


def _counted(before: Program, after: Program) -> Iterator[Finding]:
    """What was given of a budget, or by a rule with a limit in points, is counted on under its id:
    points of one wallet must not use up what there is of another."""
    budgets = {(one.id, one.per, one.of): one.wallet for one in before.budgets}
    for place, new in enumerate(after.budgets):
        was = budgets.get((new.id, new.per, new.of), new.wallet)
        if new.per != "activity" and was != new.wallet:
            yield _mixed(("budgets", place, "wallet"), new.id, was)
    rules = {(one.id, limit): one.wallet for one in before.rules for limit in _points_of(one)}
    for place, rule in enumerate(after.rules):
        for limit in _points_of(rule):
            was = rules.get((rule.id, limit), rule.wallet)
            if was != rule.wallet:
                yield _mixed(("rules", place, "wallet"), rule.id, was)
                break


def _points_of(rule: Rule) -> list[tuple[str, str]]:
    """The periods in which a rule's points are counted, and of whom."""
    limits = (one for one in rule.limits if one.points is not None and one.per != "activity")
    return [(one.per, one.of) for one in limits]


def _mixed(path: Path, id_: str, was: str) -> Finding:
    says = f"until now {shown(id_)} counts points of {shown(was)}, and would count on from there"
    return Finding(path, says, "give it another id, so that it begins at 0")


def _until(change: _Change, zone: ZoneInfo, when: When) -> Iterator[Finding]:
    plan, tiers, path = change.plan, change.after, change.plan_path
    where = (*path, "until_on")
    if plan.until_on is None:
        # Both windows have no end: of one that rolls, the one that runs is over with its day.
        if plan.members == "step_by_step" and tiers.window in ("ever", "rolling"):
            says = "nothing says until when the old ladder counts beside this one"
            yield Finding((*path, "members"), says, "add `until_on:` with a day")
        return
    if day_starts_at(zone, date.fromisoformat(plan.until_on).toordinal()) <= when[0]:
        says = f"{plan.until_on} is over before this version begins"
        yield Finding(where, says, "name a later day, or remove it")


def _counts(tiers: Tiers) -> tuple[object, ...]:
    days = tiers.rolling_days if tiers.window == "rolling" else 0
    return (credit_name(tiers), days, tiers.credit_after_days)
