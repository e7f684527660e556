"""The lots an entry opened, and those it took from or gave back to."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

_TOUCHED: Final = """
select l.wallet, m.delta as points, l.earned_at, l.expires_at, l.lot_id
  from lot_move m
  join lot l on l.program_id = m.program_id and l.member_id = m.member_id and l.lot_id = m.lot_id
 where m.program_id = $1 and m.member_id = $2 and m.entry_id = $3
union all
select l.wallet, l.amount, l.earned_at, l.expires_at, l.lot_id
  from lot l
 where l.program_id = $1 and l.member_id = $2 and l.entry_id = $3
 order by wallet, expires_at, earned_at, points
"""


class Touched(NamedTuple):
    """So many points of one lot that came (or left, negative) by an entry."""

    wallet: int
    points: int
    earned_at: datetime
    expires_at: datetime
    lot_id: UUID


async def touched(tx: Tx, member_id: UUID, entry_id: UUID) -> list[Touched]:
    """What an entry did to lots, by wallet, then those that lapse soonest first."""
    rows = await tx.fetch(_TOUCHED, tx.program_id, member_id, entry_id)
    return [Touched(*row.values()) for row in rows]
