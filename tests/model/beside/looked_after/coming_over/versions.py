"""The ladders that follow on each other, each with its plan for those who are there already."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec.structs import replace
from tests.model.programs import written

from regulars.records.program import types as t
from regulars.records.program.parts.conditions import TierIs
from regulars.records.program.reading import read_program

SOURCE: Final = Path(__file__).with_name("climb.yaml").read_text("utf-8")
LADDERS: Final[dict[str, dict[str, int]]] = {
    "as it was": {"silver": 20, "gold": 60, "black": 90},
    "steeper": {"silver": 40, "gold": 90, "black": 180},
    "easier": {"silver": 10, "gold": 30, "black": 60},
    "no black": {"silver": 20, "gold": 70},
    "no gold": {"silver": 25, "black": 80},
    "gold alone": {"gold": 50},
    "of metal": {"iron": 15, "steel": 45},
    "for everybody": {"basic": 0, "silver": 25, "gold": 65},
}
FORMS: Final[dict[str, dict[str, Any]]] = {
    "years": {},
    "years that end": {"valid": "window_end"},
    "with grace": {"grace_days": 10},
    "one step down": {"downgrade": "one_step", "grace_days": 3, "valid": "window_end"},
    "thirty days": {"window": "rolling", "rolling_days": 30},
    "thirty days that end": {"window": "rolling", "rolling_days": 30, "valid": "window_end"},
    "own years": {"window": "anniversary"},
    "own years that end": {"window": "anniversary", "valid": "window_end", "grace_days": 5},
    "for life": {"valid": "for_ever"},
    "all there is": {"window": "ever"},
    "by visits": {"measure": "visits"},
    "or by visits": {"or_by": t.Measure("visits"), "window": "anniversary"},
    "at once": {"crossing_earns": "new_tier"},
}
"""How steps are looked at. A plan that looks at credit follows on the same measure and window."""
TWISTS: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "grace": {"grace_days": 10},
    "no grace": {"grace_days": 0},
    "softer": {"downgrade": "one_step"},
    "shorter": {"valid": "window_end"},
    "longer": {"valid": "next_window_end"},
    "for life": {"valid": "for_ever"},
    "no falls": {"returned_credit": "never"},
    "at the end": {"returned_credit": "at_period_end"},
}
"""What else a version may change, whatever counts."""


class Plan(NamedTuple):
    """How people come over, as it is drawn; `until_on` where a plan may name a day."""

    members: str = "keep"
    until_on: date | None = None


def first(zone: str, form: str, ladder: str = "as it was") -> str:
    """The file of a shop that begins with this ladder."""
    program = read_program(SOURCE.replace("zone: Europe/Berlin", f"zone: {zone}"))
    tiers = replace(_form(form), steps=_steps(LADDERS[ladder], FORMS[form]))
    return written(_with(program, tiers, t.Changeover(), "climb 1"))


def follows(
    before: str, number: int, ladder: str, plan: Plan, twist: str = "", form: str = ""
) -> str | None:
    """The file of a version that comes after another one; nothing where nobody could publish it.

    A step that is taken away sends its holders to one below it, or to the lowest there is.
    """
    program = read_program(before)
    old = program.tiers
    assert old is not None, before
    tiers = replace(_form(form), **TWISTS[twist]) if form else replace(old, **TWISTS[twist])
    tiers = replace(
        tiers, steps=_steps(LADDERS[ladder], {"measure": tiers.measure, "or_by": tiers.or_by})
    )
    members: Any = plan.members
    if form:  # something else is counted, and of that there is nothing yet
        members = "keep"
    rolls = tiers.window == "rolling"
    if members == "full" and rolls and tiers.valid == "for_ever":
        return None
    day = plan.until_on if members in ("keep", "step_by_step") else None
    if members == "step_by_step" and day is None and (rolls or tiers.window == "ever"):
        return None
    removed = _removed(old, tiers, number)
    until_on = None if day is None else day.isoformat()
    changeover = t.Changeover(members, until_on, removed)
    return written(_with(program, tiers, changeover, f"climb {number}"))


def _removed(old: t.Tiers, new: t.Tiers, number: int) -> dict[str, str]:
    there = [step.id for step in new.steps]
    found = {}
    for place, step in enumerate(old.steps):
        if step.id not in there:
            # Also higher than what it took, and lower than what they would reach by themselves.
            found[step.id] = there[min(max(place - number % 3, 0), len(there) - 1)]
    return found


def _form(form: str) -> t.Tiers:
    said = {"returned_credit": "revoke_now", **FORMS[form]}
    return t.Tiers((t.Tier("gold", 60),), **said)


def _steps(ladder: dict[str, int], form: dict[str, Any]) -> tuple[t.Tier, ...]:
    by_visits = form.get("measure") == "visits"
    either = form.get("or_by") is not None
    steps = []
    for place, (name, at) in enumerate(ladder.items(), 1):
        visits = -(-at // 15)
        takes = visits if by_visits else at
        steps.append(t.Tier(name, takes, or_at=place + visits if either else None))
    return tuple(steps)


def _with(program: t.Program, tiers: t.Tiers, plan: t.Changeover, name: str) -> t.Program:
    euro, upper = program.rules
    upper = replace(upper, when=TierIs(tiers.steps[-1].id))
    return replace(program, tiers=tiers, changeover=plan, name=name, rules=(euro, upper))
