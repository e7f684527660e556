"""Tiers by hand: given, matched with a challenge, or offered until somebody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.model import ladder
from tests.model.beside.by_hand import floors
from tests.model.beside.by_hand.events import GivesTier, TurnsTier
from tests.model.beside.by_hand.state import Given
from tests.model.events import Answer
from tests.model.kept import Person, Terms

if TYPE_CHECKING:
    from tests.model.reference import World

BECOMES = {
    "accepted": "held", "declined": "declined", "withdrawn": "withdrawn", "ended": "ended",
}  # fmt: skip


def gives(world: World, event: GivesTier) -> Answer:
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    if event.kind == "invited" and (event.asks or event.days):
        return Answer("invalid")
    person, terms = world.who(event.who), world.terms(world.now)
    ladder.review(person, terms, world.now)
    no = next(_refusals(world, person, terms, event), "")
    if no:
        return Answer(no)
    until = None
    if event.asks is not None:
        until = floors.ends_after(terms, world.now, event.days or 0)
    elif event.days is not None:
        until = world.now + timedelta(days=event.days)
    given = Given(person.name, event.kind, event.tier, world.now, event.asks, until)
    world.hand.tiers[event.name] = given
    if event.kind == "invited":
        assert terms.tiers is not None
        given.answer_by = floors.ends_after(terms, world.now, terms.tiers.accept_within_days)
        person.given_tiers.append(given)
    else:
        _begin(world, person, terms, given)
    return Answer(given.state, tier=person.tier)


def _refusals(world: World, person: Person, terms: Terms, event: GivesTier) -> Iterator[str]:
    if person.state == "blocked":
        yield "member_blocked"
    if event.tier not in terms.ladder:
        yield "no_such_tier"
        return
    if event.kind != "invited":
        return
    assert terms.tiers is not None
    step = terms.tiers.steps[terms.ladder.index(event.tier)]
    if step.by != "invitation":
        yield "not_by_invitation"
    if person.step(terms) >= terms.step_of(event.tier):
        yield "has_tier"
    for one in person.given_tiers:
        if one.tier == event.tier and _waits(world, one):
            yield "invited_already"


def _waits(world: World, one: Given) -> bool:
    return one.state == "waiting" and one.answer_by is not None and world.now < one.answer_by


def _begin(world: World, person: Person, terms: Terms, given: Given) -> None:
    """From now on it holds them up, wherever they stood."""
    own = floors.holding(person) is None
    given.stood = (person.tier, person.until) if own else (None, None)
    given.begun = world.now
    given.had = floors.credit_up_to(person, terms, world.now, world.now)
    person.given_tiers = [one for one in person.given_tiers if one is not given] + [given]
    floor = floors.Stand(given.tier, given.until, terms.step_of(given.tier))
    stands = floors.Stand(person.tier, person.until, person.step(terms))
    if person.tier is None or floors.better(floor, stands):
        person.tier, person.since, person.until = given.tier, world.now, given.until


def turns(world: World, event: TurnsTier) -> Answer:
    given = world.hand.tiers.get(event.name)
    if given is None:
        return Answer("not_found")
    person, terms = world.who(given.who), world.terms(world.now)
    ladder.review(person, terms, world.now)
    no = next(_no_turn(world, person, given, event.what), "")
    if no:
        return Answer(no)
    if given.state == BECOMES[event.what]:
        return Answer(given.state, tier=person.tier)
    if event.what == "accepted":
        given.until = terms.valid_until(terms.day(world.now), terms.day(person.joined))
        _begin(world, person, terms, given)
    else:
        _end(world, person, terms, given, event.what)
    return Answer(given.state, tier=person.tier)


def _no_turn(world: World, person: Person, given: Given, what: str) -> Iterator[str]:
    if given.state == BECOMES[what]:
        return
    if what == "ended":
        if given.begun is None:
            yield "not_invited"
        return
    if given.state != "waiting":
        yield "not_invited"
    if not _waits(world, given):
        yield "invitation_over"
    if what == "accepted" and person.state in ("blocked", "erased"):
        yield f"member_{person.state}"


def _end(world: World, person: Person, terms: Terms, given: Given, what: str) -> None:
    held = floors.holding(person) is given
    given.closed, given.closed_as = world.now, what
    if held:
        stand = floors.left_without(person, terms, given, world.now, ended=True)
        stand = floors.held_up(person, terms, stand, world.now)
        if stand.tier != person.tier:
            person.since = world.now
        person.tier, person.until = stand.tier, stand.until


TIERS: dict[type, Callable[[Any, Any], Answer]] = {GivesTier: gives, TurnsTier: turns}
