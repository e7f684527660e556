"""Keep how far a night's work is."""

from __future__ import annotations

from datetime import date

from regulars.base.tx import Tx, Write

_COUNT = """
insert into midnight_step (program_id, night_on, step, members, done_at)
values ($1::int, $2::date, $3::text, $4::bigint, $5::timestamptz)
    on conflict (program_id, night_on, step) do update
   set members = midnight_step.members + excluded.members, done_at = excluded.done_at
"""


def count(tx: Tx, night_on: date, step: str, members: int) -> list[Write]:
    """So many more were looked at in this step; none means the step is done."""
    done_at = tx.now if members == 0 else None
    return [Write(_COUNT, (tx.program_id, night_on, step, members, done_at))]
