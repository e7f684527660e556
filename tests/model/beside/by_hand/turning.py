"""What turns everything over: somebody is forgotten, a version of the program is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.beside.by_hand.benefits import comes_no_more
from tests.model.beside.by_hand.events import Erases, TakesBack
from tests.model.events import Answer

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
    there = dict(enumerate(world.published, 1))
    found = there.get(event.version)
    if found is None:
        return Answer("not_found")
    if event.version in world.hand.withdrawn:
        return Answer("taken back")
    if found.again:
        return Answer("version_followed")
    ruled = world.ruled_without(event.version)
    last = {one.since: number for number, one in there.items() if one.since >= found.since}
    others = [there[number] for number in last.values() if number != event.version]
    alike = () if ruled is None else (found.source, ruled.source)
    if not alike or not all(one.again and one.source in alike for one in others):
        return Answer("version_followed")
    if any(_decided(world, number) for number in (event.version, *last.values())):
        return Answer("version_decided")
    if world.now < found.since:
        world.never_said(event.version)
    for since in sorted(last):
        world.put_up(ruled.source, since, again=True)
    world.hand.withdrawn.add(event.version)
    return Answer("taken back")


def _decided(world: World, number: int) -> bool:
    """Whether anything was decided by it."""
    hand, terms = world.hand, world.published[number - 1]
    by = (*hand.runs, *hand.used_by)
    given = any(one.at >= terms.since for one in hand.tiers.values())
    return number in world.decided or given or any(one is terms for one in by)


TURNING: dict[type, Callable[[Any, Any], Answer]] = {Erases: erases, TakesBack: takes_back}
