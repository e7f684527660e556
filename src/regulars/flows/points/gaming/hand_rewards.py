"""Rewards that are prizes: handed over or kept for their winner, and taken back while unused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.rewarding.gaming.giving import ACTOR, Due, key_of
from regulars.engine.rewarding.gaming.winning import Issued, Rewards, is_fetched
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.overdue import overdue
from regulars.flows.redeem_rewards import Batch, begin, end, write_ended
from regulars.records.members.unions import read as unions
from regulars.records.rewards import read
from regulars.records.rewards.codes import read as codes
from regulars.records.rewards.codes.write import close
from regulars.records.rewards.prizes.types import Prize
from regulars.records.rewards.write import keep_paid


class Handing(Struct):
    """Prizes while they are settled: what changes in the books, and which rewards go over."""

    tx: Tx
    batch: Batch
    rewards: Rewards

    @property
    def changes(self) -> Changes:
        """Everything that is to be booked."""
        return self.batch.changes

    async def write(self) -> None:
        """Hand over what was won, or keep it at the counter; and write all that changed."""
        for redemption in self.rewards.opened:
            self.batch.opened[redemption.redemption_id] = redemption
            if not is_fetched(redemption):
                no = end(self.batch, redemption, Ending("captured", self.tx.now, ACTOR))
                assert no is None, no
        self.batch.closed |= {one.redemption_id: one for one in self.rewards.withdrawn}
        await write_ended(self.batch)
        await self.tx.write(
            [
                *close(self.tx, self.rewards.closed),
                *keep_paid(self.tx, self.rewards.returned),
            ]
        )


async def begin_handing(
    tx: Tx,
    terms: Terms,
    people: Mapping[UUID, MemberState],
    wanted: Mapping[UUID, Sequence[Due]],
    has: Mapping[UUID, Sequence[Prize]],
) -> Handing:
    """Lock the shelves and codes of rewards that may be won or taken back; mostly none.

    Order: after the members; shelves, then codes.
    """
    batch = Batch(tx, terms, dict(people), Changes(tx.new_id))
    fresh, gone = list[Due](), set[UUID]()
    for who, mine in wanted.items():
        had = has.get(who, ())
        keys = {one.key for one in mine}
        there = {key_of(p) for p in had}
        fresh += [one for one in mine if one.promise.reward and one.key not in there]
        gone |= {
            p.redemption_id for p in had if p.redemption_id is not None and key_of(p) not in keys
        }
    rewards = Rewards()
    if not fresh and not gone:
        return Handing(tx, batch, rewards)
    family = await unions.family(tx, sorted(people))
    redemptions = await read.some(tx, family, sorted(gone))
    shelf = {name for one in fresh for name in shelves(one.version, [one.promise.reward or ""])}
    shelf |= {one.shelf for one in redemptions.values() if one.promised.stocked}
    await begin(batch, sorted(shelf), await overdue(tx, people))
    held = await codes.hold_of(tx, sorted(redemptions))
    rewards.won = {id_: Issued(one, held.get(id_)) for id_, one in redemptions.items()}
    return Handing(tx, batch, rewards)
