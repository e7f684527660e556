"""A member gives another one points: they keep their origin, their age and their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.decimals import text_of, units
from regulars.base.faults import Refused
from regulars.engine.calendar import local, period_of
from regulars.engine.deciding import booking, notice
from regulars.engine.deciding.expire import expire
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.engine.words.bounds import at_most
from regulars.records.ledger.types import Account, Lot
from regulars.records.program.types import TransferLimit

Refusal = Literal[
    "transfers_not_allowed", "member_erased", "member_blocked", "not_registered", "minor_limit",
    "too_few_points", "too_many_points", "limit_reached", "debt_first", "not_enough_points",
]  # fmt: skip
"""Every way a transfer can be refused, in the order it is checked."""


class Gift(NamedTuple):
    """How much of which wallet is given, when, by whom and why."""

    wallet: str
    units: int
    now: datetime
    actor: str
    reason: str


class Handing(NamedTuple):
    """Points handed from one to another: the two entries that say so, and the program's part."""

    given: booking.Cause
    got: booking.Cause
    pays_debt: bool = True
    """Whether what is got pays what is owed first, as everything does that comes in."""


def transfer(
    changes: Changes, giver: MemberState, taker: MemberState, version: Version, gift: Gift
) -> UUID | Refused:
    """Hand over points in the order the wallet spends them; the giver's entry is its name.

    Keeps: what one loses the other gets, lot by lot with its origin, age and end.
    Refuses: see `Refusal`; nothing is clipped silently.
    """
    expire(changes, giver, gift.now)
    expire(changes, taker, gift.now)
    no = next(refusals(giver, taker, version, gift), None)
    if no is not None:
        return no
    code = wallet_code(version, gift.wallet)
    booking.check_range(taker, {code: gift.units})
    transfer_id = changes.new_id()
    rest = (transfer_id, gift.now, gift.actor, gift.reason)
    handing = Handing(
        booking.Cause("transfer", transfer_id, *rest),
        booking.Cause("transfer", changes.new_id(), *rest),
    )
    spends = version.program.wallets[gift.wallet].spends
    order = booking.in_order(giver.lots.values(), code, spends)
    hand_over(changes, (giver, taker), handing, order, gift.units)
    limit = _limit(version, gift.wallet)
    if limit is not None:
        period = period_of(limit.per, local(version.zone, gift.now).day)
        changes.count(giver, version.transfer_counters[gift.wallet], period, gift.units)
    for state, amount, entry in (
        (giver, -gift.units, handing.given),
        (taker, gift.units, handing.got),
    ):
        changes.touch(state)
        payload = {
            "wallet": code,
            "units": amount,
            "entry_id": entry.entry_id,
            "transfer_id": transfer_id,
        }
        changes.events.append(Event(state.member_id, state.version, "points.transferred", payload))
    return transfer_id


def refusals(
    giver: MemberState, taker: MemberState, version: Version, gift: Gift
) -> Iterator[Refused]:
    """Every reason why these points cannot be given, in the order of `Refusal`."""
    said = version.program.wallets[gift.wallet].transfers
    if said is None:
        yield Refused("transfers_not_allowed", "this program lets nobody give these away")
        return
    both = (giver.state, taker.state)
    if "erased" in both:
        yield Refused("member_erased", "one of the two was erased on request")
    if "blocked" in both and not version.program.blocked.may_transfer:
        yield Refused("member_blocked", "one of the two is blocked; ask the owner of the program")
    if "unregistered" in both:
        yield Refused("not_registered", "a card without a person neither gives nor gets")
    if giver.allowance is not None:  # else the limit on what they spend would be walked round
        yield Refused("minor_limit", "under age nobody gives points away", {gift.wallet: 0})
    scale = version.program.wallets[gift.wallet].scale
    if said.at_least is not None and gift.units < units(said.at_least, scale):
        says, least = f"at least {said.at_least} at once", units(said.at_least, scale)
        yield Refused("too_few_points", says, {"wallet": gift.wallet, "at_least": least})
    if said.at_most is not None and gift.units > units(said.at_most, scale):
        says, most = f"at most {said.at_most} at once", units(said.at_most, scale)
        yield Refused("too_many_points", says, {"wallet": gift.wallet, "at_most": most})
    yield from _room(giver, version, gift)
    balance = giver.balance(wallet_code(version, gift.wallet))
    if balance.debt:
        facts = {"wallet": gift.wallet, "debt": balance.debt}
        yield Refused("debt_first", "points owed come first", facts)
    if balance.available < gift.units:
        says = f"only {text_of(balance.available, scale)} can be given"
        facts = {"wallet": gift.wallet, "available": balance.available}
        yield Refused("not_enough_points", says, facts)


def hand_over(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    handing: Handing,
    order: list[Lot],
    amount: int,
) -> list[Lot]:
    """Move points out of the first one's lots into lots of the second one; the lots opened."""
    giver, taker = who
    opened: list[Lot] = []
    wallet = order[0].wallet
    parts = booking.take_parts(changes, giver, handing.given, order, amount)
    gave = booking.debit(changes, giver, wallet, amount, Account.TRANSFERRED)
    got = []
    for lot, part in parts:
        to = (changes.new_id(), taker.member_id, handing.got.entry_id)
        passed = booking.passed_on(lot, part, to)
        if handing.pays_debt:
            got += booking.credit(changes, taker, handing.got, passed, Account.TRANSFERRED)
        else:
            got += booking.receive(changes, taker, passed, Account.TRANSFERRED)
        opened.append(passed)
        if handing.got.kind in ("transfer", "pool"):  # who becomes one with another is told anew
            notice.hand_on(giver, lot, taker, passed)
    booking.book(changes, giver, handing.given, gave)
    booking.book(changes, taker, handing.got, booking.summed(got))
    return opened


def _room(giver: MemberState, version: Version, gift: Gift) -> Iterator[Refused]:
    limit = _limit(version, gift.wallet)
    if limit is None:
        return
    scale = version.program.wallets[gift.wallet].scale
    most = units(limit.points, scale)
    period = period_of(limit.per, local(version.zone, gift.now).day)
    given = giver.counters.get((version.transfer_counters[gift.wallet], period), 0)
    if given + gift.units > most:
        left = max(most - given, 0)
        says = f"{at_most(limit.points, limit.per)}; {text_of(left, scale)} are left"
        facts = {"wallet": gift.wallet, "per": limit.per, "left": left}
        yield Refused("limit_reached", says, facts)


def _limit(version: Version, wallet: str) -> TransferLimit | None:
    said = version.program.wallets[wallet].transfers
    return None if said is None else said.limit
