"""What a version says otherwise than the one before it, in sentences both sides of which are read.

Where a part of a program has a sentence of its own, the sentence stands for it; a bound, a day or a
price that is told by its number stays as the file writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from regulars.engine.changing.comparing import Difference
from regulars.engine.words.changes import in_words
from regulars.engine.words.voice import Voice
from regulars.records.program.types import Program
from regulars.surfaces.in_words.games import (
    board_in_words,
    draw_in_words,
    game_in_words,
    milestone_in_words,
)
from regulars.surfaces.in_words.program import budget_in_words
from regulars.surfaces.in_words.rewards import (
    benefit_in_words,
    paying_in_words,
    plan_in_words,
    referral_in_words,
    reward_terms_in_words,
)
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.in_words.tiers import step_in_words
from regulars.surfaces.languages.voices import voice_for

_SAYS: Final[Mapping[str, Callable[[Program, Any, Voice], str]]] = MappingProxyType(
    {
        # What its author wrote may stay while the rule changes.
        "rules": lambda program, rule, voice: rule_in_words(
            program, replace(rule, says=""), voice, inside=True
        ),
        "budgets": budget_in_words,
        "rewards": reward_terms_in_words,
        "benefits": benefit_in_words,
        "plans": plan_in_words,
        "challenges": game_in_words,
        "streaks": game_in_words,
        "milestones": milestone_in_words,
        "leaderboards": board_in_words,
        "draws": draw_in_words,
    }
)
_ENGLISH: Final = voice_for("en")
_BY_NUMBER: Final = frozenset({"reward_price", "reward_worth", "plan_fee"})
"""Changes that are a number beside another one, as they are."""


def change_in_words(both: tuple[Program, Program] | None, change: Difference) -> str:
    """One change as a sentence a shop owner can read.

    Example: "The rule point-per-euro gives 2 Points for each \u20ac3.00 you spend, before 1 Point
    for each \u20ac1.00 you spend (worse for everybody who collects points and was there within a
    year)".
    """
    if both is None or change.kind in _BY_NUMBER:
        return in_words(change)
    before, after = (_sentence(program, change) for program in both)
    if before == after:
        return in_words(change)
    return in_words(change._replace(before=before, after=after))


def _sentence(program: Program, change: Difference) -> str:
    """What a program says of the part that differs; nothing where it has no sentence for it."""
    into, _, rest = change.path.partition(".")
    says = _SAYS.get(into)
    if says is not None:
        id_ = rest.partition(".")[0]
        return next(
            (says(program, one, _ENGLISH) for one in getattr(program, into) if one.id == id_), ""
        )
    if change.kind == "tier_at" and into == "tiers" and program.tiers is not None:
        steps = {one.id: one for one in program.tiers.steps}
        return step_in_words(program, steps[change.what], _ENGLISH)
    if into == "paying" and program.paying is not None:
        return paying_in_words(program, program.paying, _ENGLISH)
    if into == "referral" and program.referral is not None:
        return "; ".join(referral_in_words(program, program.referral, _ENGLISH))
    return ""
