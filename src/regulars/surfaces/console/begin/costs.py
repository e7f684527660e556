"""What a ready-made program would give and cost, as the steps of setting up show it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from regulars.base.decimals import NotExact, units
from regulars.base.money import decimals
from regulars.engine.checking.admission import admit
from regulars.engine.checking.cases import Trial
from regulars.engine.checking.costing import Cost, cost_of, usual_minor
from regulars.engine.checking.mending import opening as _opening
from regulars.engine.compiling.compile import compile_program
from regulars.records.program.parts.awards import PerAmount
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.templates.fitting import QUARTERS, USUAL, Place, rate_of
from regulars.records.program.types import Program
from regulars.surfaces.console.form import plain_number
from regulars.surfaces.ui.reader import Reader

VISITS: Final = 4
MOST_VISITS: Final = 31
LARGEST: Final = 10**12
opening = lru_cache(maxsize=256)(_opening)


class Costed(NamedTuple):
    """A program on trial: what it is, and what a hundred customers would cost in a year."""

    program: Program
    usual_minor: int
    cost: Cost


@lru_cache(maxsize=128)
def costed(template: str, place: Place, rate: int, spent_minor: int, visits: int) -> Costed | None:
    """What it would cost; nothing for what could not be published.

    `spent_minor` at once; 0 takes what the program's first example spends.
    """
    try:
        program = admit(opening(template, "shop", place, rate)).program
    except ProgramFault:
        return None
    usual = usual_minor(admit(opening(template, "shop", place)).program)
    trial = Trial(compile_program(program))
    return Costed(program, usual, cost_of(trial, spent_minor or usual, visits))


class Shown(NamedTuple):
    """The same in the reader's words."""

    spent: str
    gives: str
    cost: str
    share: str
    free: bool
    """Whether nothing is given that costs money."""


def shown(reader: Reader, one: Costed) -> Shown:
    """What a hundred customers would cost, as it is read."""
    currency, cost = one.program.currency, one.cost
    gives = ", ".join(
        f"{reader.quantity(amount, one.program.wallets[wallet].scale)} "
        f"{one.program.wallets[wallet].name or wallet}"
        for wallet, amount in cost.given.items()
    )
    # Tenths of a percent: a program that costs 0.8 of a hundred is not one that costs 1.
    tenths = cost.cost_minor * 1_000 // cost.spent_minor if cost.spent_minor else 0
    return Shown(
        reader.whole_money(cost.spent_minor, currency),
        gives,
        reader.whole_money(cost.cost_minor, currency),
        reader.say("%(n)s %% of what they spend", n=reader.quantity(tenths, 1)),
        not cost.cost_minor,
    )


def rates(reader: Reader, template: str, place: Place) -> list[str]:
    """What the rule gives at each place of the slider, as it is said."""
    return [_rate(reader, template, place, one) for one in range(len(QUARTERS))]


def _rate(reader: Reader, template: str, place: Place, rate: int) -> str:
    source = opening(template, "shop", place, rate)
    found, scale = rate_of(source), decimals(place.currency)
    if found is None:
        return ""
    if "kind: cashback" in source:
        share = units(found.points, 6) * 10**4 // units(found.per, 6)
        return reader.say("%(share)s of 100 come back", share=reader.quantity(share, 2))
    per = reader.money(units(found.per, scale), place.currency)
    program = read_program(source)
    rule = next(one for one in program.rules if isinstance(one.award, PerAmount))
    wallet = program.wallets[rule.wallet]
    return reader.say(
        "%(points)s %(unit)s for each %(amount)s",
        points=found.points, unit=wallet.one or wallet.name or "", amount=per,
    )  # fmt: skip


def has_rate(template: str, place: Place) -> bool:
    """Whether there is anything to slide."""
    return rate_of(opening(template, "shop", place, USUAL)) is not None


def money_typed(text: str, reader: Reader, currency: str) -> int:
    """An amount as somebody typed it, in minor units; -1 for what is none."""
    try:
        found = units(plain_number(text, reader.separators), decimals(currency))
    except NotExact:
        return -1
    return found if 0 <= found <= LARGEST else -1
