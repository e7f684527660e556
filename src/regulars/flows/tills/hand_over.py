"""Rewards that connected tills hand over, at the store they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Redeemed, Settle
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.tills.commands import HandedOver, HandOutcome, HandOver
from regulars.insight.connected.events import Asked, Move, moves
from regulars.insight.connected.taken import rewards_among
from regulars.records.rewards.read import some
from regulars.records.tills import read
from regulars.records.tills.types import Store, no_store, store_meant


async def hand_over(tx: Tx, terms: Terms, batch: Sequence[HandOver]) -> list[HandOutcome]:
    """Hand over each of these rewards once, and look up how that stands in the books.

    Refuses: what is not reserved any more, or not to be had in this store. Faults: what is no
    reward here, a payment by points among it; a place where there is no store (`/place`).
    """
    stores = list((await read.stores(tx)).values())
    rewards = await rewards_among(tx, [one.redemption_id for one in batch])
    meant = [_meant(one, rewards, stores) for one in batch]
    done = iter(await redeem_rewards(tx, terms, [one for one in meant if isinstance(one, Settle)]))
    outcomes = [one if isinstance(one, Fault) else next(done) for one in meant]
    booked = await _booked(tx, list(zip(batch, outcomes, strict=True)))
    return [
        HandedOver(booked[one.redemption_id]) if isinstance(one, Redeemed) else one
        for one in outcomes
    ]


def _meant(one: HandOver, rewards: Collection[UUID], stores: Sequence[Store]) -> Settle | Fault:
    if one.redemption_id not in rewards:
        return NotFound("there is no such reward here")
    store = store_meant(stores, one.place)
    if store is None:
        return no_store()
    return Settle(one.redemption_id, "captured", asked=one.asked, store=store, first=True)


async def _booked(
    tx: Tx, all_asked: Sequence[tuple[HandOver, Redeemed | Refused | Fault]]
) -> dict[UUID, Move]:
    """The entry of each that was handed over, in the wallet that its till knows."""
    found: dict[UUID, Move] = {}
    done = [(asked, one) for asked, one in all_asked if isinstance(one, Redeemed)]
    for wallet in sorted({asked.wallet for asked, _ in done}):
        handed = [one for asked, one in done if asked.wallet == wallet]
        whose = sorted({one.member_id for one in handed})
        ids = [one.redemption_id for one in handed]
        wanted = Asked(members=whose, kinds=["capture"], causes=ids)
        booked = (await moves(tx, wallet, wanted, limit=len(ids))).moves
        found |= {one.cause_id: one for one in booked}
    free = [(asked, one) for asked, one in done if one.redemption_id not in found]
    return found | await _without_entry(tx, free) if free else found


async def _without_entry(tx: Tx, free: Sequence[tuple[HandOver, Redeemed]]) -> dict[UUID, Move]:
    """What cost nothing of the wallet has no entry in it: it is told by the redemption's id."""
    whose = sorted({one.member_id for _, one in free})
    ended = await some(tx, whose, [one.redemption_id for _, one in free])
    found: dict[UUID, Move] = {}
    for asked, done in free:
        one = ended[done.redemption_id]
        assert one.closed_at is not None, one
        found[done.redemption_id] = Move(
            entry_id=done.redemption_id,
            member_id=done.member_id,
            kind="capture",
            cause_id=done.redemption_id,
            recorded_at=one.closed_at,
            actor=asked.asked.principal,
            reason="",
            delta=0,
            issued=False,
            source="",
            external_id="",
            store=one.store,
        )
    return found
