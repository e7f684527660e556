"""Keep lessons, and how members do in them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.community.lessons.types import Lesson, Try

_KEEP = """
insert into lesson (program_id, lesson_id, code, name, says, questions, needed, club_id, state,
                    version, made_at, made_by, changed_at, changed_by, held)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text::jsonb, $6::text::jsonb, $7::smallint,
        $8::uuid, $9::text, $10::int, $11::timestamptz, $12::text, $13::timestamptz, $14::text,
        $15::boolean)
    on conflict (program_id, lesson_id) do update
   set name = excluded.name, says = excluded.says, questions = excluded.questions,
       needed = excluded.needed, club_id = excluded.club_id, state = excluded.state,
       version = excluded.version, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by, held = excluded.held
"""
_TRY = """
insert into lesson_try (program_id, member_id, lesson_id, tries, last_at, best, passed_at)
select $1::int, t.* from unnest($2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[],
                                $6::smallint[], $7::timestamptz[]) as t
    on conflict (program_id, member_id, lesson_id) do update
   set tries = excluded.tries, last_at = excluded.last_at, best = excluded.best,
       passed_at = coalesce(lesson_try.passed_at, excluded.passed_at)
"""


def keep(tx: Tx, one: Lesson) -> list[Write]:
    """This lesson as it is now."""
    says, questions = (msgspec.json.encode(each).decode() for each in (one.says, one.questions))
    return [Write(_KEEP, (
        tx.program_id, one.lesson_id, one.code, one.name, says, questions, one.needed, one.club_id,
        one.state, one.version, one.made_at, one.made_by, one.changed_at, one.changed_by,
        one.held,
    ))]  # fmt: skip


def tried(tx: Tx, some: Sequence[Try]) -> list[Write]:
    """So these do from now on; who passed once, has."""
    if not some:
        return []
    columns = [
        [one.of_id or one.member_id for one in some], [one.lesson_id for one in some],
        [one.tries for one in some], [one.last_at for one in some], [one.best for one in some],
        [one.passed_at for one in some],
    ]  # fmt: skip
    return [Write(_TRY, (tx.program_id, *columns))]
