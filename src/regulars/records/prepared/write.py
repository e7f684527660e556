"""Keep prepared rows: fold members anew, add to sums, write down how far it went."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.prepared.types import Reach

_FOLDER: Final = Path(__file__).parent
_MEMBERS: Final = (_FOLDER / "members.sql").read_text("utf-8")
_POINTS: Final = (_FOLDER / "points.sql").read_text("utf-8")
_LOTS: Final = (_FOLDER / "lots.sql").read_text("utf-8")
_SOLD: Final = (_FOLDER / "sold.sql").read_text("utf-8")
_REACHED: Final = """
insert into prepared_reach (program_id, looked_at, cluster, zones, below_tx, after_id)
values ($1::int, $2::timestamptz, $3::bigint, $4::text, $5::bigint, $6::uuid)
    on conflict (program_id) do update
   set looked_at = excluded.looked_at, cluster = excluded.cluster, zones = excluded.zones,
       below_tx = excluded.below_tx, after_id = excluded.after_id
"""
# Rows of members are put right by folding; what only ever grows by addition begins anew.
_CLEAR: Final = (
    "delete from lot_month where program_id = $1::int",
    "delete from category_day where program_id = $1::int",
    "delete from hour_month where program_id = $1::int",
    "delete from store_day where program_id = $1::int and not named",
)


class Span(NamedTuple):
    """Transactions from the one to before the other."""

    since: int
    below: int


def clear_sums(tx: Tx) -> list[Write]:
    """Sums that are added to begin with nothing."""
    return [Write(sql, (tx.program_id,)) for sql in _CLEAR]


def reached(tx: Tx, reach: Reach) -> list[Write]:
    """Keep how far the rows are."""
    return [Write(_REACHED, (tx.program_id, tx.now, *reach))]


async def fold_members(tx: Tx, zone: str, members: Sequence[UUID]) -> int:
    """Fold what these members did and what moved in their wallets anew; how many rows changed.

    Keeps: whoever was merged is who they stand as now. Folding again changes nothing.
    """
    (days,) = await tx.fetch(_MEMBERS, tx.program_id, list(members), zone)
    (points,) = await tx.fetch(_POINTS, tx.program_id, list(members), zone)
    return int(days["changed"] + points["changed"])


async def add_all(tx: Tx, zone: str, span: Span) -> int:
    """Add what everybody, and nobody, did in these transactions to the sums; how much it was."""
    (lots,) = await tx.fetch(_LOTS, tx.program_id, None, zone, *span)
    (sold,) = await tx.fetch(_SOLD, tx.program_id, None, zone, *span, False)
    return int(lots["entries"] + sold["activities"])


async def add_members(tx: Tx, zone: str, members: Sequence[UUID], span: Span) -> None:
    """Add what these members did in these transactions to the sums."""
    await tx.fetch(_LOTS, tx.program_id, list(members), zone, *span)
    await tx.fetch(_SOLD, tx.program_id, list(members), zone, *span, False)


async def add_nobody(tx: Tx, zone: str, span: Span) -> None:
    """Add sales to nobody in these transactions to the sums."""
    await tx.fetch(_SOLD, tx.program_id, None, zone, *span, True)
