"""How members come over: the days exist, and tiers that are no more go to one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regulars.records.program.checks.walk import day_of
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Changeover, Program


def changing(program: Program) -> Iterator[Finding]:
    """What is wrong with a changeover whatever it follows on."""
    ladder = [step.id for step in program.tiers.steps] if program.tiers else []
    plan = program.changeover
    yield from _plan(("changeover",), plan, ladder)
    if program.tiers is None and plan.members != "keep":
        says = "there is no ladder that anybody could come over to"
        yield Finding(("changeover", "members"), says, "remove it, or add `tiers:`")
    for name, further in program.ladders.items():
        steps = [step.id for step in further.steps]
        yield from _plan(("ladders", name, "changeover"), further.changeover, steps)


def _plan(path: Path, plan: Changeover, ladder: Sequence[str]) -> Iterator[Finding]:
    if plan.until_on is not None:
        where = (*path, "until_on")
        if day_of(plan.until_on) is None:
            yield Finding(where, f"there is no day {shown(plan.until_on)}", "mend the date")
        elif plan.members not in ("keep", "step_by_step"):
            says = f"`{plan.members}` is done at once and knows no end"
            yield Finding(where, says, "remove it, or write `keep` or `step_by_step`")
    yield from _worth(path, plan)
    yield from _rates(path, plan)
    for name, goes_to in plan.removed.items():
        where = (*path, "removed", name)
        if name in ladder:
            yield Finding(where, f"the tier {shown(name)} is on this ladder", "remove this line")
        if goes_to not in ladder:
            yield Finding(where, f"there is no tier {shown(goes_to)}", closest(goes_to, ladder))


def _rates(path: Path, plan: Changeover) -> Iterator[Finding]:
    """Tables are of no ladder, and the day is one of the calendar."""
    where = (*path, "rates_from_on")
    if plan.rates_from_on is None:
        return
    if len(path) > 1:
        says = "tables are the same for all ladders"
        yield Finding(where, says, "write it into `changeover:` of the program")
    elif day_of(plan.rates_from_on) is None:
        yield Finding(where, f"there is no day {shown(plan.rates_from_on)}", "mend the date")


def _worth(path: Path, plan: Changeover) -> Iterator[Finding]:
    """Points are of no ladder, and only what is kept has an end."""
    if len(path) > 1 and (plan.worth != "new" or plan.worth_until_on is not None):
        says = "points are the same for all ladders"
        yield Finding((*path, "worth"), says, "write it into `changeover:` of the program")
    if plan.worth_until_on is None:
        return
    where = (*path, "worth_until_on")
    if day_of(plan.worth_until_on) is None:
        yield Finding(where, f"there is no day {shown(plan.worth_until_on)}", "mend the date")
    elif plan.worth != "keep":
        says = "nothing is kept that could be over"
        yield Finding(where, says, "write `worth: keep`, or remove it")
