"""What all members together drew on budgets, summed up from the kept decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from regulars.insight.verify.facts import Cap, Facts, Terms
from regulars.insight.verify.report import Tally
from regulars.records.program.types import Period
from regulars.records.trail.types import Steps

Budget = tuple[int, int, int]
"""Program, number and period."""


class Drawn:
    """Sums up decision after decision; compared with the kept budgets at the end."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._drawn: dict[Budget, int] = {}
        self._most: dict[Budget, int] = {}

    def decided(self, key: tuple[int, UUID, UUID], ends: tuple[Steps, Steps], terms: Terms) -> None:
        """What a purchase still draws after its returns."""
        first, last = ends
        for cap in terms.caps:
            gives = last.given[cap.rule]
            if cap.shared and gives:
                budget = key[0], cap.counter, period_of(cap.per, first.day)
                self._draw(budget, gives if cap.counts_points else 1, cap.most)
        for one in terms.budgets:
            points = drawn(terms, last, one.wallet)
            if points:
                self._draw((key[0], one.counter, period_of(one.per, first.day)), points, one.most)

    def milestone(self, row: Mapping[str, Any]) -> None:
        """What a milestone with a budget gave one member, as it is counted as given."""
        way = self._facts.with_budget.get((row["program_id"], row["counter"]))
        by = row["value"] - row["before"]
        if way is not None and by:
            self._draw((row["program_id"], way.budget, row["period"]), by, way.most)

    def compare(self, kept: Sequence[Any], follow: Tally, hold: Tally) -> None:
        """Every kept budget against its sum, and every sum against what it may be."""
        left = dict(self._drawn)
        for row in kept:
            budget = row["program_id"], row["budget"], row["period"]
            drawn = left.pop(budget, 0) + row["before"]
            if row["before"] and budget in self._drawn:
                self._drawn[budget] = drawn
            if drawn != row["used"]:
                follow.add(**row, drawn=drawn, name=self._facts.counters.get(budget[:2]))
        for (program_id, number, period), drawn in left.items():
            follow.add(program_id=program_id, budget=number, period=period, used=0, drawn=drawn)
        for budget, most in self._most.items():
            if self._drawn[budget] > most:
                hold.add(
                    program_id=budget[0], period=budget[2], most=most, given=self._drawn[budget],
                    counter=self._facts.counters.get(budget[:2]),
                )  # fmt: skip

    def _draw(self, budget: Budget, by: int, most: int) -> None:
        self._drawn[budget] = self._drawn.get(budget, 0) + by
        self._most[budget] = max(self._most.get(budget, 0), most)


def given(terms: Terms, steps: Steps, wallet: int) -> int:
    """What a decision gives into one wallet, rules and remainder together."""
    points = steps.carried.get(terms.names.get(wallet, ""), 0) if steps.carried else 0
    for rule in terms.rules_of.get(wallet, ()):
        points += steps.given[rule]
    return points


def drawn(terms: Terms, steps: Steps, wallet: int) -> int:
    """What a decision uses of budgets: never below nothing, and nothing where all of it came back,
    though a kept remainder was broken for it (semantics C3)."""
    if steps.stands.get(terms.names.get(wallet, "")) == 0:
        return 0
    return max(given(terms, steps, wallet), 0)


def counted_in(cap: Cap, steps: Steps) -> int:
    """Under which number a decision counts against a limit."""
    if cap.rest:
        return steps.minute if cap.by_minutes else steps.day
    return period_of(cap.per, steps.day)


def period_of(per: Period, day: int) -> int:
    """Under which number a limit counts on a day (written apart from the engine's own)."""
    here = date.fromordinal(day)
    match per:
        case "day":
            return day
        case "week":
            monday_year, week, _ = here.isocalendar()
            return monday_year * 100 + week
        case "month":
            return here.year * 100 + here.month
        case "year":
            return here.year
        case _:
            return 0
