"""Look up lessons and who passed them; who was merged is read as whom they stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.community.lessons.types import Learned, Lesson, QuizQuestion, Try

_COLUMNS = """
select lesson_id, code, name, says::text as says, questions::text as questions, needed, club_id,
       state, version, made_at, made_by, changed_at, changed_by, held
  from lesson where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by name, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_TRIES = """
select coalesce(l.into_id, t.member_id) as member_id, t.lesson_id, t.tries, t.last_at, t.best,
       t.passed_at, t.member_id as of_id
  from lesson_try t
  left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
 where t.program_id = $1::int and t.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])))
 order by t.passed_at nulls last, t.last_at desc
"""
_LEARNED = """
select t.lesson_id, count(distinct coalesce(l.into_id, t.member_id))::int as tried,
       (count(distinct coalesce(l.into_id, t.member_id))
              filter (where t.passed_at is not null))::int as passed
  from lesson_try t
  left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
 where t.program_id = $1::int group by t.lesson_id
"""
# Who was merged came under the id of then. What was called off taught nobody anything.
_CAME = """
select distinct coalesce(l.into_id, s.member_id) as member_id, g.lesson
  from gathering g
  join seat s on s.program_id = g.program_id and s.gathering_id = g.gathering_id
             and s.came_at is not null
  left join member_alias l on l.program_id = s.program_id and l.member_id = s.member_id
 where g.program_id = $1::int and g.lesson <> '' and g.state = 'open' and s.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])))
"""
_texts = msgspec.json.Decoder(dict[str, str]).decode
_questions = msgspec.json.Decoder(tuple[QuizQuestion, ...]).decode


async def lessons(tx: Tx) -> list[Lesson]:
    """Every lesson, by name."""
    return [_lesson(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def lesson(tx: Tx, code: str) -> Lesson | None:
    """The lesson of this code."""
    return next((_lesson(row) for row in await tx.fetch(_ONE, tx.program_id, code)), None)


async def tries(tx: Tx, member_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Try]:
    """How each of these does in which lesson, by member and lesson: that they passed first."""
    found: dict[tuple[UUID, UUID], Try] = {}
    for row in await tx.fetch(_TRIES, tx.program_id, member_ids):
        found.setdefault((row["member_id"], row["lesson_id"]), Try(**row))
    return found


async def came_to(tx: Tx, member_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Which of these came to an event at which which lesson was taught: member and its code."""
    rows = await tx.fetch(_CAME, tx.program_id, member_ids) if member_ids else ()
    return {(row["member_id"], row["lesson"]) for row in rows}


async def learned(tx: Tx) -> dict[UUID, Learned]:
    """How many tried each lesson; lessons that nobody tried are left out."""
    rows = await tx.fetch(_LEARNED, tx.program_id)
    return {row["lesson_id"]: Learned(row["tried"], row["passed"]) for row in rows}


def _lesson(row: Mapping[str, Any]) -> Lesson:
    told = dict(row)
    texts = {"says": _texts(told["says"]), "questions": _questions(told["questions"])}
    return Lesson(**{**told, **texts})
