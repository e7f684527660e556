"""Rewards that are taken by themselves, by hand: what is owed is paid with unused ones first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model import ladder
from tests.model.events import Answer, TakesDue
from tests.model.kept import Person, Taken
from tests.model.left_alone import quiet
from tests.model.points import lapse, pays_up, pin
from tests.model.refunds import Share, lives, put_back
from tests.model.shelf import chosen, counted, there_are

if TYPE_CHECKING:
    from tests.model.reference import World

MOST = 100


def takes_due(world: World, _: TakesDue) -> Answer:
    """For everybody: what was taken and not used goes back while something is owed; then each
    reward as often as the balance and its limit allow."""
    for person in [one for one in world.people.values() if one.state != "merged"]:
        world.let_go(person)
        _give_back(world, person)
        _take(world, person)
    return Answer("taken")


def _give_back(world: World, person: Person) -> None:
    """The newest first, to the lots they were taken from, while some of that lives and is owed;
    what paid for a sale comes back with the sale alone (semantics D4)."""
    mine = [one for one in world.by_itself if world.who(one.who) is person]
    mine = [one for one in mine if one.state == "captured" and not one.paid]
    for taken in reversed(mine):
        if any(person.debt.get(lot.wallet) and lives(world, lot) for lot in taken.took):
            world.by_itself.remove(taken)
            shares = sorted(taken.took.items(), key=lambda one: one[0].order, reverse=True)
            put_back(world, person, [Share(taken, shares, over=True)])


def _take(world: World, person: Person) -> None:
    terms, times = world.terms(world.now), 0
    for reward in terms.program.rewards:
        while reward.automatic and times < MOST:
            lapse(person, world.now)
            ladder.review(person, terms, world.now)
            blocked = person.state == "blocked" and not terms.program.blocked.may_redeem
            undo = pays_up(person)
            no, price = chosen(world, person, reward, "")
            undo()
            if blocked or no:
                break
            pays_up(person, price)
            pins = [each for one in price.items() for each in pin(person, terms, one)]
            taken = Taken(
                person.name, reward.id, price, pins, world.now, there_are(reward) is not None,
                counted(terms, reward, world.now), opened=world.now,
            )  # fmt: skip
            world.made += 1
            world.taken[f"by-itself-{world.made}"] = taken
            world.by_itself.append(taken)
            quiet.acts(person, terms, {"redeeming"}, set(price), world.now)
            person.takes += 1
            world.conclude(taken)
            times += 1


AUTOMATIC: dict[type, Callable[[Any, Any], Answer]] = {TakesDue: takes_due}
