"""How far the list of who has most follows the books."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

# Whoever holds this row goes on; a second worker finds it locked and leaves it to the first.
_REACH = """
select wallet, cluster, below_tx, after_id from richness_reach
 where program_id = $1::int for update skip locked
"""
_BEGUN = "select wallet from richness_reach where program_id = $1::int"
# Asked after the lock and before any row is read: whoever is below it has ended by now.
_HORIZON = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below_tx,
       (select system_identifier from pg_control_system()) as cluster
"""


class Reach(NamedTuple):
    """Of which wallet, in which cluster, and below which transaction everything is in the list;
    while everybody is listed anew, after whom to go on."""

    wallet: int
    cluster: int
    below_tx: int
    after_id: UUID | None = None


async def reach(tx: Tx) -> Reach | None:
    """How far the list is, under lock; nothing where there is none, or where another has it."""
    rows = await tx.fetch(_REACH, tx.program_id)
    return Reach(*rows[0].values()) if rows else None


async def begun(tx: Tx) -> bool:
    """Whether there is a list, perhaps in another's hands."""
    return bool(await tx.fetch(_BEGUN, tx.program_id))


async def horizon(tx: Tx) -> tuple[int, int]:
    """Below which transaction all has ended, and the cluster that counts them."""
    ((below_tx, cluster),) = [row.values() for row in await tx.fetch(_HORIZON)]
    return below_tx, cluster
