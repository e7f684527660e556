"""Why an activity earned what it earned, in sentences a member can read.

All wording is in `PHRASES`, so that another language is another table. The numbers come from the
reference engine, run again on the facts that were frozen with the activity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from types import MappingProxyType
from typing import Final

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.facts import Facts
from regulars.engine.reference.conditions import total
from regulars.engine.reference.interpreter import Reference, Told, rounded
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.terms import Version
from regulars.engine.words.conditions import missed_in_words
from regulars.records.program.types import Limit, Multiply, Program, Rule

PHRASES: Final = MappingProxyType(
    {
        "counts": "{amount} of it count ({definition}).",
        "no_rule": "No rule of this program is about “{kind}”, so nothing is earned.",
        "given": "“{rule}” gives {given} {wallet}.",
        "times": "“{rule}” multiplies by {by} and adds {given} {wallet}.",
        "limited": "“{rule}” would give {worth} {wallet}; its limit ({limits}) left {given}.",
        "not_in_force": "“{rule}” gives nothing: it was not in force that day ({days}).",
        "condition": "“{rule}” gives nothing: {missed}.",
        "nothing_to_count": "“{rule}” gives nothing: nothing here counts for it.",
        "limit_reached": "“{rule}” steps aside: its limit ({limits}) is used up.",
        "outdone_best": "“{rule}” would give {worth} {wallet}; another rule gives more.",
        "outdone_first": "“{rule}” would give {worth} {wallet}; a rule before it gives already.",
        "no_base": "“{rule}” gives nothing: it adds to other {wallet}, and there are none.",
        "nothing": "In all: no {wallet}.",
        "whole": "In all: {units} {wallet}.",
        "rounded": "In all: {exact} {wallet}, {way} to {units}.",
        "kept": "In all: {exact} {wallet} now and what was kept from before: {units} {wallet} "
        "today, the rest is kept for later.",
        "budget": "In all: {units} {wallet}. The rules gave {exact}; what all members together may "
        "get ({budget}) left no more.",
        "everyone": "{limit} for all members together",
        "floor": "rounded down",
        "ceil": "rounded up",
        "half_up": "rounded",
        "half_even": "rounded",
        "limit_points": "{points} {wallet} {per}",
        "limit_times": "{times} times {per}",
        "limit_once": "once {per}",
        "activity": "each time",
        "day": "a day",
        "week": "a week",
        "month": "a month",
        "year": "a year",
        "ever": "ever",
        "from": "from {from_on}",
        "until": "before {until_on}",
        "about": "about {number}",
    }
)
_FINE: Final = 6
"""Decimals of a point that are shown exactly; what needs more is "about" so much."""
_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


def told_by(program: Program, facts: Facts, room: Sequence[int]) -> list[Told]:
    """What became of each rule for these facts, rules in file order.

    Shape: `room` has one number per rule and limit in file order, as kept in `Steps.room`.
    """
    told: list[Told] = []
    Reference(program).evaluate(facts, room, told)
    return told


def sentences(
    program: Program,
    told: Sequence[Told],
    given: Sequence[int],
    carried: Mapping[str, int] = _NOTHING,
    facts: Facts | None = None,
) -> list[str]:
    """Why it earned what it earned, rule after rule and wallet after wallet.

    Shape: `told` as `told_by` gives it; `given` in whole wallet units per rule in file order and
    `carried` per wallet, both as `Steps` keeps them; with `facts` it begins with what counts.
    Order: wallets in file order; in each its rules in file order, then the sum. Rules about
    other kinds of activity are left out.
    """
    desk = _Desk(program)
    lines = desk.counting(facts, told) if facts is not None else []
    for wallet in program.wallets:
        places = [
            place
            for place, one in enumerate(told)
            if one.wallet == wallet and one.why != "other_kind"
        ]
        if places:
            lines += [desk.rule(told[place], program.rules[place]) for place in places]
            exact = sum((told[place].given for place in places), Fraction(0))
            units = sum(given[place] for place in places) + carried.get(wallet, 0)
            lines.append(desk.sum(wallet, exact, units))
    if facts is not None and all(one.why == "other_kind" for one in told):
        lines.append(PHRASES["no_rule"].format(kind=facts.kind))
    return lines


def why(version: Version, sale: Sale) -> list[str]:
    """Why an activity that is in the books earned what it earned, returns taken off.

    Shape: `Sale(activity, steps)` with the version that decided (`terms.numbered(steps.version)`).
    For a return pass the sale's activity with the return's steps: it tells what is left.
    """
    facts = facts_left(version, sale, sale.steps.returned)
    room = sale.steps.room or version.compiled.full_room
    told = told_by(version.program, facts, room)
    return sentences(version.program, told, sale.steps.given, sale.steps.carried, facts)


class _Desk:
    """Puts the numbers of one program into its phrases."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def counting(self, facts: Facts, told: Sequence[Told]) -> list[str]:
        """How much of a purchase counts, by each definition that a rule of its kind may use."""
        if not facts.lines or all(one.why == "other_kind" for one in told):
            return []
        scale, currency = decimals(self._program.currency), self._program.currency
        return [
            PHRASES["counts"].format(
                amount=f"{text_of(total(facts, place), scale)} {currency}", definition=name
            )
            for place, name in enumerate(self._program.qualifying)
        ]

    def rule(self, told: Told, rule: Rule) -> str:
        """The sentence about one rule."""
        words = {
            "rule": rule.says or rule.id,
            "wallet": self._name(rule.wallet),
            "worth": self._quantity(told.worth, rule.wallet),
            "given": self._quantity(told.given, rule.wallet),
            "limits": self._limits(rule),
            "days": _days(rule),
            "by": rule.award.by if isinstance(rule.award, Multiply) else "",
            "missed": missed_in_words(self._program, told.missed),
        }
        key: str = told.why
        if key == "given" and isinstance(rule.award, Multiply):
            key = "times"
        if key == "outdone":
            key = f"outdone_{self._program.stacking.base}"
        return PHRASES[key].format(**words)

    def sum(self, wallet: str, exact: Fraction, units: int) -> str:
        """What comes of a wallet in the end, and how it became whole."""
        rounding = self._program.wallets[wallet].rounding
        words = {
            "wallet": self._name(wallet),
            "exact": self._quantity(exact, wallet),
            "units": self._quantity(Fraction(units), wallet),
            "way": PHRASES[rounding.mode],
        }
        budget = self._cut(wallet, exact, units)
        if budget:
            return PHRASES["budget"].format(**words, budget=budget)
        if exact == units:
            return PHRASES["whole" if units else "nothing"].format(**words)
        if rounding.carry or rounding.scope == "day":
            return PHRASES["kept"].format(**words)
        key = "rounded" if rounded(exact, rounding) == units else "whole"
        return PHRASES[key].format(**words)

    def _cut(self, wallet: str, exact: Fraction, units: int) -> str:
        """The budgets that left less than the rules gave; nothing where they left enough."""
        rounding = self._program.wallets[wallet].rounding
        mine = [budget for budget in self._program.budgets if budget.wallet == wallet]
        if not mine or rounding.carry or rounded(exact, rounding) <= units:
            return ""
        name = self._name(wallet)
        return ", ".join(
            PHRASES["limit_points"].format(
                points=budget.points, wallet=name, per=PHRASES[budget.per]
            )
            for budget in mine
        )

    def _name(self, wallet: str) -> str:
        return self._program.wallets[wallet].name or wallet

    def _quantity(self, exact: Fraction, wallet: str) -> str:
        return quantity_text(exact, self._program.wallets[wallet].scale)

    def _limits(self, rule: Rule) -> str:
        return ", ".join(self._limit(limit, rule.wallet) for limit in rule.limits)

    def _limit(self, limit: Limit, wallet: str) -> str:
        said = self._limit_alone(limit, wallet)
        return PHRASES["everyone"].format(limit=said) if limit.of == "everyone" else said

    def _limit_alone(self, limit: Limit, wallet: str) -> str:
        per = PHRASES[limit.per]
        if limit.points is not None:
            name = self._name(wallet)
            return PHRASES["limit_points"].format(points=limit.points, wallet=name, per=per)
        key = "limit_once" if limit.times == 1 else "limit_times"
        return PHRASES[key].format(times=limit.times, per=per)


def quantity_text(exact: Fraction, scale: int) -> str:
    """A quantity as people write it: `19.99`, `24`, or `about 3.333333` where it never ends.

    Units: `exact` in the wallet's smallest quantity, 10^-scale of what is shown.
    """
    fine = exact * 10**_FINE
    number = floor(fine)
    text = text_of(number, scale + _FINE)
    shortest = len(text) - _FINE  # what the wallet's own decimals need is always written
    text = text[:shortest] + text[shortest:].rstrip("0")
    text = text.removesuffix(".")
    return text if number == fine else PHRASES["about"].format(number=text)


def _days(rule: Rule) -> str:
    said = []
    if rule.from_on is not None:
        said.append(PHRASES["from"].format(from_on=rule.from_on))
    if rule.until_on is not None:
        said.append(PHRASES["until"].format(until_on=rule.until_on))
    return ", ".join(said)
