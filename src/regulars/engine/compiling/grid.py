"""How finely points are counted while a purchase is worked out, so that nothing is lost on the way.

1 point per 3 euro on 10 euro is 3⅓ points. We count in **grains**: `grid` grains are one unit of
the wallet, chosen per wallet so that every rate and every multiplier is a whole number of grains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Final, NamedTuple

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.compiling.lookups import LARGEST_NUMBER
from regulars.records.program.types import ByTable, Multiply, PerAmount, PerItem, Program, Rule

LARGEST: Final = 1 << 62
"""No sum of grains may reach this; a machine word holds twice as much (numba wraps silently)."""
LARGEST_BASKET_MINOR: Final = 10**12
LARGEST_PIECES: Final = 10**6


class TooFine(NamedTuple):
    """A rule whose numbers need more digits than we count with."""

    rule: str
    says: str


def grid_of(program: Program, wallet: str) -> int:
    """How many grains are one unit of this wallet: the smallest number that makes all exact."""
    grid = 1
    for rules in _together(program, wallet):
        based = _finest(program, [rule for rule in rules if is_base(rule)])
        extra = _finest(program, [rule for rule in rules if is_bonus(rule)])
        grid = lcm(grid, based * _fineness(program, rules), extra)
    return grid


def _finest(program: Program, rules: Sequence[Rule]) -> int:
    """The smallest number that makes all rates of these rules whole."""
    return lcm(*(rate.denominator for rule in rules for rate in rates_of(program, rule)))


def rates_of(program: Program, rule: Rule) -> tuple[Fraction, ...]:
    """What a rule can give for one piece of what it counts: one rate, or one per row of a table."""
    award = rule.award
    if not isinstance(award, ByTable):
        return (rate_of(program, rule),)
    scale = program.wallets[rule.wallet].scale
    part = 10**6 * award.per
    return tuple(Fraction(units(row.points, 6) * 10**scale, part) for row in award.rows)


def rate_of(program: Program, rule: Rule) -> Fraction:
    """What one minor unit, one full set or one activity gives, in units of the rule's wallet.

    For a multiplier: what it adds to each base point (`by: 1.5` adds one half). For a table: what
    its best row gives.
    """
    award = rule.award
    if isinstance(award, ByTable):
        return max(rates_of(program, rule))
    if isinstance(award, Multiply):
        return Fraction(units(award.by, 6), 10**6) - 1
    points = units(award.points, program.wallets[rule.wallet].scale)
    if isinstance(award, PerAmount):
        return Fraction(points, units(award.per, decimals(program.currency)))
    return Fraction(points)


def is_base(rule: Rule) -> bool:
    """Does it give points that are multiplied?"""
    return not isinstance(rule.award, Multiply) and rule.award.stage == "base"


def is_bonus(rule: Rule) -> bool:
    """Does it give points on top, after multiplying?"""
    return not isinstance(rule.award, Multiply) and rule.award.stage == "bonus"


def too_fine(program: Program) -> tuple[TooFine, ...]:
    """Rules of this program that could not be counted exactly on a very large purchase.

    Units: a basket of 10^12 minor units and 10^6 pieces must stay below 2^62 grains.
    """
    found = {}
    for wallet in program.wallets:
        grid = grid_of(program, wallet)
        for rules in _together(program, wallet):
            rule = _first_past(program, rules, grid)
            if rule is not None:
                found[rule.id] = TooFine(
                    rule.id,
                    f"rule {rule.id}: its numbers are too fine or too large to count exactly; "
                    f"use fewer decimals or fewer multipliers that stack",
                )
    return tuple(found.values())


def _together(program: Program, wallet: str) -> Iterator[list[Rule]]:
    """The groups of rules of a wallet that can give on the same activity, by kind and day.

    Campaigns that follow each other never multiply each other, so they need no common grid.
    """
    own = [rule for rule in program.rules if rule.wallet == wallet]
    for kind in dict.fromkeys(rule.on for rule in own):
        rules = [rule for rule in own if rule.on == kind]
        times = [rule for rule in rules if isinstance(rule.award, Multiply)]
        # The fullest days are those on which a campaign begins, and the day before all of them.
        for day in sorted({rule.from_on or "" for rule in times} | {""}):
            yield [r for r in rules if not isinstance(r.award, Multiply) or _open_on(r, day)]


def _open_on(rule: Rule, day: str) -> bool:
    # Days are ISO text, so they sort as text; "" is before every day.
    return (rule.from_on or "") <= day and (rule.until_on is None or day < rule.until_on)


def _fineness(program: Program, rules: Sequence[Rule]) -> int:
    """The part of the grid that the multipliers need."""
    parts = [
        rate_of(program, rule).denominator for rule in rules if isinstance(rule.award, Multiply)
    ]
    if program.stacking.multipliers == "additive":
        return lcm(*parts)
    product = 1
    for part in parts:
        product *= part
    return product


def _first_past(program: Program, rules: Sequence[Rule], grid: int) -> Rule | None:
    """The rule with which the largest admissible purchase first passes 2^62 grains, if any."""
    total = grid * program.wallets[rules[0].wallet].rounding.step if rules else 0
    running = 0
    for rule in sorted(rules, key=_stage):
        rate = rate_of(program, rule)
        if isinstance(rule.award, Multiply):
            given = _whole(running * rate)
            running += given if program.stacking.multipliers == "multiplicative" else 0
        else:
            given = _whole(rate * grid) * _largest_count(rule)
            running += given if is_base(rule) else 0
        total += given
        if total >= LARGEST:
            return rule
    return None


def _stage(rule: Rule) -> int:
    return 0 if is_base(rule) else 1 if isinstance(rule.award, Multiply) else 2


def _whole(exact: Fraction) -> int:
    return -(-exact.numerator // exact.denominator)


def _largest_count(rule: Rule) -> int:
    if isinstance(rule.award, PerAmount):
        return LARGEST_BASKET_MINOR
    if isinstance(rule.award, ByTable):
        return LARGEST_NUMBER if rule.award.of else 1
    return LARGEST_PIECES if isinstance(rule.award, PerItem) else 1


# --- rounding: whole steps out of grains; the same four modes for a line and for a basket -----


def floor_steps(grains: int, size: int) -> int:
    """Whole steps in so many grains, the rest dropped."""
    return grains // size


def ceil_steps(grains: int, size: int) -> int:
    """Whole steps in so many grains, a started one counts."""
    return -(-grains // size)


def half_up_steps(grains: int, size: int) -> int:
    """Whole steps in so many grains, from one half on the next one."""
    steps, rest = divmod(grains, size)
    return steps + (2 * rest >= size)


def half_even_steps(grains: int, size: int) -> int:
    """Whole steps in so many grains, exactly one half goes to the even neighbour."""
    steps, rest = divmod(grains, size)
    return steps + (2 * rest > size or (2 * rest == size and steps % 2 == 1))


STEPS: Final[dict[str, Callable[[int, int], int]]] = {
    "floor": floor_steps,
    "ceil": ceil_steps,
    "half_up": half_up_steps,
    "half_even": half_even_steps,
}
