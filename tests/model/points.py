"""Lots of points: which are taken first, and which are gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tests.model import waits
from tests.model.kept import Deed, Lot, Person, Reserved, Terms, owe
from tests.model.left_alone import quiet


def first(person: Person, terms: Terms, wanted: tuple[str, int]) -> list[tuple[Lot, int]]:
    """From which lots so much of a wallet comes: by what the wallet spends first, then soonest
    end, then oldest, then first made."""
    wallet, units = wanted
    spends = terms.program.wallets[wallet].spends
    lots = sorted([lot for lot in person.lots if lot.wallet == wallet], key=lambda lot: lot.order)
    if spends != "soonest_expiring":
        lots.sort(key=lambda lot: lot.earned_at, reverse=spends == "newest")
    found = []
    for lot in lots:
        if min(units, lot.free):
            found.append((lot, min(units, lot.free)))
            units -= min(units, lot.free)
    return found


def pin(person: Person, terms: Terms, wanted: tuple[str, int]) -> list[tuple[Lot, int]]:
    pins = first(person, terms, wanted)
    for lot, part in pins:
        lot.pinned += part
    person.reserved.append(Reserved(wanted[0], pins))
    return pins


def comes_free(
    person: Person, pins: Sequence[tuple[Lot, int]], handed_over: Mapping[str, int]
) -> None:
    """What was reserved is not any more: what of it is due is taken, but what was handed over.
    First of lots of what came back, then of those that end last."""
    mine = [one for one in person.reserved if any(own is each for own in one.pins for each in pins)]
    for one in mine:
        person.reserved.remove(one)
        due = min(one.due, one.points - handed_over.get(one.wallet, 0))
        lots = sorted([lot for lot, _ in one.pins], key=lambda lot: lot.order, reverse=True)
        left = due
        for lot in sorted(lots, key=lambda lot: not _came_back(lot)):
            part = min(left, lot.free)
            lot.left -= part
            left -= part
        earned = person.earned.get(one.wallet, 0)
        person.earned[one.wallet] = earned - min(due, earned)


def gone_or_reserved(person: Person, wallet: str, short: int) -> str:
    """Why somebody has too few points to give back."""
    reserved = sum(one.points - one.due for one in person.reserved if one.wallet == wallet)
    return "points_reserved" if short <= reserved else "points_already_spent"


def _came_back(lot: Lot) -> bool:
    return isinstance(lot.sale, Deed) and any(lot.sale.back)


def pays_up(person: Person, price: Mapping[str, int] | None = None) -> Callable[[], None]:
    """Points that stand beside a debt pay it before any are spent, in the wallets of this price or,
    without one, in all; how to have that not happen."""
    paid = []
    for wallet, owed in person.debt.items():
        left = owed if price is None or price.get(wallet) else 0
        for lot in sorted(person.lots, key=lambda lot: lot.order):
            part = min(left, lot.free) if lot.wallet == wallet else 0
            if part:
                lot.left -= part
                left -= part
                paid.append((lot, part))
    for lot, part in paid:
        person.debt[lot.wallet] -= part

    def undo() -> None:
        for lot, part in paid:
            lot.left += part
            person.debt[lot.wallet] += part

    return undo


def claw_back(person: Person, deed: Deed, wallet: str, points: int) -> None:
    """What lapsed already is not taken twice; then what of it waits, then its own lot, then those
    that end last."""
    known = min(lapsed_of(person, deed, wallet), points)
    deed.excused[wallet] = deed.excused.get(wallet, 0) + known
    take(person, deed.terms, (wallet, points - known), deed)


def take(person: Person, terms: Terms, what: tuple[str, int], origin: object) -> None:
    """Take so much back: what of this origin waits, its own lots, then those that end last."""
    wallet, points = what
    left = points
    for lot in waits.of_deed(person, origin, wallet):
        part = min(left, lot.left)
        lot.left -= part
        left -= part
    lots = [lot for lot in person.lots if lot.wallet == wallet]
    lots.sort(key=lambda lot: lot.order, reverse=True)
    own = [x for x in lots if x.sale is origin and origin is not None]
    for lot in own + [x for x in lots if x not in own]:
        part = min(left, lot.free)
        lot.left -= part
        left -= part
    if left and terms.program.wallets[wallet].negative == "debt":
        owe(person, wallet, left)
        left = 0
    missing = left
    for one in person.reserved:  # it is there, and taken once it is free
        part = min(missing, one.points - one.due) if one.wallet == wallet else 0
        one.due += part
        missing -= part
    booked = points - left
    person.earned[wallet] = person.earned.get(wallet, 0)
    person.earned[wallet] -= min(booked, person.earned[wallet])


def lapsed_of(person: Person, deed: Deed, wallet: str) -> int:
    """What of a deed lapsed with its member or whoever they stood under, and was not yet set
    against a return."""
    had = {deed.who, person.name} | deed.stood_under
    lapsed = sum(n for (who, what), n in deed.lapsed.items() if who in had and what == wallet)
    return max(lapsed - deed.excused.get(wallet, 0), 0)


def lives_again(person: Person, lot: Lot, points: int) -> None:
    """So much of what lapsed of a lot lives again: what it came of has not lost it."""
    lot.again += points
    kept = getattr(lot.sale, "lapsed", None)
    if kept is not None:
        kept[person.name, lot.wallet] -= points


def lapse(person: Person, now: datetime) -> None:
    """What waits turns; what has ended and is not reserved is gone, its sale remembers how much."""
    waits.turn(person, now)
    for lot in sorted(person.lots, key=lambda lot: lot.order):
        if lot.ends <= now and lot.free:
            quiet.lose(person, lot)
    quiet.leave(person, now)
