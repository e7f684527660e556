"""Keep hooks, put events on their way to them, and keep what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.hooks.read import Reach
from regulars.records.outbox.hooks.types import Hook, Sending, Try

_MAKE = """
insert into hook (program_id, hook_id, name, url, form, made_at, made_by, changed_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::timestamptz, $7::text,
        $6::timestamptz)
"""
_CHANGE = """
update hook set name = $3::text, url = $4::text, form = $5::text, state = $6::text,
       reason = $7::text, secret_number = $8::int, old_until = $9::timestamptz,
       failures = $10::int, failing_since = $11::timestamptz, rest_until = $12::timestamptz,
       changed_at = $13::timestamptz
 where program_id = $1::int and hook_id = $2::uuid
"""
_WISH = """
insert into hook_wish (program_id, hook_id, type, from_tx)
select $1::int, $2::uuid, t.type, $3::bigint from unnest($4::text[]) as t (type)
    on conflict (program_id, hook_id, type, from_tx) do update set until_tx = null
"""
_UNWISH = """
update hook_wish set until_tx = $3::bigint
 where program_id = $1::int and hook_id = $2::uuid and until_tx is null and type = any($4::text[])
"""
_BEGIN = """
insert into hook_reach (program_id, hook_id, below_tx, after_id, cluster, looked_at, floor_at)
values ($1::int, $2::uuid, $3::bigint, $4::uuid, $5::bigint, $6::timestamptz, $7::timestamptz)
"""
_REACHED = """
update hook_reach set below_tx = $2::bigint, after_id = $3::uuid,
       looked_at = greatest(looked_at, $5::timestamptz)
 where program_id = $1::int and hook_id = any($4::uuid[])
"""
# Another cluster counts its transactions anew: what was looked at there is known by its time, and
# what is wanted now is wanted from the first number on. What no longer is, is not again.
_MOVED = """
update hook_reach set below_tx = 0, after_id = $4::uuid, cluster = $3::bigint,
       floor_at = greatest(floor_at, looked_at)
 where program_id = $1::int and hook_id = any($2::uuid[])
"""
_NO_LONGER = """
delete from hook_wish
 where program_id = $1::int and hook_id = any($2::uuid[]) and until_tx is not null
"""
_WISH_ANEW = """
update hook_wish set from_tx = 0
 where program_id = $1::int and hook_id = any($2::uuid[]) and until_tx is null
"""
_PLAN = """
insert into hook_sending (program_id, hook_id, member_id, position, event_id, form, planned_at,
                          epoch)
select $1::int, p.hook_id, p.member_id, p.position, p.event_id, p.form, p.planned_at, p.epoch
  from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::uuid[], $6::text[], $7::timestamptz[],
              $8::bigint[])
       as p (hook_id, member_id, position, event_id, form, planned_at, epoch)
"""
# A line that was settled to its end is due at once, whenever it was tried before.
_LINES = """
insert into hook_line as l (program_id, hook_id, member_id, planned, try_at)
select $1::int, p.hook_id, p.member_id, p.planned, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::bigint[]) as p (hook_id, member_id, planned)
    on conflict (program_id, hook_id, member_id) do update
   set planned = excluded.planned,
       try_at = case when l.done = l.planned then excluded.try_at else l.try_at end
"""
_TAKE = """
update hook_line l set turn = t.turn, try_at = $3::timestamptz
  from unnest($4::uuid[], $5::bigint[]) as t (member_id, turn)
 where l.program_id = $1::int and l.hook_id = $2::uuid and l.member_id = t.member_id
"""
# What nobody can send any more holds nobody up, and says so.
_OVER = """
update hook_sending set state = 'dead', reason = 'its event is no longer there',
       settled_at = $3::timestamptz
 where program_id = $1::int and hook_id = $2::uuid and member_id = any($4::uuid[])
   and state = 'waiting'
"""
_EMPTIED = """
update hook_line set done = planned, tries = 0
 where program_id = $1::int and hook_id = $2::uuid and member_id = any($3::uuid[])
"""
_TAKE_AGAIN = """
update hook_sending set again_at = $3::timestamptz
 where program_id = $1::int and hook_id = $2::uuid and event_id = any($4::uuid[])
"""
# An answer counts for the turn it belongs to; what came late says nothing about the next one.
_STEPPED = """
update hook_line l set done = s.done, tries = s.tries, try_at = s.try_at
  from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::smallint[], $7::timestamptz[])
       as s (member_id, turn, done, tries, try_at)
 where l.program_id = $1::int and l.hook_id = $2::uuid and l.member_id = s.member_id
   and l.turn = s.turn
