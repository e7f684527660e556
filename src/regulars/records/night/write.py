"""Keep how far a night's work is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write

_COUNT = """
insert into midnight_step (program_id, night_on, step, members, done_at)
values ($1::int, $2::date, $3::text, $4::bigint, $5::timestamptz)
    on conflict (program_id, night_on, step) do update
   set members = midnight_step.members + excluded.members, done_at = excluded.done_at
"""
_PARK = """
insert into parked_member (program_id, step, member_id, reason, parked_at, again_at)
values ($1::int, $2::text, $3::uuid, $4::text, $5::timestamptz, $6::timestamptz)
    on conflict (program_id, step, member_id) do update
   set reason = excluded.reason, parked_at = excluded.parked_at, again_at = excluded.again_at,
       times = parked_member.times + 1, settled_at = null
"""
_SETTLE = """
update parked_member set settled_at = $2::timestamptz
 where program_id = $1::int and step = $3::text and member_id = any($4::uuid[])
   and settled_at is null
"""
AGAIN_AFTER: Final = timedelta(hours=20)
"""Before the next night, so that each night tries once more."""


def park(tx: Tx, step: str, member_id: UUID, reason: str) -> list[Write]:
    """Leave this member out of a step for a day, with the reason."""
    args = (tx.program_id, step, member_id, reason, tx.now, tx.now + AGAIN_AFTER)
    return [Write(_PARK, args)]


def settle(tx: Tx, step: str, members: Collection[UUID]) -> list[Write]:
    """The step did its work for these members, also for whoever was left out before."""
    if not members:
        return []
    return [Write(_SETTLE, (tx.program_id, tx.now, step, sorted(members)))]


def count(tx: Tx, night_on: date, step: str, members: int) -> list[Write]:
    """So many more were looked at in this step; none means the step is done."""
    done_at = tx.now if members == 0 else None
    return [Write(_COUNT, (tx.program_id, night_on, step, members, done_at))]
