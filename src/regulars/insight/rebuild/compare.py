"""Every cache beside what the books come to, as of one instant; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from regulars.insight.rebuild.caches import CACHES
from regulars.insight.rebuild.given import Given
from regulars.insight.verify.budgets import Drawn, period_of
from regulars.insight.verify.catalogue import checks
from regulars.insight.verify.connection import Connection
from regulars.insight.verify.facts import Facts, read_facts
from regulars.insight.verify.report import Tally
from regulars.insight.verify.run import prepare
from regulars.insight.verify.sales import STREAMS, Key, Recount, chain_of, recount

COUNTERS: Final = "counters"
BUDGETS: Final = "budgets"
_MADE_AGAIN: Final = (
    "limit:",
    "credit:",
    "cooldown:",
    "milestone:",
    "milestone-given:",
    "board:",
    "draw:",
)


class Difference(Struct, frozen=True):
    """One row of a cache that is not what it should be."""

    cache: str
    row: Mapping[str, Any]

    @property
    def member(self) -> tuple[int, Any] | None:
        """Whose it is: the program and the member."""
        member_id = self.row.get("member_id")
        return None if member_id is None else (self.row["program_id"], member_id)


async def compare(connection: Connection) -> list[Difference]:
    """Every difference between the caches and the books, as of one instant.

    Assumes: the connection is the owner's, who sees every program, and in no transaction.
    Faults: CannotVerify where it is not, or the tables are missing.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await prepare(connection)
        facts = await read_facts(connection)
        found = []
        for cache in CACHES:
            sql = cache.differences()
            rows = await connection.fetch(sql, *(facts.for_sql(),) if "$1" in sql else ())
            found += [Difference(cache.name, _shown(cache.key, cache.due, row)) for row in rows]
        due = await due_counts(connection, facts)
        found += [Difference(COUNTERS, row) for row in due.counters]
        return found + [Difference(BUDGETS, row) for row in due.budgets]


class Counts(NamedTuple):
    """Rows of counters and budgets that are not what they should be."""

    counters: list[dict[str, Any]]
    budgets: list[dict[str, Any]]


async def due_counts(connection: Connection, facts: Facts) -> Counts:
    """Where counters of limits and tiers, and budgets of all members, are not what the kept
    decisions add up to.

    Assumes: a transaction is open. The decisions are read member by member, so what stays in
    memory is the differences, and one sum for each budget and period.
    """
    sql = {check.name: check.sql for check in checks() if check.name in STREAMS}
    collecting = Collecting(facts, await Given.read(connection, facts))
    await recount(connection, sql, facts, collecting)
    return Counts(collecting.due, collecting.drawn.due)


class CollectingDrawn(Drawn):
    """What all members drew on budgets, which keeps what each budget should be."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.due: list[dict[str, Any]] = []

    def milestone(self, row: Mapping[str, Any]) -> None:
        """Nothing yet: what was given may have to be put right first."""

    def gave(self, row: Mapping[str, Any], value: int) -> None:
        """A milestone with a budget gave one member so much."""
        super().milestone({"before": 0, **row, "value": value})

    def compare(self, kept: Sequence[Any], follow: Tally, hold: Tally) -> None:
        """Keep every budget that is not the sum of what was drawn on it."""
        left = dict(self._drawn)
        for row in kept:
            drawn = left.pop((row["program_id"], row["budget"], row["period"]), 0) + row["before"]
            if drawn != row["used"]:
                self.due.append({**row, "used_should": drawn})
        for (program_id, budget, period), drawn in left.items():
            self.due.append(
                {"program_id": program_id, "budget": budget, "period": period, "used": None,
                 "used_should": drawn}
            )  # fmt: skip


class Collecting(Recount):
    """The recount of `verify`, which keeps what each counter should be."""

    def __init__(self, facts: Facts, given: Given) -> None:
        super().__init__(facts)
        self.due: list[dict[str, Any]] = []
        self.drawn: CollectingDrawn = CollectingDrawn(facts)
        self._given = given
        self._less: set[tuple[int, int]] = set()
        """Counters and periods of milestones of which something came back, of one member."""

    def purchase(
        self, key: Key, decisions: Sequence[Any], booked: Sequence[Any], sold: Sequence[Any]
    ) -> None:
        """Everything about one purchase, and which milestones less of it counts for by now."""
        super().purchase(key, decisions, booked, sold)
        if not self.facts.with_budget or len(decisions) < 2:
            return
        steps = [each for _, each in chain_of(key[2], decisions)]
        terms = self.facts.terms.get((key[0], steps[0].version)) if steps else None
        for place, way in enumerate(terms.ways if terms else ()):
            if len({each.milestones[place : place + 1] for each in steps}) > 1:
                self._less.add((way.given, period_of(way.per, steps[0].day)))

    def end_member(self, kept: Sequence[Any]) -> None:
        """Compare the sums of a member with the counters, and begin the next one."""
        super().end_member(kept)
        self._less = set()

    def _compare(self, row: Mapping[str, Any], counted: int) -> None:
        name = self.facts.counters.get((row["program_id"], row["counter"]), "")
        if (row["program_id"], row["counter"]) in self.facts.with_budget:
            self._compare_given(dict(row))
            return
        if self.facts.given_to_two(row, name):
            return
        if name.startswith(_MADE_AGAIN) and row["value"] != counted:
            self.due.append({**row, "value_should": counted})

    def _compare_given(self, row: dict[str, Any]) -> None:
        """What a milestone with a budget gave: by the books, and else as it is kept."""
        due = self._given.should(row, (row["counter"], row["period"]) in self._less)
        value = row["value"] if due is None else due
        self.drawn.gave(row, value)
        if value != row["value"]:
            self.due.append({**row, "value_should": value})


def _shown(
    key: tuple[str, ...], due: Mapping[str, str], row: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    names = [*key, *due, *(f"{column}_should" for column in due), "member_id"]
    return {name: row[name] for name in dict.fromkeys(names) if name in row}
