"""Find hooks, what they want, and what is to be sent to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Happened, Place
from regulars.records.outbox.hooks.types import (
    Entry,
    Event,
    Hook,
    Line,
    Replaying,
    Sending,
    Try,
    Wish,
)

LONGEST_WAIT_MS: Final = 300_000
"""So long at most a transaction has its number before it makes the ids of its events."""
CLOCKS_DIFFER_MS: Final = 60_000

LAST: Final = UUID(int=(1 << 128) - 1)
"""After every event."""

_HOOKS = """
select h.hook_id, h.name, h.url, h.form, h.state, h.reason, h.secret_number, h.old_until,
       h.made_at, h.made_by, h.failures, h.failing_since, h.rest_until, h.changed_at,
       array(select w.type from hook_wish w where w.program_id = h.program_id
                and w.hook_id = h.hook_id and w.until_tx is null order by w.type) as types,
       r.since, r.asked_at, r.moved, b.account, b.login, b.authority, b.keys
  from hook h left join hook_replay r using (program_id, hook_id)
  left join hook_broker b using (program_id, hook_id)
 where h.program_id = $1::int and h.state <> 'deleted'
"""
_ALL = f"{_HOOKS} order by h.hook_id"
_SOME = f"{_HOOKS} and h.hook_id = any($2::uuid[]) order by h.hook_id"
_LOCKED = f"{_SOME} for update of h"
# Whoever holds these rows looks at the events; a second worker finds them locked and goes on.
_REACHES = """
select r.hook_id, r.below_tx, r.after_id, r.cluster, r.floor_at from hook_reach r
  join hook h using (program_id, hook_id)
 where r.program_id = $1::int and h.state = 'active'
 order by r.hook_id for update of r skip locked
"""
_REACH = """
select hook_id, below_tx, after_id, cluster, floor_at from hook_reach
 where program_id = $1::int and hook_id = $2::uuid for update
"""
_SWEPT = """
select swept_at from hook_reach where program_id = $1::int and hook_id = $2::uuid
"""
# Of those that hear now; a hook that waits goes on from where it is.
_NEWS = following.news_past(
    "select r.* from hook_reach r join hook h using (program_id, hook_id) "
    "where r.program_id = $1::int and h.state = 'active'"
)
_HEARS = """
select exists (select from hook h join hook_wish w using (program_id, hook_id)
                where h.program_id = $1::int and h.state = 'active' and w.type = $2::text
                  and w.until_tx is null) as there
"""
_SINCE = """
select min(recorded_tx) as from_tx from outbox
 where program_id = $1::int and recorded_at >= $2::timestamptz
"""
_WISHES = """
select hook_id, type, from_tx, until_tx from hook_wish
 where program_id = $1::int and hook_id = any($2::uuid[])
"""
# Whoever waited for a member's lock may have the lower number of transaction: what stands before it
# in the member's order may lie beyond the horizon, but it has committed. Its id was made before, as
# ids are made while the member is held, so the key of the table finds it among few.
_EARLIER = """
select o.outbox_id, o.member_id, o.sequence, o.type, o.recorded_at, o.recorded_tx
  from unnest($5::uuid[], $6::bigint[]) as m (member_id, sequence)
  join outbox o on o.program_id = $1::int and o.member_id = m.member_id
   and o.sequence < m.sequence
 where (o.recorded_tx, o.outbox_id) > ($2::bigint, $3::uuid) and o.recorded_tx >= $2::bigint
   and o.type = any($4::text[]) and o.outbox_id >= $7::uuid and o.outbox_id < $8::uuid
"""
_KNOWN = """
select hook_id, event_id from hook_sending
 where program_id = $1::int and hook_id = any($2::uuid[]) and event_id = any($3::uuid[])
"""
_PLANNED = """
select member_id, planned from hook_line
 where program_id = $1::int and hook_id = $2::uuid and member_id = any($3::uuid[]) for update
"""
_DUE = """
select member_id, planned, done, turn, tries from hook_line
 where program_id = $1::int and hook_id = $2::uuid and done < planned
   and try_at <= $3::timestamptz
 order by try_at, member_id limit $4 for update skip locked
"""
_COLUMNS = """
select s.member_id, s.position, s.form, s.state, s.reason, s.planned_at, s.settled_at, s.event_id,
       s.epoch, o.sequence, o.type, o.payload, o.recorded_at
"""
_WAITING = f"""{_COLUMNS}
  from unnest($3::uuid[], $4::bigint[]) as l (member_id, done)
 cross join lateral (
       select * from hook_sending w
        where w.program_id = $1::int and w.hook_id = $2::uuid and w.member_id = l.member_id
          and w.position > l.done
        order by w.position limit $5) s
  join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
 order by s.member_id, s.position