"""
_SETTLED = """
update hook_sending d set state = e.state, reason = e.reason, settled_at = $3::timestamptz
  from unnest($4::uuid[], $5::bigint[], $6::bigint[], $7::text[], $8::text[])
       as e (member_id, turn, position, state, reason)
  join hook_line l on l.program_id = $1::int and l.hook_id = $2::uuid
       and l.member_id = e.member_id and l.turn = e.turn
 where d.program_id = $1::int and d.hook_id = $2::uuid and d.member_id = e.member_id
   and d.position = e.position and d.state = 'waiting'
"""
# Who asked anew while it was being sent has set `again_at` to an instant that is over: that stays.
_ALONE = """
update hook_sending s
   set again_at = case when s.again_at > $3::timestamptz then n.again_at else s.again_at end,
       state = case when n.arrived then 'delivered' else s.state end,
       reason = case when n.arrived then '' else s.reason end,
       settled_at = case when n.arrived then $3::timestamptz else s.settled_at end
  from unnest($4::uuid[], $5::timestamptz[], $6::bool[]) as n (event_id, again_at, arrived)
 where s.program_id = $1::int and s.hook_id = $2::uuid and s.event_id = n.event_id
   and s.state <> 'waiting'
"""
_TRIED = """
insert into hook_try (program_id, hook_id, event_id, try_id, tried_at, took_ms, status, reason)
select $1::int, $2::uuid, t.event_id, t.try_id, t.tried_at, t.took_ms, t.status, t.reason
  from unnest($3::uuid[], $4::uuid[], $5::timestamptz[], $6::int[], $7::smallint[], $8::text[])
       as t (event_id, try_id, tried_at, took_ms, status, reason)
"""
_FARES = """
update hook set failures = $3::int, failing_since = $4::timestamptz, rest_until = $5::timestamptz,
       state = $6::text, reason = $7::text
 where program_id = $1::int and hook_id = $2::uuid and state = 'active'
"""
_WAKE = """
update hook_line set try_at = $3::timestamptz
 where program_id = $1::int and hook_id = $2::uuid and done < planned and tries > 0
   and try_at > $3::timestamptz
"""
_AGAIN = """
update hook_sending set again_at = $4::timestamptz
 where program_id = $1::int and hook_id = $2::uuid and event_id = $3::uuid
   and state <> 'waiting'
