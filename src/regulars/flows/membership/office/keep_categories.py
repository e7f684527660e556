"""What members buy from next is said as it was reckoned, some members at a time."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.records.standing.categories import write
from regulars.records.standing.categories.types import CategoryRun, Stretch


async def say_categories(tx: Tx, these: Stretch) -> None:
    """Say `value-category` of these members for rules to ask, and of the others between them no
    more.

    Order: done again it changes nothing. Of whoever was erased or merged meanwhile nothing is said.
    """
    await tx.write(write.say(tx, these))


async def end_category_run(tx: Tx, run: CategoryRun) -> None:
    """The run is over. Order: it is there only when all of it is said."""
    await tx.write(write.keep_run(tx, run))
