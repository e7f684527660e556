"""What an amount in another currency counts: the rate of its day, as the program's file has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from regulars.base.money import decimals
from regulars.records.program.types import All, AmountIs, AnyOf, Condition, Not, Program, Rate


class Dated(NamedTuple):
    """So many of our minor units for one of theirs, from a local day on."""

    day: int
    rate: Fraction


Rates = Mapping[str, Sequence[Dated]]
"""By currency, the earliest first."""


def rates_of(program: Program) -> dict[str, tuple[Dated, ...]]:
    """The rates of every other currency, ready to look up."""
    ours = decimals(program.currency)
    return {
        currency: tuple(_dated(rate, ours - decimals(currency)) for rate in rates)
        for currency, rates in program.currencies.items()
    }


def rate_on(rates: Rates, currency: str, day: int) -> Fraction | None:
    """The rate that rules on a day; nothing for a currency, or a day, that has none."""
    found = None
    for one in rates.get(currency, ()):
        if one.day > day:
            break
        found = one.rate
    return found


def bounds_apart(program: Program) -> bool:
    """Whether a rule asks for amounts as they were paid, in another currency."""
    return any(rule.when is not None and _asks(rule.when) for rule in program.rules)


def _asks(condition: Condition) -> bool:
    if isinstance(condition, All | AnyOf):
        return any(map(_asks, condition.of))
    if isinstance(condition, Not):
        return _asks(condition.that)
    return isinstance(condition, AmountIs) and bool(condition.in_currency)


def _dated(rate: Rate, finer: int) -> Dated:
    exact = Fraction(str(rate.counts)) * Fraction(1, rate.per)
    exact *= Fraction(10**finer) if finer >= 0 else Fraction(1, 10**-finer)
    day = 0 if rate.from_on is None else date.fromisoformat(rate.from_on).toordinal()
    return Dated(day, exact)
