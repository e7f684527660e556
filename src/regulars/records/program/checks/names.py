"""Every name a program uses must be one that exists: in the program or in the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import phonenumbers
from babel.core import get_global

from regulars.records.program.checks.languages import is_language
from regulars.records.program.checks.walk import conditions_of, rules_of, twice
from regulars.records.program.parts.measuring import ladders_of, measures_of, steps_of
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import PerAmount, PlanIs, Program, TierIs


def names(program: Program) -> Iterator[Finding]:
    """Names that nobody gave, and names that were given twice."""
    yield from _world(program)
    yield from _groups(program)
    yield from _rules(program)
    yield from _tiers(program)
    yield from _minors(program)
    yield from _rewards(program)
    yield from _cases(program)
    yield from _budgets(program)
    yield from twice(("rules",), [rule.id for rule in program.rules])
    yield from twice(("rewards",), [reward.id for reward in program.rewards])
    # What is given of a budget is counted by its id: two of one id would draw on each other.
    yield from twice(("budgets",), [budget.id for budget in program.budgets])
    if program.tiers is not None:
        yield from twice(("tiers", "steps"), [step.id for step in program.tiers.steps])


def _world(program: Program) -> Iterator[Finding]:
    if program.zone not in zones():
        yield _unknown(("zone",), "time zone", program.zone, zones())
    if program.currency not in currencies():
        yield _unknown(("currency",), "currency", program.currency, currencies())
    countries = phonenumbers.SUPPORTED_REGIONS
    if program.country is not None and program.country not in countries:
        yield _unknown(("country",), "country", program.country, countries)
    if not is_language(program.locale):
        says = f"{shown(program.locale)} is no language"
        yield Finding(("locale",), says, "write one such as en, de or pt-BR")


def _groups(program: Program) -> Iterator[Finding]:
    """A group holds stores; a word that is a group and a store would mean two things."""
    for group, stores in program.store_groups.items():
        for place, store in enumerate(stores):
            if store in program.store_groups:
                says = f"{shown(store)} is a group of stores itself, and a group holds stores"
                yield Finding(("store_groups", group, place), says, "name its stores")
            elif store in stores[:place]:
                says = worded("the store %(store)s is in this group already", store=shown(store))
                yield Finding(("store_groups", group, place), says, "name it once", "warning")


@cache
def zones() -> frozenset[str]:
    """The time zones of the world, from the packaged database and not from this machine."""
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


@cache
def currencies() -> frozenset[str]:
    """The currencies that are money somewhere today."""
    used = get_global("territory_currencies").values()
    return frozenset(
        code for each in used for code, _, until, tender in each if tender and not until
    )


def _rules(program: Program) -> Iterator[Finding]:
    for path, rule in rules_of(program):
        if rule.wallet not in program.wallets:
            yield _unknown((*path, "wallet"), "wallet", rule.wallet, program.wallets)
        award = rule.award
        if isinstance(award, PerAmount) and award.qualifying not in program.qualifying:
            where = (*path, "award", "qualifying")
            yield _unknown(where, "qualifying amount", award.qualifying, program.qualifying)
    steps, plans = steps_of(program), [plan.id for plan in program.plans]
    for path, condition in conditions_of(program):
        if isinstance(condition, TierIs) and condition.at_least not in steps:
            yield _unknown((*path, "at_least"), "tier", condition.at_least, steps)
        if isinstance(condition, PlanIs) and condition.runs not in plans:
            yield _unknown((*path, "runs"), "plan", condition.runs, plans)


def _tiers(program: Program) -> Iterator[Finding]:
    measures = (each for path, tiers in ladders_of(program) for each in measures_of(tiers, path))
    for path, one in measures:
        if one.qualifying not in program.qualifying:
            where = (*path, "qualifying")
            yield _unknown(where, "qualifying amount", one.qualifying, program.qualifying)
        if one.wallet is not None and one.wallet not in program.wallets:
            yield _unknown((*path, "wallet"), "wallet", one.wallet, program.wallets)


def _rewards(program: Program) -> Iterator[Finding]:
    steps = steps_of(program)
    for place, reward in enumerate(program.rewards):
        for wallet in reward.price:
            if wallet not in program.wallets:
                where = ("rewards", place, "price", wallet)
                yield _unknown(where, "wallet", wallet, program.wallets)
        if reward.tier is not None and reward.tier not in steps:
            yield _unknown(("rewards", place, "tier"), "tier", reward.tier, steps)


def _minors(program: Program) -> Iterator[Finding]:
    household = program.household
    for name in () if household is None else ("minors", "buyers"):
        said = getattr(household, name)
        for wallet in () if said is None else said.points:
            if wallet not in program.wallets:
                where = ("household", name, "points", wallet)
                yield _unknown(where, "wallet", wallet, program.wallets)


def _cases(program: Program) -> Iterator[Finding]:
    steps, plans = _steps(program), [plan.id for plan in program.plans]
    for place, case in enumerate(program.cases):
        for wallet in case.earns:
            if wallet not in program.wallets:
                where = ("cases", place, "earns", wallet)
                yield _unknown(where, "wallet", wallet, program.wallets)
        if case.tier is not None and case.tier not in steps:
            yield _unknown(("cases", place, "tier"), "tier", case.tier, steps)
        for at, plan in enumerate(case.plans):
            if plan not in plans:
                yield _unknown(("cases", place, "plans", at), "plan", plan, plans)


def _steps(program: Program) -> list[str]:
    return [step.id for step in program.tiers.steps] if program.tiers else []


def _budgets(program: Program) -> Iterator[Finding]:
    for place, budget in enumerate(program.budgets):
        if budget.wallet not in program.wallets:
            where = ("budgets", place, "wallet")
            yield _unknown(where, "wallet", budget.wallet, program.wallets)


def _unknown(path: Path, what: str, name: str, known: Iterable[str]) -> Finding:
    return Finding(path, f"there is no {what} {shown(name)}", closest(name, known))
