"""What is reserved for a seat goes with whoever two records become: ended for the one that goes,
reserved anew for the one that stays, at the same price and for as long."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.deciding import idle
from regulars.engine.deciding.redeem import reserve
from regulars.engine.rewarding.having import Wish
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import Redeemed, Settle
from regulars.flows.redeem_rewards import Batch, redeem_rewards, write_ended
from regulars.records.community.gatherings import write
from regulars.records.ledger.reserved import read as reserved
from regulars.records.rewards import read
from regulars.records.rewards.types import Redemption


async def reserved_for_seats(tx: Tx, gone: MemberState) -> list[Redemption]:
    """What is reserved for seats of this member, where nothing else is reserved for them, so that
    it can come along; nothing where it cannot.

    Keeps: of what lapsed while it was reserved, at its end or because its member did nothing,
    nothing would be left to reserve anew; nor of what came back meanwhile, which is taken as
    the reservation ends. What nobody took in time is given back as it lapses, and
    keeps nobody apart.
    Assumes: the member is held, with their lots, and so are the gatherings of their seats.
    """
    who = gone.member_id
    ids = sorted(await read.open_of(tx, [who]))
    open_ = (await read.some(tx, [who], ids)).values()
    in_time = (one for one in open_ if one.lapses_at > tx.now)
    found = sorted(in_time, key=lambda one: one.opened_at)
    if any(not one.promised.told.get("gathering") for one in found):
        return []
    holds = await reserved.holds(tx, [who], [one.redemption_id for one in found])
    if any(hold.due for some in holds.values() for hold in some):
        return []
    behind = {lot for some in holds.values() for hold in some for lot, _ in hold.lots}
    living = {
        one.lot_id for one in gone.lots.values() if idle.leaves_at(gone, one, tx.now) > tx.now
    }
    return found if behind <= living else []


async def let_go(tx: Tx, terms: Terms, found: Sequence[Redemption]) -> None:
    """Give what was reserved for these seats back to who goes, so that it comes over with them."""
    ends = [Settle(one.redemption_id, "voided", with_seat=True) for one in found]
    for outcome in await redeem_rewards(tx, terms, ends):
        assert isinstance(outcome, Redeemed), outcome


async def reserve_anew(
    tx: Tx, terms: Terms, stays: UUID, found: Sequence[Redemption]
) -> MemberState:
    """Reserve it for who stays, and say so at their seats; where they stand then.

    Keeps: what was promised is: the price, the terms and until when are those of then. Of two seats
    at one gathering the one that was given on has its part back as any other, by the worker.
    """
    states = await hold_members(tx, terms, [stays], with_lots=[stays])
    batch = Batch(tx, terms, states, Changes(tx.new_id))
    new: dict[UUID, UUID] = {}
    for one in found:
        wish = Wish(
            one.reward, tx.new_id(), tx.now, one.store, one.channel, one.actor, until=one.lapses_at
        )
        version = terms.numbered(one.version)
        made = reserve(batch.changes, states[stays], version, wish, (one.promised, ""))
        batch.opened[made.redemption_id] = made
        new[one.redemption_id] = made.redemption_id
    await write_ended(batch)
    await tx.write(write.reserved_anew(tx, new))
    return states[stays]
