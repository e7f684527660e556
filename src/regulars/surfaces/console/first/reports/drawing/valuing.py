"""What the report on members' value draws, and its grid of how lately and how often they order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from regulars.insight.metrics.asked import Cell, Report
from regulars.insight.metrics.figures import Figure
from regulars.records.access.staff.permissions import Permission
from regulars.records.standing.values.types import HEALTHS
from regulars.surfaces.console.first.reports.drawing.beside import Chart, with_time_before
from regulars.surfaces.console.first.reports.drawing.sentences import joined
from regulars.surfaces.console.first.reports.opening import ROWS
from regulars.surfaces.console.first.reports.saying import Said
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.reports.valued import COLUMNS
from regulars.surfaces.in_words.reports.wire import rows_of

STEPS: Final = (5, 4, 3, 2, 1)
SHADES: Final = 10
RULED: Final = ("health", "part", "rfm")
"""Groups a rule can ask for, by attributes of ours."""
_MOST: Final = N("Slipping: %(slipping)s of them, of whom %(money)s is expected.")
_LATELY: Final = {
    5: N("5, the latest"), 4: "4", 3: "3", 2: "2", 1: N("1, longest ago"),
}  # fmt: skip


def values(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """Members by chance; by health, night after night."""
    say = said.here.reader.say
    tables = {one.id: one.rows for one in found.tables}
    bands = [row for row in tables.get("by_chance", ()) if row[0]]
    drawn: list[Chart] = [
        {
            "id": "by_chance",
            "says": _slipping(said, tables.get("by_health", ())),
            "series": [say("Members")],
            "rows": [(said.named(str(row[0]), "band"), [row[1]]) for row in bands],
            "kind": "bar",
            "name": say("Members by the chance of an order within 90 days"),
            "first": say("Chance"),
        }
    ]
    nights = tables.get("nights", ())
    if len(nights) > 1:
        by_night: Chart = {
            "id": "nights",
            "says": joined(
                say("Members by health, as they were reckoned at the time."),
                _strong(said, nights[0], nights[-1]),
            ),
            "series": [say(COLUMNS[one]) for one in HEALTHS],
            "rows": [(_on(said, row[0]), _healths(row)) for row in nights],
            "kind": "stack",
            "name": say("Value and health by time"),
        }
        drawn.append(with_time_before(said, found, "nights", by_night, _healths))
    return [one for one in drawn if one["rows"]]


def _healths(row: Sequence[Cell]) -> list[int]:
    """Members of each health on a night."""
    return [int(str(one)) for one in row[3 : 3 + len(HEALTHS)]]


def _strong(said: Said, first: Sequence[Cell], last: Sequence[Cell]) -> str:
    """How many are strong, on the first and on the last night that is shown."""
    number, at = said.here.reader.number, HEALTHS.index("strong")
    return said.here.reader.say(
        "Strong: %(first)s on the first of these nights, %(last)s on the last.",
        first=number(_healths(first)[at]), last=number(_healths(last)[at]),
    )  # fmt: skip


def _slipping(said: Said, rows: Any) -> str:
    """How many slip, and what is expected of them."""
    say = said.here.reader.say
    row = next((one for one in rows if one[0] == "slipping"), None)
    text = say("Members by the chance that they order within 90 days.")
    if row is None:
        return text
    number, money = said.here.reader.number(row[1]), said.value(row[6], "money")
    return f"{text} {say(_MOST, slipping=number, money=money)}"


def _on(said: Said, day: Cell) -> str:
    assert isinstance(day, date), day
    return said.here.reader.day(day)


def grid(said: Said, found: Report) -> dict[str, Any] | None:
    """How lately (rows) and how often (columns): members of each cell, who they are, and whether a
    rule can be written for them."""
    rows = next((one.rows for one in found.tables if one.id == "rfm"), ())
    if not rows:
        return None
    reader, cells = said.here.reader, {(row[0], row[1]): row for row in rows}
    most = max(int(str(row[2])) for row in rows)
    lines = []
    for lately in STEPS:
        line = []
        for often in reversed(STEPS):
            row = cells.get((lately, often))
            members = 0 if row is None else int(str(row[2]))
            group = f"rfm:{lately}{often}"
            line.append(
                {
                    "members": reader.number(members),
                    "each": "–" if row is None else said.value(float(str(row[6])), "money"),
                    "shade": round(members * SHADES / most),
                    "opens": rows_of(
                        Figure("valued_members", found.asked.span, group=group), said.wallet,
                        found.asked.store, ROWS,
                    ) if members else "",
                    "group": group,
                    "says": reader.say(
                        "How lately %(lately)s, how often %(often)s", lately=lately, often=often
                    ),
                }
            )  # fmt: skip
        lines.append((reader.say(_LATELY[lately]), line))
    return {
        "heads": [reader.say(_LATELY_OFTEN.get(one, str(one))) for one in reversed(STEPS)],
        "rows": lines,
        "ruled": said.here.may(Permission.PROGRAM_WRITE),
        "groups": _groups(said, found),
    }


_LATELY_OFTEN: Final = {5: N("5, most often"), 1: N("1, least often")}


def _groups(said: Said, found: Report) -> list[tuple[str, str]]:
    """What a rule can ask for, to choose from: health, part of value, cells of the grid."""
    say = said.here.reader.say
    chosen = []
    for table, cut, head in (("by_health", "health", "health"), ("by_part", "part", "worth_part")):
        rows = found.table(table).rows
        chosen += [(f"{cut}:{row[0]}", said.named(str(row[0]), head)) for row in rows if row[0]]
    chosen += [
        (
            f"rfm:{row[0]}{row[1]}",
            say("How lately %(lately)s, how often %(often)s", lately=row[0], often=row[1]),
        )
        for row in found.table("rfm").rows
    ]
    return chosen


def reckoned(said: Said, found: Report) -> str:
    """Of which day values are, by which model, and how far off it was."""
    row = next((one.rows[0] for one in found.tables if one.id == "reckoned"), None)
    if row is None:
        return ""
    say = said.here.reader.say
    text = say(
        "Reckoned of %(day)s by the model %(model)s.", day=_on(said, row[0]), model=str(row[1])
    )
    if isinstance(row[3], float):
        off = said.value(row[3], "rate")
        text += " " + say("On the shop's own past its orders were off by %(off)s.", off=off)
    if isinstance(row[4], float):
        off = said.value(row[4], "rate")
        text += " " + say("Chances were off by %(off)s on average.", off=off)
    return text + _season(said, row)


_SEASONS: Final = {
    "taken": N("Orders of the next 90 days go by the season: %(factor)s times as many as usual."),
    "tried": N("A season was tried, and foretold no better."),
    "unseen": N("No season was seen whole yet, so none is in it: a time of year that nobody has "
                "seen can only be allowed for."),
}  # fmt: skip
"""What the season has to do with orders that are foretold."""


def _season(said: Said, row: Sequence[Cell]) -> str:
    """Whether the season is in what is foretold, and between which bounds orders may lie."""
    state, factor, low, high = row[7:11]
    if not isinstance(state, str) or not isinstance(factor, float | int):
        return ""
    say = said.here.reader.say
    text = " " + say(_SEASONS[state], factor=said.value(factor, "ratio"))
    if isinstance(low, float | int) and isinstance(high, float | int):
        ends = {"low": said.value(low, "ratio"), "high": said.value(high, "ratio")}
        text += " " + say("At days of the past %(low)s to %(high)s times as many came.", **ends)
    return text
