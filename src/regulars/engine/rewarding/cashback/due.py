"""Who is due how much: all that can be had, once it is enough; what is pending waits."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.decimals import units
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.redeem import reserve
from regulars.engine.rewarding.having import Wish, may_spend, person_refused, wallet_code
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.program.parts.paying_out import PAID_OUT
from regulars.records.rewards.types import Promised, Redemption

MOST_MINOR: Final = 99_999_999_999
"""The most one credit transfer carries: 999,999,999.99. Who has more gets the rest next time."""


class Paying(NamedTuple):
    """One pay-out to be: its redemption, when, and who has the run made."""

    redemption_id: UUID
    now: datetime
    actor: str


def minimum_of(version: Version) -> int:
    """From how much on money is paid out, in its smallest unit."""
    said = version.program.paying_out
    assert said is not None, version.number
    return units(said.minimum, version.program.wallets[said.wallet].scale)


def due(version: Version, state: MemberState) -> int:
    """How much a member is paid now: nothing while it is not enough, they owe or may not.

    Example: 12.40 there, 6.00 pending, from 10.00 on: 12.40.
    """
    said = version.program.paying_out
    if said is None or next(person_refused(version, state), None) is not None:
        return 0
    balance = state.balance(wallet_code(version, said.wallet))
    allowed = may_spend(state, said.wallet)
    there = balance.available if allowed is None else min(balance.available, allowed)
    if balance.debt or there < minimum_of(version):
        return 0
    return min(there, MOST_MINOR)


def pay_out(
    changes: Changes, state: MemberState, version: Version, paying: Paying
) -> Redemption | None:
    """Take what a member is due out of their wallet; nothing when they are due nothing.

    Order: what lapsed by now leaves the books first. It is reserved and captured in one breath,
    like a reward that is handed over at once, so every book knows it.
    """
    expire(changes, state, paying.now)
    amount = due(version, state)
    if not amount:
        return None
    said = version.program.paying_out
    assert said is not None, version.number
    wish = Wish(PAID_OUT, paying.redemption_id, paying.now, "", "", paying.actor)
    promised = Promised(
        name="Paid to a bank account",
        price={said.wallet: amount},
        worth_minor=amount,
        cost_minor=amount,
        kind="payout",
        told={"amount_minor": amount},
    )
    redemption = reserve(changes, state, version, wish, (promised, "1 day"))
    held = [
        one
        for one in changes.holds_opened.values()
        if one.redemption_id == redemption.redemption_id
    ]
    ending = Ending("captured", paying.now, paying.actor)
    no = conclude(changes, state, version, redemption, held, ending)
    assert no is None, no
    return redemption
