"""Look up what campaigns and journeys wrote to one member, or did not write and why."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.written.types import Written

# Its place is made as ids are, of when it was meant for them: so it stands among what has ids that
# grow with time. Whoever was merged into this member has theirs beside.
_PAGE = """
select w.* from (
    select m.message_id, c.code, c.name, coalesce(j.code, '') as journey,
           coalesce(nullif(m.channel, ''), c.channel) as channel, m.state,
           m.reason, coalesce(m.returned, '') as returned,
           coalesce(m.asked_at, c.queued_at, m.try_at) as asked_at, m.settled_at, l.read_at,
           (lpad(to_hex(floor(extract(epoch from coalesce(m.asked_at, c.queued_at, m.try_at))
                              * 1000)::bigint), 12, '0')
            || substr(replace(m.message_id::text, '-', ''), 13))::uuid as place
      from campaign_message m
      join campaign c using (program_id, campaign_id)
      left join journey j on j.program_id = $1::int and j.journey_id = c.journey_id
      left join card_letter l on l.program_id = $1::int and l.member_id = m.member_id
       and l.message_id = m.message_id
     where m.program_id = $1::int and m.member_id = any(array(
           select $2::uuid union all
           select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
) w where $3::uuid is null or w.place < $3::uuid
 order by w.place desc limit $4::int
"""


async def written(tx: Tx, member_id: UUID, before: UUID | None, limit: int) -> list[Written]:
    """What was meant for this member, the latest first, before a place."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [Written(**row) for row in rows]
