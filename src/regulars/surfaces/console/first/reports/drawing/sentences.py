"""One sentence with a number under each chart: what is most, what part of all, what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from regulars.insight.metrics.asked import Report
from regulars.surfaces.console.first.reports.saying import Said
from regulars.surfaces.console.words import N

Row = tuple[str, list[int]]
Shown = Callable[[int], str]
_MOST: Final = N("Most: %(when)s with %(value)s.")
_PART: Final = N("Most: %(when)s with %(value)s, %(share)s of all.")
_BESIDE: Final = N("In all %(now)s, beside %(before)s: %(change)s.")
_BARE: Final = N("In all %(now)s, beside %(before)s.")
_ALL: Final = N("In all %(now)s.")


class Most(NamedTuple):
    """The row in which most is, and what part of all rows together that is."""

    label: str
    value: int
    share: float


def most(rows: Sequence[Row], at: int = 0) -> Most | None:
    """The first row that has most of a series; None where no row has anything.

    Keeps: a share is of rows above nothing: what came back in one month is no part of the others.
    Example: of 3, 7, 7 and −2 it is the second row with 7 of 17.
    """
    values = [values[at] for _, values in rows]
    top = max(values, default=0)
    if top <= 0:
        return None
    whole = sum(one for one in values if one > 0)
    return Most(rows[values.index(top)][0], top, top / whole)


def change(now: float, before: float) -> float | None:
    """By what part of what was before it grew; None where there was nothing before.

    Example: 90 after 120 is −0.25; 90 after 0 is no number.
    """
    return (now - before) / before if before > 0 else None


def said_change(said: Said, part: float) -> str:
    """A change with its sign, to a tenth of a percent: `+12.5%`, `−25.0%`."""
    reader = said.here.reader
    sign = "+" if part > 0 else "−" if part < 0 else ""
    mark = "\u200e" if sign and reader.direction == "rtl" else ""
    return mark + sign + said.value(abs(part), "rate")


def most_said(
    said: Said, rows: Sequence[Row], shown: Shown, *, at: int = 0, part: bool = False
) -> str:
    """When or where most was; with `part`, of what all rows together are. '' where nothing was."""
    top = most(rows, at)
    if top is None:
        return ""
    words = {"when": top.label, "value": shown(top.value)}
    if part:
        words["share"] = said.value(top.share, "rate")
    return said.here.reader.say(_PART if part else _MOST, **words)


def whole_said(said: Said, now: int, before: int | None, shown: Shown) -> str:
    """How much it is in all, beside another time where that is asked for."""
    say = said.here.reader.say
    if before is None:
        return say(_ALL, now=shown(now))
    moved = change(now, before)
    if moved is None:
        return say(_BARE, now=shown(now), before=shown(before))
    words = {"now": shown(now), "before": shown(before), "change": said_change(said, moved)}
    return say(_BESIDE, **words)


def figure_whole(said: Said, found: Report, metric: str, unit: str) -> str:
    """A figure of the report in a sentence, beside the same of the time before."""
    one, then = found.figure(metric), found.figure_before(metric)
    if one is None or one.value is None:
        return ""
    before = round(then.value) if then is not None and then.value is not None else None
    return whole_said(said, round(one.value), before, lambda value: said.value(value, unit))


def sums(found: Report, table: str, column: int) -> tuple[int, int | None]:
    """What a column of a table by time comes to, and in the time before, where that is asked."""
    now = sum(_count(row[column]) for row in found.table(table).rows)
    then = found.table(f"{table}_before").rows
    return now, sum(_count(row[column]) for row in then) if then else None


def joined(*some: str) -> str:
    """Sentences one after another, those that say something."""
    return " ".join(one for one in some if one)


def _count(cell: object) -> int:
    assert isinstance(cell, int), cell
    return cell
