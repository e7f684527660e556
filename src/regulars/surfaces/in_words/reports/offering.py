"""Rules that would give something for what the best did, as drafts to think about."""

from __future__ import annotations

import re
from typing import Any, Final

from regulars.base.decimals import text_of, units
from regulars.insight.metrics.reading.best import EARLY
from regulars.records.program.types import Program
from regulars.records.standing.values.types import HEALTHS, PREFIX, WORTHS

_EARLY: Final = {"if": "days_since", "before": EARLY}
_WORD: Final = re.compile(r"[a-z0-9]+")
_CELL: Final = re.compile(r"[1-5]{2}")
_SCORES: Final = ("recency", "frequency")
_AWAY: Final = 10
"""What is given is one of so many parts of the cheapest reward, a whole point at least."""


def rule_for(program: Program, habit: str) -> dict[str, Any] | None:
    """A rule that gives something once, in the first 30 days after joining, for what the best did
    then; nothing where no rule can ask for it.

    Example: who came again gets it for a purchase from the day after they joined on, since with the
    day itself in it the first purchase would be the second.
    """
    return _rule(program, f"first-days-{_worded(habit)}", _when(habit))


def rule_for_group(program: Program, group: str) -> dict[str, Any] | None:
    """A rule that gives something once to members as they were reckoned last night; nothing where
    no rule can ask for them.

    Example: `rfm:52` are who ordered lately and seldom: their `value-recency` is 5 and their
    `value-frequency` 2.
    """
    cut, _, name = group.partition(":")
    if cut in ("health", "part") and name in (HEALTHS if cut == "health" else WORTHS):
        attribute = f"{PREFIX}{'health' if cut == 'health' else 'worth'}"
        return _rule(program, f"value-{name}", _is(attribute, name))
    if cut == "rfm" and _CELL.fullmatch(name):
        both = [_is(f"{PREFIX}{of}", one) for of, one in zip(_SCORES, name, strict=True)]
        return _rule(program, f"rfm-{'-'.join(name)}", {"if": "all", "of": both})
    return None


def _is(attribute: str, value: str) -> dict[str, Any]:
    return {"if": "member", "attribute": attribute, "in": [value]}


def _rule(program: Program, name: str, when: dict[str, Any] | None) -> dict[str, Any] | None:
    spent = [name for one in program.rewards if one.by == "points" for name in one.price]
    wallet = next(iter([*spent, *program.wallets]), "")
    if when is None or not wallet:
        return None
    return {
        "id": _free(program, name),
        "on": "purchase",
        "wallet": wallet,
        "when": when,
        "award": {"give": "fixed", "points": _points(program, wallet), "stage": "bonus"},
        "limits": [{"per": "ever", "times": 1}],
    }


def _when(habit: str) -> dict[str, Any] | None:
    kind, _, category = habit.partition(":")
    if category:
        return _early({"if": "basket_has", "categories": [category]})
    if kind == "again":
        return _EARLY | {"at_least": 1}
    if kind == "weekend":
        return _early({"if": "weekday", "in": ["sat", "sun"]})
    return None


def _early(one: dict[str, Any]) -> dict[str, Any]:
    return {"if": "all", "of": [_EARLY, one]}


def _points(program: Program, wallet: str) -> int | str:
    scale = program.wallets[wallet].scale
    prices = [
        units(one.price[wallet], scale)
        for one in program.rewards
        if one.by == "points" and wallet in one.price
    ]
    whole = max(min(prices, default=0) // _AWAY, 10**scale)
    said = text_of(whole, scale)
    return int(said) if said.isdigit() else said


def _worded(habit: str) -> str:
    return "-".join(_WORD.findall(habit.lower()))[:20].strip("-")


def _free(program: Program, name: str) -> str:
    """An id that no rule has yet, such as `first-days-again`."""
    taken, number = {one.id for one in program.rules}, 1
    while (found := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return found
