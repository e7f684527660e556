"""Find what is to be sent, and what became of what was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.delivery.types import Choosable, Delivery, State, Told, Ways
from regulars.records.outbox.following import read as following

_COLUMNS = """
select delivery_id, member_id, cause_id, kind, channel, address, state, reason, attempts, try_at,
       best_before, recorded_at, settled_at
  from delivery
"""
# Whoever holds this row looks at the events; a second worker finds it locked and does nothing.
_REACH = """
select below_tx, after_id, cluster, floor_at from delivery_reach
 where program_id = $1::int for update skip locked
"""
_BEGUN = "select 1 from delivery_reach where program_id = $1::int"
_NEWS = following.news_past("select * from delivery_reach where program_id = $1::int")
_SOME_EVENTS = """
select outbox_id, member_id, type, payload, recorded_at from outbox
 where program_id = $1::int and outbox_id = any($2::uuid[])
"""
# A fee that failed is no news once a turn of its membership settled it, nor long after.
_NO_NEWS = """
select o.outbox_id from outbox o
  join membership_turn f on f.program_id = $1::int and f.turn_id = (o.payload ->> 'turn_id')::uuid
 where o.program_id = $1::int and o.outbox_id = any($2::uuid[]) and o.type = 'membership.failed'
   and (f.at <= $3::timestamptz or exists (
       select from membership_turn n
        where n.program_id = $1::int and n.membership_id = f.membership_id and n.step > f.step
          and n.what in ('started', 'paid', 'ended')))
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
# What came back is known by its address: it was the last letter that had been sent there by then.
_TO_MEMBER = """
select d.delivery_id, d.kind, d.channel, d.state, d.reason, d.recorded_at, d.settled_at,
       b.kind as bounced, b.reason as bounce_reason
  from delivery d
  left join bounced_address b
         on b.program_id = d.program_id and b.address = d.address and d.channel = 'email'
        and d.state = 'sent'
        and d.delivery_id = (
            select e.delivery_id from delivery e
             where e.program_id = d.program_id and e.member_id = d.member_id
               and e.address = d.address and e.state = 'sent' and e.recorded_at <= b.bounced_at
             order by e.delivery_id desc limit 1)
 where d.program_id = $1::int and d.member_id = $2::uuid
   and ($3::uuid is null or d.delivery_id < $3::uuid)
 order by d.delivery_id desc limit $4::int
"""


class Reach(NamedTuple):
    """How far the events were looked at."""

    below_tx: int
    after_id: UUID
    cluster: int
    """Whose numbers of transactions these are."""
    floor_at: datetime
    """What was recorded up to then is not looked at any more."""


class Happened(NamedTuple):
    """An event as it was written."""

    outbox_id: UUID
    member_id: UUID
    type: str
    payload: str
    recorded_at: datetime


async def news(tx: Tx, since: datetime) -> bool:
    """Whether there is something to look at, or nobody looked since then."""
    return await following.news(tx, _NEWS, since)


async def reach(tx: Tx) -> Reach | None:
    """Where to go on, locked until this transaction ends; nothing while another one looks, or
    before anybody ever looked (`begun`)."""
    for row in await tx.fetch(_REACH, tx.program_id):
        return Reach(*row.values())
    return None


async def begun(tx: Tx) -> bool:
    """Whether anybody ever looked at the events of this program."""
    return bool(await tx.fetch(_BEGUN, tx.program_id))


async def some_events(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Happened]:
    """These events."""
    rows = await tx.fetch(_SOME_EVENTS, tx.program_id, list(ids)) if ids else ()
    return {row["outbox_id"]: Happened(*row.values()) for row in rows}


async def no_news(tx: Tx, ids: Collection[UUID], since: datetime) -> set[UUID]:
    """Which of these events tell of a fee that failed before then, or was paid meanwhile."""
    rows = await tx.fetch(_NO_NEWS, tx.program_id, list(ids), since) if ids else ()
    return {row["outbox_id"] for row in rows}


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


async def to_member(tx: Tx, member_id: UUID, before: UUID | None, most: int) -> list[Told]:
    """What this member was sent before this place, the latest first."""
    rows = await tx.fetch(_TO_MEMBER, tx.program_id, member_id, before, most)
    return [Told(**row) for row in rows]


async def how_many(tx: Tx) -> dict[State, int]:
    """How many there are in each state."""
    return {row["state"]: row["many"] for row in await tx.fetch(_COUNT, tx.program_id)}


async def words(tx: Tx) -> dict[tuple[str, str], str]:
    """The shop's own words by language and key."""
    rows: Sequence[Mapping[str, Any]] = await tx.fetch(_WORDS, tx.program_id)
    return {(row["language"], row["phrase"]): row["says"] for row in rows}


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__struct_fields__})
