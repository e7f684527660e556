"""Further ladders by hand: where somebody stands follows from the credit of each of its windows,
climbed in their order with the reviews in between."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.model import ladder, wall
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
    """The terms as if each of their further ladders were the only one."""
    found = {}
    for name, said in terms.program.ladders.items():
        view = copy(terms)
        view.tiers, view.behind = _tiers(said), f":{name}"
        view.versions = (view,)  # what the tiers came through is nothing to it
        view.ladder = [step.id for step in said.steps]
        found[name] = view
    return found


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
    ladder.enter(then, view, person.joined)
    today, joined = view.day(now), view.day(person.joined)
    gone = [one for one in _gone(view, person) if joined < one[0] <= today]
    windows = _windows(view, person, today)
    for day, begins, credit in sorted(
        [*gone, *((one.day, None, one) for one in windows)], key=_in_turn
    ):
        at = person.joined if day <= joined else wall.begins(view.zone, max(day, date(2000, 1, 1)))
        ladder.review(then, view, at)
        if begins is not None:
            place = next(n for n, one in enumerate(then.deeds) if one.day == begins)
            then.deeds[place] = then.deeds[place]._replace(  # type: ignore[attr-defined]
                credit=then.deeds[place].credit - credit
            )
            continue
        then.deeds.append(credit)
        ladder.climb(then, credit._replace(at=at))
    ladder.review(then, view, now)
    return then


def _in_turn(one: tuple[date, date | None, object]) -> tuple[date, bool]:
    return one[0], one[1] is None


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
        Window(view, wall.begins(view.zone, max(day, date(2000, 1, 1))), day, begun[day])
        for day in sorted(begun)
        if day <= today
    ]


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
