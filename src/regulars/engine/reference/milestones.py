"""What milestones and boards come to and give by all that was kept, told the plain and slow way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from regulars.base.money import decimals
from regulars.engine.facts import FactLine, Facts
from regulars.records.program.parts.gaming import DeedMilestone, Leaderboard, MilestoneStep
from regulars.records.program.types import Program


def milestone_points(program: Program, kept: Iterable[Facts]) -> dict[str, Fraction]:
    """The points each milestone of a program gives one member, by its id.

    Shape: `kept` has every deed as it stands after its returns, in any order.
    Example: 23 visits with 50 points for every tenth: 100.
    """
    deeds = list(kept)
    return {one.id: _points(program, one, deeds) for one in program.milestones}


def milestone_gifts(program: Program, kept: Iterable[Facts]) -> dict[tuple[str, int], int]:
    """How often one member has what each step gives beside points, by milestone and step.

    Example: a mug for every tenth visit: 23 visits are two mugs.
    """
    deeds, found = list(kept), dict[tuple[str, int], int]()
    for one in program.milestones:
        for number, step in enumerate(one.steps):
            if step.reward or step.benefit or step.badge:
                wholes = _together(program, one, deeds).values()
                found[one.id, number] = sum(_times(step, whole) for whole in wholes)
    return found


def places_paid(
    program: Program, one: Leaderboard, had: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The points each has for their place, by what everybody had; who has none left out.

    Example: prizes of 30, 20 and 10 points, and two share place 2: 15 for each of them.
    """
    found = {}
    for who, score in had.items():
        above = sum(other > score for other in had.values())
        alike = sum(other == score for other in had.values())
        if score < Fraction(str(one.at_least)) or above + alike > one.most:
            continue
        if one.ties == "each":
            points = _of_place(one, above + 1)
        else:
            places = range(above + 1, above + alike + 1)
            whole = sum((_of_place(one, place) for place in places), Fraction(0))
            grid = 10 ** max((w.scale for w in program.wallets.values()), default=0)
            points = Fraction(whole * grid // alike, grid)
        if points:
            found[who] = points
    return found


def _of_place(one: Leaderboard, place: int) -> Fraction:
    for prize in one.prizes:
        if prize.place <= place <= (prize.to or prize.place):
            return Fraction(str(prize.points))
    return Fraction(0)


def _times(step: MilestoneStep, whole: Fraction) -> int:
    at = Fraction(str(step.at))
    times = 0
    while whole >= at * (times + 1) and (step.again or times == 0):
        times += 1
    return times


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
            points += _times(step, whole) * Fraction(str(step.points))
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
        return Fraction(0 if facts.lines and not sum(n.quantity for n in facts.lines) else 1)
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
