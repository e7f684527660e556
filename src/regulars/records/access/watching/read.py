"""Look up adjustments that wait, what was given by hand, and alerts."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.watching.types import AdjustmentRequest, Alert, AlertNote

_REQUESTS = """
select request_id, member_id, wallet, units, reason, asked_by, asked_at, state, decided_by,
       decided_at, entry_id, note, expires_on
  from adjustment_request
"""
_REQUEST = f"{_REQUESTS} where program_id = $1::int and request_id = $2::uuid"
_WAITING = f"""
{_REQUESTS} where program_id = $1::int and state = 'waiting'
 order by asked_at, request_id limit $2::int
"""
_ALERTS = """
select alert_id, kind, subject, place, began_at, count, out_of, raised_at, closed_at, closed_by
  from alert
 where program_id = $1::int and ($2::bool or closed_at is null)
 order by raised_at desc, alert_id desc limit $3::int
"""
_ALERT = """
select alert_id, kind, subject, place, began_at, count, out_of, raised_at, closed_at, closed_by
  from alert where program_id = $1::int and alert_id = $2::uuid
"""
_NOTES = """
select note_id, alert_id, staff_id, says, at from alert_note
 where program_id = $1::int and alert_id = $2::uuid order by note_id
"""


async def request(tx: Tx, request_id: UUID) -> AdjustmentRequest | None:
    """One adjustment that was asked for."""
    rows = await tx.fetch(_REQUEST, tx.program_id, request_id)
    return AdjustmentRequest(**rows[0]) if rows else None


async def requests_waiting(tx: Tx, limit: int = 50) -> list[AdjustmentRequest]:
    """Adjustments that wait for somebody, oldest first."""
    return [AdjustmentRequest(**row) for row in await tx.fetch(_WAITING, tx.program_id, limit)]


async def alerts(tx: Tx, *, closed: bool = False, limit: int = 50) -> list[Alert]:
    """Alerts, newest first; those that were closed only when asked for."""
    return [Alert(**row) for row in await tx.fetch(_ALERTS, tx.program_id, closed, limit)]


async def alert(tx: Tx, alert_id: UUID) -> Alert | None:
    """One alert, open or closed."""
    rows = await tx.fetch(_ALERT, tx.program_id, alert_id)
    return Alert(**rows[0]) if rows else None


async def notes(tx: Tx, alert_id: UUID) -> list[AlertNote]:
    """What was written beside an alert, in its order."""
    return [AlertNote(**row) for row in await tx.fetch(_NOTES, tx.program_id, alert_id)]
