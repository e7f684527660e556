"""What members are worth is kept as it was reckoned, some members at a time."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.records.program.changes.segments.write import valued
from regulars.records.standing.values import write
from regulars.records.standing.values.types import Run, Value


async def keep_values(tx: Tx, these: Sequence[Value], scores: Sequence[str]) -> None:
    """Keep these values, and say `value-health`, `value-worth` and what their `scores` are of the
    members for rules to ask.

    Shape: `scores` of each, in this order: recency, frequency and money as three digits, such as
    "514"; "" where there are too few members to tell.
    Order: segments that ask for the chance look at whose is another. Done again it changes
    nothing. Whoever was erased or merged meanwhile gets none.
    """
    await tx.write(valued(tx, [(one.member_id, one.chance, one.worth_minor) for one in these]))
    await tx.write(write.keep_values(tx, these, scores))


async def end_run(tx: Tx, run: Run, most: int) -> bool:
    """Take away values of days before, so many at most; when none is left the run is kept.

    Whether it is over. Order: a run is there only when all its values are.
    """
    if await write.forget_before(tx, run.as_of, most):
        return False
    await tx.write(write.keep_run(tx, run))
    return True
