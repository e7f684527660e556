"""What is owed for points that keep the worth of earlier terms, each by what it was earned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from regulars.engine.terms import Version
from regulars.records.program.types import Program

Worth = Mapping[str, Fraction]
"""Per wallet: what one smallest unit costs, in minor units of money."""
Band = tuple[str, int]
"""A wallet, and how many of the changes whose worth is kept lie behind what was earned."""


def changes_of(version: Version, now: datetime) -> list[datetime]:
    """Since when points are worth less for whoever earned them later, the earliest first; nothing
    where all points are worth the same by now."""
    return sorted({one.since for one in version.kept if one.until is None or now < one.until})


def worths_kept(
    version: Version, now: datetime, of: Callable[[Program], Worth]
) -> list[dict[str, Fraction]]:
    """What points cost by how many of these changes lie behind them; the last are of today's terms.

    Order: what was earned before a change keeps the terms before it, and of several the best.
    Example: 150 points for a mug since June, 100 before: of May 1/100 of it each, since then 1/150.
    """
    since = changes_of(version, now)
    alive = [one for one in version.kept if one.until is None or now < one.until]
    found = []
    for place in range(len(since) + 1):
        kept = [one.terms for one in alive if place < len(since) and one.since >= since[place]]
        best: dict[str, Fraction] = {}
        for program in (version.program, *(one.program for one in kept)):
            for wallet, each in of(program).items():
                best[wallet] = max(best.get(wallet, Fraction(0)), each)
        found.append(best)
    return found


def owed_by(worths: Sequence[Worth], held: Mapping[Band, int]) -> Fraction:
    """What all of it costs if it is spent, each by the worth it was earned with; not rounded."""
    parts = (worths[band].get(wallet, Fraction(0)) * n for (wallet, band), n in held.items())
    return sum(parts, Fraction(0))
