"""What a condition of a segment stands on: the program's tiers and wallets, lists, and the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.money import decimals
from regulars.records.program.changes.segments.conditions import (
    All,
    AnyOf,
    Condition,
    Not,
    SegmentIs,
)
from regulars.records.program.types import Program


class Setting(NamedTuple):
    """The program in force, the names of wallets by their small number, and the shop's day."""

    program: Program
    wallets: Mapping[int, str]
    zone: str
    today: date


class Purse(Struct, frozen=True):
    """The small number of a wallet, and how many decimals its units have."""

    code: int
    scale: int


class OnList(Struct, frozen=True):
    """The member is on this list: what is left of `segment` where that one is kept by hand."""

    segment_id: UUID


Plain = Condition | OnList
"""A condition in which no other segment is named any more."""


class Ground(Struct, frozen=True):
    """All that tells what a condition means today.

    Units: `money_scale` decimals of the program's currency. `segments` are those that are saved,
    by code: their condition, or their id where they are lists.
    """

    today: date
    money_scale: int
    steps: tuple[str, ...]
    """The tiers from the lowest on."""
    wallets: Mapping[str, Purse]
    segments: Mapping[str, Condition | UUID] = {}
    plans: tuple[str, ...] = ()
    """Paid plans, as the program has them."""

    def from_step(self, step: str) -> tuple[str, ...]:
        """This tier and all above it; none where there is no such tier any more."""
        return self.steps[self.steps.index(step) :] if step in self.steps else ()


def ground_of(there: Setting, segments: Mapping[str, Condition | UUID]) -> Ground:
    """What conditions stand on by this version, with these segments saved."""
    program = there.program
    steps = tuple(step.id for step in program.tiers.steps) if program.tiers else ()
    purses = {
        name: Purse(code, program.wallets[name].scale)
        for code, name in there.wallets.items()
        if name in program.wallets
    }
    plans = tuple(plan.id for plan in program.plans)
    return Ground(there.today, decimals(program.currency), steps, purses, segments, plans)


def plain(condition: Condition, ground: Ground) -> Plain:
    """The condition with every segment it names put in its place.

    Order: saved segments name no circle (`circles` refuses them). One that is gone holds nobody.
    """
    part: Callable[[Condition], Any] = lambda one: plain(one, ground)  # noqa: E731 - of any kind
    if isinstance(condition, All):
        return All(tuple(map(part, condition.of)))
    if isinstance(condition, AnyOf):
        return AnyOf(tuple(map(part, condition.of)))
    if isinstance(condition, Not):
        return Not(part(condition.that))
    if not isinstance(condition, SegmentIs):
        return condition
    known = [ground.segments[code] for code in condition.in_ if code in ground.segments]
    parts: list[Any] = [OnList(one) if isinstance(one, UUID) else part(one) for one in known]
    return AnyOf(tuple(parts))


def spoken(condition: Plain, ground: Ground) -> Condition:
    """The same with lists named again, so that it can be said."""
    if isinstance(condition, OnList):
        return SegmentIs(tuple(
            code for code, one in ground.segments.items()
            if isinstance(one, UUID) and one == condition.segment_id
        ))  # fmt: skip
    if isinstance(condition, All | AnyOf):
        return type(condition)(tuple(spoken(one, ground) for one in condition.of))
    if isinstance(condition, Not):
        return Not(spoken(condition.that, ground))
    return condition
