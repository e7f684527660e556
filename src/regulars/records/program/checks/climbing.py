"""Ladders that cannot be climbed as they are written: what excludes each other."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.parts.measuring import FRIEND, counted_as, ladders_of, measures_of
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Measure, Program, Tiers

_KINDS = ("return",)


def climbing(program: Program) -> Iterator[Finding]:
    """Steps, moments and kinds of a ladder that do not fit each other; ages and pocket money."""
    yield from _people(program)
    for path, tiers in ladders_of(program):
        yield from _steps(program, path, tiers)
        yield from _moments(path, tiers)
        for where, measure in measures_of(tiers, path):
            yield from _kinds(where, measure)
            if measure.measure == "friends" and program.referral is None:
                says = "nobody brings friends in this program, so nobody climbs by them"
                yield Finding((*where, "measure"), says, "add `referral:`, or count something else")
        yield from _either(path, tiers)
    yield from _further(program)


def _further(program: Program) -> Iterator[Finding]:
    """A tier that is named anywhere is a step of one ladder only."""
    steps = program.tiers.steps if program.tiers is not None else ()
    taken: dict[str, Path] = {
        step.id: ("tiers", "steps", place) for place, step in enumerate(steps)
    }
    for name, ladder in program.ladders.items():
        for place, step in enumerate(ladder.steps):
            path: Path = ("ladders", name, "steps", place)
            if step.id in taken:
                says = f"the tier {shown(step.id)} is on another ladder already"
                where, also = (*path, "id"), (*taken[step.id], "id")
                yield Finding(where, says, "give it a name of its own", also=also)
            taken.setdefault(step.id, path)


def _people(program: Program) -> Iterator[Finding]:
    join, household = program.join, program.household
    if join is not None and join.guardian_for_minors and (join.minimum_age or 0) >= join.of_age:
        says = "nobody who may join is under age, so nobody needs a guardian"
        yield Finding(("join", "guardian_for_minors"), says, "remove it")
    for name in () if household is None else ("minors", "buyers"):
        said = getattr(household, name)
        for wallet, points in () if said is None else said.points.items():
            if wallet in program.wallets:
                scale = program.wallets[wallet].scale
                yield from fits(("household", name, "points", wallet), points, scale, "wallet")


def _steps(program: Program, ladder: Path, tiers: Tiers) -> Iterator[Finding]:
    scale: int | None = {
        "spend": decimals(program.currency), "visits": 0, "activities": 0, "friends": 0,
    }.get(tiers.measure)  # fmt: skip
    if tiers.measure == "status" and tiers.wallet in program.wallets:
        scale = program.wallets[tiers.wallet].scale
    for place, step in enumerate(tiers.steps):
        path: Path = (*ladder, "steps", place)
        if step.by == "invitation" and whole_of(step.at, 6) == 0:
            says = "a step by invitation at 0 would make everybody eligible"
            yield Finding((*path, "at"), says, "say from which credit on members may be invited")
        if step.for_life_at is None:
            continue
        yield from fits((*path, "for_life_at"), step.for_life_at, scale, "ladder", above=0)
        if step.by == "invitation":
            says = "a step by invitation is not reached by credit, so not for life either"
            yield Finding((*path, "for_life_at"), says, "remove it; a grant without an end stays")
        if tiers.window == "ever":
            says = "all credit counts for ever already"
            yield Finding((*path, "for_life_at"), says, "remove it, or count over a window")


def _moments(path: Path, tiers: Tiers) -> Iterator[Finding]:
    where: Path = (*path, "reached")
    if tiers.reached == "at_window_end":
        if tiers.window not in ("calendar_year", "anniversary"):
            says = f"a window of kind {tiers.window} has no end at which something is reached"
            yield Finding(where, says, "use `window: calendar_year`, or reach steps at once")
        if tiers.valid == "next_window_end":
            says = "what is reached at a window's end holds for the window that follows"
            mend = "write `valid: window_end`, or `for_ever`"
            yield Finding((*path, "valid"), says, mend)
    later = tiers.credit_after_days or tiers.reached == "at_window_end"
    if later and tiers.crossing_earns == "new_tier":
        says = "no purchase crosses a step at once, so none earns at the new tier"
        yield Finding((*path, "crossing_earns"), says, "remove it")
    if later and tiers.notice_days and path != ("tiers",):
        says = "nobody is told before a step is lost that is reached by waiting"
        mend = "remove it, or reach steps at once; the tiers themselves have both"
        yield Finding((*path, "notice_days"), says, mend)
    if tiers.window == "ever" and tiers.notice_days:
        says = "a tier of this ladder is never lost, so nobody is told before"
        yield Finding((*path, "notice_days"), says, "remove it")


def _either(ladder: Path, tiers: Tiers) -> Iterator[Finding]:
    """A second measure is another one, and every step that names it has a use for it."""
    second = tiers.or_by
    asking = [place for place, step in enumerate(tiers.steps) if step.or_at is not None]
    if second is None:
        for place in asking:
            says = "no second measure is named that this step could ask for"
            mend = "add `or_by:` with a measure to the tiers, or remove it"
            yield Finding((*ladder, "steps", place, "or_at"), says, mend)
        return
    if counted_as(second) == counted_as(tiers):
        says = "both measures count the same"
        yield Finding((*ladder, "or_by"), says, "count something else, or remove it")
    if not asking:
        says = "no step asks for any of it"
        yield Finding((*ladder, "or_by"), says, "add `or_at:` to a step, or remove it")
    for place in asking:
        step, path = tiers.steps[place], (*ladder, "steps", place)
        for at, name in ((step.at, "at"), (step.or_at, "or_at")):
            if at is not None and whole_of(at, 6) == 0:
                says = "at 0 this step is everybody's, whatever else it asks for"
                yield Finding((*path, name), says, "ask for more, or remove `or_at`")


def _kinds(path: Path, tiers: Tiers | Measure) -> Iterator[Finding]:
    where: Path = (*path, "kinds")
    if tiers.measure != "activities":
        if tiers.kinds:
            says = f"tiers by {tiers.measure} count no kinds of activities"
            yield Finding(where, says, "remove it, or write `measure: activities`")
        return
    if not tiers.kinds:
        yield Finding(path, "which kinds of activities count?", "add `kinds: [review]`")
    if FRIEND in tiers.kinds:
        yield Finding(where, "friends who stayed are a measure of their own", "`measure: friends`")
    for kind in tiers.kinds:
        if kind in _KINDS:
            yield Finding(
                where, f"{shown(kind)} takes something back and never counts", "remove it"
            )
