"""Read what members and those who look after them said to each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.benefits.lines.types import Task, TasksWanted, Word

_FAMILY: Final = """
    select who.member_id, who.member_id as stands_as from unnest($2::uuid[]) as who (member_id)
     union
    select l.member_id, l.into_id from member_alias l
     where l.program_id = $1::int and l.into_id = any($2::uuid[])
"""
# What a member wrote by text message is kept once, where all of these are.
_WORDS: Final = f"""
with family as ({_FAMILY}), said as (
    select w.line_id, f.stands_as, w.staff_id, w.way, w.says, w.written_at,
           coalesce(d.state, '') as state, coalesce(d.reason, '') as reason
      from family f
      join line_word w on w.program_id = $1::int and w.member_id = f.member_id
      left join delivery d on d.program_id = $1::int and d.cause_id = w.line_id and d.kind = 'line'
     union all
    select t.text_id, f.stands_as, null, 'sms', t.says, t.heard_at, '', ''
      from family f
      join text_heard t on t.program_id = $1::int and t.member_id = f.member_id
     where t.word = 'other' and t.says <> ''
)
select line_id, stands_as as member_id, staff_id, way, says, written_at, state, reason from said
"""  # noqa: S608
_OF: Final = f"""{_WORDS}
 where ($3::timestamptz is null or (written_at, line_id) < ($3::timestamptz, $4::uuid))
 order by written_at desc, line_id desc limit $5::int
"""
_LAST: Final = f"""
select distinct on (w.member_id) w.* from ({_WORDS}) w
 order by w.member_id, w.written_at desc, w.line_id desc
"""  # noqa: S608
_HEARD: Final = f"""
select w.member_id, count(*) as many from ({_WORDS}) w
 where w.staff_id is null and w.written_at > $3::timestamptz group by 1
"""  # noqa: S608
# The latest of each member who has nobody, and whom nobody answered since.
_UNANSWERED: Final = """
with said as materialized (
    select w.line_id, coalesce(l.into_id, w.member_id) as member_id, w.way, w.says, w.written_at
      from line_word w
      left join member_alias l on l.program_id = w.program_id and l.member_id = w.member_id
     where w.program_id = $1::int and w.staff_id is null and w.heeded_at is null
       and w.written_at > $2::timestamptz - interval '60 days'
     union all
    select t.text_id, coalesce(l.into_id, t.member_id), 'sms', t.says, t.heard_at
      from text_heard t
      left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
     where t.program_id = $1::int and t.word = 'other' and t.says <> '' and t.heeded_at is null
       and t.heard_at > $2::timestamptz - interval '60 days'
), last as (
    select distinct on (s.member_id) s.* from said s
     order by s.member_id, s.written_at desc, s.line_id desc
)
select s.line_id, s.member_id, null::uuid as staff_id, s.way, s.says, s.written_at
  from last s
 where not exists (
        select from benefit_associate b
          left join member_alias o on o.program_id = b.program_id and o.member_id = b.member_id
         where b.program_id = $1::int and coalesce(o.into_id, b.member_id) = s.member_id
           and (b.ended_at is null or b.ended_at > $2::timestamptz))
   and not exists (
        select from line_word a
          left join member_alias o on o.program_id = a.program_id and o.member_id = a.member_id
         where a.program_id = $1::int and coalesce(o.into_id, a.member_id) = s.member_id
           and a.staff_id is not null and a.written_at > s.written_at)
 order by s.written_at, s.line_id limit $3::int
"""
_SOME: Final = """
select line_id, member_id, staff_id, way, says, written_at from line_word
 where program_id = $1::int and line_id = any($2::uuid[])
"""
_TASK: Final = """t.task_id, {who} as member_id, t.staff_id, t.says, t.due_on, t.made_at, t.done_at,
       t.store, coalesce(j.name, '') as journey, t.done_by, t.result"""
_JOURNEY: Final = """
  left join journey j on j.program_id = $1::int and j.journey_id = t.journey_id
