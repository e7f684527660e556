"""Give lots on their way in the name by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.imports import staging
from regulars.records.imports.naming.types import Named, Rest

_NAME: Final = """
update staged s set key = n.key, content = n.content, packed = n.packed, sale_key = null
  from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[]) as n (place, key, content, packed)
 where s.ctid = n.place::tid
"""
_STOOD: Final = "create temporary table stood (member_id uuid, numbers int[]) on commit drop"
_STAND: Final = """
insert into stood
select coalesce(a.into_id, k.member_id), array_agg((k.number - 1)::int order by k.number)
  from unnest($2::uuid[]) with ordinality as k (member_id, number)
  left join member_alias a on a.program_id = $1::int and a.member_id = k.member_id
 group by 1
"""
_REST: Final = """
insert into slip
select file, line, 'remaining',
       format('%s of %s %s were spent elsewhere since they were brought over', came - rest, came,
              wallet),
       'These points are known and do not come again; take off by hand what is too many here'
  from unnest($1::int[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[])
       as r (file, line, wallet, rest, came)
"""


async def stand(tx: Tx, members: Sequence[UUID]) -> None:
    """Say whose the lots of before are, in their order.

    Keeps: both sides are counted before they are joined. Of tables nobody counted the database
    takes few lines for granted, and compares every lot with every member of before.
    """
    await tx.fetch(_STOOD)
    await tx.fetch(_STAND, tx.program_id, list(members))
    for counted in (staging.COUNTED_ANEW, "analyze stood"):
        await tx.fetch(counted)


async def name(tx: Tx, lots: Sequence[Named]) -> None:
    """These lots have names from now on."""
    if lots:
        await tx.fetch(_NAME, *map(list, zip(*lots, strict=True)))


async def say_rests(tx: Tx, rests: Sequence[Rest]) -> None:
    """List of which lots less is left elsewhere; nothing of that is wrong."""
    if rests:
        await tx.fetch(_REST, *map(list, zip(*rests, strict=True)))
