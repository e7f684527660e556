"""What milestones and boards come to by all that was kept, told anew the plain and slow way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from regulars.base.money import decimals
from regulars.engine.facts import FactLine, Facts
from regulars.records.program.parts.gaming import DeedMilestone, Leaderboard
from regulars.records.program.types import Program


def milestone_points(program: Program, kept: Iterable[Facts]) -> dict[str, Fraction]:
    """The points each milestone of a program gives one member, by its id.

    Shape: `kept` has every deed as it stands after its returns, in any order.
    Example: 23 visits with 50 points for every tenth: 100.
    """
    deeds = list(kept)
    return {one.id: _points(program, one, deeds) for one in program.milestones}


def scores(program: Program, one: Leaderboard, kept: Iterable[Facts]) -> dict[str, Fraction]:
    """What one member has on a board in each period; periods with nothing left out.

    Shape: of a board of some stores, `kept` has what happened in one of them.
    """
    return {period: n for period, n in _together(program, one, kept).items() if n}


def _together(
    program: Program, one: DeedMilestone | Leaderboard, deeds: Iterable[Facts]
) -> dict[str, Fraction]:
    together: dict[str, Fraction] = {}
    for facts in deeds:
        period = _period(one.per, date.fromordinal(facts.day))
        together[period] = together.get(period, Fraction(0)) + _worth(program, one, facts)
    return together


def _points(program: Program, one: DeedMilestone, deeds: list[Facts]) -> Fraction:
    points = Fraction(0)
    for whole in _together(program, one, deeds).values():
        for step in one.steps:
            at = Fraction(str(step.at))
            times = 0
            while whole >= at * (times + 1) and (step.again or times == 0):
                times += 1
            points += times * Fraction(str(step.points))
    return points


def _period(per: str, day: date) -> str:
    year, week, _ = day.isocalendar()
    names = {
        "day": day.isoformat(),
        "week": f"{year}-W{week}",
        "month": day.isoformat()[:7],
        "year": day.isoformat()[:4],
    }
    return names.get(per, "ever")


def _worth(program: Program, one: DeedMilestone | Leaderboard, facts: Facts) -> Fraction:
    counts = one.counts
    here = not counts.stores or facts.store in counts.stores
    this_way = not counts.channels or facts.channel in counts.channels
    if not (facts.kind == counts.on and here and this_way):
        return Fraction(0)
    if facts.kind != "purchase":
        return Fraction(1)
    place = list(program.qualifying).index(counts.qualifying)
    goods = [line for line in facts.lines if line.quantity > line.free and _asked(one, line)]
    cents = sum(line.amounts[place] for line in goods)
    if not counts.categories and not counts.skus:
        cents += facts.extras[place]
    money = Fraction(cents, 10 ** decimals(program.currency))
    if not goods or money < Fraction(str(counts.amount)):
        return Fraction(0)
    pieces = Fraction(sum(line.quantity - line.free for line in goods))
    return {"deeds": Fraction(1), "items": pieces, "spend": money}[one.measure]


def _asked(one: DeedMilestone | Leaderboard, line: FactLine) -> bool:
    named = (*one.counts.categories, *one.counts.skus)
    return not named or line.category in one.counts.categories or line.sku in one.counts.skus
