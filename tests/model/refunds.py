"""What was spent on a sale, by hand: which redemption may pay for it, and what comes back of it."""

from __future__ import annotations

from datetime import datetime

from tests.model.kept import Deed, Lot, Person, Taken
from tests.model.points import lapse


def may_pay(taken: Taken | None, who: str) -> bool:
    """A redemption pays for one sale, of whoever took it, once it was handed over."""
    return bool(taken and taken.who == who and taken.state == "captured" and not taken.paid)


def coming(deed: Deed) -> list[tuple[Lot, int]]:
    """What comes back now: of all that was spent the part of the pieces that came back in all,
    less what came back before; the lot that ends last first."""
    taken = deed.paid
    if taken is None:
        return []
    found = []
    for wallet in taken.price:
        lots = sorted(
            [lot for lot in taken.took if lot.wallet == wallet], key=lambda lot: lot.order
        )
        left = _part(deed, sum(taken.took[lot] for lot in lots))
        left -= sum(taken.back.get(lot, 0) for lot in lots)
        for lot in reversed(lots):
            part = min(left, taken.took[lot] - taken.back.get(lot, 0))
            if part:
                found.append((lot, part))
            left -= part
    return found


def _part(deed: Deed, spent: int) -> int:
    if deed.back == deed.bought:
        return spent
    lines = deed.event.basket.lines
    worth = [line.amount - line.discount for line in lines] or [deed.event.amount or 0]
    came = sum(
        each * back // bought
        for each, back, bought in zip(worth, deed.back, deed.bought, strict=True)
    )
    return spent * came // sum(worth) if sum(worth) else 0


def again(person: Person, shares: list[tuple[Lot, int]], wallet: str, now: datetime) -> int:
    """How much of it can be spent: what has not ended, once debt is paid."""
    lives = sum(part for lot, part in shares if lot.wallet == wallet and lot.ends > now)
    return max(lives - person.debt.get(wallet, 0), 0)


def come_back(person: Person, deed: Deed, shares: list[tuple[Lot, int]], now: datetime) -> None:
    """Back to the lots, what has ended is gone again, and debt is paid first."""
    taken = deed.paid
    if taken is None:
        return
    for lot, part in shares:
        lot.left += part
        taken.back[lot] = taken.back.get(lot, 0) + part
    if deed.back == deed.bought:
        taken.state = "returned"
    lapse(person, now)
    for lot in sorted({lot for lot, _ in shares}, key=lambda lot: lot.order):
        paid = min(person.debt.get(lot.wallet, 0), lot.free)
        if paid:
            person.debt[lot.wallet] -= paid
            lot.left -= paid
