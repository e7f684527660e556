"""Households that spend together, worked out from nothing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.between import homes
from tests.model.beside.between.events import PaysTogether
from tests.model.events import Answer, Pays, Pools, Shares, parts
from tests.model.kept import Lot, Person, Taken, Terms
from tests.model.left_alone import quiet
from tests.model.money.paying import Rate, enough
from tests.model.money.promised.worth import keeps, lot_pays
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


def pays_together(world: World, event: PaysTogether) -> Answer:
    """Of each whose points pay so much is reserved, and nothing changes hands; what a minor or a
    buyer may spend bounds all of it."""
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
    if terms.program.paying is None:
        return Answer("points_do_not_pay")
    if taker.state == "blocked" and not terms.program.blocked.may_redeem:
        return Answer("member_blocked")
    everybody = [taker, *(person for person in everybody[1:] if _lends(terms, person))]
    wish = Pays(event.who, event.amount, event.name, 0, event.want)
    rate = Rate(terms, wish)
    if keeps(world):
        rate.together = partial(_worth, world, terms, everybody, rate)
    no, points = enough(world, _Borrowing(taker, everybody[1:]), rate, wish)
    if no:
        return Answer(no)
    gave = _from_whom(world, terms, everybody, (rate.wallet, points))
    paid = _split(world, rate.wallet, gave, rate.worth(points // rate.step))
    for person in [one for one in everybody if gave.get(one.name)]:
        own = {rate.wallet: gave[person.name]}
        pins = pin(person, terms, (rate.wallet, gave[person.name]))
        lapses = wall.later(terms.zone, world.now, rate.hold_for)
        taken = Taken(
            person.name, "", own, pins, lapses, False, None, opened=world.now, pays="payment",
            worth=paid[person.name], value=paid[person.name], spender=taker.name,
        )  # fmt: skip
        world.taken[f"{event.name}-{person.name}"] = taken
        quiet.acts(person, terms, {"redeeming"}, {rate.wallet}, world.now)
        person.takes += 1
        if event.capture:
            world.conclude(taken)
    state = "captured" if event.capture else "held"
    return Answer(state, parts(gave), parts(paid), taker.balances())


def _worth(
    world: World, terms: Terms, everybody: list[Person], rate: Rate, points: int
) -> Fraction:
    """What so many points of a household pay, of whomever they are; more than it has pay as new."""
    there = min(points, sum(one.available(rate.wallet) for one in everybody))
    gave = _from_whom(world, terms, everybody, (rate.wallet, there))
    return sum(_each(world, rate.wallet, gave).values(), (points - there) * rate.each)


def _each(world: World, wallet: str, gave: dict[str, int]) -> dict[str, Fraction]:
    """What so many points of each pay, the first they would spend."""
    terms, found = world.terms(world.now), {}
    for name, points in gave.items():
        lots = first(world.people[name], terms, (wallet, points))
        found[name] = sum((part * lot_pays(world, lot, "") for lot, part in lots), Fraction(0))
    return found


def _split(world: World, wallet: str, gave: dict[str, int], value: int) -> dict[str, int]:
    """What each pays: in proportion to what their points are worth, the largest remainders first,
    at a tie who asks (they stand first), then who joined first."""
    worth, joined = _each(world, wallet, gave), list(world.people)
    exact = {name: value * part / sum(worth.values()) for name, part in worth.items()}
    paid = {name: floor(part) for name, part in exact.items()}
    asks = next(iter(gave))
    rest = sorted(gave, key=lambda n: (paid[n] - exact[n], n != asks, joined.index(n)))
    for name in rest[: value - sum(paid.values())]:
        paid[name] += 1
    return paid


def _from_whom(
    world: World, terms: Terms, everybody: list[Person], wanted: tuple[str, int]
) -> dict[str, int]:
    """How much comes from whom, who asks first; nobody who gives nothing but them."""
    told = homes.shares(world, terms, everybody, wanted)
    if told is None:
        told, left = {}, wanted[1]
        for lot, person in _row(terms, everybody, wanted[0]):
            part = min(left, lot.free)
            told[person.name], left = told.get(person.name, 0) + part, left - part
    return {one.name: told.get(one.name, 0) for one in everybody}


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
    taker = everybody[0]
    told = homes.shares(world, terms, everybody, wanted)
    if told is not None:
        for person in [one for one in world.people.values() if one in everybody[1:]]:
            mine = first(person, terms, (wallet, told.get(person.name, 0)))
            hand_over(world, person, taker, mine, True)
            person.takes += len(mine)
        return
    for lot, person in _row(terms, everybody, wallet):
        part = min(units, lot.free)
        units -= part
        if part and person is not taker:
            hand_over(world, person, taker, [(lot, part)], True)
            person.takes += 1


def _row(terms: Terms, everybody: list[Person], wallet: str) -> list[tuple[Lot, Person]]:
    """All lots in the order they are spent; who takes comes first, also at a tie."""
    taker, spends = everybody[0], terms.program.wallets[wallet].spends
    row = [(lot, person) for person in everybody for lot in person.lots if lot.wallet == wallet]
    row.sort(key=lambda one: (one[0].ends, one[0].earned_at, one[1] is not taker, one[0].born))
    if spends != "soonest_expiring":
        row.sort(key=lambda one: one[0].earned_at, reverse=spends == "newest")
    return row


SHARING: dict[type, Callable[[Any, Any], Answer]] = {
    Shares: shares, Pools: pools, PaysTogether: pays_together,
}  # fmt: skip
