"""Read what is reserved of members' points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.types import Hold

# Where something of it is due, which of its lots are of purchases that came back.
_SOME_HOLDS = """
select h.hold_id, h.member_id, h.redemption_id, h.wallet, h.amount, h.state, h.opened_at,
       h.lapses_at, h.captured, h.closed_at,
       array(select p.lot_id from hold_lot p
               join lot l using (program_id, member_id, lot_id)
              where h.state = 'open' and h.captured > 0 and p.program_id = h.program_id
                and p.member_id = h.member_id and p.hold_id = h.hold_id
                and exists (select from activity a where a.program_id = l.program_id
                               and a.sale_id = l.cause_id)) as returned,
       array(select lot_id from hold_lot l where l.program_id = h.program_id
                and l.member_id = h.member_id and l.hold_id = h.hold_id order by lot_id) lot_ids,
       array(select amount from hold_lot l where l.program_id = h.program_id
                and l.member_id = h.member_id and l.hold_id = h.hold_id order by lot_id) amounts
  from hold h
 where h.program_id = $1 and h.member_id = any($2::uuid[]) and """
_HOLDS = f"{_SOME_HOLDS}h.redemption_id = any($3::uuid[])"
_OPEN_HOLDS = f"{_SOME_HOLDS}h.state = 'open'"


async def holds(
    tx: Tx, member_ids: Sequence[UUID], redemption_ids: Sequence[UUID]
) -> dict[UUID, list[Hold]]:
    """The holds of these redemptions, with the lots they name."""
    found: dict[UUID, list[Hold]] = {}
    if not redemption_ids:
        return found
    for row in await tx.fetch(_HOLDS, tx.program_id, member_ids, redemption_ids):
        hold = _hold(row)
        found.setdefault(hold.redemption_id, []).append(hold)
    return found


async def open_holds(tx: Tx, member_ids: Sequence[UUID]) -> list[Hold]:
    """What is reserved of these members' points now."""
    if not member_ids:
        return []
    return [_hold(row) for row in await tx.fetch(_OPEN_HOLDS, tx.program_id, member_ids)]


def _hold(row: Mapping[str, Any]) -> Hold:
    *head, returned, lot_ids, amounts = row.values()
    hold_id, member_id, redemption_id, wallet, amount, state, opened, lapses, *end = head
    lots = tuple(zip(lot_ids, amounts, strict=True))
    hold = Hold(
        hold_id, member_id, redemption_id, wallet, amount, state, opened, lapses, lots, *end
    )
    hold.returned = tuple(returned)
    return hold
