"""What members had elsewhere when they came, worked out by hand: a tier, and what they used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.looked_after.events import BringsCount, BringsTier, MovesOver
from tests.model.beside.looked_after.state import Brought, Count
from tests.model.events import Answer
from tests.model.kept import Person

if TYPE_CHECKING:
    from tests.model.reference import World

DAY = timedelta(days=1)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def brings_tier(world: World, event: BringsTier) -> Answer:
    """Once, for who stands on nothing, or on what is had for nothing; a step whose time is over by
    now is judged at once. No step at 0 is here, so nobody comes down to one."""
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person, terms = world.who(event.who), world.terms(world.now)
    since = event.since or world.now
    if event.tier not in terms.ladder or not FIRST <= since <= world.now + DAY:
        return Answer("invalid")
    if _is_known(world, event, person):
        return Answer("brought before")
    if event.until is not None and event.until <= since:
        return Answer("invalid")
    if person.tier is not None and person.tier not in terms.ladder[: terms.reached(0)]:
        return Answer("invalid")
    until = event.until
    if event.by_rule:
        until = terms.valid_until(terms.day(world.now), terms.day(person.joined))
    person.tier, person.since, person.until = event.tier, since, until
    world.hand.care.brought.append(Brought(person.name, event.tier, since, until))
    ladder.review(person, terms, world.now)
    return Answer("brought", tier=person.tier)


def _is_known(world: World, event: BringsTier, person: Person) -> bool:
    """Whether they have this very tier, or had it brought over before, whatever became of it."""
    had = [(one.tier, one.since, one.until) for one in world.hand.care.brought
           if world.who(one.who) is person]  # fmt: skip
    for tier, since, until in [(person.tier, person.since, person.until), *had]:
        by_end = event.by_rule or until == event.until
        if tier == event.tier and (by_end if event.since is None else since == event.since):
            return True
    return False


def brings_count(world: World, event: BringsCount) -> Answer:
    """Once for each period; the same again changes nothing, and another number is refused."""
    terms = world.terms(world.now)
    said = next((one for one in terms.program.benefits if one.id == event.benefit), None)
    if event.times < 0 or said is None or said.allowance is None:
        return Answer("invalid")
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person, name = world.who(event.who), f"benefit:{event.benefit}:month"
    key = name, wall.label("month", terms.day(event.at))
    before = [one for one in world.hand.care.counts if (one.who, one.counted) == (person.name, key)]
    if before and before[0].times != event.times:
        return Answer("key_reused")
    if before or not event.times:
        return Answer("brought before" if before else "brought")
    world.hand.care.counts.append(Count(person.name, key, event.times))
    return Answer("brought")


def used(world: World, person: Person) -> list[Count]:
    """What somebody used elsewhere, and who is one with them."""
    return [one for one in world.hand.care.counts if world.who(one.who) is person]


def moves_over(world: World, _: MovesOver) -> Answer:
    """Everybody stands where they would if they had asked."""
    for person in [one for one in world.people.values() if one.state != "merged"]:
        ladder.review(person, world.terms(world.now), world.now)
    return Answer("moved over")


BROUGHT: dict[type, Callable[[Any, Any], Answer]] = {
    BringsTier: brings_tier, BringsCount: brings_count, MovesOver: moves_over,
}  # fmt: skip
