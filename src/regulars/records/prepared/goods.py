"""What each member bought of which category and article: how far that follows, and its fold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.prepared.write import MEMBERS, Span

_FOLDER: Final = Path(__file__).parent
# Whose activities of which days, and what came back of them, is what it is for a member's days.
_ACTS: Final = MEMBERS.partition(", sold as (")[0]
_GOODS: Final = _ACTS + _FOLDER.joinpath("goods.sql").read_text("utf-8")
# Whoever holds this row goes on; a second worker finds it locked and leaves it to the first.
_REACH: Final = """
select cluster, zones, below_tx, after_id from goods_reach
 where program_id = $1::int for update skip locked
"""
_THERE: Final = "select exists (select from goods_reach where program_id = $1::int) as there"
_WHOLE: Final = """
select exists (select from goods_reach where program_id = $1::int and after_id is null) as whole
"""
_REACHED: Final = """
insert into goods_reach (program_id, cluster, zones, below_tx, after_id)
values ($1::int, $2::bigint, $3::text, $4::bigint, $5::uuid)
    on conflict (program_id) do update
   set cluster = excluded.cluster, zones = excluded.zones, below_tx = excluded.below_tx,
       after_id = excluded.after_id
"""
_NEXT: Final = """
select member_id from member where program_id = $1::int and member_id > $2::uuid
 order by member_id limit $3::int
"""


class GoodsReach(NamedTuple):
    """All that was booked below a transaction of this cluster is in the rows, by days of these
    zones; `after_id`: while all are folded, everybody up to this one is."""

    cluster: int
    zones: str
    below_tx: int
    after_id: UUID | None


async def reach(tx: Tx) -> GoodsReach | None:
    """How far they follow, under lock; nothing where there is none, or another has it."""
    rows = await tx.fetch(_REACH, tx.program_id)
    return GoodsReach(*rows[0].values()) if rows else None


async def any_reach(tx: Tx) -> bool:
    """Whether somebody began to follow, whoever has it at this moment."""
    return bool((await tx.fetch(_THERE, tx.program_id))[0]["there"])


async def whole(tx: Tx) -> bool:
    """Whether everybody's are there."""
    return bool((await tx.fetch(_WHOLE, tx.program_id))[0]["whole"])


async def following(tx: Tx, after: UUID, most: int) -> list[UUID]:
    """The next members by their ids."""
    return [row["member_id"] for row in await tx.fetch(_NEXT, tx.program_id, after, most)]


def reached(tx: Tx, there: GoodsReach) -> list[Write]:
    """Keep how far they are."""
    return [Write(_REACHED, (tx.program_id, *there))]


async def fold_goods(tx: Tx, zone: str, members: Sequence[UUID], span: Span) -> int:
    """Fold what these members bought anew; how many rows changed.

    Shape and order: as `fold_members`: only the days of which something was told in the span, all
    where it begins with the first transaction. Folding again changes nothing.
    """
    (found,) = await tx.fetch(_GOODS, tx.program_id, list(members), zone, *span)
    return int(found["changed"])


def anew(tx: Tx) -> list[Write]:
    """The next round begins with everybody."""
    sql = "update goods_reach set zones = '' where program_id = $1::int"
    return [Write(sql, (tx.program_id,))]
