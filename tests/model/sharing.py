"""Households that spend together, worked out from nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.between import homes
from tests.model.events import Answer, Pools, Shares
from tests.model.kept import Person, Taken, Terms
from tests.model.left_alone import quiet
from tests.model.moves import hand_over
from tests.model.points import first, lapse, pin
from tests.model.shelf import chosen, counted, there_are

if TYPE_CHECKING:
    from tests.model.reference import World


def shares(world: World, event: Shares) -> Answer:
    """m0 is the head and m1 joins; or m1 leaves and then m0, who founds another one next time."""
    people = [world.people.get(name) for name in ("m0", "m1")]
    if world.terms(world.now).program.household is None:
        return Answer("no_households")
    if not event.together:
        world.homes = []
        return Answer("apart")
    if None in people or {person.state for person in people if person} != {"active"}:
        return Answer("alone")
    world.homes = ["m0", "m1"]
    return Answer("together")


def pools(world: World, event: Pools) -> Answer:
    taker, terms = world.who(event.who), world.terms(world.now)
    no = _no_place(world, taker, terms)
    if no:
        return Answer(no)
    everybody = [taker, *(world.people[name] for name in world.homes if name != taker.name)]
    for person in everybody:
        world.let_go(person)
    for person in everybody:
        lapse(person, world.now)
    ladder.review(taker, terms, world.now)
    if taker.state == "blocked" and not terms.program.blocked.may_redeem:
        return Answer("member_blocked")
    reward = terms.rewards.get(event.reward)
    if reward is None:
        return Answer("unknown_reward")
    lending = [person for person in everybody[1:] if _lends(terms, person)]
    borrowed = _Borrowing(taker, lending)
    household = terms.program.household
    borrowed.oldest_first = household is not None and household.draws == "oldest"
    no, price = chosen(world, borrowed, reward, event.store)  # type: ignore[arg-type]
    if no:
        return Answer(no)
    for name, units in price.items():
        _gather(world, terms, [taker, *lending], (name, units))
    pins = [each for name, units in price.items() for each in pin(taker, terms, (name, units))]
    lapses = wall.later(terms.zone, world.now, reward.hold_for)
    taken = Taken(
        taker.name, reward.id, price, pins, lapses, there_are(reward) is not None,
        counted(terms, reward, world.now), opened=world.now,
    )  # fmt: skip
    world.taken[event.name] = taken
    spent = {name for name, units in price.items() if units}
    quiet.acts(taker, terms, {"redeeming"}, spent, world.now)
    taker.takes += 1
    world.conclude(taken)
    return Answer("captured", balances=taker.balances())


def _no_place(world: World, taker: Person, terms: Terms) -> str:
    """Why somebody spends nothing with the household, whatever they want."""
    if taker.name not in world.homes:
        return "not_found"
    if terms.program.household is None:
        return "no_households"
    role, _ = world.between.roles.get(taker.name, ("", {}))
    return "head_only" if terms.program.household.spends == "head" and role != "head" else ""


def _lends(terms: Terms, person: Person) -> bool:
    blocked = person.state == "blocked" and not terms.program.blocked.may_redeem
    return not blocked and not any(person.debt.values())


class _Borrowing:
    """The taker as if everybody's points were theirs."""

    def __init__(self, taker: Person, lending: list[Person]) -> None:
        self.name, self.debt, self.step = taker.name, taker.debt, taker.step
        self.oldest_first = False
        self._everybody = [taker, *lending]
        self.lots = [lot for person in self._everybody for lot in person.lots]

    def available(self, wallet: str) -> int:
        return sum(person.available(wallet) for person in self._everybody)


def _gather(world: World, terms: Terms, everybody: list[Person], wanted: tuple[str, int]) -> None:
    """All lots in one row, those that end soonest first; what others give changes hands."""
    wallet, units = wanted
    taker, spends = everybody[0], terms.program.wallets[wallet].spends
    told = homes.shares(world, terms, everybody, wanted)
    if told is not None:
        for person in [one for one in world.people.values() if one in everybody[1:]]:
            mine = first(person, terms, (wallet, told.get(person.name, 0)))
            hand_over(world, person, taker, mine, True)
            person.takes += len(mine)
        return
    row = [(lot, person) for person in everybody for lot in person.lots if lot.wallet == wallet]
    row.sort(key=lambda one: (one[0].ends, one[0].earned_at, one[1] is not taker, one[0].born))
    if spends != "soonest_expiring":
        row.sort(key=lambda one: one[0].earned_at, reverse=spends == "newest")
    for lot, person in row:
        part = min(units, lot.free)
        units -= part
        if part and person is not taker:
            hand_over(world, person, taker, [(lot, part)], True)
            person.takes += 1


SHARING: dict[type, Callable[[Any, Any], Answer]] = {Shares: shares, Pools: pools}
