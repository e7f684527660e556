"""Rules that would give something for what the best did, as drafts to think about."""

from __future__ import annotations

import re
from typing import Any, Final

from regulars.base.decimals import text_of, units
from regulars.insight.metrics.reading.best import EARLY
from regulars.records.program.types import Program

_EARLY: Final = {"if": "days_since", "before": EARLY}
_WORD: Final = re.compile(r"[a-z0-9]+")
_AWAY: Final = 10
"""What is given is one of so many parts of the cheapest reward, a whole point at least."""


def rule_for(program: Program, habit: str) -> dict[str, Any] | None:
    """A rule that gives something once, in the first 30 days after joining, for what the best did
    then; nothing where no rule can ask for it.

    Example: who came again gets it for a purchase from the day after they joined on, since with the
    day itself in it the first purchase would be the second.
    """
    when = _when(habit)
    spent = [name for one in program.rewards if one.by == "points" for name in one.price]
    wallet = next(iter([*spent, *program.wallets]), "")
    if when is None or not wallet:
        return None
    return {
        "id": _free(program, habit),
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


def _free(program: Program, habit: str) -> str:
    """An id that no rule has yet, such as `first-days-again`."""
    words = "-".join(_WORD.findall(habit.lower()))[:20].strip("-")
    name = f"first-days-{words}"
    taken, number = {one.id for one in program.rules}, 1
    while (found := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return found
