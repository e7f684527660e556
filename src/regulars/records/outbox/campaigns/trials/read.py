"""Look up tests of campaigns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.trials.types import Trial

_DUE = """
select trial_id, campaign_id, staff_id, member_id, state, reason, asked_at from campaign_trial
 where program_id = $1::int and state = 'waiting'
 order by asked_at, trial_id limit $2::int for update skip locked
"""
_OF = """
select trial_id, campaign_id, staff_id, member_id, state, reason, asked_at from campaign_trial
 where program_id = $1::int and campaign_id = $2::uuid and staff_id = $3::uuid
 order by asked_at desc, trial_id limit $4::int
"""
_SINCE = """
select count(*) as many from campaign_trial
 where program_id = $1::int and staff_id = $2::uuid and asked_at > $3::timestamptz
"""


async def due(tx: Tx, most: int) -> list[Trial]:
    """What waits to be sent, the first asked first."""
    return [Trial(**row) for row in await tx.fetch(_DUE, tx.program_id, most)]


async def of(tx: Tx, campaign_id: UUID, staff_id: UUID, most: int) -> list[Trial]:
    """The latest tests of a campaign that somebody asked for."""
    rows = await tx.fetch(_OF, tx.program_id, campaign_id, staff_id, most)
    return [Trial(**row) for row in rows]


async def since(tx: Tx, staff_id: UUID, at: datetime) -> int:
    """How many somebody asked for since."""
    return int((await tx.fetch(_SINCE, tx.program_id, staff_id, at))[0]["many"])
