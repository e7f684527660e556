"""What rows are folded from, read from the books; and the rows as they are kept."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from regulars.base.tx import Tx
from regulars.insight.prepared.fold import Books, Rows
from regulars.records.activity.types import Activity, Body
from regulars.records.ledger.types import Entry, Lot, LotMove, Posting
from regulars.records.prepared.types import (
    CategoryDay,
    CohortMonth,
    HourMonth,
    LotMonth,
    MemberDay,
    MemberGood,
    MemberOrders,
    OrderGap,
    PointsDay,
    StoreDay,
    StorePointsDay,
)

KINDS: Final[dict[str, Any]] = {
    "member_day": MemberDay, "points_day": PointsDay, "member_orders": MemberOrders,
    "store_day": StoreDay, "store_points_day": StorePointsDay, "cohort_month": CohortMonth,
    "lot_month": LotMonth, "category_day": CategoryDay, "hour_month": HourMonth,
    "order_gap": OrderGap, "member_good": MemberGood,
}  # fmt: skip
"""The tables that follow from the books, and what their rows are read as."""
SUMS: Final = {
    "store_day": 3, "store_points_day": 3, "cohort_month": 2, "lot_month": 4, "category_day": 3,
    "hour_month": 4, "order_gap": 2,
}  # fmt: skip
"""Of tables of sums, where the key ends: a row of nothing is as none."""

_ACTIVITIES: Final = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor
  from activity where program_id = $1::int
"""
_ENTRIES: Final = """
select e.entry_id, e.member_id, e.kind, e.cause_id, e.occurred_at,
       coalesce(nullif(a.store, ''), nullif(r.store, ''), p.store, '') as store
  from entry e
  left join activity a on a.program_id = e.program_id and a.member_id = e.member_id
                      and a.activity_id = e.cause_id
  left join redemption r on r.program_id = e.program_id and r.member_id = e.member_id
                        and r.redemption_id = e.cause_id
  left join entry_place p on p.program_id = e.program_id and p.member_id = e.member_id
                         and p.cause_id = e.cause_id and p.kind = e.kind
 where e.program_id = $1::int
"""
_POSTINGS: Final = (
    "select member_id, entry_id, wallet, account, amount from posting where program_id = $1::int"
)
_LOTS: Final = """
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned, earned_at,
       expires_at from lot where program_id = $1::int
"""
_MOVES: Final = (
    "select member_id, entry_id, lot_id, wallet, delta from lot_move where program_id = $1::int"
)
_STANDS: Final = "select member_id, into_id from member_alias where program_id = $1::int"
_NEVER: Final = """
select member_id from import_undone where program_id = $1::int and made and state = 'undone'
"""
_IMPORTS: Final = "select import_id from import where program_id = $1::int"
_ZONES: Final = "select code, zone from store where program_id = $1::int"
_body: Final = msgspec.json.Decoder(Body).decode


async def read_books(tx: Tx, zone: ZoneInfo) -> Books:
    """Everything rows are folded from, of a whole program; it has to fit into memory."""
    told = await tx.fetch(_ACTIVITIES, tx.program_id)
    entries = await tx.fetch(_ENTRIES, tx.program_id)
    # Both sides of a transfer are one entry, once with each member.
    postings: dict[tuple[UUID, UUID], list[Posting]] = defaultdict(list)
    for row in await tx.fetch(_POSTINGS, tx.program_id):
        one = Posting(row["wallet"], row["account"], row["amount"])
        postings[row["member_id"], row["entry_id"]].append(one)
    return Books(
        zone,
        [Activity(**{**row, "body": _body(row["body"])}) for row in map(dict, told)],
        [_entry(row, postings) for row in entries],
        [Lot(*row.values()) for row in await tx.fetch(_LOTS, tx.program_id)],
        [LotMove(*row.values()) for row in await tx.fetch(_MOVES, tx.program_id)],
        stands={r["member_id"]: r["into_id"] for r in await tx.fetch(_STANDS, tx.program_id)},
        never=frozenset(row["member_id"] for row in await tx.fetch(_NEVER, tx.program_id)),
        imports=frozenset(r["import_id"] for r in await tx.fetch(_IMPORTS, tx.program_id)),
        places={(r["member_id"], r["entry_id"]): r["store"] for r in entries if r["store"]},
        zones={r["code"]: ZoneInfo(r["zone"]) for r in await tx.fetch(_ZONES, tx.program_id)},
    )


async def read_rows(tx: Tx) -> Rows:
    """The rows as they are kept, in the form of those that are folded."""
    kept = {}
    for table, kind in KINDS.items():
        columns = ", ".join(kind._fields)
        sql = f"select {columns} from {table} where program_id = $1::int"  # noqa: S608 - ours
        found = [kind(*row.values()) for row in await tx.fetch(sql, tx.program_id)]
        counts = SUMS.get(table)
        kept[table] = sorted(row for row in found if counts is None or any(row[counts:]))
    return Rows(**kept)


def _entry(row: Any, postings: dict[tuple[UUID, UUID], list[Posting]]) -> Entry:
    return Entry(
        row["entry_id"],
        row["member_id"],
        row["kind"],
        row["cause_id"],
        row["occurred_at"],
        tuple(postings[row["member_id"], row["entry_id"]]),
    )
