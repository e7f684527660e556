"""What each of several offers is expected to bring of a member, and which one they are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from regulars.records.program.changes.choices.types import Choice, Drawn, Expects, Made, Seen

FEWEST: Final = 50
"""Members of whom each brought what it did, before anything is expected of any."""
DRAWN_TO: Final = 20
"""So many members of a cell count as much as all the others do: what few did is drawn to that."""


def expected(seen: Sequence[Seen], many: int) -> Expects | None:
    """By cell what each of `many` is expected to bring; nothing while of one too few are seen.

    Order: what a cell spends, whoever got what; then how much more or less each brought there,
    drawn to what it brought everywhere. Whoever was likelier to get what they got counts the less
    (`1 / chance`), so what is given often looks neither better nor worse by that.
    Source: Horvitz & Thompson (1952); shrinkage with a fixed weight (ADR 0811).
    Example: 50 of each, one cell: nothing brought 1000, an offer 1400: 1000 and 1400.
    """
    told = [0] * many
    for one in seen:
        told[one.arm] += one.many
    if not told or min(told) < FEWEST:
        return None
    usual = _mean([(_weight(one, many), one) for one in seen])
    by_cell: dict[int, list[Seen]] = defaultdict(list)
    for one in seen:
        by_cell[one.cell].append(one)
    means = {cell: _drawn(some, many, usual) for cell, some in by_cell.items()}
    more = [_more([one for one in seen if one.arm == arm], many, means) for arm in range(many)]
    cells, counts = {}, {}
    for cell, some in sorted(by_cell.items()):
        found = [_of_cell([one for one in some if one.arm == arm], many, means[cell], more[arm])
                 for arm in range(many)]  # fmt: skip
        cells[cell] = tuple(round(one) for one in found)
        counts[cell] = tuple(sum(one.many for one in some if one.arm == arm) for arm in range(many))
    return Expects(cells, counts, tuple(round(usual + one) for one in more))


def chosen(choice: Choice, drawn: Drawn) -> Made:
    """What this member is given: what is expected to bring most, or, as often as said, one of all
    by chance; and with which chance just this was chosen.

    Units: the chance is of a hundred for each: of three with a fifth by chance the best has
    20 + 80 · 3 = 260 of 300, the others 20.
    """
    many, share = len(choice.among), choice.explore_percent
    by_chance = drawn.which * many >> 32
    if choice.expects is None:
        return Made(drawn.member_id, drawn.cell, by_chance, None, 100)
    best = choice.expects.best(drawn.cell)
    arm = by_chance if drawn.whether * 100 >> 32 < share else best
    chance = share + ((100 - share) * many if arm == best else 0)
    return Made(drawn.member_id, drawn.cell, arm, best, chance)


def _weight(one: Seen, many: int) -> Fraction:
    return Fraction(100 * many, one.chance)


def _mean(some: Sequence[tuple[Fraction, Seen]]) -> Fraction:
    weights = sum((weight * one.many for weight, one in some), Fraction(0))
    brought = sum((weight * one.brought for weight, one in some), Fraction(0))
    return Fraction(brought, weights)


def _drawn(some: Sequence[Seen], many: int, usual: Fraction) -> Fraction:
    """What a cell spends, drawn to what all do."""
    told = sum(one.many for one in some)
    mean = _mean([(_weight(one, many), one) for one in some])
    return Fraction(told * mean + DRAWN_TO * usual, told + DRAWN_TO)


def _more(some: Sequence[Seen], many: int, means: dict[int, Fraction]) -> Fraction:
    """How much more than its cells spend one brought, all cells together."""
    weights = sum((_weight(one, many) * one.many for one in some), Fraction(0))
    rest = sum(
        (_weight(one, many) * (one.brought - one.many * means[one.cell]) for one in some),
        Fraction(0),
    )
    return Fraction(rest, weights)


def _of_cell(some: Sequence[Seen], many: int, mean: Fraction, more: Fraction) -> Fraction:
    told = sum(one.many for one in some)
    if not told:
        return mean + more
    own = _mean([(_weight(one, many), one) for one in some]) - mean
    return mean + Fraction(told * own + DRAWN_TO * more, told + DRAWN_TO)
