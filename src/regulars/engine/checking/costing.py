"""What a program would cost with a hundred customers who come as usual: before anybody is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from regulars.base.decimals import text_of, units
from regulars.base.money import decimals
from regulars.engine.checking.cases import Trial
from regulars.records.program.checks.caution.worths import ways_of
from regulars.records.program.types import Program

PEOPLE: Final = 100
MONTHS: Final = 12


class Cost(Struct, frozen=True):
    """A year of a hundred customers: what they spend, and what all of it earns at most."""

    spent_minor: int
    given: Mapping[str, int]
    """Per wallet, in its smallest quantity."""
    worth_minor: int
    """To them, when everything is taken as the reward that is worth most for it."""
    cost_minor: int
    """To the shop, of the same."""


def usual_minor(program: Program) -> int:
    """What a purchase usually comes to: as in the first example of the program; 0 without one."""
    given = _purchase(program)
    scale = decimals(program.currency)
    if given is None:
        return 0
    if "amount" in given:
        return units(given["amount"], scale)
    return sum(units(line["amount"], scale) for line in given["lines"])


def cost_of(trial: Trial, spent_minor: int, visits: int) -> Cost:
    """What a hundred customers earn in a year who spend this at once, so often in a month.

    Order: each visit is the first example's purchase, at this amount; limits of a month or a year
    and what lapses unused only make it less.
    Units: `spent_minor` in minor units of the program's currency.
    """
    program, times = trial.program, visits * MONTHS * PEOPLE
    given = _purchase(program)
    if given is None or spent_minor <= 0:
        return Cost(spent_minor * times, {}, 0, 0)
    earned = trial.run(_at(program, given, spent_minor)).units
    per_year = {wallet: amount * times for wallet, amount in earned.items()}
    worth = cost = 0
    for wallet, amount in per_year.items():
        best = _dearest(program, wallet)
        worth += amount * best[0] // best[2]
        cost += amount * best[1] // best[2]
    return Cost(spent_minor * times, per_year, worth, cost)


def _purchase(program: Program) -> dict[str, Any] | None:
    found = (one.given for one in program.cases if one.given.get("kind") == "purchase")
    return next((one for one in found if "amount" in one or one.get("lines")), None)


def _at(program: Program, given: dict[str, Any], spent_minor: int) -> dict[str, Any]:
    """The same purchase at another amount; what does not divide is on its first line."""
    scale = decimals(program.currency)
    if "amount" in given:
        return {**given, "amount": text_of(spent_minor, scale)}
    whole = usual_minor(program)
    parts = [units(line["amount"], scale) * spent_minor // whole for line in given["lines"]]
    parts[0] += spent_minor - sum(parts)
    lines = [
        {**_plain(line), "amount": text_of(part, scale)}
        for line, part in zip(given["lines"], parts, strict=True)
    ]
    return {**given, "lines": lines}


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line without discount and tax, which were of another amount."""
    return {name: value for name, value in line.items() if name not in ("discount", "tax")}


def _dearest(program: Program, wallet: str) -> tuple[int, int, int]:
    """What the way to spend that is worth most for its price is worth and costs, and its price.

    Order: money in a wallet is worth itself; where nothing can be had, it is worth nothing.
    """
    best = (0, 0, 1)
    for way in ways_of(program):
        if way.wallet == wallet and way.worth_minor * best[2] > best[0] * way.points:
            best = (way.worth_minor, way.cost_minor, way.points)
    return best
