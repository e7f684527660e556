"""Look up to whom a campaign was written, or not and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.types import MessageState, Way

# Whoever was merged since is who they stand as; of who is erased nothing is told.
_PAGE = """
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


class WrittenTo(Struct, frozen=True):
    """A member whom a campaign was meant for, and what became of it."""

    member_id: UUID
    place: UUID
    """Whose message it was when it was meant for them."""
    channel: Way
    state: MessageState
    reason: str
    returned: str
    settled_at: datetime | None


async def written_to(
    tx: Tx,
    campaign_id: UUID,
    which: tuple[str | None, str | None],
    after: UUID | None,
    limit: int,
) -> list[WrittenTo]:
    """Whom it was meant for, after a place; `which` state and reason, where only those count."""
    rows = await tx.fetch(_PAGE, tx.program_id, campaign_id, *which, after, limit)
    return [WrittenTo(**row) for row in rows]
