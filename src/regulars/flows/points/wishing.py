"""What somebody wishes to have for points, what is wrong with how it was told, and whose points
of a household there are for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.moving.pool import Pool
from regulars.engine.rewarding.counter.currencies import pays_not, worth_not
from regulars.engine.rewarding.freeing import Goods
from regulars.engine.rewarding.having import Wish
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import Redeem, Settle
from regulars.flows.points.commands import RedeemTogether
from regulars.records.activity.checks import bad_lines
from regulars.records.members.unions.types import Household
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.parts.rewards import PAYING, FreePieces
from regulars.records.tills.bills import read

_NONE: Final[Mapping[str, Sequence[str]]] = {}


def ill_told(command: Redeem) -> Fault | None:
    """A wish is for a reward, or for a part of a basket that is worth something."""
    basket = command.pay
    if (basket is None) == (command.reward == ""):
        return Invalid("say which reward, or what is to be paid: one of both", field="/reward")
    if basket is None:
        return None
    if not 0 < basket.amount_minor <= LARGEST:
        return Invalid("say what the basket comes to, above nothing", field="/pay/basket")
    if not 0 <= basket.discount_minor <= basket.amount_minor:
        return Invalid("discounts come to no more than the basket", field="/pay/discount")
    if basket.want_minor is not None and basket.want_minor <= 0:
        return Invalid("say how much, above nothing, or leave it out", field="/pay/want")
    return None


def pays(command: Redeem) -> bool:
    """Whether points are to pay for a basket, and not for a reward."""
    return command.pay is not None or command.promised is not None


def ill_basket(version: Version, command: Redeem | RedeemTogether) -> Fault | None:
    """A basket is told where a reward makes pieces of it free, and it is one that could be sold."""
    reward = version.rewards.get(command.reward)
    frees = reward is not None and isinstance(reward.gives, FreePieces)
    if frees and not command.lines:
        says = "this reward makes pieces of the basket free; tell its lines"
        return Invalid(says, field="/lines")
    if not frees and (command.lines or command.named):
        return Invalid("this reward makes nothing of a basket free", field="/lines")
    return bad_lines(command.lines)


def ill_currency(version: Version, command: Redeem, at: datetime) -> Fault | None:
    """What members pay in another currency has a worth there, by the program in force."""
    if command.promised is not None:
        return None  # it was promised in it
    if command.pay is not None:
        return pays_not(version, command.currency, command.pay.wallet, at)
    reward = version.rewards.get(command.reward)
    return None if reward is None else worth_not(version, reward, command.currency, at)


async def offered_at(
    tx: Tx, version: Version, wishes: Sequence[Redeem]
) -> dict[str, tuple[str, ...]]:
    """Of what seats among these take: by which rewards offers give it at another price."""
    seats = {one.reward for one in wishes if one.gathering}
    found = await offers.prices_of(tx, seats)
    return {
        name: tuple(one for one in others if one in version.rewards)
        for name, others in found.items()
    }


def wish_of(tx: Tx, command: Redeem, others: Mapping[str, Sequence[str]] = _NONE) -> Wish:
    """Who asks for what, where and when, as the engine takes it; `others` is what offers make of
    what seats take."""
    return Wish(
        reward=PAYING if pays(command) else command.reward,
        redemption_id=tx.new_id(),
        now=tx.now,
        store=command.store,
        channel=command.channel,
        actor=command.asked.principal,
        goods=Goods(command.lines, command.named),
        until=command.until or _until(tx, command.for_days),
        currency=command.currency,
        quoted=command.quoted,
        shown=command.shown,
        gathering=command.gathering,
        others=others.get(command.reward, ()) if command.gathering else (),
    )


async def refuse_paid(tx: Tx, asked: Sequence[Asking[Any]]) -> None:
    """Answer every wish for a bill that is paid or unknown; the others stay open for it.

    Order: locks the bills, before any member is locked; also those whose rewards are given back.
    """
    todo = [one for one in asked if one.open]
    wishes = [one for one in todo if isinstance(one.command, Redeem) and one.command.bill]
    given_back = [one.command.redemption_id for one in todo if _gives_back(one.command)]
    named = {one.command.bill for one in wishes}
    named |= set((await read.bills_of(tx, given_back)).values())
    found = await read.bills(tx, sorted(named), lock=True)
    for one in wishes:
        bill = found.get(one.command.bill)
        if bill is None:
            one.outcome = NotFound("there is no such bill here", field="/bill")
        elif bill.state == "paid":
            one.outcome = Refused("already_paid", "this bill was paid before")


def _gives_back(command: Redeem | Settle) -> bool:
    return isinstance(command, Settle) and command.outcome == "voided"


def _until(tx: Tx, days: int) -> datetime | None:
    return tx.now + timedelta(days=days) if days else None


def no_place(version: Version, taker: UUID, household: Household | None) -> Refused | Fault | None:
    """Why somebody spends nothing with this household, whatever they want."""
    roles = {} if household is None else {p.member_id: p.role for p in household.places}
    if taker not in roles:
        says = "this member does not belong to such a household"
        return NotFound(says, field="/household_id")
    said = version.program.household
    if said is None:
        return Refused("no_households", "this program has no households")
    if said.spends == "head" and roles[taker] != "head":
        return Refused("head_only", "in this program only the head spends for all")
    return None


def pool_of(states: Mapping[UUID, MemberState], taker: MemberState, household: Household) -> Pool:
    """Who takes something, and whose points there are besides."""
    mine = {place.member_id for place in household.places}
    others = [states[id_] for id_ in sorted(mine) if id_ != taker.member_id]
    head = next((p.member_id for p in household.places if p.role == "head"), None)
    return Pool(taker, others, household.household_id, head)