"""  # noqa: S608
# What was tried since it was settled was tried because somebody asked, and in vain.
_AGAIN = f"""{_COLUMNS},
       (select count(*) from hook_try t where t.program_id = $1::int and t.hook_id = $2::uuid
           and t.event_id = s.event_id and t.tried_at > s.settled_at) as tries
  from hook_sending s join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
 where s.program_id = $1::int and s.hook_id = $2::uuid and s.again_at <= $3::timestamptz
 order by s.again_at limit $4 for update of s skip locked
"""  # noqa: S608
# One statement for each state: what is not delivered has an index of its own.
_PAGES = {
    state: f"""{_COLUMNS}
  from (select * from hook_sending
         where program_id = $1::int and hook_id = $2::uuid and event_id < $3::uuid {only}
         order by event_id desc limit $4) s
  join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
 order by s.event_id desc
"""  # noqa: S608
    for state, only in (
        ("", ""),
        ("waiting", "and state = 'waiting'"),
        ("delivered", "and state = 'delivered'"),
        ("dead", "and state = 'dead'"),
    )
}
_ONE = f"""{_COLUMNS}
  from hook_sending s join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
 where s.program_id = $1::int and s.hook_id = $2::uuid and s.event_id = $3::uuid
"""
_TRIES = """
select event_id, tried_at, took_ms, status, reason from hook_try
 where program_id = $1::int and hook_id = $2::uuid and event_id = any($3::uuid[])
 order by try_id
"""
_COUNT = """
select hook_id, 'waiting' as state, sum(planned - done)::bigint as many from hook_line
 where program_id = $1::int and done < planned and ($2::uuid is null or hook_id = $2::uuid)
 group by hook_id
union all
select hook_id, 'dead', count(*) from hook_sending
 where program_id = $1::int and state = 'dead' and ($2::uuid is null or hook_id = $2::uuid)
 group by hook_id
