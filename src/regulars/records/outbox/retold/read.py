"""How far events were retold, and which of ours are next."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.retold.types import Heard, Reach

# Whoever holds this row retells; a second worker finds it locked and does nothing.
_REACH: Final = """
select below_tx, after_id, cluster, version from retold_reach r
 where r.program_id = $1::int and exists (
       select from hook h where h.program_id = r.program_id and h.form = $2::text
          and h.state <> 'deleted')
   for update of r skip locked
"""
_WANTED: Final = """
select distinct w.type from hook h join hook_wish w using (program_id, hook_id)
 where h.program_id = $1::int and h.form = $2::text and h.state <> 'deleted'
   and w.until_tx is null
"""
_HEARD: Final = """
select outbox_id, member_id, sequence, type, payload::text as payload, recorded_at, recorded_tx
  from outbox where program_id = $1::int and outbox_id = any($2::uuid[])
 order by member_id, sequence, outbox_id
"""


async def reach(tx: Tx, form: str) -> Reach | None:
    """Where to go on, held until this transaction ends; nothing where nobody wants it retold, or
    where another one is at it."""
    for row in await tx.fetch(_REACH, tx.program_id, form):
        return Reach(*row.values())
    return None


async def wanted(tx: Tx, form: str) -> frozenset[str]:
    """The types that somebody wants to hear of now."""
    return frozenset(row["type"] for row in await tx.fetch(_WANTED, tx.program_id, form))


async def heard(tx: Tx, ids: Collection[UUID]) -> list[Heard]:
    """These events of ours, each member's in the order in which they happened."""
    return [Heard(*row.values()) for row in await tx.fetch(_HEARD, tx.program_id, list(ids))]
