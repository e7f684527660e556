"""Read the books of members under lock."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.types import Hold, Lot

_OPEN_LOTS = """
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at
  from lot where program_id = $1 and member_id = any($2::uuid[]) and remaining > 0
"""
_HOLDS = """
select h.hold_id, h.member_id, h.redemption_id, h.wallet, h.amount, h.state, h.opened_at,
       h.lapses_at, h.captured, h.closed_at,
       array(select lot_id from hold_lot l where l.program_id = h.program_id
                and l.member_id = h.member_id and l.hold_id = h.hold_id order by lot_id) lot_ids,
       array(select amount from hold_lot l where l.program_id = h.program_id
                and l.member_id = h.member_id and l.hold_id = h.hold_id order by lot_id) amounts
  from hold h
 where h.program_id = $1 and h.member_id = any($2::uuid[]) and h.redemption_id = any($3::uuid[])
"""
_DUE = """
select member_id from lot
 where program_id = $1 and expires_at <= $2 and remaining > pinned and remaining > 0
 order by expires_at limit $3
"""
_LAPSING = """
select distinct redemption_id, member_id from (
       select redemption_id, member_id from hold
        where program_id = $1 and state = 'open' and lapses_at <= $2
        order by lapses_at limit $3) due
"""


async def members_with_due_lots(tx: Tx, most: int) -> set[UUID]:
    """Members some of whose points lapse now, those that are overdue longest first."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most)
    return {row["member_id"] for row in rows}


async def lapsing(tx: Tx, most: int) -> dict[UUID, UUID]:
    """Redemptions whose hold was not captured in time, with their members."""
    rows = await tx.fetch(_LAPSING, tx.program_id, tx.now, most)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def open_lots(tx: Tx, member_ids: Sequence[UUID]) -> list[Lot]:
    """Every lot of these members that still holds something."""
    if not member_ids:
        return []
    rows = await tx.fetch(_OPEN_LOTS, tx.program_id, member_ids)
    return [Lot(*row.values()) for row in rows]


async def holds(
    tx: Tx, member_ids: Sequence[UUID], redemption_ids: Sequence[UUID]
) -> dict[UUID, list[Hold]]:
    """The holds of these redemptions, with the lots they name."""
    found: dict[UUID, list[Hold]] = {}
    if not redemption_ids:
        return found
    for row in await tx.fetch(_HOLDS, tx.program_id, member_ids, redemption_ids):
        *head, lot_ids, amounts = row.values()
        hold_id, member_id, redemption_id, wallet, amount, state, opened, lapses, *end = head
        lots = tuple(zip(lot_ids, amounts, strict=True))
        hold = Hold(
            hold_id, member_id, redemption_id, wallet, amount, state, opened, lapses, lots, *end
        )
        found.setdefault(redemption_id, []).append(hold)
    return found
