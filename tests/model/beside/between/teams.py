"""Teams of a challenge, by hand: who was in which from when until when, what they reached together,
and whose prize that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.between.events import Enters, Forms, Leaves, TakesPart
from tests.model.beside.stones import left
from tests.model.events import Answer
from tests.model.kept import Deed, Person, Terms

from regulars.base.decimals import units
from regulars.base.money import decimals

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Stay:
    """Somebody was in a team."""

    name: str
    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(eq=False)
class Team:
    """A team and everybody who was ever in it."""

    name: str
    challenge: str
    stays: list[Stay] = field(default_factory=list)

    def there(self, world: World, at: datetime | None = None) -> list[Person]:
        """Who is in it now, or was then; each once."""
        mine = [one for one in self.stays if (one.covers(at) if at else one.until is None)]
        return list({id(p): p for p in (world.who(one.name) for one in mine)}.values())


def _challenge(world: World, name: str) -> Any:
    program = world.terms(world.now).program
    return next((one for one in program.challenges if one.id == name), None)


def forms(world: World, event: Forms) -> Answer:
    return _comes(world, event.who, event.challenge, None, event.team)


def enters(world: World, event: Enters) -> Answer:
    team = world.between.teams.get(event.team)
    if team is None:
        return Answer("not_found")
    return _comes(world, event.who, team.challenge, team, team.name)


def _comes(world: World, who: str, challenge: str, team: Team | None, name: str) -> Answer:
    person, promise = world.who(who), _challenge(world, challenge)
    mine = [one for one in world.between.teams.values()
            if one.challenge == challenge and person in one.there(world)]  # fmt: skip
    if person.state == "blocked":
        return Answer("member_blocked")
    if promise is None:
        return Answer("unknown_challenge")
    if promise.together is None:
        return Answer("no_teams")
    if mine and team not in mine:
        return Answer("in_team")
    if team is not None and not mine and len(team.there(world)) >= promise.together.most:
        return Answer("team_full")
    if team is None:
        team = world.between.teams[name] = Team(name, challenge)
    if not mine:
        team.stays.append(Stay(person.name, world.now))
    world.unsettled[person.name] = world.now
    return Answer("in it", (("members", len(team.there(world))),))


def leaves(world: World, event: Leaves) -> Answer:
    person = world.who(event.who)
    mine = [one for one in world.between.teams.values()
            if one.challenge == event.challenge and person in one.there(world)]  # fmt: skip
    if not mine:
        return Answer("not_found")
    for team in mine:
        for stay in team.stays:
            if stay.until is None and world.who(stay.name) is person:
                stay.until = world.now
    world.unsettled[person.name] = world.now
    return Answer("left", (("members", len(mine[0].there(world))),))


def takes_part(world: World, event: TakesPart) -> Answer:
    person, promise = world.who(event.who), _challenge(world, event.challenge)
    if promise is None:
        return Answer("unknown_challenge")
    if promise.together is not None:
        return Answer("team_needed")
    if promise.joins == "automatic":
        return Answer("no_part_needed")
    if person.state == "blocked":
        return Answer("member_blocked")
    if not any(world.who(name) is person and which == promise.id
               for name, which, _ in world.between.parts):  # fmt: skip
        world.between.parts.append((person.name, promise.id, world.now))
    return Answer("takes part")


def takes_part_at(world: World, person: Person, challenge: str, at: datetime) -> bool:
    """Whether somebody had said by then that they take part."""
    return any(
        world.who(name) is person and which == challenge and since <= at
        for name, which, since in world.between.parts
    )


def mates(world: World, people: list[Person]) -> list[Person]:
    """Everybody else who is or was in a team with one of these."""
    found: dict[str, Person] = {}
    for team in world.between.teams.values():
        ever = [world.who(stay.name) for stay in team.stays]
        if any(person in people for person in ever):
            found |= {one.name: one for one in ever if one not in people}
    return list(found.values())


# --- what they reached ----------------------------------------------------------------------


def reached(world: World, person: Person) -> Iterator[tuple[Any, int, Terms]]:
    """Which challenge of a team somebody reached, in the period that began on which day."""
    first: dict[tuple[str, int], tuple[datetime, Any, Terms]] = {}
    for team in world.between.teams.values():
        if person not in [world.who(stay.name) for stay in team.stays]:
            continue
        for began, deeds in _periods(world, team).items():
            promise, terms = _promised(world, team)
            at = _reached_at(world, team, promise, deeds).get(person.name)
            key = (team.challenge, began)
            if at is not None and (key not in first or at < first[key][0]):
                first[key] = (at, promise, terms)
    for (_, began), (_, promise, terms) in first.items():
        yield promise, began, terms


def _promised(world: World, team: Team) -> tuple[Any, Terms]:
    terms = world.versions[0]
    return next(one for one in terms.program.challenges if one.id == team.challenge), terms


def _periods(world: World, team: Team) -> dict[int, list[Deed]]:
    """What counts of what all did while they were in it, by the first day of its period."""
    promise, terms = _promised(world, team)
    found: dict[int, list[Deed]] = {}
    every = [(p, deed) for p in world.people.values() for deed in p.deeds]
    for person, deed in sorted(every, key=lambda one: (one[1].at, one[1].number)):
        inside = any(stay.covers(deed.at) and world.who(stay.name) is person
                     for stay in team.stays)  # fmt: skip
        if inside and deed.at >= terms.since and left(deed, promise.counts) is not None:
            found.setdefault(_first_day(promise.every, deed.day).toordinal(), []).append(deed)
    return found


def _first_day(per: str, day: date) -> date:
    while wall.label(per, day - wall.DAY) == wall.label(per, day):
        day -= wall.DAY
    return day


def _reached_at(world: World, team: Team, promise: Any, deeds: list[Deed]) -> dict[str, datetime]:
    """Who has the prize of a period, and when they had it: those who were there when it was reached
    and still are there when they have done their own part."""
    parts: dict[str, int] = {}
    at, found = None, dict[str, datetime]()
    for deed in deeds:
        who = next(p.name for p in world.people.values() if deed in p.deeds)
        kept = left(deed, promise.counts)
        assert kept is not None, deed
        more = {"deeds": 1, "items": kept.pieces, "spend": kept.cents}[promise.measure]
        parts[who] = parts.get(who, 0) + more
        if at is None and sum(parts.values()) >= _units(promise, promise.target, deed):
            at = deed.at
        if at is None:
            continue
        for person in team.there(world, at):
            if person not in team.there(world, deed.at) or person.name in found:
                continue
            if parts.get(person.name, 0) >= _units(promise, promise.together.each, deed):
                found[person.name] = deed.at
    return found


def _units(promise: Any, amount: Any, deed: Deed) -> int:
    scale = decimals(deed.terms.program.currency) if promise.measure == "spend" else 0
    return units(amount, scale)


TEAMS: dict[type, Callable[[Any, Any], Answer]] = {
    Forms: forms, Enters: enters, Leaves: leaves, TakesPart: takes_part,
}  # fmt: skip
