"""What becomes of the points of each month, by what was known when a span had ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from regulars.base.tx import Tx
from regulars.insight.estimators.owing.triangles import Triangle
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Cell, Table, columns
from regulars.insight.metrics.owing import (
    Came,
    Given,
    Owing,
    all_months,
    left_of,
    months_of,
    owing_of,
    triangle_of,
)
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.spans import begins


class Looked(NamedTuple):
    """What becomes of points, and what that was worked out of."""

    found: Owing | NotEnough
    given: list[Given]
    seen: Triangle
    ended_on: date
    came: Sequence[Came] = ()


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
    given = await read.given(tx, wallet, ended_on)
    came, burned = await read.came_back(tx, wallet), await read.burned(tx, wallet)
    seen = triangle_of(given, came, ended_on, burned)
    left = left_of(given, months_of(given, came, ended_on))
    return Looked(owing_of(seen, left), given, seen, ended_on, came)


def cohort_table(looked: Looked, worth: Callable[[int], int]) -> Table:
    """Of the points of each month: what came back, what will have in the end, what is to come and
    costs; no row where nothing can be said.

    `over` is what came back of a month beyond what was given in it, `unmatched` what was redeemed
    in it of points of which nobody knows when they were earned; neither is expected again. Months
    that say nothing of the others (`months_of`) have nothing that is expected.
    """
    heads = columns(
        "earned:month", "given:points", "redeemed:points", "expected:points", "rate:share",
        "coming:points", "left:points", "cost_minor:money", "over:points", "unmatched:points",
    )  # fmt: skip
    found = looked.found
    if isinstance(found, NotEnough):
        return Table("earn_cohorts", heads, ())
    known = {one.on: one for one in looked.given}
    months = all_months(looked.given, looked.ended_on)
    apart = months[: len(months) - len(found.by_month.given)]
    told = [*((_redeemed(looked, on), None) for on in apart), *_told(found)]
    rows = [_row(on, known.get(on), *one) for on, one in zip(months, told, strict=True)]
    over = _over(months, known, [redeemed for redeemed, _ in told])
    lost = _unmatched(looked, months, apart)
    return Table(
        "earn_cohorts",
        heads,
        tuple(
            (*row, worth(coming) or None, surplus or None, round(gone) or None)
            for (row, coming), surplus, gone in zip(rows, over, lost, strict=True)
        ),
    )


def _told(found: Owing) -> list[tuple[float, float]]:
    return list(zip(found.by_month.redeemed, found.by_month.expected, strict=True))


def _redeemed(looked: Looked, month: date) -> float:
    """What came back so far of the points of a month."""
    until = looked.ended_on
    return float(
        sum(one.redeemed for one in looked.came if one.given_on == month and one.on < until)
    )


def _unmatched(looked: Looked, months: Sequence[date], apart: Sequence[date]) -> list[float]:
    """What was redeemed in each month of points of no month that is known; what was of months that
    are told apart is known."""
    beyond = looked.seen.beyond or (0.0,) * (len(months) - len(apart))
    early = dict.fromkeys(months, 0.0)
    for one in looked.came:
        if one.given_on in apart and one.on in early:
            early[one.on] += one.redeemed
    after = zip(months[len(apart) :], beyond, strict=True)
    return [0.0] * len(apart) + [max(one - early[month], 0.0) for month, one in after]


def _row(
    month: date, one: Given | None, redeemed: float, expected: float | None
) -> tuple[tuple[Cell, ...], int]:
    """A month, and how many of its points are still to come; never more than are left."""
    given, left = (one.given, one.left) if one is not None else (0, 0)
    if expected is None:
        return (month, given, round(redeemed), None, None, None, left), 0
    coming = max(min(round(expected - redeemed), left), 0)
    rate = expected / given if given > 0 else None
    cells = (month, given, round(redeemed), round(expected), rate, coming, left)
    return cells, coming


def _over(months: Sequence[date], known: dict[date, Given], redeemed: Sequence[float]) -> list[int]:
    """What came back of each month beyond what was given in it."""
    given = [known[month].given if month in known else 0 for month in months]
    return [max(round(came) - most, 0) for came, most in zip(redeemed, given, strict=True)]
