"""Look up what campaigns and journeys wrote to one member, or did not write and why."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.written.types import Written, WrittenTo

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
# Whoever was merged since is who they stand as; of who is erased nothing is told.
_WHOM = """
select coalesce(l.into_id, m.member_id) as member_id, m.member_id as place,
       coalesce(nullif(m.channel, ''), c.channel) as channel, m.state, m.reason,
       coalesce(m.returned, '') as returned, m.settled_at
  from campaign_message m
  join campaign c using (program_id, campaign_id)
  join member w using (program_id, member_id)
  left join member_alias l on l.program_id = $1::int and l.member_id = m.member_id
 where m.program_id = $1::int and m.campaign_id = $2::uuid and w.state <> 'erased'
   and ($3::text is null or m.state = $3::text) and ($4::text is null or m.reason = $4::text)
   and ($5::uuid is null or m.member_id > $5::uuid)
 order by m.member_id limit $6::int
"""


async def written(tx: Tx, member_id: UUID, before: UUID | None, limit: int) -> list[Written]:
    """What was meant for this member, the latest first, before a place."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [Written(**row) for row in rows]


async def written_to(
    tx: Tx,
    campaign_id: UUID,
    which: tuple[str | None, str | None],
    after: UUID | None,
    limit: int,
) -> list[WrittenTo]:
    """Whom it was meant for, after a place; `which` state and reason, where only those count."""
    rows = await tx.fetch(_WHOM, tx.program_id, campaign_id, *which, after, limit)
    return [WrittenTo(**row) for row in rows]
