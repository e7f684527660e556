"""Challenges and streaks by hand: told anew from all that somebody did, as it stands now; prizes
are given for what is reached and taken back for what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.model import wall
from tests.model.beside.between import teams
from tests.model.beside.games import boards
from tests.model.beside.stones import left
from tests.model.events import Answer, Settles
from tests.model.kept import Deed, Person, Terms, owe
from tests.model.money.trusted import winning
from tests.model.points import first, lapse

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.parts.gaming import Challenge, Streak

if TYPE_CHECKING:
    from tests.model.reference import World

Key = tuple[str, str, int, int]
"""Kind and name of the game, on which day its part began (0 where that tells nothing), and the
how-manieth time or how long."""


class Due(NamedTuple):
    """A prize somebody is to have, by the terms that promised it."""

    key: Key
    terms: Terms
    wallet: str
    points: int


@dataclass(eq=False)
class Prize:
    """A prize somebody got: the origin of its lot."""

    owner: str
    due: Due
    lapsed: dict[tuple[str, str], int] = field(default_factory=dict)
    under: set[str] = field(default_factory=set)
    """Whom its owner was merged into, now or before."""


def settles(world: World, _: Settles) -> Answer:
    """Whoever did something since, or is one with somebody else or not any more, is looked at: who
    was due first, then who is longer here."""
    looked: dict[str, Person] = {}
    here = {name: place for place, name in enumerate(world.people)}
    due = [name for name, at in world.unsettled.items() if at <= world.now]
    for name in sorted(due, key=lambda one: (world.unsettled[one], here[one])):
        del world.unsettled[name]
        looked[world.who(name).name] = world.who(name)
    people = list(looked.values())
    mates = teams.mates(world, people)  # what one does may be the prize of everybody in the team
    for person in people + mates:
        if person.state == "blocked":
            world.unsettled[person.name] = world.now + timedelta(days=1)
        else:
            _settle(world, person, only_together=person in mates)
    return Answer("settled")


def noticed(world: World, *names: str) -> None:
    """These are to be looked at soon, where there are games."""
    programs = [terms.program for terms in world.versions]
    boards_pay = any(board.prizes for program in programs for board in program.leaderboards)
    boards_pay = boards_pay or any(map(winning.gives_more, world.versions))
    if boards_pay or any(program.challenges or program.streaks for program in programs):
        world.unsettled |= dict.fromkeys(names, world.now)


def _settle(world: World, person: Person, *, only_together: bool) -> None:
    has = [one for one in world.prizes if world.who(one.owner) is person]
    wanted = {one.key: one for one in _due(world, person)}
    if only_together:
        program = world.versions[0].program
        teams_own = {one.id for one in program.challenges if one.together is not None}
        has = [one for one in has if one.due.key[1] in teams_own]
        wanted = {key: one for key, one in wanted.items() if key[1] in teams_own}
    missing = {key: one for key, one in wanted.items() if key not in [h.due.key for h in has]}
    surplus = [one for one in has if one.due.key not in wanted]
    had = [one.due.key for one in has if one.due.key in wanted and one.due.key[0] == "challenge"]
    winning.not_twice(had, missing)
    for prize in [one for one in surplus if one.due.key[0] == "streak"]:
        alike = [key for key in missing if _hang_together(world, person, prize.due.key, key)]
        if alike:  # it has begun on another day, and there is no second prize for it
            del missing[alike[0]]
            surplus.remove(prize)
    if not only_together:
        winning.settles(world, person)
    for prize in surplus:
        world.prizes.remove(prize)
        _take_back(world, person, prize)
    for one in missing.values():
        prize = Prize(person.name, one)
        world.prizes.append(prize)
        lapse(person, world.now)
        world.credit_points(person, one.terms, (one.wallet, one.points), world.now, prize)


def _take_back(world: World, person: Person, prize: Prize) -> None:
    """What lapsed of it is not taken twice; the rest goes as points are spent, then is owed."""
    terms, wallet = prize.due.terms, prize.due.wallet
    lapse(person, world.now)
    mine = {prize.owner, person.name} | prize.under
    wanted = prize.due.points - sum(n for (who, _), n in prize.lapsed.items() if who in mine)
    for lot, part in first(person, terms, (wallet, max(wanted, 0))):
        lot.left -= part
        person.takes += 1
        wanted -= part
    if wanted > 0 and terms.program.wallets[wallet].negative == "debt":
        owe(person, wallet, wanted)


def _due(world: World, person: Person) -> Iterator[Due]:
    deeds = sorted(person.deeds, key=lambda deed: (deed.at, deed.number))
    opened = min(terms.since for terms in world.versions)
    program = world.versions[0].program
    deeds = [deed for deed in deeds if deed.at >= opened]
    for challenge in program.challenges:
        mine = deeds
        if challenge.joins == "opt_in":
            mine = [deed for deed in deeds
                    if teams.takes_part_at(world, person, challenge.id, deed.at)]  # fmt: skip
        if challenge.together is None:
            yield from _reached(world, challenge, mine)
    for challenge, began, terms in teams.reached(world, person):
        prize = challenge.prize
        points = terms.units(str(prize.wallet), prize.points)
        yield Due(("challenge", challenge.id, began, 1), terms, str(prize.wallet), points)
    for place in boards.due(world, person):
        key = ("board", f"{place.board.id} {place.owner}", place.first.toordinal(), place.rank)
        yield Due(key, world.versions[0], place.wallet, place.points)
    for streak in program.streaks:
        yield from _lengths(world, streak, deeds)


# --- challenges -----------------------------------------------------------------------------


def _reached(world: World, one: Challenge, deeds: list[Deed]) -> Iterator[Due]:
    counting = [deed for deed in deeds if left(deed, one.counts) is not None]
    over, carried, times_in_all = 0, 0, 0
    for began, terms, part in _parts(world, one, counting):
        running, times, seen = carried, 0, set[object]()
        carried = 0
        for deed in part:
            if times >= one.in_period or (one.in_all is not None and times_in_all >= one.in_all):
                break
            running = _running(one, running, seen, deed)
            while running >= _target(terms, one) and times < one.in_period:
                if one.in_all is not None and times_in_all >= one.in_all:
                    break
                times, times_in_all, seen = times + 1, times_in_all + 1, set()
                running = running - _target(terms, one) if one.overshoot == "carried" else 0
                over += 1
                place = times if began else over
                points = terms.units(str(one.prize.wallet), one.prize.points)
                key = ("challenge", one.id, began, place)
                yield Due(key, terms, str(one.prize.wallet), points)
        if times >= one.in_period and one.overshoot == "carried":
            carried = running


def _parts(
    world: World, one: Challenge, deeds: list[Deed]
) -> Iterator[tuple[int, Terms, list[Deed]]]:
    """What was done in each period of a challenge, and who ruled when it began."""
    if one.within is not None:
        while deeds:
            begins, terms = deeds[0].at, world.terms(deeds[0].at)
            ends = wall.later(terms.zone, begins, one.within)
            inside = [deed for deed in deeds if deed.at < ends]
            yield 0, terms, inside
            deeds = deeds[len(inside) :]
        return
    for _, part in groupby(deeds, key=lambda deed: wall.label(str(one.every), deed.day)):
        there = list(part)
        first_ = _first_day(str(one.every), there[0].day)
        yield first_.toordinal(), world.terms(wall.begins(there[0].terms.zone, first_)), there


def _first_day(per: str, day: date) -> date:
    while wall.label(per, day - wall.DAY) == wall.label(per, day):
        day -= wall.DAY
    return day


def _target(terms: Terms, one: Challenge) -> int:
    return units(one.target, decimals(terms.program.currency) if one.measure == "spend" else 0)


def _running(one: Challenge, running: int, seen: set[object], deed: Deed) -> int:
    kept = left(deed, one.counts)
    assert kept is not None
    if one.measure in ("deeds", "items", "spend"):
        return running + {"deeds": 1, "items": kept.pieces, "spend": kept.cents}[one.measure]
    seen |= {
        "days": {deed.day},
        "stores": {deed.event.store} - {""},
        "categories": kept.categories,
    }[one.measure]
    return len(seen)


# --- streaks --------------------------------------------------------------------------------


def _lengths(world: World, one: Streak, deeds: list[Deed]) -> Iterator[Due]:
    """Each milestone of each streak, or once ever; by who ruled when it was reached."""
    marks, had = list(_marks(one, deeds)), set()
    for terms in sorted(world.versions, key=lambda each: each.since):
        for length, began, at in marks:
            prizes = [each.prize for each in one.milestones if each.length == length]
            key = ("streak", one.id, began if one.again == "each_streak" else 0, length)
            if prizes and key not in had and world.terms(at) is terms:
                had.add(key)
                wallet = str(prizes[0].wallet)
                yield Due(key, terms, wallet, terms.units(wallet, prizes[0].points))


def _marks(one: Streak, deeds: list[Deed]) -> Iterator[tuple[int, int, datetime]]:
    """How long it became, when it began and when that was."""
    counting = [deed for deed in deeds if left(deed, one.counts) is not None]
    used: list[str] = []
    length, began, last = 0, 0, 0
    for deed in sorted(counting, key=lambda each: each.day):
        unit = _unit(one.every, deed.day)
        while length and last + 1 < unit:
            last += 1
            per = one.freezes.per if one.freezes else ""
            label = wall.label(per, _day_of(one.every, last)) if per else ""
            if one.freezes is None or used.count(label) >= one.freezes.times:
                length = 0
            else:
                used.append(label)
        if length and unit == last:
            continue
        began = began if length else _first_day(one.every, deed.day).toordinal()
        length, last = length + 1, unit
        yield length, began, deed.at


def _unit(every: str, day: date) -> int:
    """Days, weeks or months, counted through."""
    if every == "week":
        return (day.toordinal() - 1) // 7
    return day.toordinal() if every == "day" else day.year * 12 + day.month - 1


def _day_of(every: str, unit: int) -> date:
    if every == "week":
        return date.fromordinal(unit * 7 + 1)
    return date.fromordinal(unit) if every == "day" else date(unit // 12, unit % 12 + 1, 1)


def _hang_together(world: World, person: Person, one: Key, other: Key) -> bool:
    """The same length of the same streak, and nothing missed between the days they began on; any
    two days hang together where games do not begin anew by themselves."""
    if (one[0], one[1], one[3]) != (other[0], other[1], other[3]):
        return False
    if 0 in (one[2], other[2]) or not _parted(world.versions[0]):
        return True
    streak = next(s for s in world.versions[0].program.streaks if s.id == one[1])
    early, late = sorted((one[2], other[2]))
    days = {_unit(streak.every, deed.day) for deed in person.deeds}
    between = [_unit(streak.every, date.fromordinal(day)) for day in (early, late)]
    return all(unit in days for unit in range(between[0], between[1]))


def _parted(terms: Terms) -> bool:
    return all(
        one.every and not one.within and one.in_all is None and one.overshoot != "carried"
        for one in terms.program.challenges
    ) and all(one.freezes is None and one.again == "each_streak" for one in terms.program.streaks)


GAMES: dict[type, Callable[[Any, Any], Answer]] = {Settles: settles}
