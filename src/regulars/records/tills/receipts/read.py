"""Look up receipts, their payments, and the rewards that are for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.tills.receipts.types import Paying, Payment, Receipt, ReceiptBody

_RECEIPTS: Final = """
select receipt_id, member_id, store, state, version, body::text as body, opened_at, changed_at,
       closed_at
  from receipt where program_id = $1::int and receipt_id = any($2::uuid[]) order by receipt_id
"""
_LOCK: Final = f"{_RECEIPTS} for update"
_PAYMENTS: Final = """
select payment_id, receipt_id, state, kind, amount_minor, told::text as told, store, made_at
  from receipt_payment
 where program_id = $1::int
   and (payment_id = any($2::uuid[]) or receipt_id = any($3::uuid[]))
 order by made_at, payment_id
"""
_REWARDS: Final = """
select receipt_id, redemption_id from receipt_reward
 where program_id = $1::int and receipt_id = any($2::uuid[]) order by redemption_id
"""
_ORDERS: Final = """
select receipt_id, redemption_id from receipt_reward
 where program_id = $1::int and redemption_id = any($2::uuid[])
"""
_body = msgspec.json.Decoder(ReceiptBody).decode
_told = msgspec.json.Decoder(Paying).decode


async def receipts(tx: Tx, ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Receipt]:
    """These receipts; under lock in the order of their ids, before any member is locked."""
    if not ids:
        return {}
    rows = await tx.fetch(_LOCK if lock else _RECEIPTS, tx.program_id, list(ids))
    return {row["receipt_id"]: _receipt(row) for row in rows}


async def payments(
    tx: Tx, ids: Sequence[UUID] = (), receipt_ids: Sequence[UUID] = ()
) -> list[Payment]:
    """Payments by their ids, or of receipts, the oldest first."""
    rows = await tx.fetch(_PAYMENTS, tx.program_id, list(ids), list(receipt_ids))
    return [Payment(**{**dict(row.items()), "told": _told(row["told"])}) for row in rows]


async def rewards_of(tx: Tx, receipt_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The redemptions that were made for each of these receipts."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.fetch(_REWARDS, tx.program_id, list(receipt_ids)):
        found.setdefault(row["receipt_id"], []).append(row["redemption_id"])
    return found


async def receipts_of(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The receipt for which each of these redemptions was made."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_ORDERS, tx.program_id, list(redemption_ids))
    return {row["redemption_id"]: row["receipt_id"] for row in rows}


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(**{**dict(row.items()), "body": _body(row["body"])})
