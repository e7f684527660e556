"""Draws: what counts is there, the days are there, and a ticket can be had."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.checks.playing.challenges import counted
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Program


def draws(program: Program) -> Iterator[Finding]:
    """A draw that nothing counts for, that is there twice, whose tickets nobody can have, or whose
    winner could be chosen."""
    ids = [one.id for one in program.draws]
    for place, one in enumerate(program.draws):
        path: Path = ("draws", place)
        if one.id in ids[:place]:
            yield Finding((*path, "id"), f"{shown(one.id)} is there twice", "give it its own id")
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
