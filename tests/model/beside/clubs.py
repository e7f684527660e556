"""Further ladders by hand: where somebody stands follows from the credit of each of its windows,
climbed in their order with the reviews in between."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace
from tests.model import ladder, wall
from tests.model.beside.looked_after.coming_over import plans
from tests.model.deeds import spent, visited
from tests.model.kept import Credit, Deed, Person, Terms

from regulars.records.program.types import Ladder, Tier, Tiers

if TYPE_CHECKING:
    from tests.model.reference import World

ALWAYS = date(1, 1, 1)


class Counted(NamedTuple):
    """Credit of a deed for one measure of a ladder, and the day on which its window begins; and
    what of it came back, with the days, where that goes on counting for a step up to then."""

    units: int
    begins: date
    gone: tuple[tuple[date, int], ...] = ()


NONE = Counted(0, ALWAYS)


class Window(NamedTuple):
    """All credit of one window, as a deed the ladder looks at."""

    terms: Terms
    at: datetime
    day: date
    credit: Credit
    counts_on: date | None = None


def views(terms: Terms) -> dict[str, Terms]:
    """The terms as if each of their further ladders were the only one there ever was."""
    found = {}
    for name in terms.program.ladders:
        begun = [_view(one, name) for one in plans.ruled(terms) if name in one.program.ladders]
        for one in begun:
            one.versions = begun
        found[name] = begun[-1]
    return found


def _view(terms: Terms, name: str) -> Terms:
    view, said = copy(terms), terms.program.ladders[name]
    view.program = replace(terms.program, changeover=said.changeover)
    view.tiers, view.behind = _tiers(said), f":{name}"
    view.ladder = [step.id for step in said.steps]
    return view


def _changed(view: Terms) -> list[Terms]:
    """A ladder as it was at first, and from each of its changes on."""
    begun = plans.ruled(view)
    return [begun[0], *(one for was, one in pairwise(begun) if not plans.same(was, one))]


def _then(view: Terms, at: datetime) -> Terms:
    """The ladder as it was at an instant; before the first of its terms, by these."""
    first, *changed = _changed(view)
    return next((one for one in reversed(changed) if one.since <= at), first)


def _tiers(said: Ladder) -> Tiers:
    steps = tuple(Tier(step.id, step.at, or_at=step.or_at) for step in said.steps)
    return Tiers(
        steps,
        said.measure,
        said.qualifying,
        window=said.window,
        rolling_days=said.rolling_days,
        valid=said.valid,
        downgrade=said.downgrade,
        grace_days=said.grace_days,
        or_by=said.or_by,
        returned_credit=said.returned_credit,
        kinds=said.kinds,
    )


def stand(view: Terms, person: Person, now: datetime) -> Person:
    """Somebody with nothing but where they stand on this ladder at an instant."""
    then = Person(person.name, person.joined, {}, [view])
    ladder.enter(then, _then(view, person.joined), person.joined)
    today, joined = view.day(now), view.day(person.joined)
    gone = [one for one in _gone(view, person) if joined < one[0] <= today]
    moves: list[tuple[datetime, bool, Any]] = [
        (wall.begins(view.zone, day), False, (begins, less)) for day, begins, less in gone
    ]
    for window in _windows(view, person, today):
        moves += ((at, True, window) for at in _looked_at(view, window))
    for at, counts, what in sorted(moves, key=lambda one: one[:2]):
        by = _then(view, at)
        ladder.review(then, by, at)
        if counts:
            _counts(then, by, at, what)
        else:
            _counts_no_more(then, *what)
    ladder.review(then, view, now)
    return then


def _looked_at(view: Terms, window: Window) -> list[datetime]:
    """When the credit of a window is looked at: as it begins; from a change of the ladder on by the
    terms since, and where each day stands by itself by both."""
    since = [one.since for one in _changed(view)[1:] if view.day(one.since) == window.day]
    at = window.at
    if not since or since[-1] <= at:
        return [at]
    return [at, since[-1]] if _by_day(view) else [since[-1]]


def _by_day(view: Terms) -> bool:
    tiers = view.tiers
    assert tiers is not None
    return tiers.window == "rolling" or tiers.returned_credit == "at_period_end"


def _counts(then: Person, by: Terms, at: datetime, window: Window) -> None:
    window = window._replace(terms=by, at=at)
    if all(one.day != window.day for one in then.deeds):
        then.deeds.append(window)  # type: ignore[arg-type]
    ladder.climb(then, window)  # type: ignore[arg-type]


def _counts_no_more(then: Person, begins: date, less: Credit) -> None:
    place = next(n for n, one in enumerate(then.deeds) if one.day == begins)
    then.deeds[place] = then.deeds[place]._replace(  # type: ignore[attr-defined]
        credit=then.deeds[place].credit - less
    )


def _gone(view: Terms, person: Person) -> list[tuple[date, date, Any]]:
    """Days on which something came back that had counted, since when it did, and how much."""
    first, second, found = view.credit_name(), view.other_name(), []
    for deed in person.deeds:
        for name, counted in deed.clubs.items():
            for day, units in counted.gone if name in (first, second) else ():
                less = Credit(units if name == first else 0, units if name == second else 0)
                found.append((day, counted.begins, less))
    return found


def _windows(view: Terms, person: Person, today: date) -> list[Window]:
    first, second, joined = view.credit_name(), view.other_name(), view.day(person.joined)
    begun: dict[date, Credit] = {}
    for deed in person.deeds:
        for name, (left, day, gone) in deed.clubs.items():
            # Nothing counts before somebody joins: what came back by then never did.
            units = left + sum(took for when, took in gone if when > joined)
            more = Credit(units if name == first else 0, units if name == second else 0)
            if more:
                begun[day] = begun.get(day, Credit()) + more
    return [
        Window(view, _from(view, person, day), day, begun[day])
        for day in sorted(begun)
        if day <= today
    ]


def _from(view: Terms, person: Person, day: date) -> datetime:
    """The first instant of a day on which somebody is a member."""
    if day <= view.day(person.joined):
        return person.joined
    return wall.begins(view.zone, max(day, date(2000, 1, 1)))


def seen(
    person: Person, deed: Deed, now: datetime, whole: dict[str, Counted] | None = None
) -> frozenset[str]:
    """Every step rules see: stood on, or reached by this very deed where terms say so; `whole` is
    its credit as it was told, where some of it came back since."""
    held: set[str] = set()
    for name, view in views(deed.terms).items():
        stands = stand(view, person, now)
        step = view.step_of(stands.tier, [view])
        if deed.terms.program.ladders[name].crossing_earns == "new_tier":
            own = whole or measured(view, person, deed)
            coming = Credit(own[view.credit_name()].units, own.get(view.other_name(), NONE).units)
            credit = ladder.credit_on(stands, view, deed.day)
            step = max(step, view.reached(credit + coming))
        held.update(view.ladder[:step])
    return frozenset(held)


def count(person: Person, deed: Deed) -> None:
    """What a deed is worth for each further ladder, by each measure."""
    for view in views(deed.terms).values():
        deed.clubs |= measured(view, person, deed)


def measured(view: Terms, person: Person, deed: Deed) -> dict[str, Counted]:
    """What is left of a deed is worth so much for a ladder, by what is counted."""
    tiers = view.tiers
    assert tiers is not None
    joined = view.day(person.joined)
    begins = {
        "calendar_year": date(deed.day.year, 1, 1),
        "rolling": deed.day,
        "anniversary": wall.anniversary(joined, deed.day),
        "ever": ALWAYS,
    }[tiers.window]
    if tiers.returned_credit == "at_period_end":
        begins = deed.day
    changed = [view.day(one.since) for one in _changed(view)[1:]]
    begins = max([begins, *(day for day in changed if day <= deed.day)])
    found = {view.credit_name(): Counted(_worth(tiers, deed), begins)}
    if view.other_name():
        found[view.other_name()] = Counted(visited(deed), begins)
    return found


def _worth(tiers: Tiers, deed: Deed) -> int:
    """What is left of a deed by the first measure of a ladder."""
    if tiers.measure == "spend":
        return spent(deed, tiers.qualifying)
    if tiers.measure == "activities":
        return int(deed.event.kind in tiers.kinds and deed.back != deed.bought)
    return visited(deed)


def came_back(deed: Deed, day: date) -> None:
    """The credit of what came back on a day is gone, unless it may be kept."""
    for name, view in views(deed.terms).items():
        if deed.terms.program.ladders[name].returned_credit == "never":
            continue
        tiers = view.tiers
        assert tiers is not None
        left = _worth(tiers, deed)
        for counter, most in ((view.credit_name(), left), (view.other_name(), visited(deed))):
            if counter:
                had = deed.clubs[counter]
                took = had.units - min(had.units, most)
                deed.clubs[counter] = less(view, had, took, day)


def less(view: Terms, had: Counted, took: int, day: date) -> Counted:
    """What is left of a credit of which some came back on a day."""
    tiers = view.tiers
    assert tiers is not None
    later = tiers.returned_credit == "at_period_end" and took and day > had.begins
    gone = (*had.gone, (day, took)) if later else had.gone
    return Counted(had.units - took, had.begins, gone)


def at_least(world: World, person: Person, terms: Terms, tier: str) -> bool:
    """Does somebody stand on this tier, or above it on its ladder?"""
    for view in views(terms).values():
        if tier in view.ladder:
            stands = stand(view, world.people[person.name], world.now).tier
            return view.step_of(stands, [view]) >= view.step_of(tier, [view])
    return person.step(terms) >= terms.step_of(tier)
