"""Find what was done out of courtesy: points that live again, debts that were forgiven."""

from __future__ import annotations

from collections.abc import Sequence
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
# From the merge on, with whomever the one who stays was merged on into while that was in force,
# each time more or less was owed; what merges themselves moved is owed as it was. Up to the first
# time that something was forgiven, was there ever less of it than right after the merge?
_FORGIVEN: Final = """
with recursive stood (as_id, since, began, until) as (
    select into_id, merged_at, merge_id, 'infinity'::timestamptz
      from member_merge where program_id = $1 and merge_id = $2
     union
    select u.into_id, u.merged_at, u.merge_id, coalesce(u.unmerged_at, 'infinity')
      from stood s
      join member_merge u on u.program_id = $1 and u.from_id = s.as_id
                         and (u.merged_at, u.merge_id) > (s.since, s.began)
                         and u.merged_at <= s.until
), moved as (
    select p.wallet, e.recorded_at, e.entry_id, e.kind, -sum(p.amount) as more
      from stood s
      join entry e on e.program_id = $1 and e.member_id = s.as_id
                  and (e.recorded_at, e.entry_id) > (s.since, s.began)
                  and e.recorded_at <= s.until and e.kind not in ('merge', 'unmerge')
      join posting p on p.program_id = $1 and p.member_id = e.member_id
                    and p.entry_id = e.entry_id and p.account = 4
     group by p.wallet, e.recorded_at, e.entry_id, e.kind
), followed as (
    select wallet, kind, sum(more) over w as level, bool_or(kind = 'write_off') over w as over
      from moved window w as (partition by wallet order by recorded_at, entry_id)
)
select wallet, coalesce(min(level) filter (where not over), 0) >= 0 as whole
  from followed group by wallet having bool_or(over)
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


async def forgiven(tx: Tx, merge_id: UUID) -> dict[int, bool]:
    """In which wallets the one who stays was forgiven what they owed since this merge; whether all
    that was owed by the merge was, and nothing of it had been paid before."""
    rows = await tx.fetch(_FORGIVEN, tx.program_id, merge_id)
    return {row["wallet"]: row["whole"] for row in rows}
