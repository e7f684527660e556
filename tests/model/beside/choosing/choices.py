"""Choosing one of several, by hand: what was said for a period, else what is had of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.model import ladder, wall
from tests.model.beside import clubs
from tests.model.events import Answer, Chooses
from tests.model.kept import Person, Taken, Terms

from regulars.records.program.types import Reward

if TYPE_CHECKING:
    from tests.model.reference import World


class Said(NamedTuple):
    """Who said under which word what they choose, and for which period."""

    who: str
    word: str
    period: tuple[str, str]
    option: str


def options(terms: Terms, word: str) -> list[Reward]:
    return [reward for reward in terms.program.rewards if reward.choose_one == word]


def _period(world: World, terms: Terms, word: str) -> tuple[str, str]:
    limit = options(terms, word)[0].limit
    assert limit is not None, word
    return limit.per, wall.label(limit.per, terms.day(world.now))


def said(world: World, person: Person, word: str) -> str:
    """What somebody, or who is one with them, said first for the period of now."""
    period = _period(world, world.terms(world.now), word)
    mine = [
        one.option
        for one in world.said
        if (one.word, one.period) == (word, period) and world.who(one.who).name == person.name
    ]
    return mine[0] if mine else ""


def chosen(world: World, person: Person, word: str) -> str:
    """What was chosen for the period of now: said, else reserved or had; nothing yet."""
    terms = world.terms(world.now)
    names = [reward.id for reward in options(terms, word)]
    option = said(world, person, word)
    if option in names:
        return option
    period = _period(world, terms, word)
    had = {taken.reward for taken in _theirs(world, person) if taken.counted == period}
    return next((name for name in names if name in had), "")


def _theirs(world: World, person: Person) -> list[Taken]:
    return [
        taken
        for taken in world.taken.values()
        if world.who(taken.who).name == person.name and taken.state in ("held", "captured")
    ]


def otherwise(world: World, person: Person, reward: Reward) -> bool:
    """Was another one chosen?"""
    if reward.choose_one is None:
        return False
    return chosen(world, person, reward.choose_one) not in ("", reward.id)


def chooses(world: World, event: Chooses) -> Answer:
    person, terms = world.who(event.who), world.terms(world.now)
    there = options(terms, event.word)
    if there and said(world, person, event.word) == event.option:
        return Answer("chosen")
    ladder.review(person, terms, world.now)
    if person.state == "blocked" and not terms.program.blocked.may_redeem:
        return Answer("member_blocked")
    if event.option not in [reward.id for reward in there]:
        return Answer("unknown_choice")
    if chosen(world, person, event.word) not in ("", event.option):
        return Answer("chosen_otherwise")
    tier = terms.rewards[event.option].tier
    if tier and not clubs.at_least(world, person, terms, tier):
        return Answer("tier_too_low")
    period = _period(world, terms, event.word)
    world.said.append(Said(event.who, event.word, period, event.option))
    return Answer("chosen")


CHOOSING: dict[type, Callable[[Any, Any], Answer]] = {Chooses: chooses}
