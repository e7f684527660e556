"""Find what was done out of courtesy: points that live again, debts that were forgiven."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

# What lives again may lapse and live again once more.
_AGAIN: Final = """
with recursive again as (
    select n.lot_id, n.entry_id
      from courtesy c
      join lot n on n.program_id = c.program_id and n.member_id = c.member_id
                and n.entry_id = c.entry_id
     where c.program_id = $1 and c.member_id = $2 and c.lot_id = any($3::uuid[])
       and c.kind = 'reinstate'
     union
    select n.lot_id, n.entry_id
      from again a
      join courtesy c on c.program_id = $1 and c.member_id = $2 and c.lot_id = a.lot_id
                     and c.kind = 'reinstate'
      join lot n on n.program_id = $1 and n.member_id = $2 and n.entry_id = c.entry_id
)
select a.lot_id,
       exists (select from posting p where p.program_id = $1 and p.member_id = $2
                  and p.entry_id = a.entry_id and p.account = 4) as paid
  from again a order by a.lot_id
"""
_FORGIVEN: Final = """
select p.wallet, max(-p.amount)::bigint as points
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.account = 17
 where e.program_id = $1 and e.member_id = $2 and e.kind = 'write_off' and e.recorded_at >= $3
 group by p.wallet
"""


class Again(NamedTuple):
    """A lot of points that live again, and whether they paid something that was owed first."""

    lot_id: UUID
    paid: bool


async def lives_again(tx: Tx, member_id: UUID, lot_ids: Sequence[UUID]) -> list[Again]:
    """What lives again with this member of these lots of theirs, whatever became of it since."""
    if not lot_ids:
        return []
    rows = await tx.fetch(_AGAIN, tx.program_id, member_id, list(lot_ids))
    return [Again(*row.values()) for row in rows]


async def forgiven(tx: Tx, member_id: UUID, since: datetime) -> dict[int, int]:
    """The most that was forgiven this member at once since then, per wallet."""
    rows = await tx.fetch(_FORGIVEN, tx.program_id, member_id, since)
    return {row["wallet"]: row["points"] for row in rows}
