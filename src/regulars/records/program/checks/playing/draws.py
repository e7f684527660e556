"""Draws: what counts is there, the days are there, and a ticket can be had."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.checks.playing.challenges import counted, reward_won, won_points
from regulars.records.program.checks.walk import twice
from regulars.records.program.parts.gaming import DrawPrize
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Program


def draws(program: Program) -> Iterator[Finding]:
    """A draw that nothing counts for, that is there twice, whose tickets nobody can have, or whose
    winner could be chosen."""
    yield from twice(("draws",), [one.id for one in program.draws])
    for place, one in enumerate(program.draws):
        path: Path = ("draws", place)
        if not one.words.strip():
            says = "nothing says by which words it is drawn, so words could be chosen that suit"
            yield Finding(path, says, "add `words:` with the lottery of a day after its days")
        yield from counted(program, (*path, "counts"), one.counts)
        yield from period(path, one.from_on, one.until_on)
        spend = one.measure == "spend"
        scale = decimals(program.currency) if spend else 0
        yield from fits((*path, "each"), one.each, scale, "currency" if spend else "measure", 0)
        if one.measure != "deeds" and one.counts.on != "purchase":
            says = f"{shown(one.counts.on)} has no goods, so {shown(one.measure)} stays at 0"
            yield Finding((*path, "measure"), says, "write `measure: deeds`, or count purchases")
        if len(one.gives) > one.winners:
            says = f"there are {len(one.gives)} prizes, and {one.winners} may win"
            yield Finding((*path, "gives"), says, f"write `winners: {len(one.gives)}`, or less")
        for number, prize in enumerate(one.gives):
            yield from _gives(program, (*path, "gives", number), prize)


def _gives(program: Program, path: Path, prize: DrawPrize) -> Iterator[Finding]:
    """A prize is points of a wallet or a reward that nobody has to be there for."""
    if (prize.wallet is None) == (prize.reward is None):
        says = "a prize is either points or a reward"
        yield Finding(path, says, "write `wallet:` and `points:`, or `reward:`")
    elif prize.wallet is not None:
        yield from won_points(program, path, prize)
    else:
        if prize.points not in (0, "0"):
            mend = "write `wallet:` in place of `reward:`, or remove `points:`"
            yield Finding((*path, "points"), "the points go nowhere", mend)
        yield from reward_won(program, path, prize.reward or "")
