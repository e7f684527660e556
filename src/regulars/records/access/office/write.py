"""Keep lists, rounds and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.access.office.types import MemberNote, Round, SavedView

_VIEW = """
insert into saved_view (program_id, view_id, staff_id, shared, name, query, made_at)
values ($1::int, $2::uuid, $3::uuid, $4::bool, $5::text, $6::text, $7::timestamptz)
"""
_DROP_VIEW = """
delete from saved_view
 where program_id = $1::int and view_id = $2::uuid and (staff_id = $3::uuid or $4::bool)
returning 1
"""
_ROUND = """
insert into adjustment_round (program_id, round_id, wallet, units, reason, member_ids, state,
                              asked_by, asked_at)
values ($1::int, $2::uuid, $3::text, $4::bigint, $5::text, $6::uuid[], $7::text, $8::uuid,
        $9::timestamptz)
"""
_DECIDE = """
update adjustment_round
   set state = $3::text, decided_by = $4::uuid, decided_at = $5::timestamptz,
       ended_at = case when $3::text = 'rejected' then $5::timestamptz end
 where program_id = $1::int and round_id = $2::uuid and state = 'waiting' and asked_by <> $4::uuid
returning 1
"""
_STOP = """
update adjustment_round set state = 'stopped', ended_at = $3::timestamptz
 where program_id = $1::int and round_id = $2::uuid and state in ('waiting', 'going')
returning 1
"""
# Only from where it stood: said twice, it counts once.
_STEP = """
update adjustment_round
   set place = $4::int, booked = booked + $5::int,
       state = case when state = 'going' and $4::int >= cardinality(member_ids) then 'done'
                    else state end,
       ended_at = case when state = 'going' and $4::int >= cardinality(member_ids)
                       then $6::timestamptz else ended_at end,
       left_out = (
           select coalesce(jsonb_object_agg(c.code, c.n), '{}'::jsonb)
             from (select k.code, sum(k.n) as n
                     from (select key, value::bigint from jsonb_each_text(left_out)
                            union all
                           select * from unnest($7::text[], $8::bigint[])) as k (code, n)
                    group by k.code) c)
 where program_id = $1::int and round_id = $2::uuid and place = $3::int
returning 1
"""
_NOTE = """
insert into member_note (program_id, member_id, note_id, staff_id, says, at)
values ($1::int, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::timestamptz)
"""
_DROP_NOTE = """
delete from member_note
 where program_id = $1::int and member_id = $2::uuid and note_id = $3::uuid
"""
# Held against an erasure: who is erased meanwhile has no word put on afterwards.
_PUT = """
insert into member_tag (program_id, tag, member_id, at)
select $1::int, $2::text, m.member_id, $4::timestamptz
  from (select member_id from member
         where program_id = $1::int and member_id = any($3::uuid[])
           and state not in ('erased', 'merged')
         order by member_id for share) m
on conflict do nothing returning 1
"""
_TAKE = """
delete from member_tag
 where program_id = $1::int and tag = $2::text and member_id = any($3::uuid[]) returning 1
"""
_JOIN = """
insert into member_tag (program_id, tag, member_id, at)
select program_id, tag, $3::uuid, at from member_tag
 where program_id = $1::int and member_id = $2::uuid
on conflict do nothing
"""


def keep_view(tx: Tx, view: SavedView) -> list[Write]:
    """Somebody keeps a list."""
    told = (view.view_id, view.staff_id, view.shared, view.name, view.query, view.made_at)
    return [Write(_VIEW, (tx.program_id, *told))]


async def drop_view(tx: Tx, view_id: UUID, staff_id: UUID, others: bool) -> bool:
    """A list is kept no more; of other people only where `others` says so. Whether it was."""
    return bool(await tx.fetch(_DROP_VIEW, tx.program_id, view_id, staff_id, others))


def ask_round(tx: Tx, one: Round, member_ids: Sequence[UUID]) -> list[Write]:
    """A round begins, or waits for a colleague."""
    told = (one.round_id, one.wallet, one.units, one.reason, list(member_ids), one.state)
    return [Write(_ROUND, (tx.program_id, *told, one.asked_by, one.asked_at))]


async def decide_round(tx: Tx, round_id: UUID, state: str, by: UUID) -> bool:
    """A colleague says yes or no; whether it waited, and for them."""
    return bool(await tx.fetch(_DECIDE, tx.program_id, round_id, state, by, tx.now))


async def stop_round(tx: Tx, round_id: UUID) -> bool:
    """A round goes no further; what was booked stays. Whether it was open."""
    return bool(await tx.fetch(_STOP, tx.program_id, round_id, tx.now))


async def step_round(
    tx: Tx, round_id: UUID, step: tuple[int, int], booked: int, left_out: Mapping[str, int]
) -> bool:
    """A round went from one place to the next; whether it stood at the first of them.

    Shape: `left_out` counts by code why members were not booked.
    """
    why = (list(left_out), list(left_out.values()))
    return bool(await tx.fetch(_STEP, tx.program_id, round_id, *step, booked, tx.now, *why))


def write_note(tx: Tx, note: MemberNote) -> list[Write]:
    """Somebody writes a word beside a member."""
    told = (note.member_id, note.note_id, note.staff_id, note.says, note.at)
    return [Write(_NOTE, (tx.program_id, *told))]


def drop_note(tx: Tx, member_id: UUID, note_id: UUID) -> list[Write]:
    """A note is taken away."""
    return [Write(_DROP_NOTE, (tx.program_id, member_id, note_id))]


async def hold_tags(tx: Tx) -> None:
    """Whoever puts words on members waits for who does in this program, until that is kept."""
    await tx.fetch(waiting_for(Alone.TAGS), tx.program_id)


async def put_tag(tx: Tx, tag: str, member_ids: Sequence[UUID]) -> int:
    """A word is put on members; of how many that is new. Who is gone is left out."""
    return len(await tx.fetch(_PUT, tx.program_id, tag, list(member_ids), tx.now))


async def take_tag(tx: Tx, tag: str, member_ids: Sequence[UUID]) -> int:
    """A word is taken off members; of how many."""
    return len(await tx.fetch(_TAKE, tx.program_id, tag, list(member_ids)))


def join_tags(tx: Tx, gone: UUID, stays: UUID) -> list[Write]:
    """Who stays has the words of who went into them, too."""
    return [Write(_JOIN, (tx.program_id, gone, stays))]
