"""Fold what members bought, and keep how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.prepared.goods.types import GoodsReach
from regulars.records.prepared.types import Span

_FOLDER: Final = Path(__file__).parent
_ABOVE: Final = _FOLDER.parent
_UNITED: Final = _ABOVE.joinpath("united.sql").read_text("utf-8").strip()
# Whose activities of which days, and what came back of them, is what it is for a member's days.
_MEMBERS: Final = _ABOVE.joinpath("members.sql").read_text("utf-8").replace("{united}", _UNITED)
_ACTS: Final = _MEMBERS.partition(", sold as (")[0]
_GOODS: Final = _ACTS + _FOLDER.joinpath("fold.sql").read_text("utf-8")
_REACHED: Final = """
insert into goods_reach (program_id, cluster, zones, below_tx, after_id)
values ($1::int, $2::bigint, $3::text, $4::bigint, $5::uuid)
    on conflict (program_id) do update
   set cluster = excluded.cluster, zones = excluded.zones, below_tx = excluded.below_tx,
       after_id = excluded.after_id
"""


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
