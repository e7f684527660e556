"""How much better one way of choosing is than another, from choices that were made by known
chances and are told as sums.

Symbols: of choice i, p_i the chance by which it was made, r_i what came of it, a_i and b_i the
chances by which either way would make it; the difference is the mean of r_i (a_i - b_i) / p_i
(IPS), the others as `policies`.
Assumptions: as `policies`; both ways are looked at over the very same choices.
Source: as `policies`; the difference of two ways over the same choices, so that what both share is
no noise (ADR 0812). Example: rows told one by one give what `policies` gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import fsum, sqrt
from typing import Final

from msgspec import Struct

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.saying import FEWEST_MEMBERS, NotEnough

FEWEST_ALIKE: Final = 30
DRAWN_TO: Final = 20
"""So many choices of a cell count as much in a forecast as all the others do."""


class Worth(Struct, frozen=True):
    """What a choice is worth on average, 95 % from `low` to `high`; `alike` is how many choices
    it rests on in effect (Kish)."""

    value: float
    low: float
    high: float
    alike: float


class Tally(Struct, frozen=True):
    """Choices that are alike: how many, what they brought and its squares, with which chance each
    was made; and where it lies: the cell, what was chosen, and which half."""

    many: float
    brought: float
    brought_2: float
    chance: float
    cell: int
    arm: int
    half: int


class Ahead(Struct, frozen=True):
    """By how much one way is better than another, each choice, by three estimators."""

    ips: Worth | NotEnough
    snips: Worth | NotEnough
    dr: Worth | NotEnough


Way = Sequence[Sequence[float]]
"""By row with which chance it would make each choice there is."""
Floats = list[float]


def worth(rows: Sequence[Tally], way: Way) -> Worth | NotEnough:
    """What a way of choosing brings, doubly robust."""
    nobody = [[0.0] * len(each) for each in way]
    return _ahead(rows, way, nobody, (way,)).dr


def ahead(rows: Sequence[Tally], way: Way, other: Way) -> Ahead:
    """By how much `way` is ahead of `other`: by weight, by its own weight, doubly robust.

    Faults: AssertionError for a choice that could not be made.
    """
    return _ahead(rows, way, other, (way, other))


def _ahead(rows: Sequence[Tally], way: Way, other: Way, ways: Sequence[Way]) -> Ahead:
    assert all(0 < one.chance <= 1 for one in rows), "what was chosen had a chance"
    whole = fsum(one.many for one in rows)
    if whole < FEWEST_MEMBERS:
        return _none(NotEnough("members", whole, FEWEST_MEMBERS))
    alike = min(_alike(rows, _weights(rows, one)) for one in ways)
    if alike < FEWEST_ALIKE:
        return _none(NotEnough("groups", alike, FEWEST_ALIKE))
    first, second = _weights(rows, way), _weights(rows, other)
    slope = [one - two for one, two in zip(first, second, strict=True)]
    return Ahead(
        _worth(rows, [0.0] * len(rows), slope, alike),
        _own_weight(rows, first, second, alike),
        _worth(rows, _foretold(rows, way, other, slope), slope, alike),
    )


def _none(why: NotEnough) -> Ahead:
    return Ahead(why, why, why)


def _weights(rows: Sequence[Tally], way: Way) -> Floats:
    return [each[one.arm] / one.chance for one, each in zip(rows, way, strict=True)]


def _own_weight(
    rows: Sequence[Tally], first: Floats, second: Floats, alike: float
) -> Worth | NotEnough:
    value, lead, slope = 0.0, [0.0] * len(rows), [0.0] * len(rows)
    whole = fsum(one.many for one in rows)
    for sign, weights in ((1.0, first), (-1.0, second)):
        total = fsum(each * one.many for one, each in zip(rows, weights, strict=True))
        if total == 0:
            continue
        mean = total / whole
        own = fsum(each * one.brought for one, each in zip(rows, weights, strict=True)) / total
        value += sign * own
        lead = [one - sign * each * own / mean for one, each in zip(lead, weights, strict=True)]
        slope = [one + sign * each / mean for one, each in zip(slope, weights, strict=True)]
    found = _worth(rows, lead, slope, alike)
    if isinstance(found, NotEnough):
        return found
    width = (found.high - found.low) / 2
    return Worth(value, value - width, value + width, alike)


def _worth(rows: Sequence[Tally], lead: Floats, slope: Floats, alike: float) -> Worth | NotEnough:
    """The mean of `lead + slope · brought` over all choices, and how sure it is."""
    told = list(zip(rows, lead, slope, strict=True))
    whole = fsum(one.many for one in rows)
    value = fsum(a * one.many + b * one.brought for one, a, b in told) / whole
    squares = fsum(
        # About the mean: sums of large squares would lose what is between them.
        (a - value) ** 2 * one.many + 2 * (a - value) * b * one.brought + b**2 * one.brought_2
        for one, a, b in told
    )
    spread = max(squares, 0.0) / (whole - 1)
    if not any(slope) or spread == 0:
        return NotEnough("spread", 0, 1)
    width = SURE_95 * sqrt(spread / whole)
    return Worth(value, value - width, value + width, alike)


def _alike(rows: Sequence[Tally], weights: Floats) -> float:
    told = list(zip(rows, weights, strict=True))
    squares = fsum(each**2 * one.many for one, each in told)
    return 0.0 if squares == 0 else fsum(each * one.many for one, each in told) ** 2 / squares


def _foretold(rows: Sequence[Tally], way: Way, other: Way, slope: Floats) -> Floats:
    """By row what is foretold of both ways, less what was foretold of the choice that was made;
    learned from the other half alone."""
    by_arm: dict[tuple[int, int], Floats] = defaultdict(lambda: [0.0, 0.0])
    by_cell: dict[tuple[int, int, int], Floats] = defaultdict(lambda: [0.0, 0.0])
    for one in rows:
        for sums in (by_arm[one.half, one.arm], by_cell[one.half, one.arm, one.cell]):
            sums[0] += one.many
            sums[1] += one.brought
    found = []
    for one, this, that, weight in zip(rows, way, other, slope, strict=True):
        there = 1 - one.half
        expects = []
        for arm in range(len(this)):
            told, brought = by_arm[there, arm]
            usual = brought / told if told else 0.0
            seen, sums_ = by_cell[there, arm, one.cell]
            expects.append((sums_ + DRAWN_TO * usual) / (seen + DRAWN_TO))
        both = fsum((a - b) * each for a, b, each in zip(this, that, expects, strict=True))
        found.append(both - weight * expects[one.arm])
    return found
