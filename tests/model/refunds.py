"""What was spent on a sale, by hand: which redemption may pay for it, and what comes back of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from tests.model import moves, wall
from tests.model.events import Happens
from tests.model.kept import Deed, Lot, Person, Taken, owe
from tests.model.left_alone import quiet
from tests.model.money.afterwards import freeing
from tests.model.points import lapse, lives_again

if TYPE_CHECKING:
    from tests.model.reference import World


class Share(NamedTuple):
    """What of a redemption comes back: points of which lots, and whether nothing of it is left."""

    taken: Taken
    lots: list[tuple[Lot, int]]
    over: bool


def may_pay(world: World, taken: Taken | None, sale: Happens) -> bool:
    """A redemption pays for one sale, of whoever took it; what pays in money is told as what it is
    and with what it comes to, and what went to a bank pays nothing. Whether it was handed over is
    asked last."""
    who, basket = sale.who, sale.basket
    if taken is None or taken.paid or who not in world.people:
        return False
    if taken.frees or taken.pays == "payout" or basket.stored != (taken.pays == "stored_value"):
        return False
    if taken.currency != sale.currency or (taken.pays and taken.value != basket.in_points):
        return False
    return world.who(taken.who) is world.who(who)


def uncaptured(world: World, sale: Happens, freed: Sequence[str]) -> str:
    """ "invalid" where something pays for this sale that was not handed over."""
    spent = [world.taken[one] for one in (sale.basket.paid, *freed) if one]
    return "invalid" if any(one.state != "captured" for one in spent) else ""


def coming(world: World, deed: Deed) -> list[Share]:
    """What comes back now of each redemption: of all that was spent the part of the pieces that
    came back in all, less what came back before; the lot that ends last first."""
    spent = [one for one in (deed.paid, *deed.freed) if one is not None]
    return [
        Share(one, _of(deed, one), over=freeing.is_over(deed, one))
        for one in spent
        if world.who(one.who) is world.who(deed.who)
    ]


def _of(deed: Deed, taken: Taken) -> list[tuple[Lot, int]]:
    found = []
    for wallet in taken.price:
        lots = sorted(
            [lot for lot in taken.took if lot.wallet == wallet], key=lambda lot: lot.order
        )
        left = _part(deed, taken, sum(taken.took[lot] for lot in lots))
        left -= sum(taken.back.get(lot, 0) for lot in lots)
        for lot in reversed(lots):
            part = min(left, taken.took[lot] - taken.back.get(lot, 0))
            if part:
                found.append((lot, part))
            left -= part
    return found


def _part(deed: Deed, taken: Taken, spent: int) -> int:
    if taken.frees:
        free, came = freeing.pieces(deed, taken)
        return spent * came // free
    lines = deed.told  # by what it was told to cost, not by what that counts
    bought, returned = freeing.paid_for(deed)
    if returned == bought:
        return spent
    worth = [line.amount - line.discount for line in lines] or [deed.event.amount or 0]
    if deed.event.currency and not lines:
        worth = deed.bought
    came = sum(
        each * back // pieces for each, back, pieces in zip(worth, returned, bought, strict=True)
    )
    return spent * came // sum(worth) if sum(worth) else 0


def again(world: World, person: Person, shares: list[Share], wallet: str) -> int:
    """How much of it can be spent: what has not ended or lives on, once debt is paid."""
    lives = sum(
        part
        for share in shares
        for lot, part in share.lots
        if lot.wallet == wallet and (_ends(world, lot) > world.now or _days(world, wallet))
    )
    return max(lives - person.debt.get(wallet, 0), 0)


def put_back(world: World, person: Person, shares: Sequence[Share]) -> None:
    """Back to the lots, what has ended is gone again or lives on, and debt is paid first."""
    for taken, own, over in shares:
        for lot, part in own:
            lot.left += part
            taken.back[lot] = taken.back.get(lot, 0) + part
        if over:
            taken.state = "returned"
    lots: list[Lot] = []
    for taken, own, _ in shares:
        holder = world.people[taken.who]
        if own:
            lapse(holder, world.now)
        there = [each for lot, part in own for each in _lasting(world, holder, lot, part)]
        lots += there if holder is person else []
    for holder in {taken.who: world.people[taken.who] for taken, _, _ in shares}.values():
        if holder is not person:
            lots += moves.over(world, holder, person, holder.lots)
    for lot in sorted(set(lots), key=lambda lot: lot.order):
        paid = min(person.debt.get(lot.wallet, 0), lot.free)
        if paid:
            owe(person, lot.wallet, -paid)
            lot.left -= paid


def lives(world: World, lot: Lot) -> bool:
    """Whether what comes back to it can be spent."""
    return _ends(world, lot) > world.now


def _ends(world: World, lot: Lot) -> datetime:
    """When a lot is gone, at its own end or because it is left alone."""
    holder = next(person for person in world.people.values() if lot in person.lots)
    return min(lot.ends, quiet.gone(holder, lot, world.now))


def _days(world: World, wallet: str) -> int:
    said = world.terms(world.now).program.wallets.get(wallet)
    return said.comes_back.days if said is not None and said.comes_back is not None else 0


def _lasting(world: World, holder: Person, lot: Lot, part: int) -> list[Lot]:
    """What came back is parted from what ends too soon; what had ended lives again."""
    days, terms, ends = _days(world, lot.wallet), world.terms(world.now), _ends(world, lot)
    until = wall.begins(terms.zone, terms.day(world.now) + (days + 1) * wall.DAY)
    if not days or ends >= until:
        return [lot] if ends > world.now else []
    sale, earned_at, lives = lot.sale, lot.earned_at, ends > world.now
    if lives:
        lot.left -= part
    else:
        lives_again(holder, lot, part)
        earned_at = world.now
        paid = min(holder.debt.get(lot.wallet, 0), part)
        owe(holder, lot.wallet, -paid)
        part -= paid
    if not part:
        return []
    world.born += 1
    there = Lot(lot.wallet, part, part, earned_at, until, world.born, sale)
    holder.lots.append(there)
    if lives:
        there.ends = max(until, lot.ends)
    if lives or quiet.gone(holder, there, world.now) < until:
        there.spared = until
    return [there]
