"""Find what is to be sent, and what became of what was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.delivery.types import OF_EVENT, Choosable, Delivery, State, Ways

_COLUMNS = """
select delivery_id, member_id, cause_id, kind, channel, address, state, reason, attempts, try_at,
       best_before, recorded_at, settled_at
  from delivery
"""
# Whoever holds this row looks at the events; a second worker finds it locked and does nothing.
_REACH = """
select below_tx, after_id from delivery_reach where program_id = $1::int for update skip locked
"""
_BEGUN = "select 1 from delivery_reach where program_id = $1::int"
# Asked after the lock and before any event is read: whoever is below it has ended by now.
_HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below_tx"
# What lay here when the house was restored may have been sent in the life that was cut off.
_RAISED = "select max(raised_at) as raised_at from fence"
_EVENTS = """
select o.outbox_id, o.member_id, o.type, o.payload, o.recorded_at, o.recorded_tx
  from outbox o
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and (o.recorded_tx, o.outbox_id) > ($2::bigint, $4::uuid) and o.type = any($5::text[])
 order by o.recorded_tx, o.outbox_id limit $6
"""
_SOME_EVENTS = """
select outbox_id, member_id, type, payload, recorded_at, recorded_tx from outbox
 where program_id = $1::int and outbox_id = any($2::uuid[])
"""
_DUE = f"""{_COLUMNS}
 where program_id = $1::int and state = 'waiting' and try_at <= $2::timestamptz
 order by try_at, delivery_id limit $3 for update skip locked
"""
_CHOICES = """
select member_id, kind, ways from message_choice
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_PAGE = f"""{_COLUMNS}
 where program_id = $1::int and ($2::text = '' or state = $2::text)
 order by recorded_at desc, delivery_id desc limit $3
"""
_COUNT = "select state, count(*) as many from delivery where program_id = $1::int group by state"
_WORDS = "select language, phrase, says from message_words where program_id = $1::int"


class Reach(NamedTuple):
    """How far the events were looked at, and how far one may look."""

    from_tx: int
    after_id: UUID
    below_tx: int


class Happened(NamedTuple):
    """An event as it was written."""

    outbox_id: UUID
    member_id: UUID
    type: str
    payload: str
    recorded_at: datetime
    recorded_tx: int


async def reach(tx: Tx) -> Reach | None:
    """Where to go on, locked until this transaction ends; nothing while another one looks, or
    before anybody ever looked (`begun`)."""
    rows = await tx.fetch(_REACH, tx.program_id)
    horizon = await below(tx)
    for row in rows:
        return Reach(row["below_tx"], row["after_id"], horizon)
    return None


async def begun(tx: Tx) -> bool:
    """Whether anybody ever looked at the events of this program."""
    return bool(await tx.fetch(_BEGUN, tx.program_id))


async def below(tx: Tx) -> int:
    """The oldest transaction that still runs; all before it have ended."""
    return int((await tx.fetch(_HORIZON))[0]["below_tx"])


async def raised_at(tx: Tx) -> datetime | None:
    """When this house was last restored; what is older was sent perhaps."""
    found: datetime | None = (await tx.fetch(_RAISED))[0]["raised_at"]
    return found


async def events(tx: Tx, reach: Reach, most: int) -> list[Happened]:
    """Events that members may be told of, in the order of their transactions."""
    where = (reach.from_tx, reach.below_tx, reach.after_id)
    rows = await tx.fetch(_EVENTS, tx.program_id, *where, list(OF_EVENT), most)
    return [Happened(*row.values()) for row in rows]


async def some_events(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Happened]:
    """These events."""
    rows = await tx.fetch(_SOME_EVENTS, tx.program_id, list(ids)) if ids else ()
    return {row["outbox_id"]: Happened(*row.values()) for row in rows}


async def due(tx: Tx, most: int) -> list[Delivery]:
    """What is to be tried now, held until this transaction ends; what others hold is left out."""
    return [_delivery(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now, most)]


async def choices(tx: Tx, ids: Collection[UUID]) -> dict[UUID, dict[Choosable, Ways]]:
    """What these members (the nil uuid: the shop) chose; who chose nothing is left out."""
    found: dict[UUID, dict[Choosable, Ways]] = {}
    for row in await tx.fetch(_CHOICES, tx.program_id, list(ids)):
        found.setdefault(row["member_id"], {})[row["kind"]] = row["ways"]
    return found


async def page(tx: Tx, state: State | None, most: int) -> list[Delivery]:
    """Deliveries in this state or in any, newest first."""
    return [_delivery(row) for row in await tx.fetch(_PAGE, tx.program_id, state or "", most)]


async def how_many(tx: Tx) -> dict[State, int]:
    """How many there are in each state."""
    return {row["state"]: row["many"] for row in await tx.fetch(_COUNT, tx.program_id)}


async def words(tx: Tx) -> dict[tuple[str, str], str]:
    """The shop's own words by language and key."""
    rows: Sequence[Mapping[str, Any]] = await tx.fetch(_WORDS, tx.program_id)
    return {(row["language"], row["phrase"]): row["says"] for row in rows}


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__struct_fields__})
