"""What events hinted at was asked for; what it is by now was kept as an event of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets import write
from regulars.records.inlets.types import AS_TOLD, Ended

Became = Literal["asked", "nothing", "as_told", "forgotten"]
"""Its answer is kept; there is nothing behind it; there is none any more, and it says enough by
itself; what it said was forgotten before anybody could be asked."""


async def settle_hints(tx: Tx, events: Sequence[UUID], became: Became) -> None:
    """Each of these events hints at nothing any more; told again, nothing changes."""
    ended = [_ended(tx, one, became) for one in events]
    await tx.write(write.end(tx, ended))


def _ended(tx: Tx, event: UUID, became: Became) -> Ended:
    if became == "as_told":
        return Ended(event, "waiting", AS_TOLD, try_at=tx.now)
    if became == "forgotten":
        says, mend = "it was forgotten before it could be asked about", "Have it sent once more"
        return Ended(event, "refused", "forgotten", "", says, mend)
    says = "what it is about was asked for" if became == "asked" else "there is nothing behind it"
    return Ended(event, "passed", became, "", says)
