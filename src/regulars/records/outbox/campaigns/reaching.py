"""By which of several channels a member is reached, as far as rows say it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.types import Campaign, Way

BY_CHANNEL: Final = """(
select w.channel from unnest({channels}::text[]) with ordinality as w (channel, place)
 where (select a.state from consent a
         where a.program_id = $1::int and a.channel = w.channel and a.member_id = {member}
         order by a.changed_at desc limit 1) = 'given'
   and case w.channel
       when 'push' then exists (select from push_device v
                                 where v.program_id = $1::int and v.member_id = {member})
       when 'email' then exists (select from identifier v
                                  where v.program_id = $1::int and v.member_id = {member}
                                    and v.kind = 'email')
       when 'sms' then exists (select from identifier v
                                where v.program_id = $1::int and v.member_id = {member}
                                  and v.kind = 'phone')
       else true end
 order by w.place limit 1)"""
"""The first of these channels that this member agreed to and has an address for. Whether letters
come back from there is kept under a key that no statement has: that is seen as it is sent, and then
the next channel is used."""
_REACH: Final = f"""
select coalesce(r.channel, '') as channel, count(*) as members
  from (select {BY_CHANNEL.format(channels="$3", member="m.member_id")} as channel
          from segment_member m where m.program_id = $1::int and m.segment_id = $2::uuid) r
 group by 1
"""  # noqa: S608 - a statement of ours


_ELSEWHERE = """
select exists (select from campaign where program_id = $1::int
                  and (channel = 'webhook' or instead @> '[{"channel": "webhook"}]')) as there
"""
_REACHED = f"""
select {BY_CHANNEL.format(channels="$3", member="$2::uuid")} as channel
"""


async def reached_by(tx: Tx, campaign: Campaign, who: UUID) -> Way | None:
    """By which of its channels this member is reached at this moment; nothing where by none."""
    rows = await tx.fetch(_REACHED, tx.program_id, who, list(campaign.channels))
    channel: Way | None = rows[0]["channel"]
    return channel


async def reach(tx: Tx, campaign: Campaign) -> dict[str, int]:
    """How many of its segment are reached by each of its channels, and under "" by none of them."""
    rows = await tx.fetch(_REACH, tx.program_id, campaign.segment_id, list(campaign.channels))
    return {row["channel"]: row["members"] for row in rows}


async def told_elsewhere(tx: Tx) -> bool:
    """Whether the shop has a message that another system says, so that members are asked."""
    return bool((await tx.fetch(_ELSEWHERE, tx.program_id))[0]["there"])
