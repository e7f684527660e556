"""Which steps of a night are done."""

from __future__ import annotations

from datetime import date

from regulars.base.tx import Tx

_DONE = """
select step from midnight_step
 where program_id = $1 and night_on = $2 and done_at is not null
"""


async def done(tx: Tx, night_on: date) -> set[str]:
    """The steps of this night that nothing is left of."""
    return {row["step"] for row in await tx.fetch(_DONE, tx.program_id, night_on)}
