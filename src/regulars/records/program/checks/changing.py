"""How members come over: the days exist, and tiers that are no more go to one that is there."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.checks.walk import day_of
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Program

_PLAN: Path = ("changeover",)


def changing(program: Program) -> Iterator[Finding]:
    """What is wrong with a changeover whatever it follows on."""
    plan = program.changeover
    ladder = [step.id for step in program.tiers.steps] if program.tiers else []
    if plan.until_on is not None:
        where = (*_PLAN, "until_on")
        if day_of(plan.until_on) is None:
            yield Finding(where, f"there is no day {shown(plan.until_on)}", "mend the date")
        elif plan.members not in ("keep", "step_by_step"):
            says = f"`{plan.members}` is done at once and knows no end"
            yield Finding(where, says, "remove it, or write `keep` or `step_by_step`")
    if program.tiers is None and plan.members != "keep":
        says = "there is no ladder that anybody could come over to"
        yield Finding((*_PLAN, "members"), says, "remove it, or add `tiers:`")
    for name, goes_to in plan.removed.items():
        where = (*_PLAN, "removed", name)
        if name in ladder:
            yield Finding(where, f"the tier {shown(name)} is on this ladder", "remove this line")
        if goes_to not in ladder:
            yield Finding(where, f"there is no tier {shown(goes_to)}", closest(goes_to, ladder))