"""


class Reach(NamedTuple):
    """How far the events were looked at for a hook."""

    hook_id: UUID
    below_tx: int
    after_id: UUID
    cluster: int
    """Whose numbers of transactions these are."""
    floor_at: datetime
    """What was recorded up to then is not looked at any more."""


async def hooks(tx: Tx) -> list[Hook]:
    """Every hook of the program that is not deleted, oldest first."""
    return [_hook(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def some_hooks(tx: Tx, ids: Collection[UUID], *, held: bool = False) -> dict[UUID, Hook]:
    """These hooks; `held` until this transaction ends, so that nobody else changes them."""
    rows = await tx.fetch(_LOCKED if held else _SOME, tx.program_id, list(ids))
    return {row["hook_id"]: _hook(row) for row in rows}


async def reaches(tx: Tx) -> list[Reach]:
    """Where to go on with each active hook, locked; those others look at are left out."""
    return [Reach(*row.values()) for row in await tx.fetch(_REACHES, tx.program_id)]


async def reach(tx: Tx, hook_id: UUID) -> Reach:
    """Where to go on with this hook, locked until this transaction ends."""
    return Reach(*(await tx.fetch(_REACH, tx.program_id, hook_id))[0].values())


async def swept_at(tx: Tx, hook_id: UUID) -> datetime | None:
    """Before when it is forgotten what was settled; nothing until something was."""
    found: datetime | None = (await tx.fetch(_SWEPT, tx.program_id, hook_id))[0]["swept_at"]
    return found


async def news(tx: Tx, since: datetime) -> bool:
    """Whether there is something to look at, or a hook for which nobody looked since then."""
    return await following.news(tx, _NEWS, since)


async def first_tx(tx: Tx, since: datetime) -> int | None:
    """The first transaction that told something since then."""
    found: int | None = (await tx.fetch(_SINCE, tx.program_id, since))[0]["from_tx"]
    return found


async def wishes(tx: Tx, ids: Collection[UUID]) -> dict[UUID, list[Wish]]:
    """What these hooks want and wanted."""
    found: dict[UUID, list[Wish]] = {}
    for row in await tx.fetch(_WISHES, tx.program_id, list(ids)):
        found.setdefault(row["hook_id"], []).append(
            Wish(row["type"], row["from_tx"], row["until_tx"])
        )
    return found


async def earlier(
    tx: Tx, past: Place, types: Collection[str], found: Sequence[Happened]
) -> list[Happened]:
    """Events past this place that stand before one of these for their member."""
    ends: dict[UUID, int] = {}
    for one in found:
        ends[one.member_id] = max(one.sequence, ends.get(one.member_id, 0))
    members = sorted(ends)
    ids = [one.event_id for one in found]
    about = _moved(min(ids), -LONGEST_WAIT_MS), _moved(max(ids), CLOCKS_DIFFER_MS)
    args = (*past, list(types), members, [ends[one] for one in members], *about)
    return [Happened(*row.values()) for row in await tx.fetch(_EARLIER, tx.program_id, *args)]


async def known(
    tx: Tx, hooks: Collection[UUID], events: Collection[UUID]
) -> set[tuple[UUID, UUID]]:
    """Which of these events (hook, event) are on their way already."""
    rows = await tx.fetch(_KNOWN, tx.program_id, list(hooks), list(events))
    return {(row["hook_id"], row["event_id"]) for row in rows}


async def planned(tx: Tx, hook_id: UUID, members: Collection[UUID]) -> dict[UUID, int]:
    """Up to which position events of these members are planned, held; nothing yet is left out."""
    rows = await tx.fetch(_PLANNED, tx.program_id, hook_id, sorted(members))
    return {row["member_id"]: row["planned"] for row in rows}


async def due_lines(tx: Tx, hook_id: UUID, lines: int, each: int) -> list[Line]:
    """Lines whose next event is to be tried now, with the first of what waits in each; held until
    this transaction ends, and what others hold is left out."""
    found = await tx.fetch(_DUE, tx.program_id, hook_id, tx.now, lines)
    columns = [row["member_id"] for row in found], [row["done"] for row in found]
    rows = await tx.fetch(_WAITING, tx.program_id, hook_id, *columns, each) if found else ()
    waiting: dict[UUID, list[Sending]] = {}
    for row in rows:
        waiting.setdefault(row["member_id"], []).append(_sending(row))
    return [
        Line(
            row["member_id"],
            row["turn"] + 1,
            row["tries"],
            row["planned"],
            tuple(waiting.get(row["member_id"], ())),
        )
        for row in found
    ]


async def asked_again(tx: Tx, hook_id: UUID, most: int) -> list[Line]:
    """What somebody asked for once more, each outside of its line, with how often it was tried in
    vain since it was settled; held until this transaction ends."""
    rows = await tx.fetch(_AGAIN, tx.program_id, hook_id, tx.now, most)
    return [
        Line(row["member_id"], 0, row["tries"], row["position"], (_sending(row),), alone=True)
        for row in rows
    ]


async def page(tx: Tx, hook_id: UUID, state: str, before: UUID | None, most: int) -> list[Sending]:
    """What is and was on its way to a hook, in this state or ("") in any, newest first."""
    args = (tx.program_id, hook_id, before or LAST, most)
    rows = await tx.fetch(_PAGES[state], *args)
    return [_sending(row) for row in rows]


async def sending(tx: Tx, hook_id: UUID, event_id: UUID) -> Sending | None:
    """One event on its way to a hook."""
    for row in await tx.fetch(_ONE, tx.program_id, hook_id, event_id):
        return _sending(row)
    return None


async def tries(tx: Tx, hook_id: UUID, events: Collection[UUID]) -> dict[UUID, list[Try]]:
    """Every try of these events, in order."""
    found: dict[UUID, list[Try]] = {}
    for row in await tx.fetch(_TRIES, tx.program_id, hook_id, list(events)):
        found.setdefault(row["event_id"], []).append(Try(*row.values()))
    return found


async def any_hears(tx: Tx, of_type: str) -> bool:
    """Whether a hook that is on wants to hear of events of this type."""
    return bool((await tx.fetch(_HEARS, tx.program_id, of_type))[0]["there"])


async def how_many(tx: Tx, hook_id: UUID | None = None) -> dict[UUID, dict[str, int]]:
    """By hook (this one, or all), how many events wait and how many are dead."""
    found: dict[UUID, dict[str, int]] = {}
    for row in await tx.fetch(_COUNT, tx.program_id, hook_id):
        found.setdefault(row["hook_id"], {})[row["state"]] = row["many"]
    return found


def _hook(row: Mapping[str, Any]) -> Hook:
    told: dict[str, Any] = {name: row[name] for name in Hook.__struct_fields__ if name in row}
    since = row["since"]
    replaying = None if since is None else Replaying(since, row["asked_at"], row["moved"])
    there = row["keys"] is not None
    entry = Entry(**{name: row[name] for name in Entry.__struct_fields__}) if there else None
    more = {"types": tuple(row["types"]), "replaying": replaying, "entry": entry}
    return Hook(**told | more)


def _sending(row: Mapping[str, Any]) -> Sending:
    event = Event(
        row["event_id"], row["member_id"], row["sequence"], row["type"], row["payload"],
        row["recorded_at"],
    )  # fmt: skip
    told: dict[str, Any] = {
        name: row[name] for name in Sending.__struct_fields__ if name != "event"
    }
    return Sending(**told, event=event)


def _moved(id_: UUID, by_ms: int) -> UUID:
    """The least id that is made so much later."""
    return UUID(int=max((id_.int >> 80) + by_ms, 0) << 80)


def all_types(wishes: Mapping[UUID, Sequence[Wish]]) -> set[str]:
    """Every type that some hook wants or wanted."""
    return {one.type for some in wishes.values() for one in some}
