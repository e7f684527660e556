"""Milestones: what counts is there, steps go up and give something, points have a wallet."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.playing.challenges import counted, prize_of
from regulars.records.program.checks.walk import twice, whole_of
from regulars.records.program.parts.gaming import DeedMilestone, MilestoneStep, gift_of
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Program


def milestones(program: Program) -> Iterator[Finding]:
    """A milestone that nothing counts for, that gives nothing, or that is there twice."""
    yield from twice(("milestones",), [one.id for one in program.milestones])
    for place, one in enumerate(program.milestones):
        path: Path = ("milestones", place)
        yield from counted(program, (*path, "counts"), one.counts)
        yield from _wallet(program, path, one)
        yield from _steps(program, path, one)
        if one.measure != "deeds" and one.counts.on != "purchase":
            says = f"{shown(one.counts.on)} has no goods, so {shown(one.measure)} stays at 0"
            yield Finding((*path, "measure"), says, "write `measure: deeds`, or count purchases")


def _wallet(program: Program, path: Path, one: DeedMilestone) -> Iterator[Finding]:
    if one.wallet is None:
        if one.budget is not None:
            mend = "write `wallet:`, or `stock:` with the reward"
            yield Finding((*path, "budget"), "a budget is of points, and there are none", mend)
        return
    wallet = program.wallets.get(one.wallet)
    if wallet is None:
        mend = closest(one.wallet, program.wallets)
        yield Finding((*path, "wallet"), f"there is no wallet {shown(one.wallet)}", mend)
    elif wallet.kind == "status":
        says = f"{shown(one.wallet)} is status credit, which only rules give"
        yield Finding((*path, "wallet"), says, "use a wallet of points or stamps")
    else:
        yield from fits((*path, "budget"), one.budget, wallet.scale, "wallet", above=0)


def _steps(program: Program, path: Path, one: DeedMilestone) -> Iterator[Finding]:
    spend = one.measure == "spend"
    scale = decimals(program.currency) if spend else 0
    before = 0
    for place, step in enumerate(one.steps):
        where = (*path, "steps", place)
        what = "currency" if spend else "measure"
        yield from fits((*where, "at"), step.at, scale, what, above=0)
        yield from _gives(program, where, one, step)
        at = whole_of(step.at, scale) or 0
        if 0 < at <= before:
            says = f"{step.at} does not come after the step before it"
            yield Finding((*where, "at"), says, "write the smallest step first, each once")
        before = max(at, before)


def _gives(
    program: Program, path: Path, one: DeedMilestone, step: MilestoneStep
) -> Iterator[Finding]:
    """A step gives points of a wallet that is there, something else, or both."""
    gift = gift_of(step)
    if gift is not None:
        yield from prize_of(program, path, gift)
    if one.wallet is None:
        if step.points not in (0, "0"):
            mend = "write `wallet:` with the milestone"
            yield Finding((*path, "points"), "the points go nowhere", mend)
        elif gift is None:
            mend = "write `points:`, `reward:`, `benefit:` or `badge:`"
            yield Finding(path, "there is nothing for it", mend)
    elif one.wallet in program.wallets and (gift is None or step.points not in (0, "0")):
        scale = program.wallets[one.wallet].scale
        yield from fits((*path, "points"), step.points, scale, "wallet", above=0)
