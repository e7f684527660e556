"""Points are taken back: out of which lots, in which order, and what of it is owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from regulars.engine.deciding import booking, pending
from regulars.engine.returning.reserved import put_down
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Lot, Posting

NOTHING: Final[Mapping[datetime, int]] = MappingProxyType({})


def take(
    changes: Changes,
    state: MemberState,
    version: Version,
    cause: booking.Cause,
    what: tuple[UUID, int, int],
    ends: Mapping[datetime, int] = NOTHING,
) -> list[Posting]:
    """Take points of a sale back as far as the wallet lets; `what` is sale, wallet code, points.

    Order: what is pending of the sale, its own lots, then the others by latest expiry. Of its own
    lots those go first by as much as came of rules with that end (`ends`), then those without.
    Keeps: what is there but reserved is not forgotten (`reserved`).
    """
    sale_id, code, points = what
    waiting = pending.waiting_of(state, code, sale_id)
    unripe = pending.take_waiting(changes, state, cause, waiting, points)
    ripe = 0
    for lot in _last_first(state, code, sale_id) if ends else ():
        if lot.cause_id == sale_id and lot.expires_at in ends:
            part = min(ends[lot.expires_at], points - unripe - ripe)
            ripe += booking.take(changes, state, cause, [lot], part)
    order = _last_first(state, code, sale_id, ends)
    ripe += booking.take(changes, state, cause, order, points - unripe - ripe)
    taken = unripe + ripe
    balance = state.balance(code)
    balance.available -= ripe
    wallet = version.compiled.wallets[version.wallet_codes.index(code)]
    owed = points - taken if version.program.wallets[wallet.id].negative == "debt" else 0
    put_down(changes, state, code, points - taken - owed)
    balance.debt += owed
    balance.earned -= min(taken + owed, balance.earned)
    changes.balances[(state.member_id, code)] = balance
    sides = [
        (Account.ISSUED, taken + owed),
        (Account.PENDING, -unripe),
        (Account.AVAILABLE, -ripe),
        (Account.DEBT, -owed),
    ]
    return [Posting(code, account, n) for account, n in sides if n]


def _last_first(
    state: MemberState, wallet: int, sale_id: UUID, ends: Mapping[datetime, int] = NOTHING
) -> list[Lot]:
    """The sale's own lots, those with an end of their own behind, then others by latest expiry."""
    mine = [lot for lot in state.lots.values() if lot.wallet == wallet and lot.free > 0]
    mine.sort(key=lambda lot: (lot.expires_at, lot.earned_at, lot.lot_id), reverse=True)
    return sorted(mine, key=lambda lot: (lot.cause_id != sale_id, lot.expires_at in ends))
