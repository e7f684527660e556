"""What staff decide about one member, worked out from nothing: words, corrections, favours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.model import waits, wall
from tests.model.events import (
    Adjusts,
    Answer,
    Confirms,
    Extends,
    Forgives,
    Revives,
    parts,
)  # fmt: skip
from tests.model.kept import Lot, Person, owe
from tests.model.points import first, lapse, lives_again

if TYPE_CHECKING:
    from tests.model.reference import World


def confirms(world: World, event: Confirms) -> Answer:
    deed = world.sales[event.sale]
    if not deed.who:
        return Answer("nothing_pending")
    person = world.who(deed.who)
    lapse(person, world.now)
    had = {deed.who, person.name} | deed.stood_under
    lots = [lot for name in sorted(had) for lot in world.people[name].lots]
    said, turned = waits.say(person, (deed, lots), event.outcome, world.now)
    if said != event.outcome:
        return Answer(said)
    return Answer(said, parts(turned), balances=person.balances())


def adjusts(world: World, event: Adjusts) -> Answer:
    person, terms = world.who(event.who), world.terms(world.now)
    world.let_go(person)
    lapse(person, world.now)
    world.hand.trust.corrected.add(person.name)
    if event.units > 0:
        world.credit_points(person, terms, (event.wallet, event.units), world.now)
    elif person.available(event.wallet) < -event.units:
        return Answer("not_enough_points")
    else:
        for lot, units in first(person, terms, (event.wallet, -event.units)):
            lot.left -= units
            person.takes += 1
    return Answer("adjusted", balances=person.balances())


def extends(world: World, event: Extends) -> Answer:
    person = world.who(event.who)
    lots = sorted(
        (x for x in person.lots if x.wallet == event.wallet and x.left), key=lambda lot: lot.order
    )
    lot = lots[event.place % len(lots)] if lots else None
    if lot is None:
        return Answer("not_found")
    lapse(person, world.now)
    if not lot.left:
        return Answer("lot_empty")
    if lot.waits:
        return Answer("points_pending")
    if lot.ends <= world.now:
        return Answer("lot_lapsed")
    if lot.ends.year > 9000 or event.by <= timedelta(0):
        return Answer("invalid")
    lot.ends += event.by
    return Answer("extended", balances=person.balances())


def revives(world: World, event: Revives) -> Answer:
    person, terms = world.who(event.who), world.terms(world.now)
    lapse(person, world.now)
    lots = [lot for lot in person.gone if lot.wallet == event.wallet]
    if not lots:
        return Answer("not_found")
    lot = lots[0]
    most = lot.lapsed - lot.again
    units = event.units or most
    if units > most or not most:
        return Answer("not_lapsed")
    lives_again(person, lot, units)
    before = len(person.lots)
    world.credit_points(person, terms, (event.wallet, units), world.now)
    for one in person.lots[before:]:  # unless it paid what was owed
        one.sale = lot.sale
    _goes_back_too(world, person, lot, (person.lots[before:], units))
    return Answer("revived", balances=person.balances())


def _goes_back_too(world: World, person: Person, lot: Lot, done: tuple[list[Lot], int]) -> None:
    """What lives again of points that came along goes back with them, unless it paid a debt."""
    opened, units = done
    for merged in world.merged.values():
        if world.people[merged.into] is person and any(one is lot for one in merged.lots):
            merged.lots += opened
            if sum(one.left for one in opened) < units:
                merged.takes = -1


def _forgiven(person: Person, wallet: str, owed: int) -> None:
    for merged in person.behind:
        if wallet in merged.owed and wallet in merged.paid:
            merged.takes = -1
        else:
            merged.owed.pop(wallet, None)
            merged.debt.pop(wallet, None)
    owe(person, wallet, -owed)


def forgives(world: World, event: Forgives) -> Answer:
    if event.wallet not in world.terms(world.now).program.wallets:
        return Answer("invalid")
    person = world.who(event.who)
    owed = person.debt.get(event.wallet, 0)
    if not owed:
        return Answer("nothing_owed")
    _forgiven(person, event.wallet, owed)
    return Answer("forgiven", balances=person.balances())


def forgive_old(world: World, person: Person) -> None:
    terms = world.terms(world.now)
    for name, wallet in terms.program.wallets.items():
        owed, after = person.debt.get(name, 0), wallet.write_off_after
        if not owed or after is None:
            continue
        if wall.later(terms.zone, person.owes_since[name], after) <= world.now:
            _forgiven(person, name, owed)


FAVOURS: dict[type, Callable[[Any, Any], Answer]] = {
    Confirms: confirms, Adjusts: adjusts, Extends: extends, Revives: revives, Forgives: forgives,
}  # fmt: skip
