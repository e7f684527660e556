"""What members are worth is kept as it was reckoned, some members at a time."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.records.standing.values import write
from regulars.records.standing.values.types import Run, Value


async def keep_values(tx: Tx, these: Sequence[Value]) -> None:
    """Keep these values, and say `value-health` and `value-worth` of the members for rules to ask.

    Order: done again it changes nothing. Whoever was erased or merged meanwhile gets none.
    """
    await tx.write(write.keep_values(tx, these))


async def end_run(tx: Tx, run: Run, most: int) -> bool:
    """Take away values of days before, so many at most; when none is left the run is kept.

    Whether it is over. Order: a run is there only when all its values are.
    """
    if await write.forget_before(tx, run.as_of, most):
        return False
    await tx.write(write.keep_run(tx, run))
    return True
