"""Money by hand: what points and gift balances pay of a basket, and what is paid to banks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.between import homes
from tests.model.events import Answer, Banks, Bounces, Pays, PaysOut
from tests.model.kept import Person, Taken, Terms
from tests.model.left_alone import quiet
from tests.model.money.promised.worth import each_pays, keeps, pieces
from tests.model.money.promised.worth import rate as counts
from tests.model.points import lapse, pays_up, pin

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import PayWithPoints

if TYPE_CHECKING:
    from tests.model.reference import World

GIFT = "15 minutes"
A_DAY = "1 day"


@dataclass
class Bank:
    """A bank account of somebody: which, since when, and whether money may go there."""

    number: int
    at: datetime
    usable: bool = True


class Rate:
    """What whole steps of points pay, as the program says it; a gift balance pays itself."""

    def __init__(self, terms: Terms, event: Pays) -> None:
        said = terms.program.paying
        self.wallet, self.percent, self.leaves, self.least, self.best = (
            event.wallet,
            100,
            0,
            1,
            False,
        )
        self.step, self.each, self.hold_for = 1, Fraction(1), GIFT
        self.pieces: list[tuple[int, Fraction]] = []
        """The first points, and what each of them pays where that is more than all others do."""
        self.together: Callable[[int], Fraction] | None = None
        """What so many points of a household pay, where that hangs on whose they are."""
        if event.wallet or said is None:
            return
        self._say(terms, said)
        if event.currency:
            self._abroad(terms, said, event.currency)

    def _say(self, terms: Terms, said: PayWithPoints) -> None:
        money = decimals(terms.program.currency)
        self.wallet, self.percent, self.hold_for = said.wallet, said.at_most_percent, said.hold_for
        self.step = terms.units(said.wallet, said.step)
        self.each = Fraction(units(said.per, money), terms.units(said.wallet, said.points))
        self.leaves = units(said.leaves_at_least, money)
        least = terms.units(said.wallet, said.minimum) if said.minimum is not None else 0
        self.least, self.best = max(least, self.step), said.discounts == "best"

    def _abroad(self, terms: Terms, said: PayWithPoints, currency: str) -> None:
        """The same in another currency; what is left in money at a rate is rounded up."""
        each = each_pays(terms, currency)
        assert each is not None, currency
        there = said.in_currency[currency].leaves_at_least
        left = -(-self.leaves // counts(terms, currency))
        self.each = each
        self.leaves = units(there, decimals(currency)) if there is not None else int(left)

    def worth(self, steps: int) -> int:
        """What so many steps pay: a fraction of a coin is cut off."""
        left, paid = steps * self.step, Fraction(0)
        if self.together is not None:
            return int(self.together(left))
        for many, each in self.pieces:
            part = min(many, left)
            left, paid = left - part, paid + part * each
        return int(paid + left * self.each)

    def steps_for(self, most: int, there: int) -> int:
        """The fewest steps that pay the most that is not more than this, of so many points."""
        row = range(max(there, 0) // self.step + 1)
        worth = self.worth(bisect_right(row, most, key=self.worth) - 1)
        return bisect_left(row, worth, key=self.worth)


def pays(world: World, event: Pays) -> Answer:
    now = world.terms(world.now)
    if event.currency and (event.wallet or each_pays(now, event.currency) is None):
        world.let_go(world.who(event.who))
        return Answer("invalid")
    person, terms = world.comes(event.who)
    if person.state == "blocked" and not terms.program.blocked.may_redeem:
        return Answer("member_blocked")
    wallet = terms.program.wallets.get(event.wallet)
    if event.wallet and (wallet is None or wallet.kind != "gift"):
        return Answer("not_stored_value")
    if not event.wallet and terms.program.paying is None:
        return Answer("points_do_not_pay")
    rate, undo = Rate(terms, event), pays_up(person)
    if not event.wallet and keeps(world):
        rate.pieces = pieces(world, person, event.currency)
    no, points = enough(world, person, rate, event)
    undo()
    if no:
        return Answer(no)
    pays_up(person, {rate.wallet: points})
    value = rate.worth(points // rate.step)
    taken = Taken(
        person.name, "", {rate.wallet: points}, pin(person, terms, (rate.wallet, points)),
        wall.later(terms.zone, world.now, rate.hold_for), False, None, opened=world.now,
        pays="stored_value" if event.wallet else "payment",
        worth=int(value * counts(terms, event.currency)), currency=event.currency, value=value,
    )  # fmt: skip
    world.taken[event.name] = taken
    quiet.acts(person, terms, {"redeeming"}, {rate.wallet}, world.now)
    person.takes += 1
    if event.capture:
        world.conclude(taken)
    return Answer(taken.state, balances=person.balances())


def enough(world: World, purse: Any, rate: Rate, event: Pays) -> tuple[str, int]:
    """Why nothing is paid, or with how many points of somebody's, or of a household's; what a minor
    or a buyer may spend bounds it."""
    if purse.debt.get(rate.wallet):
        return "debt_first", 0
    there, pocket = purse.available(rate.wallet), homes.may_spend(world, purse.name, rate.wallet)
    left = event.amount - (0 if rate.best else event.discount)
    share = max(min(left * rate.percent // 100, left - rate.leaves), 0)
    if event.want is not None and event.want > share:
        return "share_exceeded", 0
    most, of = share, there if pocket is None else min(there, pocket[1])
    if event.want is not None:
        most, of = event.want, int(event.amount / rate.each) + 2 * rate.step
    points = rate.steps_for(most, of) * rate.step
    if rate.best and event.discount and event.discount >= rate.worth(points // rate.step):
        return "discount_is_better", 0
    needed = max(points, rate.least)
    no = "below_minimum" if points < rate.least else ""
    if pocket is not None and pocket[1] < needed:
        no = f"{pocket[0]}_limit"
    return "not_enough_points" if there < needed else no, points


# --- to the bank ----------------------------------------------------------------------------


def bank_of(world: World, person: Person) -> Bank | None:
    """A member's own account, else the last one of those who are one with them."""
    own = world.banks.get(person.name)
    others = [world.banks[one.name] for one in _under(person) if one.name in world.banks]
    return own or max(others, key=lambda one: one.at, default=None)


