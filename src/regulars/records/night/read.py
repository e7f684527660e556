"""Which steps of a night are done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from regulars.base.tx import Tx

_DONE = """
select step from midnight_step
 where program_id = $1 and night_on = $2 and done_at is not null
"""
_PARKED = """
select member_id from parked_member
 where program_id = $1 and step = $2 and settled_at is null and again_at > $3
"""


async def parked(tx: Tx, step: str) -> list[UUID]:
    """Members whom this step leaves out for now."""
    return [row["member_id"] for row in await tx.fetch(_PARKED, tx.program_id, step, tx.now)]


async def done(tx: Tx, night_on: date) -> set[str]:
    """The steps of this night that nothing is left of."""
    return {row["step"] for row in await tx.fetch(_DONE, tx.program_id, night_on)}
