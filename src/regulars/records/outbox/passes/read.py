"""How far the events of a program were looked at for passes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.following import read as following

# Whoever holds this row looks at the events; a second worker finds it locked and does nothing.
_REACH: Final = """
select below_tx, after_id, cluster, floor_at from pass_reach
 where program_id = $1::int for update skip locked
"""
_BEGUN: Final = "select 1 from pass_reach where program_id = $1::int"
_NEWS: Final = following.news_past("select * from pass_reach where program_id = $1::int")


class Reach(NamedTuple):
    """How far the events were looked at."""

    below_tx: int
    after_id: UUID
    cluster: int
    """Whose numbers of transactions these are."""
    floor_at: datetime
    """What was recorded up to then is not looked at any more."""


async def begun(tx: Tx) -> bool:
    """Whether anybody ever looked at the events of this program."""
    return bool(await tx.fetch(_BEGUN, tx.program_id))


async def news(tx: Tx, since: datetime) -> bool:
    """Whether there is something to look at, or nobody looked since then."""
    return await following.news(tx, _NEWS, since)


async def reach(tx: Tx) -> Reach | None:
    """Where to go on, locked until this transaction ends; nothing while another one looks."""
    for row in await tx.fetch(_REACH, tx.program_id):
        return Reach(*row.values())
    return None
