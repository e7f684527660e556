"""Imports by hand: what a file brought, and what becomes of each member when it is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.model.events import Answer, Happens, Joins
from tests.model.kept import Lot, Person
from tests.model.money.trusted.events import Brings, TakesImportBack
from tests.model.money.trusted.state import Import
from tests.model.points import lapse
from tests.model.waits import NEVER

if TYPE_CHECKING:
    from tests.model.reference import World

WALLET = "points"


def brings(world: World, event: Brings) -> Answer:
    """Members who are not here come, points are opened, and sales earn as they would have; what a
    file says of somebody who was merged is of whoever they are now."""
    one = world.hand.trust.imports[event.name] = Import(event.file)
    for who, units in event.people:
        if who not in world.people:
            world._join(Joins(who))
            one.made.append(who)
        if units and (event.file, who) not in world.hand.trust.opened:
            world.hand.trust.opened.add((event.file, who))
            person = world.who(who)
            lapse(person, world.now)
            world.born += 1
            lot = Lot(WALLET, units, units, world.now, NEVER, world.born, one)
            person.lots.append(lot)
            one.lots.append((person.name, lot))
            one.named.setdefault(person.name, set()).add(who)
    for who, receipt, amount in event.sales:
        if receipt in world.sales:
            continue
        world.happens(Happens("purchase", who, receipt, amount=amount))
        if receipt in world.sales:  # who is blocked may earn nothing, in a file neither
            one.sales.append(world.sales[receipt])
    return Answer("brought")


def takes_import_back(world: World, event: TakesImportBack) -> Answer:
    """All of a member or nothing; asked again, it is told what became of it."""
    one = world.hand.trust.imports[event.name]
    if one.back is None:
        kept: Counter[str] = Counter()
        gone, others = 0, 0
        touched = {who for who, _ in one.lots} | {deed.who for deed in one.sales} | {*one.made}
        for who in sorted(touched):
            reason = _why_not(world, one, who)
            if reason:
                kept[f"kept {reason}"] += 1
            elif who in one.made:
                gone += 1
                _goes(world, one, who)
            else:
                others += 1
                world.hand.trust.opened -= {(one.file, name) for name in one.named[who]}
                for lot in [lot for owner, lot in one.lots if owner == who]:
                    lot.left = 0
        told = {"members": gone, "others": others, **kept}
        one.back = tuple(sorted(told.items()))
    return Answer("taken back", one.back)


def _why_not(world: World, one: Import, who: str) -> str:
    """The first reason why it stays with somebody, or nothing."""
    return next(_reasons(world, one, who), "")


def _reasons(world: World, one: Import, who: str) -> Iterator[str]:
    person = world.who(who)
    if person.name != who or person.state == "erased":
        yield "gone"
    if who not in one.made:
        yield from _of_who_was_here(one, who)
        return
    hand, trust = world.hand, world.hand.trust
    if person.under:
        yield "united"
    if any(one.who == who for one in (*world.taken.values(), *hand.uses.values())):
        yield "spent"
    theirs = [deed for deed in person.deeds if deed not in one.sales or any(deed.back)]
    others = [other for other in trust.imports.values() if other is not one]
    if theirs or who in trust.corrected:
        yield "bought"
    if any(owner == who for other in others for owner, _ in other.lots):
        yield "bought"
    if who in trust.had_won or any(grant.who == who for grant in hand.granted):
        yield "more"
    if who in trust.blocked:
        yield "changed"


def _of_who_was_here(one: Import, who: str) -> Iterator[str]:
    """They give back points, if all that came is there, and nothing else."""
    mine = [lot for owner, lot in one.lots if owner == who]
    if any(lot.left != lot.points or lot.pinned for lot in mine):
        yield "used"
    if any(deed.who == who for deed in one.sales):
        yield "was_here"


def _goes(world: World, one: Import, who: str) -> None:
    """As if they had never been: what they bought came back, and nothing is left of them."""
    one.lots = [(owner, lot) for owner, lot in one.lots if owner != who]
    for deed in [deed for deed in one.sales if deed.who == who]:
        del world.sales[deed.event.receipt]
    world.hand.trust.opened.discard((one.file, who))
    del world.people[who]
    world.unsettled.pop(who, None)
    world.reached = {key: one for key, one in world.reached.items() if one.owner != who}
    _forget(world, who)


def _forget(world: World, who: str) -> None:
    """Their receipts come again as new ones."""
    person: Person | None = world.people.get(who)
    assert person is None, who
    trust = world.hand.trust
    for each in (trust.corrected, trust.had_won, trust.blocked):
        each.discard(who)
