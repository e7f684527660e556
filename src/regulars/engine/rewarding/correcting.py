"""Points given, and taken back, for something other than an activity: corrections in the books."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.engine.deciding import booking
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Posting


class Amount(NamedTuple):
    """So many units of a wallet by its version's terms."""

    version: Version
    wallet: int
    units: int


class Why(NamedTuple):
    """When, by whom and for what points are given or taken, as the books say it."""

    now: datetime
    actor: str
    reason: str


def give(changes: Changes, state: MemberState, amount: Amount, why: Why) -> UUID | None:
    """Give points; the entry that says so, nothing when there is nothing to give."""
    if not amount.units:
        return None
    entry_id = changes.new_id()
    cause = booking.Cause("adjust", entry_id, entry_id, *why)
    name = amount.version.wallet_ids[amount.wallet]
    no = adjust(changes, state, amount.version, Correction(name, amount.units, cause))
    assert no is None, (state.member_id, no)
    return entry_id


def take_back(
    changes: Changes, state: MemberState, amount: Amount, of: tuple[UUID, int], why: Why
) -> UUID | None:
    """Take back what was given; the entry that says so, if anything was there to take.

    Shape: `of` is the entry that gave it, and how much of that had lapsed before this batch.
    Order: what lapsed leaves first and is not taken twice; then points go in the order in which
    they are spent, as by any correction; then it is owed, where the wallet lets members owe. A
    wallet that refuses such returns cannot refuse what came back already: no more goes than is
    there.
    """
    gave, lapsed = of
    expire(changes, state, why.now)
    code, wanted = amount.wallet, amount.units - lapsed - state.lapsed.get((gave, amount.wallet), 0)
    entry_id = changes.new_id()
    cause = booking.Cause("adjust", entry_id, entry_id, *why)
    wanted = max(wanted, 0)
    wallet = amount.version.program.wallets[amount.version.wallet_ids[code]]
    lots = booking.in_order(state.lots.values(), code, wallet.spends)
    taken = booking.take(changes, state, cause, lots, wanted)
    owed = wanted - taken if wallet.negative == "debt" else 0
    balance = state.balance(code)
    balance.available -= taken
    balance.debt += owed
    changes.balances[(state.member_id, code)] = balance
    sides = [(Account.ADJUSTED, taken + owed), (Account.AVAILABLE, -taken), (Account.DEBT, -owed)]
    postings = [Posting(code, account, n) for account, n in sides if n]
    if not postings:
        return None
    booking.book(changes, state, cause, postings)
    changes.touch(state)
    told = {"wallet": code, "units": -(taken + owed), "entry_id": entry_id}
    changes.events.append(Event(state.member_id, state.version, "points.adjusted", told))
    return entry_id
