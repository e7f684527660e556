"""Keep who has most."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.standing.richness.read import Reach

_CLEAR: Final = "delete from richness where program_id = $1::int"
_REACHED: Final = """
insert into richness_reach (program_id, wallet, cluster, below_tx, after_id)
values ($1::int, $2::smallint, $3::bigint, $4::bigint, $5::uuid)
    on conflict (program_id) do update
   set wallet = excluded.wallet, cluster = excluded.cluster, below_tx = excluded.below_tx,
       after_id = excluded.after_id
"""
_KEEP: Final = """
    insert into richness (program_id, member_id, units)
    select $1::int, member_id, available - debt from here order by member_id
        on conflict (program_id, member_id) do update set units = excluded.units
     where richness.units <> excluded.units
"""
_ALL: Final = f"""
with here as (
    select member_id, available, debt, wallet from balance
     where program_id = $1::int and member_id > $2::uuid and wallet = $3::smallint
     order by member_id limit $4::int
), kept as ({_KEEP})
select count(*) as looked, (array_agg(member_id order by member_id desc))[1] as last_id from here
"""  # noqa: S608  (made of our own constants)
# Entries lie in the order of their transactions, so an index of blocks finds the latest.
_CHANGED: Final = f"""
with here as (
    select b.member_id, b.available, b.debt
      from (select distinct member_id from entry
             where program_id = $1::int and recorded_tx >= $2::bigint
               and recorded_tx < $3::bigint offset 0) e
      join balance b on b.program_id = $1::int and b.member_id = e.member_id
                    and b.wallet = $4::smallint
), kept as ({_KEEP})
select count(*) as looked from here
"""  # noqa: S608


def clear(tx: Tx) -> list[Write]:
    """Nobody is listed any more."""
    return [Write(_CLEAR, (tx.program_id,))]


def reached(tx: Tx, reach: Reach) -> list[Write]:
    """Keep how far the list is."""
    return [Write(_REACHED, (tx.program_id, *reach))]


async def list_next(tx: Tx, wallet: int, after: UUID, most: int) -> tuple[int, UUID | None]:
    """List the next members who ever had something, by their ids: how many, and the last."""
    ((looked, last_id),) = [
        row.values() for row in await tx.fetch(_ALL, tx.program_id, after, wallet, most)
    ]
    return looked, last_id


async def follow(tx: Tx, wallet: int, since: int, below: int) -> int:
    """List anew whose points changed in these transactions; how many."""
    rows = await tx.fetch(_CHANGED, tx.program_id, since, below, wallet)
    return int(rows[0]["looked"])
