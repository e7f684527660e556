"""Let who stays go on where somebody who became one with them was."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx, Write

# Who went through it themselves, or as lately as its plan says, does not go through it again.
_UNITE = """
update journey_run r set member_id = $3::uuid
  from journey_version v
 where r.program_id = $1::int and r.member_id = $2::uuid and r.ended_at is null
   and v.program_id = $1::int and v.journey_id = r.journey_id and v.version = r.version
   and not exists (
       select from journey_run x
        where x.program_id = $1::int and x.journey_id = r.journey_id and x.member_id = $3::uuid
          and (x.ended_at is null or v.plan ->> 'again_days' is null
               or x.ended_at > r.begun_at - make_interval(
                                  days => (v.plan ->> 'again_days')::int)))
"""
_UNITE_WAITING = """
update campaign_message m set member_id = $3::uuid
  from journey_run r
 where m.program_id = $1::int and m.member_id = $2::uuid and m.state = 'waiting'
   and r.program_id = $1::int and r.run_id = m.run_id and r.member_id = $3::uuid
"""


async def unite(tx: Tx, gone: UUID, stays: UUID) -> None:
    """Where somebody who goes is on their way, who stays goes on from there, with what waits to be
    said; unless they are on that way themselves, or were too lately."""
    await tx.write([Write(_UNITE, (tx.program_id, gone, stays))])
    # A round of its own: it looks at whom the one before moved.
    await tx.write([Write(_UNITE_WAITING, (tx.program_id, gone, stays))])
