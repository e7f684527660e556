"""What a cart in a shop was made cheaper by: promised before, and handed over once it is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Redeemed, Settle
from regulars.flows.inlets.carts.claims import free_for, paid_now
from regulars.flows.inlets.carts.promises import PaidCart, best_offers
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.members import read as members
from regulars.records.members.types import Asked, MemberRef
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption


class Wanted(Struct, frozen=True):
    """What is asked of a cart: whose it is, which rewards are money off, what its goods cost."""

    inlet_id: UUID
    cart: str
    refs: tuple[MemberRef, ...]
    rewards: tuple[str, ...]
    channel: str
    goods_minor: int


OVER: Final = "a voucher that is off it was over here before it was paid"
"""What is said of a paid order the shop gave something off for nothing."""


async def open_offer(
    tx: Tx, terms: Terms, wanted: Wanted
) -> tuple[tuple[Redemption, ...], dict[UUID, int]]:
    """Which rewards that a member reserved on the shop's pages are off this cart, the oldest first.

    Keeps: nobody has off more than the goods cost; what is too large for them stays reserved. What
    was reserved elsewhere, for a till, is no matter of a cart; nor is what another one is promised.
    Shape: the rewards, and which promise of each is to be kept before it is said (`free_for`).
    Example: of 5.00 and 20.00 reserved, goods of 12.00 are cheaper by 5.00.
    """
    country = terms.versions[-1].program.country
    found = await members.whom(tx, country, wanted.refs)
    member_id = next((one for one in found if isinstance(one, UUID)), None)
    if member_id is None:
        return (), {}
    held = await rewards.open_of(tx, [member_id])
    rows = (await rewards.some(tx, [member_id], list(held))).values()
    left, taken = wanted.goods_minor, []
    free = await free_for(tx, wanted.inlet_id, wanted.cart, list(held))
    for one in sorted(rows, key=lambda row: (row.opened_at, row.redemption_id)):
        ours = one.reward in wanted.rewards and one.channel == wanted.channel
        worth = one.promised.worth_minor
        if one.redemption_id not in free:
            continue
        if ours and one.lapses_at > tx.now and 0 < worth <= left:
            left -= worth
            taken.append(one)
    return tuple(taken), {one.redemption_id: free[one.redemption_id] for one in taken}


async def carts_paid(
    tx: Tx, terms: Terms, paid: Mapping[UUID, Sequence[PaidCart]]
) -> set[tuple[UUID, str]]:
    """By source, its carts that became paid orders: what made them cheaper is handed over. Which
    of them were given something that was over here, said when they are heard to be paid first.

    Keeps: told again, nothing changes. What lapsed, was given back or handed over meanwhile the
    shop gave all the same: nobody is refused the sale.
    """
    carts = [(inlet_id, one) for inlet_id, some in paid.items() for one in some]
    best = await best_offers(tx, carts)
    if not best:
        return set()
    fresh = await paid_now(tx, {key: offer.body for key, offer in best.items()})
    each = [(key, id_) for key, offer in best.items() for id_ in offer.redemptions]
    wishes = [
        Settle(id_, "captured", asked=_of(key[0]), first=key in fresh, by_order=True)
        for key, id_ in each
    ]
    outcomes = await redeem_rewards(tx, terms, wishes)
    return {
        key
        for (key, _), outcome in zip(each, outcomes, strict=True)
        if key in fresh and not isinstance(outcome, Redeemed)
    }


def _of(inlet_id: UUID) -> Asked:
    return Asked(f"inlet_{inlet_id.hex}")
