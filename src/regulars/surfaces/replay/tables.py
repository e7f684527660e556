"""What a replay found, as tables: points, cost over time, tiers, rules and budgets."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from regulars.engine.replaying import compare
from regulars.engine.replaying.compare import Worth
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.tally import Fired
from regulars.records.program.types import Program
from regulars.surfaces.replay import changes
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.words import (
    MECHANICAL,
    Section,
    money,
    number,
    per_cent,
    points,
    signed,
    stretch,
)

FLOWS: Final = (
    ("issued", "issued"), ("returned", "taken back by returns"), ("cancelled", "cancelled"),
    ("expired", "expired"), ("redeemed", "redeemed (given)"), ("short", "of that, not there"),
    ("reinstated", "given back as a courtesy"), ("forgiven", "debts forgiven"),
    ("refunded", "back with returns of what they paid"),
    ("given", "given by hand"), ("taken", "taken by hand"), ("opened", "brought over"),
)  # fmt: skip


def sections(result: Result) -> list[Section]:
    """Everything in the order in which it is read."""
    found = [
        _points(result),
        _cost(result),
        _months(result),
        _tiers(result),
        *changes.people(result),
        _rules(result),
        _prizes(result),
        _budgets(result),
        changes.assumed(result),
        changes.unknown(result),
        changes.left_out(result),
    ]
    return [section for section in found if section.rows]


def _wallets(result: Result) -> list[str]:
    both = (result.before, result.after)
    return sorted({wallet for fold in both for (_, wallet, _) in fold.tally.months})


def _points(result: Result) -> Section:
    rows = []
    for wallet in _wallets(result):
        for flow, called in FLOWS:
            one, other = (f.tally.total(wallet, flow) for f in (result.before, result.after))
            if one or other:
                program = result.program
                by = signed(points(other - one, wallet, program), other - one)
                shown = (points(one, wallet, program), points(other, wallet, program))
                rows.append((wallet, called, *shown, by))
    return Section(
        "Points",
        MECHANICAL,
        "What moved between the two days. Redemptions are given: what members took then, they "
        "take again; what was not there under a draft is owed.",
        ("Wallet", "What", "In force", "Draft", "Difference"),
        rows,
        2,
    )


def liability_of(fold: Fold, worth: Worth) -> dict[str, Fraction]:
    """What members have together at the end of each month, in money."""
    found: dict[str, Fraction] = {}
    wallets: dict[str, Fraction] = {}
    for one in sorted(compare.months(fold), key=lambda month: month.month):
        # A wallet that rests for a month still holds what it held.
        wallets[one.wallet] = one.outstanding * worth.get(one.wallet, Fraction(0))
        found[one.month] = sum(wallets.values(), Fraction(0))
    return found


def _cost(result: Result) -> Section:
    program, sold = result.program, result.sales_minor
    costs = [
        compare.cost_of(fold, worth)
        for fold, worth in zip((result.before, result.after), result.worths, strict=True)
    ]
    ends = [
        list(liability_of(fold, worth).values() or [Fraction(0)])[-1]
        for fold, worth in zip((result.before, result.after), result.worths, strict=True)
    ]
    rows = [
        ("Sales to members", money(sold, program), money(sold, program), ""),
        ("Cost of points given, net", *_pair(costs, result)),
        ("Cost per sales", *(per_cent(cost, sold) for cost in costs), ""),
        ("Liability at the end", *_pair(ends, result)),
    ]
    prices = "; ".join(
        f"{wallet}: {money(worth * 10 ** program.wallets[wallet].scale * 100, program)} per 100"
        for wallet, worth in result.worths[1].items()
        if wallet in program.wallets
    )
    return Section(
        "Cost and liability",
        MECHANICAL,
        f"Every point at the cost of the dearest reward for it ({prices or 'no reward has a price'}"
        "); nothing is taken off for points that may never be spent.",
        ("", "In force", "Draft", "Difference"),
        rows,
    )


def _pair(pair: list[Fraction], result: Result) -> tuple[str, str, str]:
    one, other = pair
    by = signed(money(other - one, result.program), other - one)
    return money(one, result.program), money(other, result.program), by


def _months(result: Result) -> Section:
    before, after = (
        liability_of(fold, worth)
        for fold, worth in zip((result.before, result.after), result.worths, strict=True)
    )
    rows = [
        (month, *_pair([before.get(month, Fraction(0)), after.get(month, Fraction(0))], result))
        for month in sorted(before.keys() | after.keys())
    ]
    return Section(
        "Liability over time",
        MECHANICAL,
        "What members have together at the end of each month, less what they owe, in money.",
        ("Month", "In force", "Draft", "Difference"),
        rows,
    )


def ladder(result: Result) -> list[str]:
    """The steps of both ladders from below, nobody's first."""
    one, other = compare.tiers(result.before), compare.tiers(result.after)
    steps = [""]
    for fold in (result.before, result.after):
        steps += [tier for tier in fold.terms.versions[-1].compiled.tiers if tier not in steps]
    return steps + sorted((one.keys() | other.keys()) - set(steps))


