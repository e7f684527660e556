"""The redemptions that sales of a batch were paid with, loaded under the lock of their member."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.returning.payments import redemptions_of
from regulars.engine.terms import Terms
from regulars.flows.batch.overdue import overdue
from regulars.flows.recording.decide_one import Item
from regulars.flows.recording.decided import Decided
from regulars.flows.recording.spent import load_reserved, spent_on
from regulars.records.activity import read as activities
from regulars.records.rewards import read


async def load_spent(
    batch: Decided, fresh: Sequence[Item], returning: Collection[UUID], *, lock: bool = True
) -> None:
    """Read every redemption that sales here name, those told now and those that come back, and what
    they whose sales may come back (`returning`) reserved and did not take in time.

    Order: after the members are held and the sales of returns are read; then the shelf, because a
    piece may go back to it. A batch that names none and meets no return asks nothing.
    Assumes: the lots of `returning` are loaded.
    """
    tx = batch.tx
    stands = [batch.states[one] for one in returning if one in batch.states]
    batch.late = await overdue(tx, {state.member_id: state for state in stands})
    wanted = sorted(set(_named(batch, fresh)))
    batch.pays_with = bool(wanted)
    found = await spent_on(tx, batch.terms, batch.states, wanted) if wanted else {}
    batch.spent.update(found)
    redemptions = [one.redemption for one in found.values()]
    stocked = [one.shelf for one in redemptions if one.promised.stocked]
    stocked += batch.late.stocked()
    if stocked:
        stock = await (read.lock_stock(tx, stocked) if lock else read.stock(tx))
        batch.changes.stock = stock
    if wanted and any(item.command.asked.till for item in fresh):
        await load_reserved(batch)


async def who_pays(
    tx: Tx, terms: Terms, fresh: Sequence[Item], owners: Mapping[UUID, UUID]
) -> set[UUID]:
    """Whose points pay for sales told now, or paid for those that come back (`owners`, by sale).

    Order: before anybody is locked, so that they are locked with all others. Where no household
    pays for baskets nothing is asked.
    """
    if not any(one.program.household and one.program.paying for one in terms.versions):
        return set()
    named = [id_ for item in fresh for id_ in redemptions_of(item.command.body)]
    if owners:
        sold = await activities.some(tx, sorted(set(owners.values())), sorted(owners))
        named += [id_ for one in sold.values() for id_ in redemptions_of(one.body)]
    return set((await read.whose(tx, sorted(set(named)))).values())


def _named(batch: Decided, fresh: Sequence[Item]) -> Iterator[UUID]:
    for item in fresh:
        yield from redemptions_of(item.command.body)
    for sale in batch.sales.sales.values():
        yield from redemptions_of(sale.activity.body)
