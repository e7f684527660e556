"""What one member was sent, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.outbox.bounces.types import BounceKind
from regulars.records.outbox.delivery.types import Channel, Kind, State

# What came back is known by its address: it was the last letter that had been sent there by then.
_TO_MEMBER: Final = """
select d.delivery_id, d.kind, d.channel, d.state, d.reason, d.recorded_at, d.settled_at,
       b.kind as bounced, b.reason as bounce_reason
  from delivery d
  left join bounced_address b
         on b.program_id = d.program_id and b.address = d.address and d.channel = 'email'
        and d.state = 'sent'
        and d.delivery_id = (
            select e.delivery_id from delivery e
             where e.program_id = d.program_id and e.member_id = d.member_id
               and e.address = d.address and e.state = 'sent' and e.recorded_at <= b.bounced_at
             order by e.delivery_id desc limit 1)
 where d.program_id = $1::int and d.member_id = $2::uuid
   and ($3::uuid is null or d.delivery_id < $3::uuid)
 order by d.delivery_id desc limit $4::int
"""


class Told(Struct, frozen=True):
    """One message: what it said, by which way, what became of it, and whether it came back."""

    delivery_id: UUID
    kind: Kind
    channel: Channel
    state: State
    reason: str
    recorded_at: datetime
    settled_at: datetime | None
    bounced: BounceKind | None
    bounce_reason: str | None


async def to_member(tx: Tx, member_id: UUID, before: UUID | None, most: int) -> list[Told]:
    """What this member was sent before this place, the latest first."""
    rows = await tx.fetch(_TO_MEMBER, tx.program_id, member_id, before, most)
    return [Told(**row) for row in rows]
