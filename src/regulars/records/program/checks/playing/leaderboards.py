"""Leaderboards: what counts is there, and each board is one that somebody can be on."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.checks.playing.challenges import counted
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Program


def leaderboards(program: Program) -> Iterator[Finding]:
    """A leaderboard that nothing counts for, that is there twice, or of a store named twice."""
    ids = [one.id for one in program.leaderboards]
    for place, one in enumerate(program.leaderboards):
        path: Path = ("leaderboards", place)
        if one.id in ids[:place]:
            says = f"{shown(one.id)} is there twice"
            yield Finding((*path, "id"), says, "give each leaderboard its own id")
        yield from counted(program, (*path, "counts"), one.counts)
        if one.measure != "deeds" and one.counts.on != "purchase":
            says = f"{shown(one.counts.on)} has no goods, so {shown(one.measure)} stays at 0"
            yield Finding((*path, "measure"), says, "write `measure: deeds`, or count purchases")
        if one.stores and one.counts.stores:
            says = "stores are named twice: where it counts, and which have a board"
            yield Finding((*path, "counts", "stores"), says, "leave it out")
        if len(set(one.stores)) < len(one.stores):
            yield Finding((*path, "stores"), "a store is there twice", "name each store once")
