"""What the rules ask for beside the activity: attributes of members, ends of points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from regulars.records.program.types import (
    All,
    AnniversaryIs,
    AnyOf,
    CodeIs,
    Condition,
    DaysSince,
    MemberIs,
    Not,
    PlanIs,
    Program,
)
from regulars.records.standing.values.types import (
    AS_OF,
    CATEGORY,
    CATEGORY_AS_OF,
    CATEGORY_OLDER_THAN,
    CATEGORY_VERSION,
    MODEL,
    OLDER_THAN,
    SAID,
)

_CATEGORY: Final = (CATEGORY,)
_VALUES: Final = (AS_OF, MODEL, OLDER_THAN)
_CATEGORIES: Final = (CATEGORY_AS_OF, CATEGORY_VERSION, CATEGORY_OLDER_THAN)
RUNS: Final = "yes"
_PLAN: Final = "plan:"


def plan_known_as(plan: str) -> str:
    """Under which name it is known of a member that a plan of theirs runs: no attribute of a shop
    can be called so, as names have no colon."""
    return f"{_PLAN}{plan}"


def known_to_run(plans: Iterable[str]) -> dict[str, str]:
    """What is known of a member of whom these plans run."""
    return {plan_known_as(plan): RUNS for plan in plans}


def not_of_plans(known: Mapping[str, bool | int | str]) -> dict[str, bool | int | str]:
    """What else is known of a member."""
    return {name: value for name, value in known.items() if not name.startswith(_PLAN)}


def plans_asked(names: Iterable[str]) -> list[str]:
    """The plans among what rules ask of members."""
    return [name.removeprefix(_PLAN) for name in names if name.startswith(_PLAN)]


def attributes_asked(program: Program) -> frozenset[str]:
    """The attributes of members that rules ask for; no others are frozen with a decision. With what
    was reckoned of a member, of which day it is, by which way, and whether it was too old."""
    names = frozenset(name for rule in program.rules for name in _asked(rule.when))
    beside = [more for ours, more in ((SAID, _VALUES), (_CATEGORY, _CATEGORIES)) if names & {*ours}]
    return names.union(*beside)


def _asked(condition: Condition | None) -> Iterator[str]:
    """The attributes of members a condition asks for."""
    if isinstance(condition, MemberIs | AnniversaryIs | DaysSince):
        yield condition.attribute
    elif isinstance(condition, PlanIs):
        yield plan_known_as(condition.runs)
    elif isinstance(condition, Not):
        yield from _asked(condition.that)
    elif isinstance(condition, All | AnyOf):
        for part in condition.of:
            yield from _asked(part)


def codes_asked(program: Program) -> dict[str, frozenset[str]]:
    """By reward whose codes rules ask for, the rules that do."""
    found: dict[str, set[str]] = {}
    for rule in program.rules:
        for reward in _codes(rule.when):
            found.setdefault(reward, set()).add(rule.id)
    return {reward: frozenset(rules) for reward, rules in found.items()}


def _codes(condition: Condition | None) -> Iterator[str]:
    """The rewards whose codes a condition asks for."""
    if isinstance(condition, CodeIs) and condition.of is not None:
        yield condition.of
    elif isinstance(condition, All | AnyOf):
        for part in condition.of:
            yield from _codes(part)


def own_ends(program: Program, codes: Mapping[tuple[str, str], int]) -> dict[int, tuple[int, ...]]:
    """Places of the rules, by wallet code, whose points lapse otherwise than their wallet's."""
    found: dict[int, tuple[int, ...]] = {}
    for place, rule in enumerate(program.rules):
        if rule.expiry is not None or rule.ends_on is not None:
            code = codes["wallet", rule.wallet]
            found[code] = (*found.get(code, ()), place)
    return found


Least = Literal["comes_back", "comes_late", "comes_over"]


def least_lives(
    program: Program, codes: Mapping[tuple[str, str], int], how: Least
) -> dict[int, int]:
    """How many days points live at least that came about like this, by wallet code."""
    said = {name: getattr(wallet, how) for name, wallet in program.wallets.items()}
    return {codes["wallet", name]: one.days for name, one in said.items() if one is not None}