"""


class Plan(NamedTuple):
    """One event that is put on its way."""

    hook_id: UUID
    member_id: UUID
    position: int
    event_id: UUID
    form: str
    planned_at: datetime
    epoch: int = 0
    """In which life of the house it got its position."""


class Step(NamedTuple):
    """How far a line is after its turn, and when it is due again."""

    member_id: UUID
    turn: int
    done: int
    tries: int
    try_at: datetime


class Alone(NamedTuple):
    """What became of an event that was sent outside of its line, and when it is sent again."""

    event_id: UUID
    again_at: datetime | None
    arrived: bool


class Settled(NamedTuple):
    """What became of one event in a line."""

    member_id: UUID
    turn: int
    position: int
    state: str
    reason: str


def make(tx: Tx, hook: Hook) -> list[Write]:
    """Keep a new hook."""
    told = (hook.hook_id, hook.name, hook.url, hook.form, hook.made_at, hook.made_by)
    return [Write(_MAKE, (tx.program_id, *told))]


def change(tx: Tx, hook: Hook) -> list[Write]:
    """Keep this hook as it is now."""
    told = (
        hook.hook_id, hook.name, hook.url, hook.form, hook.state, hook.reason, hook.secret_number,
        hook.old_until, hook.failures, hook.failing_since, hook.rest_until,
    )  # fmt: skip
    return [Write(_CHANGE, (tx.program_id, *told, tx.now))]


def wish(tx: Tx, hook_id: UUID, from_tx: int, types: Sequence[str]) -> list[Write]:
    """This hook wants events of these types from that transaction on."""
    said = (tx.program_id, hook_id, from_tx, list(types))
    return [Write(_WISH, said, rows=[(hook_id, one) for one in types])] if types else []


def unwish(tx: Tx, hook_id: UUID, until_tx: int, types: Sequence[str]) -> list[Write]:
    """This hook wants no events of these types from that transaction on."""
    said = (tx.program_id, hook_id, until_tx, list(types))
    return [Write(_UNWISH, said, rows=[(hook_id, one) for one in types])] if types else []


def begin(tx: Tx, reach: Reach) -> list[Write]:
    """From here on events are looked at for this new hook."""
    told = (reach.hook_id, reach.below_tx, reach.after_id, reach.cluster, tx.now, reach.floor_at)
    return [Write(_BEGIN, (tx.program_id, *told))]


def reached(
    tx: Tx, hooks: Sequence[UUID], end: tuple[int, UUID], looked_at: datetime
) -> list[Write]:
    """For these hooks the events were looked at up to here."""
    return [Write(_REACHED, (tx.program_id, *end, list(hooks), looked_at))]


def moved(tx: Tx, hooks: Sequence[UUID], cluster: int) -> list[Write]:
    """All that another cluster told was looked at for these hooks; they go on in this one."""
    told = (tx.program_id, list(hooks))
    return [
        Write(_MOVED, (*told, cluster, UUID(int=0))),
        Write(_NO_LONGER, told, rows=["those that ended"]),
        Write(_WISH_ANEW, told, rows=["those that did not"]),
    ]


def plan(tx: Tx, plans: Sequence[Plan]) -> list[Write]:
    """Put these events on their way, each at its position in its line."""
    if not plans:
        return []
    ends: dict[tuple[UUID, UUID], int] = {}
    for one in plans:
        ends[one.hook_id, one.member_id] = one.position
    lines = [(*key, planned) for key, planned in sorted(ends.items())]
    return [
        Write(_PLAN, (tx.program_id, *map(list, zip(*plans, strict=True)))),
        Write(_LINES, (tx.program_id, tx.now, *map(list, zip(*lines, strict=True)))),
    ]


def take(tx: Tx, hook_id: UUID, until: datetime, turns: Sequence[tuple[UUID, int]]) -> list[Write]:
    """These lines (member, turn) are being sent; whoever finds them later takes them from then."""
    if not turns:
        return []
    return [Write(_TAKE, (tx.program_id, hook_id, until, *map(list, zip(*turns, strict=True))))]


def emptied(tx: Tx, hook_id: UUID, members: Sequence[UUID]) -> list[Write]:
    """In the lines of these members, held, is nothing that can be sent: they are at their end."""
    if not members:
        return []
    here = (tx.program_id, hook_id)
    return [
        Write(_OVER, (*here, tx.now, list(members))),
        Write(_EMPTIED, (*here, list(members))),
    ]


def take_again(tx: Tx, hook_id: UUID, until: datetime, events: Sequence[UUID]) -> list[Write]:
    """What was asked for once more is being sent; whoever finds it later takes it from then."""
    return [Write(_TAKE_AGAIN, (tx.program_id, hook_id, until, list(events)))] if events else []


def stepped(
    tx: Tx, hook_id: UUID, steps: Sequence[Step], settled: Sequence[Settled]
) -> list[Write]:
    """These lines came so far; lines that somebody else has the turn of stay as they are.

    Assumes: the hook is held, so that no replay comes between.
    """
    if not steps:
        return []
    lines = [list(column) for column in zip(*steps, strict=True)]
    ends = [[getattr(one, name) for one in settled] for name in Settled._fields]
    return [
        Write(_STEPPED, (tx.program_id, hook_id, *lines)),
        Write(_SETTLED, (tx.program_id, hook_id, tx.now, *ends)),
    ]


def stepped_alone(tx: Tx, hook_id: UUID, steps: Sequence[Alone]) -> list[Write]:
    """What was asked for once more is sent again at an instant, or no more; some of it arrived."""
    if not steps:
        return []
    columns = map(list, zip(*steps, strict=True))
    return [Write(_ALONE, (tx.program_id, hook_id, tx.now, *columns))]


def tried(tx: Tx, hook_id: UUID, tries: Sequence[Try]) -> list[Write]:
    """Keep what came of these tries."""
    if not tries:
        return []
    rows = [
        (one.event_id, tx.new_id(), one.tried_at, one.took_ms, one.status, one.reason)
        for one in tries
    ]
    return [Write(_TRIED, (tx.program_id, hook_id, *map(list, zip(*rows, strict=True))))]


def fares(tx: Tx, hook: Hook) -> list[Write]:
    """How an active receiver fares; one that somebody paused meanwhile stays as it is."""
    told = (hook.failures, hook.failing_since, hook.rest_until, hook.state, hook.reason)
    return [Write(_FARES, (tx.program_id, hook.hook_id, *told))]


def wake(tx: Tx, hook_id: UUID) -> list[Write]:
    """The receiver answers again: what failed while it did not is due now."""
    return [Write(_WAKE, (tx.program_id, hook_id, tx.now))]


def again(tx: Tx, hook_id: UUID, sending: Sending) -> list[Write]:
    """Send this once more, outside of its line."""
    return [Write(_AGAIN, (tx.program_id, hook_id, sending.event.event_id, tx.now))]
