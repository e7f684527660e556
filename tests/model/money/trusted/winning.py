"""What milestones give beside points, by hand: told anew from what came together in each period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside import stones
from tests.model.beside.by_hand.state import Granted
from tests.model.events import Answer, parts
from tests.model.kept import Person, Taken, Terms
from tests.model.money.trusted.events import Fetches, Tells
from tests.model.money.trusted.state import Won
from tests.model.shelf import stock

if TYPE_CHECKING:
    from tests.model.reference import World

Key = tuple[str, str, str, int]


def gives_more(terms: Terms) -> bool:
    """Whether a milestone gives anything but points."""
    return any(_more(step) for one in terms.program.milestones for step in one.steps)


def _more(step: Any) -> bool:
    return bool(step.reward or step.benefit or step.badge)


def settles(world: World, person: Person) -> None:
    """Give what is reached and was not given; take back what was given and is not reached."""
    wanted = dict(_due(world, person))
    mine = [one for one in world.hand.trust.won if world.who(one.owner) is person]
    had = [one.key for one in mine if one.key in wanted]
    missing = {key: due for key, due in wanted.items() if key not in had}
    not_twice(had, missing)
    fresh = [step for _, step in missing.values()]
    surplus = [one for one in mine if one.key not in wanted]
    if any(step.reward for step in fresh) or any(one.taken for one in surplus):
        world.let_go(person)  # what somebody did not take in time is on the shelf first
    for won in surplus:
        if _goes_back(world, won):
            world.hand.trust.won.remove(won)
    for key, step in missing.items():
        _give(world, person, key, step)


def not_twice(had: Iterable[Any], missing: dict[Any, Any]) -> None:
    """Two who became one were given the same each: of what they reach together one less is due."""
    once = set[Any]()
    for key in had:
        further = [one for one in missing if one[:3] == key[:3]]
        if key in once and further:
            del missing[min(further)]
        once.add(key)


def _due(world: World, person: Person) -> Iterator[tuple[Key, Any]]:
    """By the sum of each period alone, the periods in order."""
    found: dict[tuple[str, str], Any] = {}
    for deed in person.deeds:
        for name in deed.counted:
            if name.kind == "milestone":
                found[name.id, wall.label(name.per, deed.day)] = (deed, name)
    for (id_, period), (deed, name) in found.items():
        terms, one = stones.promise(world, deed, name)
        unit = 100 if name.measure == "spend" else 1
        whole = stones.together(person, name, deed.day)
        for step in one.steps:
            times = whole // int(float(step.at) * unit)
            for place in range(1, (times if step.again else min(times, 1)) + 1):
                if _more(step):
                    yield (id_, period, str(step.at), place), (terms, step)


def _give(world: World, person: Person, key: Key, due: Any) -> None:
    terms, step = due
    won = Won(person.name, key, step.badge)
    if step.reward:
        if stock(world, step.reward) < 1:  # it is tried again
            world.unsettled[person.name] = world.now + timedelta(hours=6)
            return
        reward = terms.rewards[step.reward]
        lapses = wall.later(terms.zone, world.now, reward.kept_for_winner)
        won.taken = Taken(person.name, step.reward, {}, [], lapses, True, None, opened=world.now)
        world.taken[f"won {len(world.taken)}"] = won.taken
    if step.benefit:
        granted = world.hand.granted
        won.granted = Granted(person.name, step.benefit, step.uses, None, len(granted))
        granted.append(won.granted)
    world.hand.trust.won.append(won)
    world.hand.trust.had_won.add(person.name)


def _goes_back(world: World, won: Won) -> bool:
    """An article that was fetched, or not in time, stays with its prize."""
    if won.taken is not None:
        if won.taken.state != "held" or won.taken.lapses <= world.now:
            return False
        world.conclude(won.taken, "voided")
    if won.granted is not None:
        won.granted.until = world.now
    return True


def fetches(world: World, event: Fetches) -> Answer:
    person = world.who(event.who)
    mine = [one.taken for one in world.hand.trust.won
            if one.taken is not None and world.who(one.owner) is person]  # fmt: skip
    held = [one for one in mine if one.state == "held"]
    if not held:
        return Answer("nothing")
    if held[0].lapses <= world.now:
        return Answer("hold_lapsed")
    world.conclude(held[0], "captured")
    return Answer("captured")


def tells(world: World, _: Tells) -> Answer:
    return Answer("told", parts(Counter(one.key[0] for one in world.hand.trust.won)))
