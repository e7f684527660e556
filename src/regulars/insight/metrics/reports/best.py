"""What the best do more than others, and which rewards are within reach.

What somebody did is looked at in the 30 days from their first order, what they spent in the 90 days
after these: so nobody is among the best by what they are then said to do, and whoever is here for
long has no more time to do it in. It says who comes, not why: with an experiment one finds out.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.shares import difference, share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.waits import Gaps, Median, median_wait
from regulars.insight.metrics.asked import Asked, Report, Table, columns
from regulars.insight.metrics.figures import Figure, count_of, missing, share_of
from regulars.insight.metrics.reading.best import ANY, Did, Waited, did, priced, waited
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span

FEWEST: Final = 200
"""So many members to look at, at least: of fewer a tenth is a handful."""
UNSURE: Final = 0.05
"""In so many shops where habits say nothing, at least one is told as if it did."""


async def best(tx: Tx, asked: Asked) -> Report:
    """The report."""
    await widely(tx)
    found = await did(tx, asked.span, asked.today, asked.zone)
    offers = priced(asked.offers)
    waits = await waited(tx, asked, offers) if offers else []
    names = [one.reward for one in offers]
    tables = (habits_table(found), reach_table(waits, [ANY, *names] if names else []))
    reached = [
        share_of("reward_reached", asked.span, int(str(row[2])), int(str(row[1])), str(row[0]))
        for row in tables[1].rows
    ]
    figures = (looked_at(asked.span, found), *first_reward(asked.span, waits), *reached)
    return Report("best", asked, figures, (), tables)


def first_reward(span: Span, found: Sequence[Waited]) -> list[Figure]:
    """After how many days half had earned enough for a first reward, whichever; nothing where there
    are no rewards for points."""
    mine = [one for one in found if one.reward == ANY]
    if not mine:
        return []
    median = _median(mine)
    name, whole = "first_reward_wait", sum(one.members for one in mine)
    if isinstance(median, NotEnough):
        return [missing(name, span, NotEnough("members", median.have, median.wanted))]
    if median.value is None:
        return [missing(name, span, NotEnough("members", median.closed, (whole + 1) // 2))]
    low, high = (None if one is None else float(one) for one in (median.low, median.high))
    return [Figure(name, span, float(median.value), median.closed, whole, low, high, whole)]


def looked_at(span: Span, found: Sequence[Did]) -> Figure:
    """How many members were looked at; or that they are too few."""
    many = found[0].best + found[0].others if found else 0
    if many < FEWEST:
        return missing("habits_of", span, NotEnough("members", many, FEWEST))
    return count_of("habits_of", span, many)


def habits_table(found: Sequence[Did]) -> Table:
    """What the best surely did more than the others, what lies furthest apart first.

    Order: the bounds hold for all habits together (95 %, shared evenly among them). Traps: with the
    bounds of one habit alone every fourth shop would be told something that is chance.
    Source: Newcombe (1998) with Bonferroni's share.
    Example: of 20 best 12 did it and of 180 others 90: 60 % beside 50 % may be chance, and is not
    in it.
    """
    heads = columns(
        "habit:text", "best:count", "of_best:count", "share_best:share", "others:count",
        "of_others:count", "share_others:share", "more:share", "low:share", "high:share",
    )  # fmt: skip
    rows: list[tuple[str | int | float, ...]] = []
    sure = NormalDist().inv_cdf(1 - UNSURE / 2 / max(len(found), 1))
    for one in found:
        if one.best + one.others < FEWEST:
            continue
        top, rest = share(one.best_did, one.best, sure), share(one.others_did, one.others, sure)
        apart = difference(top, rest)
        if isinstance(apart, NotEnough) or apart.low <= 0:
            continue
        sides = (top.part, top.whole, top.value, rest.part, rest.whole, rest.value)
        rows.append((one.habit, *sides, apart.value, apart.low, apart.high))
    rows.sort(key=lambda row: (-float(row[8]), str(row[0])))
    return Table("habits", heads, tuple(rows))


def reach_table(found: Sequence[Waited], rewards: Sequence[str]) -> Table:
    """Of each reward: the share who had earned it, after how many days half had, who got it.

    Who has not earned it yet counts for as long as they were seen (Kaplan-Meier): a median of those
    who have is too short.
    """
    heads = columns(
        "reward:text", "joined:count", "reached:count", "share:share", "low:share", "high:share",
        "median_days:days", "handed:count",
    )  # fmt: skip
    rows = []
    for reward in rewards:
        mine = [one for one in found if one.reward == reward]
        got = share(sum(one.members for one in mine if one.got), sum(one.members for one in mine))
        median = _median(mine)
        days = median.value if isinstance(median, Median) else None
        handed = sum(one.handed for one in mine)
        if got.whole:
            bounds = (got.value, got.low, got.high)
            rows.append((reward, got.whole, got.part, *bounds, days, handed))
    return Table("reach", heads, tuple(rows))


def _median(mine: Sequence[Waited]) -> Median | NotEnough:
    lengths = sorted({one.days for one in mine})
    gaps = [Gaps(days, _many(mine, days, got=True), _many(mine, days, got=False))
            for days in lengths]  # fmt: skip
    return median_wait(gaps)


def _many(mine: Sequence[Waited], days: int, *, got: bool) -> int:
    return sum(one.members for one in mine if one.days == days and one.got == got)
