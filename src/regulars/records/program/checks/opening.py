"""Benefits: what they name exists, and what they ask for can be had."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Benefit, Program


def opening(program: Program) -> Iterator[Finding]:
    """Benefits for tiers that are not there, at times that never come, with nothing to choose."""
    seen: set[str] = set()
    for place, benefit in enumerate(program.benefits):
        path: Path = ("benefits", place)
        if benefit.id in seen:
            says = f"the id {shown(benefit.id)} is already taken"
            yield Finding((*path, "id"), says, "give it another id")
        seen.add(benefit.id)
        yield from _tiers(program, path, benefit)
        yield from _times(path, benefit)
        yield from _choice(program, path, benefit)
        money = decimals(program.currency)
        yield from fits((*path, "worth"), benefit.worth, money, "currency")
        yield from fits((*path, "cost"), benefit.cost, money, "currency")


def _tiers(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    steps = [step.id for step in program.tiers.steps] if program.tiers else []
    named = [((*path, "head_start", tier), tier) for tier in benefit.head_start]
    if benefit.tier is not None:
        named.append(((*path, "tier"), benefit.tier))
    for where, tier in named:
        if tier not in steps:
            yield Finding(where, f"there is no tier {shown(tier)}", closest(tier, steps))
    if benefit.by == "grant" and benefit.tier is not None:
        says = "who was granted it may use it, whatever their tier"
        yield Finding((*path, "tier"), says, "remove it, or write `by: tier`")


def _times(path: Path, benefit: Benefit) -> Iterator[Finding]:
    yield from period(path, benefit.from_on, benefit.until_on)
    for number, days in enumerate(benefit.blackout):
        yield from period((*path, "blackout", number), days.from_on, days.until_on)
    if benefit.head_start and benefit.from_on is None:
        says = "nothing begins, so nobody can be ahead of it"
        yield Finding((*path, "head_start"), says, "write the day it begins as `from_on:`")


def _choice(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    if benefit.choose_one is None:
        return
    where = (*path, "choose_one")
    if benefit.allowance is None:
        says = "a choice is made anew in each period of an allowance, and there is none"
        yield Finding(where, says, "add `allowance: {times: 1, per: year}`")
        return
    others = [
        other
        for other in program.benefits
        if other.choose_one == benefit.choose_one and other.id != benefit.id
    ]
    if not others:
        says = f"no other benefit is chosen from under {shown(benefit.choose_one)}"
        yield Finding(where, says, "give another benefit the same word, or remove it", "warning")
    for other in others:
        if other.allowance is not None and other.allowance.per != benefit.allowance.per:
            says = f"{shown(other.id)} is chosen per {other.allowance.per}, this one per "
            says += benefit.allowance.per
            yield Finding(where, says, "use the same `per` for all that are chosen from")
            return
