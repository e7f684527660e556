"""What was released gets a row for everybody in its segment, some at a time, and ends when all of
them are settled."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.telling.campaigns.judging import judge_returned
from regulars.records.access.staff import read as staff_read
from regulars.records.outbox.campaigns import read, write
from regulars.records.outbox.campaigns.rules import FEWEST, begins_at
from regulars.records.outbox.campaigns.types import Campaign
from regulars.records.outbox.campaigns.write import Queueing

PORTION: Final = 20_000
"""Members of one transaction: tills wait for none of it longer than for a portion."""
_FIRST: Final = UUID(int=0)


async def queue_campaigns(tx: Tx, most: int = PORTION) -> bool:
    """One step for one campaign: begun, a portion queued, ended; whether there is more to do.

    Order: who is in the segment as it begins is written to, as far as they still are when their
    portion comes; who came since is not. How far it came is written with the rows: cut off, the
    portion was never begun, and done again it changes nothing.
    Keeps: what grew beyond what one person may release goes back to be looked at again. Whatever
    too much comes back of pauses first, so that no more of it is sent.
    """
    await write.hold(tx)
    await judge_returned(tx)
    for one in await read.left_over(tx):
        return await write.end(tx, one, most) == most
    for one in await read.working(tx):
        if one.journey_id is not None:
            continue  # whoever walks through it has their row from there
        begins = begins_at(one)
        if one.state == "approved" and (begins is None or begins <= tx.now):
            await _begin(tx, one)
            return True
        if one.state == "queueing":
            await _portion(tx, one, most)
            return True
        if one.state == "sending" and not await read.has_left(tx, one.campaign_id):
            await tx.write(write.keep(tx, replace(one, state="sent", ended_at=tx.now)))
            return True
    return False


async def _begin(tx: Tx, one: Campaign) -> None:
    audience = await read.inside(tx, one.segment_id)
    alone = (await staff_read.chosen(tx)).of("campaign_alone")
    if audience > alone and await _another(tx, one, audience):
        now = replace(
            one, state="checked", audience=audience, approved_at=None, approved_by=None,
            approved_saved=None,
        )  # fmt: skip
    else:
        holds_out = audience >= FEWEST and one.held_percent > 0
        now = replace(
            one, state="queueing", queued_at=tx.now, audience=audience, holds_out=holds_out
        )
    await tx.write(write.keep(tx, now))


async def _another(tx: Tx, one: Campaign, audience: int) -> bool:
    """Whether nobody else than who wrote it approved this: or something else was approved, because
    its segment asks otherwise since, or holds more than a tenth more of members."""
    if one.approved_by in one.writers or one.audience is None:
        return True
    return one.approved_saved != await read.saved(tx, one.segment_id) or (
        audience * 10 > one.audience * 11
    )


async def _portion(tx: Tx, one: Campaign, most: int) -> None:
    how = Queueing(one.held_percent if one.holds_out else 0, tx.now)
    after = one.queued_after or _FIRST
    put = await write.queue(tx, one, how, after, most)
    if put.many < most:
        await tx.write(
            write.keep(tx, replace(one, state="sending", queued_after=put.last or after))
        )
    else:
        assert put.last is not None, put
        await tx.write(write.queued(tx, one, put.last))