def _tiers(result: Result) -> Section:
    one, other = compare.tiers(result.before), compare.tiers(result.after)
    rows = []
    steps = ladder(result)
    for step in steps if any(steps) else ():
        if one[step] or other[step]:
            by = other[step] - one[step]
            shown = (number(one[step]), number(other[step]), signed(number(by), by))
            rows.append((step or "none", *shown))
    says = "Where members stand at the end."
    return Section("Tiers", MECHANICAL, says, ("Tier", "In force", "Draft", "Difference"), rows)


def _rules(result: Result) -> Section:
    rows = []
    for called, fold in (
        (result.before_called, result.before),
        (result.after_called, result.after),
    ):
        program = fold.terms.versions[-1].program
        for rule in program.rules:
            fired = fold.tally.rules.get(rule.id, Fired())
            shown = (
                points(fired.units, rule.wallet, program),
                points(fired.back, rule.wallet, program),
            )
            rows.append((called, rule.id, number(fired.times), *shown))
    says = "How often each rule gave something, how much, and how much of it came back by returns."
    headings = ("Terms", "Rule", "Times", "Gave", "Came back")
    return Section("Rules", MECHANICAL, says, headings, rows, 2)


def _prizes(result: Result) -> Section:
    both = ((result.before_called, result.before), (result.after_called, result.after))
    rows = [
        (called, name, number(fired.times), *_won(name, fired, fold.terms.versions[-1].program))
        for called, fold in both
        for name, fired in sorted(fold.tally.rules.items())
        if " " in name
    ]
    says = (
        "What challenges and streaks gave, and took back when they were not reached any more; of "
        "teams and places on boards what they gave then, under both. Terms whose games give no "
        "points are not played, and have nothing here."
    )
    headings = ("Terms", "Prize of", "Times", "Gave", "Taken back")
    return Section("Prizes", MECHANICAL, says, headings, rows, 2)


def _won(name: str, fired: Fired, program: Program) -> tuple[str, str]:
    """How much a game gave and took; of what is no points what each of its prizes is."""
    game, _, id_ = name.partition(" ")
    found = [one.prize for one in program.challenges if game == "challenge" and one.id == id_]
    found += [
        each.prize
        for one in program.streaks
        if game == "streak" and one.id == id_
        for each in one.milestones
    ]
    wallet = next((one.wallet for one in found if one.wallet is not None), None)
    if wallet is not None:
        return points(fired.units, wallet, program), points(fired.back, wallet, program)
    if fired.units or fired.back or not found:
        return number(fired.units), number(fired.back)
    return ", ".join(dict.fromkeys(one.reward or one.benefit or one.badge for one in found)), ""


def _budgets(result: Result) -> Section:
    rows = [
        (called, one.budget, stretch(one.per, one.period),
         *(_counted(units, one.wallet, fold) for units in (one.used, one.full)),
         per_cent(one.used, one.full))
        for called, fold in
        ((result.before_called, result.before), (result.after_called, result.after))
        for one in compare.burn(fold)
    ]  # fmt: skip
    says = "What went of each budget, and of each limit of everybody, by period."
    headings = ("Terms", "Budget", "Period", "Used", "Of", "Share")
    return Section("Budgets", MECHANICAL, says, headings, rows, 3)


def _counted(units: int, wallet: str, fold: Fold) -> str:
    """Points of a wallet; of a limit that counts times, how often."""
    return points(units, wallet, fold.terms.versions[-1].program)
