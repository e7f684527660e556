"""Promises that can be kept and may cost more than was meant: their author says that they are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.records.program.checks.boxes import Boxes
from regulars.records.program.checks.caution.deeds import deeds
from regulars.records.program.checks.caution.ends import (
    careful_share,
    ends,
    rate,
    small_sale,
    tries_to_end,
)
from regulars.records.program.checks.caution.worths import worths_of
from regulars.records.program.checks.walk import rules_of, whole_of
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import (
    All,
    AmountIs,
    BasketHas,
    CodeIs,
    Condition,
    Fixed,
    Multiply,
    PerAmount,
    Program,
    Rule,
)

NOTHING: Final = Fraction(0)
_MEND: Final = (
    "give less, set a limit or a budget or a narrower one, raise the prices of rewards, or raise "
    "`caution: {share_percent: …}`"
)


def prudence(program: Program) -> Iterator[Finding]:
    """Whatever gives more than is careful and never ends, and multipliers that never apply."""
    worths = worths_of(program, small_sale(program))
    for wallet, worth in worths.items():
        yield from _shares(program, wallet, worth)
    yield from deeds(program, worths)
    yield from _never_together(program)


def _shares(program: Program, wallet: str, worth: Fraction) -> Iterator[Finding]:
    most = careful_share(program)
    places = [(path, rule) for path, rule in rules_of(program) if rule.wallet == wallet]
    endless = [
        (path, rule)
        for path, rule in places
        if rule.on == "purchase" and not ends(program, rule, worth)
    ]
    base = _base(program, endless, worth)
    if base is None:
        return
    share, (path, rule) = base
    if share > most:
        yield _too_much(program, ("share", rule, path), share, most)
        return
    yield from _stacked(program, endless, share, most)
    for path, rule in endless:
        yield from _small_sales(program, (path, rule), worth, most)


def _base(
    program: Program, endless: list[tuple[Path, Rule]], worth: Fraction
) -> tuple[Fraction, tuple[Path, Rule]] | None:
    """The share of a sale that base rules give back, and the rule that gives the most."""
    shares = [
        (rate(program, rule.wallet, rule.award) * worth, path, rule)
        for path, rule in endless
        if isinstance(rule.award, PerAmount)
    ]
    if not shares:
        return (NOTHING, endless[0]) if endless else None
    most, path, rule = max(shares, key=lambda one: one[0])
    if program.stacking.base == "sum":
        most = sum((share for share, _, _ in shares), NOTHING)
    return most, (path, rule)


def _stacked(
    program: Program, endless: list[tuple[Path, Rule]], share: Fraction, most: Fraction
) -> Iterator[Finding]:
    """All multipliers without an end together."""
    times, last = Fraction(1), None
    for path, rule in endless:
        if isinstance(rule.award, Multiply):
            by = Fraction(str(rule.award.by))
            additive = program.stacking.multipliers == "additive"
            times, last = (times + by - 1 if additive else times * by), (path, rule)
    if last is not None and share * times > most:
        yield _too_much(program, ("unbounded", last[1], last[0]), share * times, most)


def _small_sales(
    program: Program, where: tuple[Path, Rule], worth: Fraction, most: Fraction
) -> Iterator[Finding]:
    """The same points every time, however small the purchase."""
    path, rule = where
    if not isinstance(rule.award, Fixed) or _asks_for(rule.when):
        return
    points = whole_of(rule.award.points, program.wallets[rule.wallet].scale) or 0
    money = decimals(program.currency)
    least = max(_least(program, rule.when), small_sale(program))
    if points * worth > most * least:
        percent = round(Fraction(points) * worth * Fraction(100, least or 1))
        said = {"percent": percent, "amount": text_of(least, money)}
        says = worded("points worth %(percent)s %% of a purchase of %(amount)s without end", **said)
        if tries_to_end(program, rule):
            says = worded(
                "points worth %(percent)s %% of a purchase of %(amount)s, and limits and budgets "
                "too wide to end it",
                **said,
            )
        mend = "add `when: {if: amount, at_least: …}`, a limit or a budget"
        yield Finding(path, says, mend, "warning", f"unbounded:{rule.id}")


def _least(program: Program, condition: Condition | None) -> int:
    """The smallest amount this condition lets through, in minor units of money."""
    if isinstance(condition, AmountIs):
        return whole_of(condition.at_least, decimals(program.currency)) or 0
    if isinstance(condition, All):
        return max(_least(program, part) for part in condition.of)
    return 0


def _asks_for(condition: Condition | None) -> bool:
    """Whether something must be bought of which we do not know the price, or a code is used up."""
    if isinstance(condition, All):
        return any(_asks_for(part) for part in condition.of)
    used_up = isinstance(condition, CodeIs) and condition.of is not None
    return used_up or isinstance(condition, BasketHas)


def _too_much(
    program: Program, what: tuple[str, Rule, Path], share: Fraction, most: Fraction
) -> Finding:
    name, rule, path = what
    said = {"percent": round(share * 100), "most": round(most * 100)}
    says = worded(
        "points worth %(percent)s %% of a sale without end; %(most)s %% is called careful", **said
    )
    if tries_to_end(program, rule):
        says = worded(
            "points worth %(percent)s %% of a sale, and limits and budgets too wide to end it; "
            "%(most)s %% is called careful",
            **said,
        )
    return Finding(path, says, _MEND, "warning", f"{name}:{rule.id}")


def _never_together(program: Program) -> Iterator[Finding]:
    """A rule that waits for a base rule, where none can ever hold at the same time."""
    boxes = Boxes(program)
    for path, rule in rules_of(program):
        multiplies = isinstance(rule.award, Multiply)
        if not multiplies and not rule.needs_base:
            continue
        bases = [other for other in program.rules if _gives_base(other, rule)]
        if bases and _alone(boxes, rule) and not any(_meet(boxes, rule, base) for base in bases):
            says = worded(
                "no base rule for %(wallet)s can hold when this one does",
                wallet=shown(rule.wallet),
            )
            mend = "compare its conditions and dates with those of the base rules"
            yield Finding(path, says, mend, "warning", f"never:{rule.id}")


def _gives_base(other: Rule, rule: Rule) -> bool:
    award = other.award
    same = (other.wallet, other.on) == (rule.wallet, rule.on)
    return same and not isinstance(award, Multiply) and award.stage == "base"


def _meet(boxes: Boxes, one: Rule, other: Rule) -> bool:
    left = [boxes.window(one.from_on, one.until_on)]
    left = boxes.inside(left, boxes.window(other.from_on, other.until_on))
    for rule in (one, other):
        if rule.when is not None:
            left = boxes.narrow(rule.when, True, left)
    return bool(boxes.alive(left))


def _alone(boxes: Boxes, rule: Rule) -> bool:
    """Can this rule hold at all? If not, that is told elsewhere."""
    left = [boxes.window(rule.from_on, rule.until_on)]
    if rule.when is not None:
        left = boxes.narrow(rule.when, True, left)
    return bool(boxes.alive(left))
