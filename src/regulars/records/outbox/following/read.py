"""Find what is new past a place among the events, in the order of their transactions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

WINDOW: Final = 64
"""Transactions that are looked at first; where little is in them, more and more."""
WIDER: Final = 4
FIRST: Final = UUID(int=0)
"""Before every event of a transaction."""

# Asked after the lock and before any event is read: whoever is below it has ended by now.
_HORIZON = """
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below_tx,
       system_identifier as cluster,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint as above_tx from pg_control_system()
"""
_EVENTS = """
select o.outbox_id, o.member_id, o.sequence, o.type, o.recorded_at, o.recorded_tx
  from outbox o
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and (o.recorded_tx, o.outbox_id) > ($2::bigint, $4::uuid) and o.type = any($5::text[])
 order by o.recorded_tx, o.outbox_id limit $6
"""
# Where nothing can be new, of the blocks of events only the last few are read.
_NEWS = """
select exists (
    select from ({reaches}) r
     where r.cluster <> $3::bigint or r.looked_at <= $4::timestamptz or exists (
           select from outbox o
            where o.program_id = $1::int and o.recorded_tx >= r.below_tx
              and o.recorded_tx < $2::bigint
              and (o.recorded_tx, o.outbox_id) > (r.below_tx, r.after_id))) as news
"""
_RAISED = "select max(raised_at) as raised_at from fence"

Place = tuple[int, UUID]
"""A transaction, and the last of its events that was looked at: all up to there were."""


class Horizon(NamedTuple):
    """All transactions of this cluster below the one have ended; none is above the other."""

    below_tx: int
    cluster: int
    above_tx: int


class Happened(NamedTuple):
    """An event that may be wanted."""

    event_id: UUID
    member_id: UUID
    sequence: int
    type: str
    recorded_at: datetime
    recorded_tx: int


def news_past(reaches: str) -> str:
    """The statement for `news`, of these rows: below_tx, after_id, cluster, looked_at."""
    return _NEWS.format(reaches=reaches)


async def news(tx: Tx, statement: str, since: datetime) -> bool:
    """Whether there is something past one of these reaches, it is of another cluster, or nobody
    looked since then. Asked without a lock: whoever finds nothing leaves no trace in the
    database."""
    here = await horizon(tx)
    args = (tx.program_id, here.below_tx, here.cluster, since)
    return bool((await tx.fetch(statement, *args))[0]["news"])


async def horizon(tx: Tx) -> Horizon:
    """The oldest transaction that still runs; all before it have ended."""
    return Horizon(*(await tx.fetch(_HORIZON))[0].values())


async def raised_at(tx: Tx) -> datetime | None:
    """When this house was last restored; what is older was sent perhaps."""
    found: datetime | None = (await tx.fetch(_RAISED))[0]["raised_at"]
    return found


async def events(
    tx: Tx, begins: Place, below_tx: int, types: Collection[str], most: int
) -> list[Happened]:
    """Events of these types past this place, in the order of their transactions."""
    from_tx, after_id = begins
    args = (tx.program_id, from_tx, below_tx, after_id, list(types), most)
    return [Happened(*row.values()) for row in await tx.fetch(_EVENTS, *args)]


async def ahead(
    tx: Tx, begins: Place, below_tx: int, types: Collection[str], most: int
) -> tuple[list[Happened], Place]:
    """The next events past this place, and up to where all were looked at.

    Cost: goes by windows of transactions, each wider than the one before, so that it reads a few
    times what it gives however much waits behind.
    """
    found: list[Happened] = []
    at, wide = begins, WINDOW
    while True:
        until = min(at[0] + wide, below_tx)
        found += await events(tx, at, until, types, most - len(found))
        if len(found) == most:
            return found, (found[-1].recorded_tx, found[-1].event_id)
        if until >= below_tx:
            return found, (below_tx, FIRST)
        at, wide = (until, FIRST), wide * WIDER
