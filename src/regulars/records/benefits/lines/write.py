"""Keep what is said on the direct line, and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.benefits.lines.types import Task, TaskLeft, Word

_SAY: Final = """
insert into line_word (program_id, line_id, member_id, staff_id, way, says, written_at)
select $1::int, w.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
                                $7::timestamptz[]) as w
    on conflict do nothing
"""
_HEEDED: Final = (
    """
update line_word w set heeded_at = $2::timestamptz
 where w.program_id = $1::int and w.staff_id is null and w.heeded_at is null
   and w.member_id in (select $3::uuid union all
                       select l.member_id from member_alias l
                        where l.program_id = $1::int and l.into_id = $3::uuid)
""",
    """
update text_heard t set heeded_at = $2::timestamptz
 where t.program_id = $1::int and t.word = 'other' and t.heeded_at is null
   and t.member_id in (select $3::uuid union all
                       select l.member_id from member_alias l
                        where l.program_id = $1::int and l.into_id = $3::uuid)
""",
)
_NOTE: Final = """
insert into line_task (program_id, task_id, member_id, staff_id, says, due_on, made_at)
select $1::int, t.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[],
                                $7::timestamptz[]) as t
"""
# Walked again, or by two at once, a step leaves one.
_LEAVE: Final = """
insert into line_task (program_id, made_at, task_id, member_id, says, due_on, store, journey_id,
                       run_id, step)
select $1::int, $2::timestamptz, t.*
  from unnest($3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::text[], $8::uuid[], $9::uuid[],
              $10::text[]) as t
    on conflict (program_id, run_id, step) where run_id is not null do nothing
"""
_DONE: Final = """
update line_task set done_at = $2::timestamptz, done_by = $4::text, result = $5::text
 where program_id = $1::int and done_at is null and task_id = $3::uuid
"""


def say(tx: Tx, some: Sequence[Word]) -> list[Write]:
    """These were said; each stands there once."""
    if not some:
        return []
    rows = [
        (one.line_id, one.member_id, one.staff_id, one.way, one.says, one.written_at)
        for one in some
    ]
    return [Write(_SAY, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def heed(tx: Tx, member_id: UUID) -> list[Write]:
    """What this member wrote so far needs no answer any more."""
    return [Write(sql, (tx.program_id, tx.now, member_id)) for sql in _HEEDED]


def note(tx: Tx, some: Sequence[Task]) -> list[Write]:
    """These are to be done."""
    if not some:
        return []
    rows = [
        (one.task_id, one.member_id, one.staff_id, one.says, one.due_on, one.made_at)
        for one in some
    ]
    return [Write(_NOTE, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def leave(tx: Tx, some: Sequence[TaskLeft]) -> list[Write]:
    """Steps of journeys leave these, each once."""
    if not some:
        return []
    rows = [
        (
            one.task_id, one.member_id, one.says, one.due_on, one.store, one.journey_id, one.run_id,
            one.step,
        )
        for one in some
    ]  # fmt: skip
    return [Write(_LEAVE, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def done(tx: Tx, task_id: UUID, by: str, result: str) -> list[Write]:
    """It is done, by whom and with what result; the first time counts."""
    return [Write(_DONE, (tx.program_id, tx.now, task_id, by, result))]
