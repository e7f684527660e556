"""Further ladders by hand: where somebody stands follows from the credit of each of its windows,
climbed in their order with the reviews in between."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from tests.model import ladder, wall
from tests.model.deeds import spent, visited
from tests.model.kept import Credit, Deed, Person, Terms

from regulars.records.program.types import Ladder, Tier, Tiers

if TYPE_CHECKING:
    from tests.model.reference import World

ALWAYS = date(1, 1, 1)


class Counted(NamedTuple):
    """Credit of a deed for one measure of a ladder, and the day on which its window begins."""

    units: int
    begins: date


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
    )


def stand(view: Terms, person: Person, now: datetime) -> Person:
    """Somebody with nothing but where they stand on this ladder at an instant."""
    then = Person(person.name, person.joined, {}, [view])
    ladder.enter(then, view, person.joined)
    today, joined = view.day(now), view.day(person.joined)
    for window in _windows(view, person):
        if window.day > today:
            break
        at = person.joined if window.day <= joined else window.at
        ladder.review(then, view, at)
        then.deeds.append(window)  # type: ignore[arg-type]
        ladder.climb(then, window._replace(at=at))  # type: ignore[arg-type]
    ladder.review(then, view, now)
    return then


def _windows(view: Terms, person: Person) -> list[Window]:
    first, second = view.credit_name(), view.other_name()
    begun: dict[date, Credit] = {}
    for deed in person.deeds:
        for name, (units, day) in deed.clubs.items():
            more = Credit(units if name == first else 0, units if name == second else 0)
            if more:
                begun[day] = begun.get(day, Credit()) + more
    return [
        Window(view, wall.begins(view.zone, max(day, date(2000, 1, 1))), day, begun[day])
        for day in sorted(begun)
    ]


def seen(person: Person, deed: Deed, now: datetime) -> frozenset[str]:
    """Every step rules see: stood on, or reached by this very deed where terms say so."""
    held: set[str] = set()
    for name, view in views(deed.terms).items():
        stands = stand(view, person, now)
        step = view.step_of(stands.tier, [view])
        if deed.terms.program.ladders[name].crossing_earns == "new_tier":
            coming = Credit(*(one.units for one in _measured(view, person, deed)))
            credit = ladder.credit_on(stands, view, deed.day)
            step = max(step, view.reached(credit + coming))
        held.update(view.ladder[:step])
    return frozenset(held)


def count(person: Person, deed: Deed) -> None:
    """What a deed is worth for each further ladder, by each measure."""
    for view in views(deed.terms).values():
        first, second = _measured(view, person, deed)
        deed.clubs[view.credit_name()] = first
        if view.other_name():
            deed.clubs[view.other_name()] = second


def _measured(view: Terms, person: Person, deed: Deed) -> tuple[Counted, Counted]:
    tiers = view.tiers
    assert tiers is not None
    joined = view.day(person.joined)
    begins = {
        "calendar_year": date(deed.day.year, 1, 1),
        "rolling": deed.day,
        "anniversary": wall.anniversary(joined, deed.day),
        "ever": ALWAYS,
    }[tiers.window]
    visits = visited(deed)
    units = spent(deed, tiers.qualifying) if tiers.measure == "spend" else visits
    return Counted(units, begins), Counted(visits if tiers.or_by else 0, begins)


def came_back(deed: Deed) -> None:
    """The credit of what came back is gone, unless it may be kept."""
    for name, view in views(deed.terms).items():
        if deed.terms.program.ladders[name].returned_credit == "never":
            continue
        tiers = view.tiers
        assert tiers is not None
        left = spent(deed, tiers.qualifying) if tiers.measure == "spend" else visited(deed)
        for counter, most in ((view.credit_name(), left), (view.other_name(), visited(deed))):
            if counter:
                had = deed.clubs[counter]
                deed.clubs[counter] = had._replace(units=min(had.units, most))


def at_least(world: World, person: Person, terms: Terms, tier: str) -> bool:
    """Does somebody stand on this tier, or above it on its ladder?"""
    for view in views(terms).values():
        if tier in view.ladder:
            stands = stand(view, world.people[person.name], world.now).tier
            return view.step_of(stands, [view]) >= view.step_of(tier, [view])
    return person.step(terms) >= terms.step_of(tier)
