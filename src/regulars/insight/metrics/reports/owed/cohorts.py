"""What becomes of the points of each month, by what was known when a span had ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from regulars.base.tx import Tx
from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Cell, Table, columns
from regulars.insight.metrics.owing import Given, Owing, months_of, owing_of, triangle_of
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.spans import begins


class Looked(NamedTuple):
    """What becomes of points, and what that was worked out of."""

    found: Owing | NotEnough
    given: list[Given]
    seen: Triangle
    ended_on: date


def ended_before(asked: Asked) -> date:
    """The first day after the last month that had ended by the end of the span."""
    return begins(min(asked.span.until_on, asked.today), "month")


async def owing(tx: Tx, asked: Asked) -> Looked:
    """What becomes of points by what was known when the last month of the span had ended.

    Example: what was owed at the end of last year goes by last year's redemptions, not by those
    since.
    """
    return await _owing(tx, asked.wallet, ended_before(asked))


async def comes_back(tx: Tx, wallet: int, today: date) -> float | None:
    """Of the points of a wallet that members have, the share that is redeemed in the end, by the
    months that have ended; nothing where that cannot be said."""
    found = (await _owing(tx, wallet, begins(today, "month"))).found
    return None if isinstance(found, NotEnough) else found.of_what_is_left(found.expected)


async def _owing(tx: Tx, wallet: int, ended_on: date) -> Looked:
    given = await read.given(tx, wallet, ended_on, brought=False)
    came, burned = await read.came_back(tx, wallet), await read.burned(tx, wallet)
    seen = triangle_of(given, came, ended_on, burned)
    return Looked(owing_of(seen, sum(one.left for one in given)), given, seen, ended_on)


def cohort_table(looked: Looked, worth: Callable[[int], int]) -> Table:
    """Of the points of each month: what came back, what will have in the end, what is to come and
    costs; no row where nothing can be said.

    `over` is what came back of a month beyond what was given in it, `unmatched` what was redeemed
    in it of points of which nobody knows when they were earned; neither is expected again. What was
    brought over is told apart (`brought_table`).
    """
    heads = columns(
        "earned:month", "given:points", "redeemed:points", "expected:points", "rate:share",
        "coming:points", "left:points", "cost_minor:money", "over:points", "unmatched:points",
    )  # fmt: skip
    found = looked.found
    if isinstance(found, NotEnough):
        return Table("earn_cohorts", heads, ())
    known = {one.on: one for one in looked.given}
    months = months_of(looked.given, looked.ended_on)
    back, expected = found.by_month.redeemed, found.by_month.expected
    rows = [_row(on, known.get(on), back[at], expected[at]) for at, on in enumerate(months)]
    beyond = looked.seen.beyond or (0.0,) * len(months)
    over = _over(months, known, back)
    return Table(
        "earn_cohorts",
        heads,
        tuple(
            (*row, worth(coming) or None, surplus or None, round(lost) or None)
            for (row, coming), surplus, lost in zip(rows, over, beyond, strict=True)
        ),
    )


def brought_table(found: Sequence[Given]) -> Table:
    """Points that were brought over, by the month they were earned in elsewhere: what came, and
    what is left. What had come back of the same months before is unknown, so they say nothing of
    others; what is left of them is taken to come back as what is left of the others."""
    rows = tuple((one.on, one.given, one.left) for one in found if one.given or one.left)
    return Table("brought_over", columns("earned:month", "given:points", "left:points"), rows)


def _row(
    month: date, one: Given | None, redeemed: float, expected: float
) -> tuple[tuple[Cell, ...], int]:
    """A month, and how many of its points are still to come; never more than are left."""
    given, left = (one.given, one.left) if one is not None else (0, 0)
    coming = max(min(round(expected - redeemed), left), 0)
    rate = expected / given if given > 0 else None
    cells = (month, given, round(redeemed), round(expected), rate, coming, left)
    return cells, coming


def _over(months: Sequence[date], known: dict[date, Given], redeemed: Sequence[float]) -> list[int]:
    """What came back of each month beyond what was given in it."""
    given = [known[month].given if month in known else 0 for month in months]
    return [max(round(came) - most, 0) for came, most in zip(redeemed, given, strict=True)]
