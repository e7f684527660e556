"""Leaderboards: what counts is there, and each board is one that somebody can be on."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.playing.challenges import counted, prize_of
from regulars.records.program.checks.walk import twice
from regulars.records.program.parts.gaming import Leaderboard, won_by
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Program


def leaderboards(program: Program) -> Iterator[Finding]:
    """A leaderboard that nothing counts for, that is there twice, or of a store named twice."""
    yield from twice(("leaderboards",), [one.id for one in program.leaderboards])
    for place, one in enumerate(program.leaderboards):
        path: Path = ("leaderboards", place)
        yield from counted(program, (*path, "counts"), one.counts)
        if one.measure != "deeds" and one.counts.on != "purchase":
            says = f"{shown(one.counts.on)} has no goods, so {shown(one.measure)} stays at 0"
            yield Finding((*path, "measure"), says, "write `measure: deeds`, or count purchases")
        if one.stores and one.counts.stores:
            says = "stores are named twice: where it counts, and which have a board"
            yield Finding((*path, "counts", "stores"), says, "leave it out")
        if one.prizes:
            yield from _prizes(program, path, one)
        if len(set(one.stores)) < len(one.stores):
            yield Finding((*path, "stores"), "a store is there twice", "name each store once")


def _prizes(program: Program, path: Path, one: Leaderboard) -> Iterator[Finding]:
    """Places go up and each has something that those who share it can have."""
    if one.per == "ever":
        says = "a board that never ends never pays"
        yield Finding((*path, "per"), says, "write a period, such as `per: month`")
    scale = decimals(program.currency) if one.measure == "spend" else 0
    what = "currency" if one.measure == "spend" else "measure"
    yield from fits((*path, "at_least"), one.at_least, scale, what)
    before = 0
    for number, prize in enumerate(one.prizes):
        where = (*path, "prizes", number)
        yield from prize_of(program, where, won_by(prize))
        last = prize.place if prize.to is None else prize.to
        if last < prize.place:
            says = f"place {last} comes before place {prize.place}"
            yield Finding((*where, "to"), says, "write the last of these places")
        if prize.place <= before:
            says = f"there is something for place {prize.place} already"
            yield Finding((*where, "place"), says, "write the first places first, each once")
        before = max(before, last)
        if one.ties == "divided" and (prize.reward is not None or prize.benefit is not None):
            says = "who share a place cannot divide this"
            yield Finding(where, says, "write `ties: each`, or give points or a badge")
    if before > one.most:
        says = f"nobody has place {before} where {one.most} have something at most"
        yield Finding((*path, "most"), says, f"write `most: {before}` or more")
    wallets = {prize.wallet for prize in one.prizes if prize.wallet is not None}
    if one.ties == "divided" and len(wallets) > 1:
        says = "who share places of several wallets cannot divide their points"
        yield Finding((*path, "prizes"), says, "use one wallet, or write `ties: each`")
