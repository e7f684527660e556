"""Experiments by hand: into which arm chance puts somebody is taken as it comes, and holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.events import Answer
from tests.model.money.promised.events import Concludes, Fills, Tries

if TYPE_CHECKING:
    from tests.model.reference import World


def tries(world: World, event: Tries) -> Answer:
    if event.code in world.arms:
        return Answer("experiment_ended" if event.code in world.concluded else "running")
    world.arms[event.code] = {}
    return Answer("running")


def fills(world: World, event: Fills) -> Answer:
    """Everybody who stands for themselves and was in no arm is in one now; nobody changes sides."""
    there = world.arms[event.code]
    alone = {name for name, one in world.people.items() if one.state not in ("merged", "erased")}
    wanted = set() if event.code in world.concluded else alone - there.keys()
    assert {name for name, _ in event.placed} == wanted, (event, wanted)
    for name, arm in event.placed:
        there[name] = arm
        world.people[name].attributes[f"experiment-{event.code}"] = arm
    return Answer("filled", (("members", len(wanted)),))


def concludes(world: World, event: Concludes) -> Answer:
    world.concluded.add(event.code)
    if event.emptied:
        for person in world.people.values():
            person.attributes.pop(f"experiment-{event.code}", None)
    return Answer("ended")


PROMISED: dict[type, Callable[[Any, Any], Answer]] = {
    Tries: tries, Fills: fills, Concludes: concludes,
}  # fmt: skip
