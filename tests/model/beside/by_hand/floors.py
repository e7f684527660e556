"""Tiers given by hand, as the ladder meets them: what holds somebody up, and what is left to them
when it ends. What they reached by themselves is told anew, as if nobody had ever given them any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from tests.model import ladder, wall
from tests.model.beside.by_hand.state import Given
from tests.model.beside.looked_after.coming_over import plans
from tests.model.kept import Person, Terms


class Stand(NamedTuple):
    """A tier with its end, and the step it is worth."""

    tier: str | None
    until: datetime | None
    step: int


def holding(person: Person) -> Given | None:
    """What holds somebody on the tier they stand on."""
    same = (
        one
        for one in person.given_tiers
        if one.begun and not one.closed and (one.tier, one.until) == (person.tier, person.until)
    )
    return next(same, None)


def held_up(person: Person, terms: Terms, stand: Stand, at: datetime) -> Stand:
    """The better of this and of all that was given and holds at that instant."""
    for one in person.given_tiers:
        begun = one.begun is not None and one.begun <= at
        over = one.until is not None and one.until <= at
        if not begun or over or (one.closed is not None and one.closed <= at):
            continue
        given = Stand(one.tier, one.until, terms.step_of(one.tier))
        if better(given, stand):
            stand = given
    return stand


def better(one: Stand, other: Stand) -> bool:
    """Higher, or the same for longer."""
    if one.step != other.step:
        return one.step > other.step
    longer = other.until is not None and (one.until is None or one.until > other.until)
    return one.tier == other.tier and longer


def left_without(
    person: Person, terms: Terms, given: Given, at: datetime, *, ended: bool = False
) -> Stand:
    """Where somebody stands when what was given is over, or was ended before its time."""
    day = terms.day(at)
    asks = None if ended else given.asks
    if asks is not None and credit_since(person, terms, given, at) >= asks:
        until = terms.valid_until(day, terms.day(person.joined))
        return Stand(given.tier, until, terms.step_of(given.tier))
    invited = given.kind == "invited" and not ended
    allowed = terms.step_of(given.tier) if invited else 0
    alone = by_oneself(person, terms, at, allowed)
    best = Stand(alone.tier, alone.until, alone.step(terms))
    for stand in _by_credit(person, terms, at, allowed):
        if better(stand, best):
            best = stand
    for one in person.given_tiers:
        if not one.begun:
            continue
        tier, until = plans.stood_behind(terms, one.stood, one.begun, at)
        if tier is None or (until is not None and until <= at):
            continue
        behind = Stand(tier, until, terms.step_of(tier))
        if better(behind, best):
            best = behind
    return best


def _by_credit(person: Person, terms: Terms, at: datetime, allowed: int) -> Iterator[Stand]:
    """What their credit holds by the ladder in force, as they are looked at anyway: of the window
    that runs, and of one whose steps still stand."""
    tiers, today, joined = terms.tiers, terms.day(at), terms.day(person.joined)
    days = {today} | {deed.day for deed in person.deeds if deed.day <= today}
    if tiers is not None and tiers.window == "calendar_year":
        days = {min(today, date(day.year, 12, 31)) for day in days}
    for day in sorted(days):
        step, until = plans.reached_on(person, terms, day, allowed), terms.valid_until(day, joined)
        if step and (until is None or until > at):
            yield Stand(terms.tier(step), until, step)


def by_oneself(person: Person, terms: Terms, at: datetime, allowed: int) -> Person:
    """Somebody of whom nothing is known but what they did up to then; steps by invitation up to
    the one they were let on count as any other."""
    alone = Person(person.name, person.joined, {}, person.versions)
    alone.let_on = allowed
    for deed in sorted(person.deeds, key=lambda one: (one.at, one.number)):
        if deed.at <= at:
            ladder.review(alone, deed.terms, deed.at)
            alone.deeds.append(deed)
            if deed.credit:
                ladder.climb(alone, deed)
    ladder.review(alone, terms, at)
    return alone


def credit_since(person: Person, terms: Terms, given: Given, at: datetime) -> int:
    """What came together since something was given, of the windows that ran since."""
    assert given.begun is not None, given
    return credit_up_to(person, terms, given.begun, at) - given.had


def credit_up_to(person: Person, terms: Terms, since: datetime, at: datetime) -> int:
    """All credit from the first day of the year of one instant up to the day of another."""
    first, last = date(terms.day(since).year, 1, 1), terms.day(at)
    same = [one for one in person.deeds if one.terms.credit_name() == terms.credit_name()]
    return sum(one.credit.first for one in same if first <= one.day <= last)


def ends_after(terms: Terms, now: datetime, days: int) -> datetime:
    """The end of the last of so many days from now."""
    return wall.begins(terms.zone, terms.day(now) + (days + 1) * wall.DAY)
