"""Answers about shares of members, brought together to one about everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from regulars.insight.estimators.grouping.rfm import Scores
from regulars.insight.estimators.grouping.rfm import rfm as scores_of
from regulars.insight.extracts.asking import Came, Cell, Ordered


class Scored(NamedTuple):
    """How lately, how often and for how much a member ordered, each from 1 (worst) to 5 (best).

    Example: of thirty who ordered once and thirty who did twice, the first have frequency 1, the
    others 3, as half of all are below them; equal fifths would have had to part them by lots.
    """

    member_id: str
    last_on: date
    orders: int
    paid_minor: int
    recency: int
    frequency: int
    money: int


def cells(shares: Iterable[Iterable[Cell]]) -> list[Cell]:
    """The triangle of everybody: each lot is one member's, so shares add up.

    What went from one share's members came to another's: a cell of which nothing is left is none.
    """
    sums: dict[tuple[date, date], list[int]] = {}
    for cell in (cell for share in shares for cell in share):
        there = sums.setdefault(cell[:2], [0] * 4)
        there[:] = [mine + theirs for mine, theirs in zip(there, cell[2:], strict=True)]
    return [Cell(*key, *sums[key]) for key in sorted(sums) if any(sums[key])]


def came(shares: Iterable[Iterable[Came]]) -> list[Came]:
    """The cohorts of everybody: each buyer is of one share."""
    sums: dict[tuple[date, date], tuple[int, int]] = {}
    for one in (one for share in shares for one in share):
        buyers, orders = sums.get(one[:2], (0, 0))
        sums[one[:2]] = buyers + one.buyers, orders + one.orders
    return [Came(*key, *sums[key]) for key in sorted(sums)]


def scored(shares: Iterable[Iterable[Ordered]], until: date) -> list[Scored]:
    """The RFM scores of everybody beside everybody, by the estimator; nobody's where fewer than
    25 have an order.

    Order: by member. Scores of one share would be beside that share alone.
    """
    rows = sorted(one for share in shares for one in share)
    found = _scores(rows, until)
    if not isinstance(found, Scores):
        return []
    each = zip(found.recency, found.frequency, found.money, strict=True)
    return [Scored(*row, int(r), int(f), int(m)) for row, (r, f, m) in zip(rows, each, strict=True)]


def _scores(rows: Sequence[Ordered], until: date) -> object:
    ago = [(until - row.last_on).days for row in rows]
    return scores_of(ago, [row.orders for row in rows], [row.paid_minor for row in rows])
