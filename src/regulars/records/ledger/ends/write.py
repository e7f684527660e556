"""Book what the clock ended, a great many lots at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.ends.read import Lapsing
from regulars.records.ledger.types import Account

# The same rows as `ledger.write` makes of entries that were decided one by one, from columns that
# travel once: packing and unpacking a row for each of them costs more than writing it.
_LAPSE = """
with gone as materialized (
    select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::bigint[],
                         $7::timestamptz[])
               as l (entry_id, member_id, lot_id, wallet, points, ended_at)
), entries as (
    insert into entry (program_id, member_id, entry_id, kind, cause_id, reverses, occurred_at,
                       recorded_at, actor, reason)
    select $1::int, member_id, entry_id, 'expire', lot_id, null, ended_at, $8::timestamptz, '', ''
      from gone
), postings as (
    insert into posting (program_id, member_id, entry_id, line, wallet, account, amount)
    select $1::int, member_id, entry_id, line, wallet, account, sign * points
      from gone, (values (0, $9::int, -1), (1, $10::int, 1)) as sides (line, account, sign)
), moves as (
    insert into lot_move (program_id, member_id, entry_id, lot_id, wallet, delta)
    select $1::int, member_id, entry_id, lot_id, wallet, -points from gone
), lots as (
    update lot set remaining = lot.remaining - g.points from gone g
     where lot.program_id = $1::int and lot.member_id = g.member_id and lot.wallet = g.wallet
       and lot.lot_id = g.lot_id
), balances as (
    update balance set available = available - b.points
      from (select member_id, wallet, sum(points)::bigint as points
              from gone group by member_id, wallet) as b
     where balance.program_id = $1::int and balance.member_id = b.member_id
       and balance.wallet = b.wallet
)
select 1
"""
_SIDES: Final = (Account.AVAILABLE.value, Account.EXPIRED.value)


async def lapse(tx: Tx, lapsing: Sequence[Lapsing], entry_ids: Sequence[UUID]) -> None:
    """Take these lots' free points out of the books, each by an entry dated at its own end."""
    columns = map(list, zip(*lapsing, strict=True))
    await tx.fetch(_LAPSE, tx.program_id, entry_ids, *columns, tx.now, *_SIDES)
