"""Other currencies: none of them is ours, and each has one rate at most on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.checks.names import currencies as known
from regulars.records.program.checks.walk import conditions_of, day_of
from regulars.records.program.parts.currencies import Rate
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import AmountBounds, AmountIs, Program

_LARGEST: Final = 10**6
"""So many of our minor units for one of theirs at most: more is a slip."""


def currencies(program: Program) -> Iterator[Finding]:
    """Currencies nobody knows, rates that count nothing or twice, bounds without a rate."""
    for name, rates in program.currencies.items():
        path: Path = ("currencies", name)
        if name == program.currency:
            yield Finding(path, f"{name} is the program's own currency", "remove it here")
        elif name not in known():
            mend = closest(name, sorted(known()))
            yield Finding(path, f"there is no currency {shown(name)}", mend)
        else:
            yield from _rates(program, path, name, rates)
    for path, condition in conditions_of(program):
        if isinstance(condition, AmountIs):
            yield from _bounds(program, path, condition)


def _rates(program: Program, path: Path, name: str, rates: tuple[Rate, ...]) -> Iterator[Finding]:
    before = date.min
    for place, rate in enumerate(rates):
        where: Path = (*path, place)
        yield from fits((*where, "counts"), rate.counts, 6, "rate", above=0)
        if _each(program, name, rate) > _LARGEST:
            says = f"one {name} would count as more than {_LARGEST} of the smallest coin"
            yield Finding((*where, "counts"), says, f"write what {rate.per} {name} is worth")
        yield from _begins((*where, "from_on"), rate, place, before)
        before = day_of(rate.from_on) or before


def _each(program: Program, name: str, rate: Rate) -> Fraction:
    coins = Fraction(10 ** decimals(program.currency), 10 ** decimals(name))
    return Fraction(str(rate.counts)) * Fraction(1, rate.per) * coins


def _begins(path: Path, rate: Rate, place: int, before: date) -> Iterator[Finding]:
    if rate.from_on is None:
        if place:
            yield Finding(path, "from when on does this rate count?", "add `from_on:`")
        return
    day = day_of(rate.from_on)
    if day is None:
        yield Finding(path, f"there is no day {shown(rate.from_on)}", "mend the date")
    elif place and day <= before:
        says = "each rate begins later than the one before"
        yield Finding(path, says, "order the rates from the earliest to the latest")


def _bounds(program: Program, path: Path, condition: AmountIs) -> Iterator[Finding]:
    for name, bounds in condition.in_currency.items():
        where: Path = (*path, "in_currency", name)
        if name not in program.currencies:
            says = f"nobody can pay in {shown(name)} here"
            if name == program.currency:
                yield Finding(where, f"{name} is the program's own", "write `at_least:` beside it")
            else:
                yield Finding(where, says, "add its rate to `currencies:`")
            continue
        yield from _bounded(where, bounds, decimals(name))


def _bounded(path: Path, bounds: AmountBounds, scale: int) -> Iterator[Finding]:
    if bounds.at_least is None and bounds.at_most is None:
        yield Finding(path, "this asks for nothing", "add `at_least:` or `at_most:`")
    yield from fits((*path, "at_least"), bounds.at_least, scale, "currency")
    yield from fits((*path, "at_most"), bounds.at_most, scale, "currency")
