"""What other versions than the one that decided had promised, when some credit is gone."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.engine.ladder.credit import reached_on, step_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Version


def promised_on(version: Version, other: Version, state: MemberState, day: int) -> int:
    """What another version gave for a day's credit, by its ladder or one that counted beside it, is
    worth on the ladder of this one."""
    step = reached_on(other, state, day)
    return step_of(version, other.compiled.tiers[step - 1]) if step else 0


def falls_to(
    version: Version, state: MemberState, reached: int, promised: Sequence[Version]
) -> tuple[str | None, int]:
    """The tier on which somebody lands who falls to a step of this version's ladder, and the step
    it is worth there.

    Keeps: nobody comes to stand on a step that the ladder in force, the last of those `promised`,
    does not have any more; where its holders belong there is where they land (semantics F3).
    """
    tier = version.compiled.tiers[reached - 1] if reached else None
    now = promised[-1] if promised else version
    if tier is None or now.program.tiers is None or tier in now.compiled.tiers:
        return tier, reached
    step = step_of(now, tier)
    if step >= step_of(now, state.tier):
        return state.tier, step_of(version, state.tier)
    tier = now.compiled.tiers[step - 1] if step else None
    return tier, step_of(version, tier)
