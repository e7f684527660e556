"""Draws, by hand: whose tickets are on the list, and what whoever won has for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.between.events import Announces, ClosesList, Draws
from tests.model.beside.between.given import give
from tests.model.beside.stones import Name
from tests.model.events import Answer, parts
from tests.model.kept import Taken, Terms
from tests.model.shelf import stock, there_are

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.parts.rewards import Item

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Held:
    """A draw that was announced, with its list once that is closed or drawn from."""

    promise: Any
    terms: Terms
    tickets: dict[str, int] | None = None
    won: list[str] | None = None
    given: set[int] = field(default_factory=set)
    """Which prizes were booked."""


def announces(world: World, event: Announces) -> Answer:
    terms = world.terms(world.now)
    if event.draw in world.between.draws:
        return Answer("announced")
    promise = next((one for one in terms.program.draws if one.id == event.draw), None)
    if promise is None:
        return Answer("not_found")
    if terms.day(world.now).isoformat() >= promise.until_on:
        return Answer("draw_over")
    world.between.draws[event.draw] = Held(promise, terms)
    return Answer("announced")


def closes_list(world: World, event: ClosesList) -> Answer:
    held = world.between.draws.get(event.draw)
    if held is None:
        return Answer("draw_not_announced")
    if held.tickets is not None and held.won is None:
        return _told("closed", held)
    if held.won is not None:
        return _told("closed", held) if event.draw in world.between.closed else Answer("draw_drawn")
    no = _not_yet(world, held)
    if no:
        return Answer(no)
    held.tickets = _tickets(world, held)
    world.between.closed.add(event.draw)
    return _told("closed", held)


def draws(world: World, event: Draws) -> Answer:
    held = world.between.draws.get(event.draw)
    if held is None:
        return Answer("draw_not_announced")
    if held.won is None:
        no = _not_yet(world, held)
        if no and held.tickets is None:
            return Answer(no)
        held.tickets = _tickets(world, held) if held.tickets is None else held.tickets
        held.won = event.won[:]
        most = min(held.promise.winners, len(held.tickets))
        assert len({*held.won}) == len(held.won) == most, (held.won, held.tickets)
        assert {*held.won} <= held.tickets.keys(), (held.won, held.tickets)
    _book(world, held)
    return _told("drawn", held)


def _told(what: str, held: Held) -> Answer:
    assert held.tickets is not None, held
    given = len(held.given) if what == "drawn" else 0
    return Answer(what, parts(held.tickets), (("given", given),))


def _not_yet(world: World, held: Held) -> str:
    if held.terms.day(world.now).isoformat() < held.promise.until_on:
        return "draw_not_over"
    return "" if _tickets(world, held) else "nobody_entered"


def _tickets(world: World, held: Held) -> dict[str, int]:
    """A ticket for each so much of all that stands, of who may win."""
    one, found = held.promise, {}
    name = Name("draw", one.id, one.measure, "ever", "")
    scale = decimals(held.terms.program.currency) if one.measure == "spend" else 0
    for person in world.people.values():
        score = sum(deed.counted.get(name, 0) for deed in person.deeds)
        own = score // units(one.each, scale)
        own = own if one.most is None else min(own, one.most)
        if own and person.state == "active" and person.attributes.get(one.excluded) is not True:
            found[person.name] = own
    return found


def _book(world: World, held: Held) -> None:
    """The better prizes first; what cannot be had waits until it is drawn again."""
    gives = held.promise.gives
    waiting = [n for n in range(1, len(held.won or ()) + 1) if gives and n not in held.given]
    for place in waiting:
        world.let_go(world.who((held.won or [])[place - 1]))
    for place in waiting:
        prize = gives[min(place, len(gives)) - 1]
        person = world.who((held.won or [])[place - 1])
        if person.state == "blocked":
            continue
        if prize.wallet is not None:
            n = held.terms.units(prize.wallet, prize.points)
            give(world, person.name, held.terms, (prize.wallet, n))
        else:
            reward = held.terms.rewards[prize.reward]
            if there_are(reward) is not None and stock(world, reward.id) < 1:
                continue
            fetched = reward.gives is None or isinstance(reward.gives, Item)
            long = reward.kept_for_winner if fetched else reward.hold_for
            until = wall.later(held.terms.zone, world.now, long)
            stocked = there_are(reward) is not None
            taken = Taken(
                person.name, reward.id, {}, [], until, stocked, None, opened=world.now, won=True
            )
            world.taken[f"won-{held.promise.id}-{place}"] = taken
            if not fetched:
                world.conclude(taken)
        held.given.add(place)


DRAWS: dict[type, Callable[[Any, Any], Answer]] = {
    Announces: announces, ClosesList: closes_list, Draws: draws,
}  # fmt: skip
