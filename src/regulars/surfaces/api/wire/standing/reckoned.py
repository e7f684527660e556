"""The numbers behind a why, for whoever looks after a member: what was weighed, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, Final, Literal

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.engine.reference.conditions import Missed, total
from regulars.engine.reference.interpreter import Told
from regulars.engine.words.explain import Reckoned
from regulars.records.program.types import Program
from regulars.surfaces.api.wire.parts import Money

_FINE: Final = 6
"""Decimals of the smallest unit that are told; what never ends is cut off there."""


class ConditionMissed(Struct, frozen=True):
    """A condition that did not hold: what it asked for, and what was there."""

    fact: str
    """What it is about, as in the program file: `amount`, `tier`, `store` …"""
    asked: str
    found: str
    """Money is told in the smallest coin; nothing where nothing was told."""
    forbidden: bool
    """The rule asked that it does not hold."""


class RuleWeighed(Struct, frozen=True):
    """What became of one rule.

    Units: the wallet's smallest unit; `worth` before limits and `given` after them, both before
    the one rounding, with up to six decimals.
    """

    rule: str
    wallet: str
    why: Literal[
        "given",
        "limited",
        "not_in_force",
        "condition",
        "nothing_to_count",
        "limit_reached",
        "group",
        "outdone",
        "no_base",
    ]
    worth: str
    given: str
    points: int
    """Its part of what came of it in the end."""
    missed: list[ConditionMissed]


class WalletSum(Struct, frozen=True):
    """What all rules of a wallet come to, and what became of it by rounding and budgets."""

    wallet: str
    exact: str
    """In the smallest unit, before the one rounding."""
    units: int


class Counted(Struct, frozen=True):
    """So much of a purchase counts by this definition."""

    definition: str
    amount: Money


def weighed(told: Sequence[Told], given: Sequence[int]) -> list[RuleWeighed]:
    """Every rule about this kind of activity, in the order of the file."""
    return [
        RuleWeighed(
            rule=one.rule,
            wallet=one.wallet,
            why=one.why,
            worth=_exact(one.worth),
            given=_exact(one.given),
            points=given[place],
            missed=[_missed(each) for each in one.missed],
        )
        for place, one in enumerate(told)
        if one.why != "other_kind"
    ]


def sums(told: Sequence[Told], given: Sequence[int], carried: Mapping[str, int]) -> list[WalletSum]:
    """What came of each wallet some rule of this kind gives to."""
    wallets = dict.fromkeys(one.wallet for one in told if one.why != "other_kind")
    return [
        WalletSum(
            wallet=wallet,
            exact=_exact(sum((one.given for one in told if one.wallet == wallet), Fraction(0))),
            units=carried.get(wallet, 0)
            + sum(given[at] for at, one in enumerate(told) if one.wallet == wallet),
        )
        for wallet in wallets
    ]


def counted(program: Program, reckoned: Reckoned) -> list[Counted]:
    """What of a purchase counts, by each definition; nothing of what is no purchase."""
    facts = reckoned.facts
    if not facts.lines:
        return []
    return [
        Counted(name, Money(total(facts, place), program.currency))
        for place, name in enumerate(program.qualifying)
    ]


def _missed(one: Missed) -> ConditionMissed:
    return ConditionMissed(one.fact, _short(one.asked), _short(one.found), one.forbidden)


def _short(value: Any) -> str:
    """A bound, a list or a word as short text, what is not said left out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(one)}" for name, one in value.items() if one is not None)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_short(one) for one in value)
    return str(value)


def _exact(units: Fraction) -> str:
    text = text_of(floor(units * 10**_FINE), _FINE)
    return text.rstrip("0").removesuffix(".") if "." in text else text
