"""Partners, by hand: what was agreed, and every line of the account between them and the shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside.between.events import Agrees, Collects, GoesBack, PartnerPays
from tests.model.beside.between.given import Gift, spend
from tests.model.events import Answer
from tests.model.kept import Person
from tests.model.points import lapse

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Line:
    """Something a partner told of a member, and what of it came back."""

    who: str
    wallet: str
    units: int
    cents: int
    gift: Gift | None = None
    back: int = 0
    back_cents: int = 0
    back_points: int = 0


@dataclass
class Account:
    """What stands between a partner and the shop; above nothing it is the partner's money."""

    cents: int = 0
    agreed: list[tuple[datetime, Agrees]] = field(default_factory=list)
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)


def agrees(world: World, event: Agrees) -> Answer:
    account = world.between.accounts.setdefault(event.partner, Account())
    account.agreed.append((world.now, event))
    return Answer("agreed")


def pays(world: World, event: PartnerPays) -> Answer:
    account = world.between.accounts[event.partner]
    account.cents += event.cents
    return _booked(account, event.cents, 0)


def collects(world: World, event: Collects) -> Answer:
    account, person = world.between.accounts[event.partner], world.who(event.who)
    terms, at = world.terms(world.now), event.at or world.now
    if at > world.now:
        return Answer("invalid")
    world.let_go(person)
    no, cents = _price(world, account, person, event)
    full = no in ("pack_used_up", "partner_limit_reached")
    if (full or not no) and (event.kind, event.number) in account.lines:
        no = "already_credited"
    if no:
        return Answer(no)
    accrual = event.kind == "accrual"
    lapse(person, world.now)
    line = Line(person.name, event.wallet, event.units, cents)
    if accrual:
        line.gift = _credit(world, person, event.wallet, event.units)
    elif person.available(event.wallet) < event.units:
        return Answer("not_enough_points")
    else:
        spend(person, terms, (event.wallet, event.units))
    account.lines[event.kind, event.number] = line
    account.cents += -cents if accrual else cents
    if accrual:
        world.hand.told(world, person, (event.partner, event.number))
    return _booked(account, -cents if accrual else cents, event.units if accrual else -event.units)


def _price(world: World, account: Account, person: Person, event: Collects) -> tuple[str, int]:
    """The first reason why it does not count, or nothing and what it costs."""
    terms, at = world.terms(world.now), event.at or world.now
    there = [(since, one) for since, one in account.agreed
             if (one.kind, one.wallet) == (event.kind, event.wallet) and since <= at]  # fmt: skip
    if not there:
        return "no_contract", 0
    _, agreed = max(there, key=lambda one: one[0])
    accrual, blocked = event.kind == "accrual", terms.program.blocked
    if person.state == "blocked" and not (blocked.may_earn if accrual else blocked.may_redeem):
        return "member_blocked", 0
    if wall.later(terms.zone, at, f"{agreed.look_back} days") < person.joined:
        return "before_enrolment", 0
    cents = floor(Fraction(agreed.cents * event.units, agreed.per) + Fraction(1, 2))
    if accrual and account.cents - cents < -(agreed.limit or 0):
        return ("pack_used_up" if agreed.limit is None else "partner_limit_reached"), 0
    return "", cents


def _credit(world: World, person: Person, wallet: str, units: int) -> Gift:
    terms = world.terms(world.now)
    gift = Gift(person.name, terms, wallet, units)
    world.between.gifts.append(gift)
    world.credit_points(person, terms, (wallet, units), world.now, gift)
    return gift


def goes_back(world: World, event: GoesBack) -> Answer:
    account = world.between.accounts[event.partner]
    line = account.lines.get((event.kind, event.of))
    if line is None:
        return Answer("not_found")
    person, left = world.who(line.who), line.units - line.back
    world.let_go(person)
    units = event.units or left
    if not left:
        return Answer("nothing_left")
    if units > left:
        return Answer("invalid")
    whole = floor(Fraction(line.cents * (line.back + units), line.units))
    cents, moved = whole - line.back_cents, units
    if line.gift is not None:  # of what was given only what is still theirs goes back
        lapse(person, world.now)
        own = line.units - line.gift.gone(person) - line.back_points
        moved = max(min(units, own, person.available(line.wallet)), 0)
        spend(person, world.terms(world.now), (line.wallet, moved))
        line.back_points += moved
    else:
        lapse(person, world.now)
        _credit(world, person, line.wallet, units)
    line.back, line.back_cents = line.back + units, whole
    cents, moved = (cents, -moved) if line.gift is not None else (-cents, moved)
    account.cents += cents
    return _booked(account, cents, moved)


def _booked(account: Account, cents: int, moved: int) -> Answer:
    return Answer("booked", (("balance", account.cents), ("cents", cents), ("moved", moved)))


PARTNERS: dict[type, Callable[[Any, Any], Answer]] = {
    Agrees: agrees, PartnerPays: pays, Collects: collects, GoesBack: goes_back,
}  # fmt: skip
