"""Amounts must fit their currency or wallet, days must exist, and no sum may grow too large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import Final

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.checks.walk import conditions_of, day_of, rules_of, whole_of
from regulars.records.program.parts.measuring import ladders_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import (
    AmountIs,
    BasketHas,
    ByTable,
    DatesAre,
    Decimal,
    Fixed,
    Measure,
    Multiply,
    PerAmount,
    PerItem,
    Program,
    Rule,
    Tiers,
    UntilDate,
)

LARGEST_BASKET: Final = 10**12
"""Minor units of one purchase up to which every sum must stay exact in 64 bits."""
MOST_PIECES: Final = 10**9
LARGEST_SUM: Final = 2**62
LAST_YEAR: Final = 9000


def numbers(program: Program) -> Iterator[Finding]:
    """Amounts with too many decimals, days that do not exist, sums that could overflow."""
    yield from _awards(program)
    yield from _limits(program)
    yield from _conditions(program)
    yield from _tiers(program)
    yield from _rewards(program)
    yield from _cases(program)
    yield from _days(program)
    yield from _overflow(program)


def _awards(program: Program) -> Iterator[Finding]:
    money = decimals(program.currency)
    for path, rule in rules_of(program):
        award, scale = rule.award, _scale(program, rule.wallet)
        if isinstance(award, Multiply):
            yield from _multiply((*path, "award", "by"), award)
            continue
        if isinstance(award, ByTable):
            for place, row in enumerate(award.rows):
                where = (*path, "award", "rows", place)
                yield from fits((*where, "points"), row.points, 6, "table")
                yield from period(where, row.from_on, row.until_on)
            continue
        yield from fits((*path, "award", "points"), award.points, scale, "wallet", above=0)
        if isinstance(award, PerAmount):
            yield from fits((*path, "award", "per"), award.per, money, "currency", above=0)


def _multiply(path: Path, award: Multiply) -> Iterator[Finding]:
    by = Fraction(str(award.by))
    if by < 1:
        yield Finding(path, "a multiplier cannot take points away", "write 1 or more")
    elif by == 1:
        yield Finding(path, worded("times 1 changes nothing"), "write more than 1", "warning")


def _limits(program: Program) -> Iterator[Finding]:
    for path, rule in rules_of(program):
        cools = rule.cooldown
        if cools is not None and (cools.hours is None) == (cools.days is None):
            says = "a rule rests for hours or for days"
            yield Finding((*path, "cooldown"), says, "write one of `hours:` and `days:`")
        for place, limit in enumerate(rule.limits):
            where = (*path, "limits", place)
            if (limit.points is None) == (limit.times is None):
                says = "a limit is either in points or in times"
                yield Finding(where, says, "write one of `points:` and `times:`")
            scale = _scale(program, rule.wallet)
            yield from fits((*where, "points"), limit.points, scale, "wallet", above=0)
            if limit.of == "everyone" and limit.per == "activity":
                says = "one activity is one member's, so it is no budget for everyone"
                yield Finding((*where, "per"), says, "write day, week, month, year or ever")
    for place, budget in enumerate(program.budgets):
        path = ("budgets", place, "points")
        yield from fits(path, budget.points, _scale(program, budget.wallet), "wallet", above=0)


def _conditions(program: Program) -> Iterator[Finding]:
    money = decimals(program.currency)
    for path, condition in conditions_of(program):
        if isinstance(condition, AmountIs):
            yield from fits((*path, "at_least"), condition.at_least, money, "currency")
            yield from fits((*path, "at_most"), condition.at_most, money, "currency")
        elif isinstance(condition, BasketHas):
            yield from fits((*path, "amount"), condition.amount, money, "currency")


def _tiers(program: Program) -> Iterator[Finding]:
    for path, tiers in ladders_of(program):
        ats: list[Decimal | None] = [step.at for step in tiers.steps]
        yield from _rising(program, tiers, (path, "at"), ats)
        if tiers.or_by is not None:
            ats = [step.or_at for step in tiers.steps]
            yield from _rising(program, tiers.or_by, (path, "or_at"), ats)


def _rising(
    program: Program,
    measure: Tiers | Measure,
    where: tuple[Path, str],
    ats: Sequence[Decimal | None],
) -> Iterator[Finding]:
    ladder, name = where
    scale = _measured(program, measure)
    what = {
        "spend": "currency", "visits": "count of visits", "activities": "count",
        "friends": "count of friends",
    }.get(measure.measure, "wallet")  # fmt: skip
    before = -1
    for place, asked in enumerate(ats):
        if asked is None:
            continue
        path: Path = (*ladder, "steps", place, name)
        yield from fits(path, asked, scale, what)
        at = whole_of(asked, 6 if scale is None else scale)
        if at is not None and at <= before:
            says = "each tier must ask for more than the one before"
            yield Finding(path, says, "order the tiers from the lowest to the highest")
        before = before if at is None else at


def _measured(program: Program, measure: Tiers | Measure) -> int | None:
    if measure.measure == "status":
        return _scale(program, measure.wallet or "")
    return decimals(program.currency) if measure.measure == "spend" else 0


def _rewards(program: Program) -> Iterator[Finding]:
    money = decimals(program.currency)
    for place, reward in enumerate(program.rewards):
        path: Path = ("rewards", place)
        yield from fits((*path, "worth"), reward.worth, money, "currency")
        yield from fits((*path, "cost"), reward.cost, money, "currency")
        for wallet, price in reward.price.items():
            yield from fits((*path, "price", wallet), price, _scale(program, wallet), "wallet")


def _cases(program: Program) -> Iterator[Finding]:
    for place, case in enumerate(program.cases):
        for wallet, points in case.earns.items():
            where = ("cases", place, "earns", wallet)
            yield from fits(where, points, _scale(program, wallet), "wallet")


def _days(program: Program) -> Iterator[Finding]:
    for path, rule in rules_of(program):
        yield from period(path, rule.from_on, rule.until_on)
        if rule.ends_on is not None:
            yield from _begins((*path, "ends_on"), rule.ends_on)
    for place, reward in enumerate(program.rewards):
        yield from period(("rewards", place), reward.from_on, reward.until_on)
    for name, wallet in program.wallets.items():
        if isinstance(wallet.pending, UntilDate):
            yield from _begins(("wallets", name, "pending", "on"), wallet.pending.on)
    for path, condition in conditions_of(program):
        if isinstance(condition, DatesAre):
            yield from period(path, condition.from_on, condition.until_on)


def _begins(path: Path, on: str) -> Iterator[Finding]:
    day = day_of(on)
    if day is None:
        yield Finding(path, f"there is no day {shown(on)}", "mend the date")
    elif not 1970 <= day.year <= LAST_YEAR:
        says = f"{shown(on)} is no day on which points could begin to be usable"
        yield Finding(path, says, f"write a year from 1970 to {LAST_YEAR}")


def _scale(program: Program, wallet: str) -> int | None:
    kept = program.wallets.get(wallet)
    return None if kept is None else kept.scale


# --- sums that could grow past 64 bits ------------------------------------------------------


def _overflow(program: Program) -> Iterator[Finding]:
    for wallet in program.wallets:
        mine = [(path, rule) for path, rule in rules_of(program) if rule.wallet == wallet]
        most = [(_most(program, rule), path, rule) for path, rule in mine]
        total = _grid(program, wallet, mine) * _sum(program, most)
        if total > LARGEST_SUM:
            _, path, rule = max(most, key=lambda each: each[0])
            says = f"with the largest basket, rule {shown(rule.id)} would pass what is exact"
            mend = "use smaller points, fewer decimals, or rounder multipliers in this wallet"
            yield Finding((*path, "award"), says, mend)


def _grid(program: Program, wallet: str, mine: list[tuple[Path, Rule]]) -> int:
    """Into how many parts a point must be cut so that every step is exact."""
    by_line = program.wallets[wallet].rounding.scope == "line"
    rates = [_rate(program, rule) for _, rule in mine if isinstance(rule.award, PerAmount)]
    awards = 1 if by_line else lcm(*(rate.denominator for rate in rates))
    awards *= lcm(*(_parts(rule.award) for _, rule in mine if isinstance(rule.award, ByTable)))
    factors = [Fraction(str(r.award.by)) for _, r in mine if isinstance(r.award, Multiply)]
    parts = [factor.denominator for factor in factors]
    compound = program.stacking.multipliers == "multiplicative"
    return awards * (prod(parts) if compound else lcm(*parts))


def _parts(award: ByTable) -> int:
    """Into how many parts a point must be cut for every row of a table."""
    rates = [Fraction(whole_of(row.points, 6) or 0, 10**6 * award.per) for row in award.rows]
    return lcm(*(rate.denominator for rate in rates))


def _sum(program: Program, most: list[tuple[Fraction, Path, Rule]]) -> Fraction:
    """The most that the largest basket could give in one wallet."""
    factors = [Fraction(str(r.award.by)) for _, _, r in most if isinstance(r.award, Multiply)]
    if program.stacking.multipliers == "multiplicative":
        factor = prod(factors, start=Fraction(1))
    else:
        factor = 1 + sum((by - 1 for by in factors), Fraction(0))
    base = sum((each for each, _, rule in most if _stage(rule) == "base"), Fraction(0))
    bonus = sum((each for each, _, rule in most if _stage(rule) == "bonus"), Fraction(0))
    return base * factor + bonus


def _stage(rule: Rule) -> str:
    return "multiply" if isinstance(rule.award, Multiply) else rule.award.stage


def _most(program: Program, rule: Rule) -> Fraction:
    """The most that one rule could give for the largest basket."""
    award, scale = rule.award, program.wallets[rule.wallet].scale
    if isinstance(award, PerAmount):
        return _rate(program, rule) * LARGEST_BASKET
    if isinstance(award, PerItem):
        return Fraction((whole_of(award.points, scale) or 0) * (MOST_PIECES // award.every))
    if isinstance(award, Fixed):
        return Fraction(whole_of(award.points, scale) or 0)
    if isinstance(award, ByTable):
        best = max(whole_of(row.points, 6) or 0 for row in award.rows) * 10**scale
        return Fraction(best * (MOST_PIECES if award.of else 1), 10**6 * award.per)
    return Fraction(0)


def _rate(program: Program, rule: Rule) -> Fraction:
    """Wallet units for each minor unit of money; 0 when the numbers do not fit."""
    assert isinstance(rule.award, PerAmount)
    points = whole_of(rule.award.points, program.wallets[rule.wallet].scale) or 0
    per = whole_of(rule.award.per, decimals(program.currency)) or 0
    return Fraction(points, per) if per else Fraction(0)
