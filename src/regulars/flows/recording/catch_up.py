"""Returns that wait although what they name came: both were told us at the same moment."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.before.other_lines import other_lines
from regulars.flows.recording.begin import begin
from regulars.flows.recording.decided import writes
from regulars.flows.recording.newcomers import Newcomers
from regulars.flows.recording.paying import load_spent, who_pays
from regulars.flows.recording.sales import Sales, follow
from regulars.flows.recording.stories import load_stories
from regulars.flows.recording.take_back import take_back
from regulars.records.activity import read as activities
from regulars.records.activity.write import refuse_waiting

MOST: Final = 10_000
_unpack = msgspec.msgpack.Decoder(RecordActivity).decode


async def catch_up_returns(tx: Tx, terms: Terms, most: int) -> int:
    """Decide returns whose purchase, or visit, came while they were on their way; how many were.

    Order: a return and its purchase told at the same instant each miss the other; within a minute
    this brings them to the same end as if they had come one after the other (semantics D6).
    """
    found = await activities.met(tx, min(most, MOST))
    owners = {one.sale_id: one.member_id for one in found}
    if not owners:
        return 0
    sales = Sales(owners)
    sales.told = await other_lines(tx, [_unpack(one.command) for one in found])
    await follow(tx, sales)  # a purchase that named nobody may be somebody's by now
    members = sales.members()
    paying = await who_pays(tx, terms, (), sales.owners)
    states = await hold_members(tx, terms, members | paying, with_lots=members)
    await sales.load(tx)
    await sales.still_nobodys(tx)
    told = [
        (sales.owners[sales.stands_for(one.sale_id)], _unpack(one.command).occurred_at or tx.now)
        for one in found
    ]
    await load_stories(tx, terms, states, sales, told)
    batch = await begin(tx, terms, ((), sales, Newcomers(), states))
    # No sale is told by this batch, only returns are: so of those it names none may be missing.
    await load_spent(batch, (), members)
    hopeless: list[UUID] = []
    still = {one.activity_id for one in await activities.met(tx, MOST)}
    for one in found:
        if one.sale_id in sales.of_partners:  # a partner told it meanwhile; it goes back by them
            if one.activity_id in still:
                hopeless.append(one.activity_id)
            continue
        sale = sales.sales.get(sales.stands_for(one.sale_id))
        # Another worker may have decided it while we waited for the member.
        if one.activity_id not in still:
            continue
        if sale is None:  # what is there, and nothing that comes back: it would be met for ever
            hopeless.append(one.activity_id)
            continue
        try:
            outcome = take_back(batch, sale, _unpack(one.command), one.activity_id)
        except Fault as fault:
            outcome = fault
        if isinstance(outcome, Recorded):
            batch.settled.append(one.activity_id)
        else:
            hopeless.append(one.activity_id)
    await tx.write(writes(batch))
    await tx.write(refuse_waiting(tx, hopeless))
    return len(batch.settled) + len(hopeless)
