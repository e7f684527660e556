"""Queue what we tell the world, in the same transaction as what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write

_TELL = """
insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select $1::int, o.outbox_id, o.member_id, o.sequence, o.type, o.payload::jsonb, $2::timestamptz
  from unnest($3::outbox_row[]) as o
"""


class Told(NamedTuple):
    """One event about a member; `sequence` is the standing's version it belongs to."""

    member_id: UUID
    sequence: int
    type: str
    payload: str


def tell(tx: Tx, events: Sequence[Told]) -> list[Write]:
    """Queue these events."""
    if not events:
        return []
    rows = [(tx.new_id(), *event) for event in events]
    return [Write(_TELL, (tx.program_id, tx.now, rows))]
