"""Where a member stands, with the names of tiers, rewards and benefits in a language asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from regulars.records.program.types import Program
from regulars.surfaces.api.wire.benefits import MayShown
from regulars.surfaces.api.wire.rewarding.choices import ChoicesShown
from regulars.surfaces.api.wire.standing.shown import LadderShown, StandingShown


def standing_named(told: StandingShown, program: Program) -> StandingShown:
    """A standing as this program names things; what it does not know keeps its name."""
    rewards = {one.id: one for one in program.rewards}
    steps = {} if program.tiers is None else {one.id: one for one in program.tiers.steps}
    return replace(
        told,
        tier=_step(told.tier, steps),
        next_tier=_step(told.next_tier, steps),
        ladders={name: _ladder(name, one, program) for name, one in told.ladders.items()},
        rewards=[
            replace(one, name=rewards[one.reward].name) if one.reward in rewards else one
            for one in told.rewards
        ],
    )


def may_named(told: MayShown, program: Program) -> MayShown:
    """An answer about a benefit, as this program names it."""
    names = {one.id: one.name for one in program.benefits}
    return replace(told, name=names.get(told.benefit, told.name))


def choices_named(told: ChoicesShown, program: Program) -> ChoicesShown:
    """What there is to choose from, as this program names it."""
    names = {("reward", one.id): one.name for one in program.rewards}
    names |= {("benefit", one.id): one.name for one in program.benefits}
    items = [
        replace(
            one,
            options=[
                replace(each, name=names.get((each.kind, each.id), each.name))
                for each in one.options
            ],
        )
        for one in told.items
    ]
    return ChoicesShown(items)


def _ladder(name: str, told: LadderShown, program: Program) -> LadderShown:
    kept = program.ladders.get(name)
    if kept is None:
        return told
    steps = {one.id: one for one in kept.steps}
    return replace(
        told,
        name=kept.name or told.name,
        tier=_step(told.tier, steps),
        next_tier=_step(told.next_tier, steps),
    )


def _step(told: Any, steps: Mapping[str, Any]) -> Any:
    """A step somebody stands on, with its perks, or the next one."""
    step = None if told is None else steps.get(told.id)
    if step is None:
        return told
    named = replace(told, name=step.name or told.name)
    return replace(named, perks=step.perks) if hasattr(named, "perks") else named