"""
_TASKS: Final = f"""
with family as ({_FAMILY})
select {_TASK.format(who="f.stands_as")}
  from family f join line_task t on t.program_id = $1::int and t.member_id = f.member_id
  {_JOURNEY}
 where t.done_at is null order by t.due_on, t.task_id
"""  # noqa: S608
_AFTER: Final = """
select from benefit_associate b
  left join member_alias o on o.program_id = b.program_id and o.member_id = b.member_id
 where b.program_id = $1::int
   and coalesce(o.into_id, b.member_id) = coalesce(l.into_id, t.member_id)
   and (b.ended_at is null or b.ended_at > $2::timestamptz)
"""
_WAITING: Final = f"""
select {_TASK.format(who="coalesce(l.into_id, t.member_id)")}
  from line_task t
  left join member_alias l on l.program_id = $1::int and l.member_id = t.member_id
  {_JOURNEY}
 where t.program_id = $1::int and t.done_at is null
   and ($3::date is null or (t.due_on, t.task_id) > ($3::date, $4::uuid))
   and ($7::bool or exists ({_AFTER} and b.staff_id = $5::uuid)
        or (not exists ({_AFTER}) and ($6::text[] is null or t.store = any($6::text[]))))
 order by t.due_on, t.task_id limit $8::int
"""  # noqa: S608
_ONE_TASK: Final = f"""
select {_TASK.format(who="t.member_id")} from line_task t {_JOURNEY}
 where t.program_id = $1::int and t.task_id = $2::uuid
"""  # noqa: S608


async def words(
    tx: Tx, member_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[Word]:
    """What was said before this place, the latest first."""
    at, id_ = before or (None, None)
    rows = await tx.fetch(_OF, tx.program_id, [member_id], at, id_, limit)
    return [Word(*row.values()) for row in rows]


async def last(tx: Tx, members: Sequence[UUID]) -> dict[UUID, Word]:
    """The last word with each of these members."""
    rows = await tx.fetch(_LAST, tx.program_id, list(members)) if members else ()
    return {row["member_id"]: Word(*row.values()) for row in rows}


async def heard(tx: Tx, members: Collection[UUID], since: datetime) -> dict[UUID, int]:
    """How many words each of these members wrote since; who wrote none is left out."""
    rows = await tx.fetch(_HEARD, tx.program_id, list(members), since) if members else ()
    return {row["member_id"]: row["many"] for row in rows}


async def unanswered(tx: Tx, most: int) -> list[Word]:
    """The last word of each member whom nobody looks after and nobody answered since, within 60
    days; who waits longest first."""
    return [Word(*row.values()) for row in await tx.fetch(_UNANSWERED, tx.program_id, tx.now, most)]


async def some(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Word]:
    """These words."""
    rows = await tx.fetch(_SOME, tx.program_id, list(ids)) if ids else ()
    return {row["line_id"]: Word(*row.values()) for row in rows}


async def tasks(tx: Tx, members: Sequence[UUID]) -> list[Task]:
    """What is still to be done for these members, by its day."""
    rows = await tx.fetch(_TASKS, tx.program_id, list(members)) if members else ()
    return [Task(*row.values()) for row in rows]


async def waiting(
    tx: Tx, wanted: TasksWanted, after: tuple[date, UUID] | None, most: int
) -> list[Task]:
    """What is still to be done, of those wanted, by its day; from after this place on."""
    day, id_ = after or (None, None)
    stores = None if wanted.stores is None else list(wanted.stores)
    rows = await tx.fetch(
        _WAITING, tx.program_id, tx.now, day, id_, wanted.staff_id, stores, wanted.everything, most
    )
    return [Task(*row.values()) for row in rows]


async def task(tx: Tx, task_id: UUID) -> Task | None:
    """This one, done or not."""
    rows = await tx.fetch(_ONE_TASK, tx.program_id, task_id)
    return Task(*rows[0].values()) if rows else None
