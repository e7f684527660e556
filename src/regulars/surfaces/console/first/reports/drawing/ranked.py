"""What reports draw of things beside one another: stores, ways on the ladder, habits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.reports.tiers import NEW
from regulars.surfaces.console.first.reports.drawing.beside import Chart, beside
from regulars.surfaces.console.first.reports.drawing.sentences import joined, most_said
from regulars.surfaces.console.first.reports.saying import Said, whole
from regulars.surfaces.console.words import N

MOST_BARS: Final = 12


def stores(said: Said, found: Report, minor: int) -> list[Chart]:
    """What members paid in each store."""
    say, number = said.here.reader.say, said.here.reader.number
    some = [row for row in found.table("stores").rows if row[7]]
    was = {row[0]: [whole(row[7], minor)] for row in found.table("stores_before").rows}
    rows = [(said.named(str(row[0]), "store"), [whole(row[7], minor)]) for row in some]
    chart: Chart = {
        "id": "by_net",
        "says": joined(
            say("What members paid in each store, net of what came back, in %(currency)s.",
                currency=said.currency),
            most_said(said, rows, number, part=True),
        ),
        "series": [say("Net revenue")],
        "rows": rows[:MOST_BARS],
        "kind": "bar",
        "first": say("Store"),
    }  # fmt: skip
    return [beside(said, chart, [was.get(row[0]) for row in some[:MOST_BARS]])]


def tiers(said: Said, found: Report, minor: int) -> list[Chart]:
    """Who climbed, who fell, who stayed where they were."""
    program = said.here.version.program
    say, number = said.here.reader.say, said.here.reader.number
    ladder = ["", *(one.id for one in program.tiers.steps)] if program.tiers else []
    now = moves(found.table("migration").rows, ladder)
    if not ladder or not any(now.values()):
        return []
    there = sum(now[way] for way in ("up", "same", "down"))
    says = say("Members who were there as the time began, by where they stand as it ends.")
    if there:
        says = joined(says, say(
            "%(up)s climbed, %(down)s fell, %(same)s stayed where they were: %(share)s.",
            up=number(now["up"]), down=number(now["down"]), same=number(now["same"]),
            share=said.value(now["same"] / there, "rate"),
        ))  # fmt: skip
    then = found.table("migration_before").rows
    before = moves(then, ladder)
    chart: Chart = {
        "id": "moves",
        "says": says,
        "series": [say("Members")],
        "rows": [(say(_MOVES[way]), [count]) for way, count in now.items()],
        "kind": "bar",
        "first": say("Move"),
    }
    return [beside(said, chart, [[before[way]] for way in now] if then else [])]


_MOVES: Final = {
    "up": N("Climbed"), "same": N("Stayed"), "down": N("Fell"), "new": N("Joined"),
}  # fmt: skip


def moves(rows: Sequence[Sequence[Any]], ladder: Sequence[str]) -> dict[str, int]:
    """Members of a table of migration by which way they went on the ladder, lowest step first.

    Keeps: a tier that is not on the ladder any more is neither above nor below, so who was there
    is left out; so are those who were erased.
    """
    at = {tier: place for place, tier in enumerate(ladder)}
    found = dict.fromkeys(_MOVES, 0)
    for before, after, members, *_ in rows:
        if before == NEW:
            found["new"] += members
        elif before in at and after in at:
            way = (at[after] > at[before]) - (at[after] < at[before])
            found[("same", "up", "down")[way]] += members
    return found


def best(said: Said, found: Report, minor: int) -> list[Chart]:
    """What the best did more than others, in percent of both."""
    say, some = said.here.reader.say, found.table("habits").rows[:MOST_BARS]
    if not some:
        return []

    def percent(cell: Any) -> int:
        return round(float(cell) * 100)

    first = some[0]
    return [
        {
            "id": "more",
            "says": joined(
                say("In percent: of who spends most and of the others, how many did it in their "
                    "first 30 days."),
                say("%(habit)s: %(best)s of the best, %(others)s of the others.",
                    habit=said.named(str(first[0]), "habit"),
                    best=said.value(float(str(first[3])), "rate"),
                    others=said.value(float(str(first[6])), "rate")),
            ),
            "series": [say("Of the best"), say("Of the others")],
            "rows": [(said.named(str(row[0]), "habit"), [percent(row[3]), percent(row[6])])
                     for row in some],
            "kind": "bar",
            "first": say("Habit"),
        }
    ]  # fmt: skip
