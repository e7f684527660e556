"""What turns everything over: somebody is forgotten, a version of the program is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.beside.by_hand.benefits import comes_no_more
from tests.model.beside.by_hand.events import Erases, TakesBack
from tests.model.events import Answer
from tests.model.kept import Person, Terms, terms_of

if TYPE_CHECKING:
    from tests.model.reference import World


def erases(world: World, event: Erases) -> Answer:
    """What is reserved goes back; the books keep every point, and nobody finds the person."""
    if event.who in world.hand.erased:
        return Answer("erased", (("voided", 0),))
    person = world.who(event.who)
    comes_no_more(world, person)
    spans = world.hand.care.spans
    world.hand.care.spans = [one for one in spans if world.who(one.who) is not person]
    voided = 0
    for taken in world.taken.values():
        if taken.state == "held" and world.who(taken.who) is person:
            world.conclude(taken, "voided")
            voided += 1
    for name in list(world.people):
        if world.who(name) is person:
            world.hand.erased.add(name)
    person.state = "erased"
    return Answer("erased", (("voided", voided),))


def takes_back(world: World, event: TakesBack) -> Answer:
    """Nothing was decided by it: what ruled before it rules instead, as often as it began."""
    if not 0 < event.version <= len(world.versions):
        return Answer("not_found")
    if event.version in world.hand.withdrawn:
        return Answer("taken back")
    found = world.versions[event.version - 1]
    before = [one for one in world.versions if one.since < found.since]
    if not before:
        return Answer("version_followed")
    ruled = max(before, key=lambda one: one.since)  # of two at one instant the later one
    ruled = [one for one in before if one.since == ruled.since][-1]
    ruling = {one.since: one for one in world.versions if one.since >= found.since}
    if any(one.source != found.source for one in ruling.values()):
        return Answer("version_followed")
    if any(_decided(world, one) for one in (found, *ruling.values())):
        return Answer("version_decided")
    for since in sorted(ruling):
        world.versions.append(terms_of(ruled.source, since))
    world.hand.withdrawn.add(event.version)
    return Answer("taken back")


def _decided(world: World, terms: Terms) -> bool:
    """Whether anything was decided by it."""
    people: list[Person] = list(world.people.values())
    hand = world.hand
    return (
        any(deed.terms is terms for one in people for deed in one.deeds)
        or any(taken.opened >= terms.since and world.terms(taken.opened) is terms
               for taken in world.taken.values())
        or any(one is terms for one in (*hand.runs, *hand.used_by))
        or any(one.at >= terms.since for one in hand.tiers.values())
    )  # fmt: skip


TURNING: dict[type, Callable[[Any, Any], Answer]] = {Erases: erases, TakesBack: takes_back}