def _under(person: Person) -> list[Person]:
    return [each for one in person.under for each in (one, *_under(one))]


def banks(world: World, event: Banks) -> Answer:
    person = world.who(event.who)
    if not event.number:
        for one in (person, *_under(person)):
            world.banks.pop(one.name, None)
        return Answer("banked")
    if world.terms(world.now).program.paying_out is None:
        return Answer("no_payouts")
    world.banks[person.name] = Bank(event.number, world.now)
    return Answer("banked")


def pays_out(world: World, _: PaysOut) -> Answer:
    """Whoever has an account and seemed to have enough is looked at; who has is paid all of it."""
    terms = world.terms(world.now)
    if terms.program.paying_out is None:
        return Answer("no_payouts")
    paid = []
    for person in [one for one in world.people.values() if _due(world, terms, one)]:
        world.let_go(person)
        lapse(person, world.now)
        if _due(world, terms, person):
            paid.append(_pay(world, terms, person))
    if not paid:
        return Answer("nothing_due")
    return Answer("paid", (("payouts", len(paid)), ("total", sum(paid))))


def _due(world: World, terms: Terms, person: Person) -> bool:
    said, bank = terms.program.paying_out, bank_of(world, person)
    if said is None or bank is None or not bank.usable or person.state == "merged":
        return False
    if person.state == "blocked" and not terms.program.blocked.may_redeem:
        return False
    enough = person.available(said.wallet) >= terms.units(said.wallet, said.minimum)
    return enough and not person.debt.get(said.wallet)


def _pay(world: World, terms: Terms, person: Person) -> int:
    said, bank = terms.program.paying_out, bank_of(world, person)
    assert said is not None
    assert bank is not None
    amount = person.available(said.wallet)
    taken = Taken(
        person.name, "", {said.wallet: amount}, pin(person, terms, (said.wallet, amount)),
        wall.later(terms.zone, world.now, A_DAY), False, None, opened=world.now,
        pays="payout", worth=bank.number,
    )  # fmt: skip
    before = [name for name in world.taken if name.startswith(f"out-{person.name}-")]
    world.taken[f"out-{person.name}-{len(before) + 1}"] = taken
    quiet.acts(person, terms, {"redeeming"}, {said.wallet}, world.now)
    person.takes += 1
    world.conclude(taken)
    return amount


def bounces(world: World, event: Bounces) -> Answer:
    """Once it is in the wallet again, as money of today; and nothing more goes to that account."""
    if event.name in world.bounced:
        return Answer("already_returned")
    taken = world.taken[event.name]
    person, terms = world.who(taken.who), world.terms(world.now)
    world.let_go(person)
    lapse(person, world.now)
    for wallet, amount in taken.price.items():
        world.credit_points(person, terms, (wallet, amount), world.now)
    world.bounced.add(event.name)
    for one in (person, *_under(person)):
        bank = world.banks.get(one.name)
        if bank is not None and bank.number == taken.worth:
            bank.usable = False
    return Answer("bounced", balances=person.balances())


MONEY: dict[type, Callable[[Any, Any], Answer]] = {
    Pays: pays, Banks: banks, PaysOut: pays_out, Bounces: bounces,
}  # fmt: skip
