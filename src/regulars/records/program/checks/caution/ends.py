"""What ends a promise in time: limits, rests and budgets, where they are narrow enough to do it.

A customer who comes for a small sale (`caution: {small_sale}`) may have a careful share of it
(`share_percent`). A limit ends a promise where it leaves no more than such a share for each day of
its period; a budget for all members where it leaves no more than that for a crowd of them. So many
times a period end a share only up to the whole of a sale: a zero too many is no rare treat.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from regulars.base.money import decimals
from regulars.records.program.checks.walk import whole_of
from regulars.records.program.templates.fitting import FACTORS
from regulars.records.program.types import (
    Budget,
    Caution,
    Fixed,
    Limit,
    Multiply,
    PerAmount,
    Program,
    Rule,
)
from regulars.records.program.wallets import Decimal

DAYS: Final = {
    "activity": 1, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365, "ever": 365,
}  # fmt: skip
"""For so many days the limit of a period is judged; one for ever as that of a year."""
CROWD: Final = 500
"""So many members a budget may feed before it is called too wide to end anything."""
_RARE_DAYS: Final = 7
"""A share of a sale that comes no more often than this ends by itself."""


def careful_share(program: Program) -> Fraction:
    """The part of a sale that may be given back."""
    return Fraction(program.caution.share_percent, 100)


def small_sale(program: Program) -> int:
    """The smallest purchase at which a share is looked at, in minor units.

    Order: what is said; unless it is, about as much as 10 euros where a unit of money buys less.
    Example: in yen it is 1,000.
    """
    whole = whole_of(program.caution.small_sale, decimals(program.currency)) or 0
    if program.caution.small_sale == Caution().small_sale:
        whole *= FACTORS.get(program.currency, 1)
    return whole


def careful_each(program: Program) -> Fraction:
    """What a visit may bring at most, in minor units: the share of a small sale."""
    return careful_share(program) * small_sale(program)


def room(program: Program, per: str, *, shared: bool) -> Fraction:
    """What may be given in such a period, in minor units: to a member, or to all together."""
    return careful_each(program) * DAYS[per] * (CROWD if shared else 1)


def ends(program: Program, rule: Rule, worth: Fraction) -> bool:
    """Whether something ends in time what this rule gives, of points that are worth so much."""
    return (
        any(_limit_ends(program, rule, limit, worth) for limit in rule.limits)
        or _rest_ends(program, rule, worth)
        or any(_budget_ends(program, one, worth) for one in program.budgets
               if one.wallet == rule.wallet)
    )  # fmt: skip


def _limit_ends(program: Program, rule: Rule, limit: Limit, worth: Fraction) -> bool:
    shared = limit.of == "everyone"
    if limit.points is not None:
        return _fits(
            program, rule.wallet, limit.points, worth, room(program, limit.per, shared=shared)
        )
    times = limit.times or 0
    if isinstance(rule.award, Fixed):
        most = (
            room(program, limit.per, shared=shared) * Fraction(1, times) if times else Fraction(0)
        )
        return _fits(program, rule.wallet, rule.award.points, worth, most)
    most = room(program, limit.per, shared=shared)
    if limit.per == "activity" or not _share_fits(program, rule, worth * times, most):
        return False
    return _share_fits(program, rule, worth) and times * _RARE_DAYS <= max(
        DAYS[limit.per], _RARE_DAYS
    ) * (CROWD if shared else 1)


def _rest_ends(program: Program, rule: Rule, worth: Fraction) -> bool:
    if rule.cooldown is None:
        return False
    hours = (rule.cooldown.days or 0) * 24 or rule.cooldown.hours or 0
    if isinstance(rule.award, Fixed):
        most = careful_each(program) * Fraction(hours, 24)
        return _fits(program, rule.wallet, rule.award.points, worth, most)
    most = careful_each(program) * Fraction(hours, 24)
    return (
        hours >= 24 * _RARE_DAYS
        and _share_fits(program, rule, worth)
        and _share_fits(program, rule, worth, most)
    )


def _share_fits(
    program: Program, rule: Rule, worth: Fraction, most_minor: Fraction | None = None
) -> bool:
    """Whether what a rule gives for a small sale is no more than that, or than the whole of it.

    Order: what is given by pieces or by a table nobody knows, and passes.
    """
    whole = max(careful_share(program), Fraction(1)) * small_sale(program)
    given = _share(program, rule) * worth * small_sale(program)
    return given <= (whole if most_minor is None else most_minor)


def _share(program: Program, rule: Rule) -> Fraction:
    """Smallest units a rule gives for each minor unit of money; a multiplier those of its bases."""
    if isinstance(rule.award, PerAmount):
        return rate(program, rule.wallet, rule.award)
    if not isinstance(rule.award, Multiply):
        return Fraction(0)
    bases = [
        rate(program, other.wallet, other.award)
        for other in program.rules
        if isinstance(other.award, PerAmount) and (other.wallet, other.on) == (rule.wallet, rule.on)
    ]
    base = sum(bases, Fraction(0)) if program.stacking.base == "sum" else max(bases, default=0)
    return Fraction(str(rule.award.by)) * base


def rate(program: Program, wallet: str, award: PerAmount) -> Fraction:
    """Smallest units per minor unit of money."""
    per = whole_of(award.per, decimals(program.currency))
    points = whole_of(award.points, program.wallets[wallet].scale)
    return Fraction(points or 0, per) if per else Fraction(0)


def tries_to_end(program: Program, rule: Rule) -> bool:
    """Whether there is a limit, a rest or a budget at all."""
    budgets = (budget.wallet for budget in program.budgets)
    return bool(rule.limits) or rule.cooldown is not None or rule.wallet in budgets


def _budget_ends(program: Program, budget: Budget, worth: Fraction) -> bool:
    shared = budget.of == "everyone" and budget.per != "activity"
    most = room(program, budget.per, shared=shared)
    return _fits(program, budget.wallet, budget.points, worth, most)


def _fits(
    program: Program, wallet: str, points: Decimal, worth: Fraction, most_minor: Fraction
) -> bool:
    whole = whole_of(points, program.wallets[wallet].scale)
    return whole is not None and whole * worth <= most_minor
