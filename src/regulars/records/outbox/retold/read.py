"""How far events were retold, and which of ours are next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.following import read as following
from regulars.records.outbox.retold.types import Heard, Reach

# Whoever holds this row retells; a second worker finds it locked and does nothing.
_REACH: Final = """
select below_tx, after_id, cluster, floor_at, version from retold_reach r
 where r.program_id = $1::int and exists (
       select from hook h where h.program_id = r.program_id and h.form = $2::text
          and h.state <> 'deleted')
   for update of r skip locked
"""
_NEWS: Final = following.news_past("select * from retold_reach where program_id = $1::int")
_VERSION: Final = "select version from retold_reach where program_id = $1::int"
# Whoever is erased is written anew before what was told of them is gone through. So either what is
# written after this is found by an erasure, or whoever is erased has no name any more.
_HOLD: Final = """
select member_id from member where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id for share
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

_TOLD: Final = """
select outbox_id from outbox
 where program_id = $1::int and outbox_id = any($2::uuid[])
"""


async def reach(tx: Tx, form: str) -> Reach | None:
    """Where to go on, held until this transaction ends; nothing where nobody wants it retold, or
    where another one is at it."""
    for row in await tx.fetch(_REACH, tx.program_id, form):
        return Reach(*row.values())
    return None


async def news(tx: Tx, since: datetime) -> bool:
    """Whether there is something to look at, or nobody looked since then."""
    return await following.news(tx, _NEWS, since)


async def version(tx: Tx) -> int | None:
    """The version of the program that was told of last; nothing before anybody wanted it."""
    for row in await tx.fetch(_VERSION, tx.program_id):
        found: int = row["version"]
        return found
    return None


async def hold(tx: Tx, member_ids: Collection[UUID]) -> None:
    """Until this transaction ends nobody erases these members.

    Order: before anything is read that is written down about them.
    """
    if member_ids:
        await tx.fetch(_HOLD, tx.program_id, list(member_ids))


async def wanted(tx: Tx, form: str) -> frozenset[str]:
    """The types that somebody wants to hear of now."""
    return frozenset(row["type"] for row in await tx.fetch(_WANTED, tx.program_id, form))


async def heard(tx: Tx, ids: Collection[UUID]) -> list[Heard]:
    """These events of ours, each member's in the order in which they happened."""
    return [Heard(*row.values()) for row in await tx.fetch(_HEARD, tx.program_id, list(ids))]


async def told(tx: Tx, ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these events were retold before."""
    if not ids:
        return frozenset()
    return frozenset(row["outbox_id"] for row in await tx.fetch(_TOLD, tx.program_id, list(ids)))
