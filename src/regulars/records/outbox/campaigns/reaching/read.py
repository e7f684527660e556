"""By which of several channels members are reached, as far as rows say it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.types import Campaign, Way

# Of each channel the last word of each stands first in its index: nothing is sorted.
REACHED_BY: Final = """
said as materialized (
    select w.channel, w.place, s.member_id
      from unnest({channels}::text[]) with ordinality as w (channel, place)
     cross join lateral (
           select distinct on (a.member_id) a.member_id, a.state
             from consent a
            where a.program_id = $1::int and a.channel = w.channel and {among}
            order by a.member_id, a.changed_at desc) s
     where s.state = 'given'
), found as (
    select member_id, case kind when 'email' then 'email' else 'sms' end as channel
      from identifier
     where program_id = $1::int and kind in ('email', 'phone') and {those}
    union all
    select member_id, 'push' from push_device where program_id = $1::int and {those}
), chosen as materialized (
    select s.member_id, ({channels}::text[])[min(s.place)] as channel
      from said s
      left join found f on f.member_id = s.member_id and f.channel = s.channel
     where s.channel in ('inbox', 'webhook') or f.member_id is not null
     group by s.member_id
)
"""
"""The first of these channels that each of some members agreed to and has an address for. Whether
letters come back from there is kept under a key that no statement has: that is seen as it is sent,
and then the next channel is used. `among` says of a consent, `those` of a row, whose it is."""
_REACH: Final = f"""
with inside as materialized (
    select member_id from segment_member where program_id = $1::int and segment_id = $2::uuid
), {
    REACHED_BY.format(
        channels="$3",
        among="a.member_id in (select member_id from inside)",
        those="member_id in (select member_id from inside)",
    )
}
select coalesce(c.channel, '') as channel, count(*) as members
  from inside m left join chosen c on c.member_id = m.member_id group by 1
"""  # noqa: S608 - a statement of ours
_ELSEWHERE: Final = """
select exists (select from campaign where program_id = $1::int
                  and (channel = 'webhook' or instead @> '[{"channel": "webhook"}]')) as there
"""
_ONE: Final = f"""
with {
    REACHED_BY.format(channels="$3", among="a.member_id = $2::uuid", those="member_id = $2::uuid")
}
select channel from chosen
"""  # noqa: S608 - a statement of ours


async def reached_by(tx: Tx, campaign: Campaign, who: UUID) -> Way | None:
    """By which of its channels this member is reached at this moment; nothing where by none."""
    rows = await tx.fetch(_ONE, tx.program_id, who, list(campaign.channels))
    return rows[0]["channel"] if rows else None


async def reach(tx: Tx, campaign: Campaign) -> dict[str, int]:
    """How many of its segment are reached by each of its channels, and under "" by none of them."""
    rows = await tx.fetch(_REACH, tx.program_id, campaign.segment_id, list(campaign.channels))
    return {row["channel"]: row["members"] for row in rows}


async def told_elsewhere(tx: Tx) -> bool:
    """Whether the shop has a message that another system says, so that members are asked."""
    return bool((await tx.fetch(_ELSEWHERE, tx.program_id))[0]["there"])
