"""Find what is to be sent to hooks once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.hooks.replays.types import Kept, Piece, Replay, Within

_HELD = """
select since, after_id, within_id, first, below, moved from hook_replay
 where program_id = $1::int and hook_id = $2::uuid for update
"""
# An event counts as put on its way when it happened, or later; so most are left out unread.
_LINES = """
select l.member_id, l.planned, f.position
  from (select member_id, planned from hook_line
         where program_id = $1::int and hook_id = $2::uuid and member_id > $3::uuid
         order by member_id limit $5 for update) l
  left join lateral (
       select s.position
         from hook_sending s join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
        where s.program_id = $1::int and s.hook_id = $2::uuid and s.member_id = l.member_id
          and s.planned_at >= $4::timestamptz and o.recorded_at >= $4::timestamptz
        order by s.position limit 1) f on true
 order by l.member_id
"""
_THERE = """
select p.member_id, array_agg(s.position order by s.position desc) as positions
  from unnest($3::uuid[], $4::bigint[], $5::bigint[]) as p (member_id, first, below)
  join hook_sending s on s.program_id = $1::int and s.hook_id = $2::uuid
   and s.member_id = p.member_id and s.position >= p.first and s.position < p.below
 group by p.member_id
"""


async def held(tx: Tx, hook_id: UUID) -> Replay | None:
    """What is to be sent to this hook once more, held until this transaction ends."""
    for row in await tx.fetch(_HELD, tx.program_id, hook_id):
        told: dict[str, Any] = dict(row)
        within = None
        if told["within_id"] is not None:
            within = Within(told["within_id"], told["first"], told["below"])
        return Replay(told["since"], told["after_id"], within, told["moved"])
    return None


async def lines(tx: Tx, hook_id: UUID, replay: Replay, most: int) -> list[Kept]:
    """The next lines, held, each with where it is to begin."""
    args = (tx.program_id, hook_id, replay.after_id, replay.since, most)
    return [Kept(*row.values()) for row in await tx.fetch(_LINES, *args)]


async def there(tx: Tx, hook_id: UUID, pieces: Sequence[Piece]) -> dict[UUID, list[int]]:
    """By member, which positions of these pieces are kept, the last first."""
    columns = [[getattr(one, name) for one in pieces] for name in ("member_id", "first", "below")]
    rows = await tx.fetch(_THERE, tx.program_id, hook_id, *columns) if pieces else ()
    return {row["member_id"]: row["positions"] for row in rows}
