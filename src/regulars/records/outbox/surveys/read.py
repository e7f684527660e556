"""Look up surveys, who was asked, and what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.outbox.surveys.types import (
    Answer,
    Counted,
    Invitation,
    Question,
    Survey,
)

_COLUMNS = """
select survey_id, code, name, kind, asks::text as asks, questions::text as questions,
       thanks::text as thanks, state, version, made_at, made_by, changed_at, changed_by,
       review_url, review_site
  from survey where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by made_at desc, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_BY_ID = f"{_COLUMNS} and survey_id = any($2::uuid[])"
_INVITED = """
select i.invitation_id, i.survey_id, i.member_id, i.store, i.made_at, i.made_by, i.expires_at,
       a.answered_at
  from survey_invitation i left join survey_answer a using (program_id, invitation_id)
 where i.program_id = $1::int
"""
_INVITATIONS = f"{_INVITED} and i.invitation_id = any($2::uuid[])"
# Whoever stands as one of these now was asked under the id of then, too.
_OF = """i.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])))
"""
_ASKED = f"""
select coalesce(l.into_id, i.member_id) as member_id, max(i.made_at) as made_at
  from survey_invitation i
  left join member_alias l on l.program_id = i.program_id and l.member_id = i.member_id
 where i.program_id = $1::int and {_OF} group by 1
"""  # noqa: S608 - ours
_WAITING = f"""{_INVITED} and {_OF} and a.invitation_id is null and i.expires_at > $3::timestamptz
   and exists (select from survey s where s.program_id = $1::int and s.survey_id = i.survey_id
                  and s.state = 'open')
 order by i.made_at desc limit 1
"""
_OPEN = f"""
select coalesce(l.into_id, w.member_id) as stands_as, w.* from ({_INVITED} and {_OF}
   and i.survey_id = any($3::uuid[]) and i.expires_at > $4::timestamptz
   and a.invitation_id is null) w
  left join member_alias l on l.program_id = $1::int and l.member_id = w.member_id
 order by w.made_at
"""  # noqa: S608 - ours
_ANSWER = """
select invitation_id, survey_id, member_id, answered_at, score, says::text as says, language, tier,
       store, due_at, owner, done_at, done_by, outcome, note
  from survey_answer i where program_id = $1::int
"""
_ANSWERS = f"""{_ANSWER} and survey_id = $2::uuid
   and ($3::timestamptz is null or (answered_at, invitation_id) < ($3::timestamptz, $4::uuid))
 order by answered_at desc, invitation_id desc limit $5::int
"""
_ANSWERS_OF = f"{_ANSWER} and {_OF} order by answered_at desc limit $3::int"
_ONE_ANSWER = f"{_ANSWER} and invitation_id = $2::uuid"
_COUNTS = """
select to_char(answered_at at time zone $3::text, 'YYYY-MM') as month, tier, store, score,
       count(*) as answers
  from survey_answer where program_id = $1::int and survey_id = $2::uuid and score is not null
 group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
_HOW_MANY = """
select (select count(*) from survey_invitation
         where program_id = $1::int and survey_id = $2::uuid) as invited,
       (select count(*) from survey_answer
         where program_id = $1::int and survey_id = $2::uuid) as answered
"""
_texts = msgspec.json.Decoder(dict[str, str]).decode
_questions = msgspec.json.Decoder(tuple[Question, ...]).decode


async def surveys(tx: Tx) -> list[Survey]:
    """Every survey, the latest first."""
    return [_survey(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def survey(tx: Tx, code: str) -> Survey | None:
    """The survey of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return _survey(rows[0]) if rows else None


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Survey]:
    """These surveys."""
    rows = await tx.fetch(_BY_ID, tx.program_id, list(ids))
    return {row["survey_id"]: _survey(row) for row in rows}


async def code_of(tx: Tx, survey_id: UUID | None) -> str:
    """The code of this survey; empty for none."""
    if survey_id is None:
        return ""
    return next((one.code for one in (await by_id(tx, [survey_id])).values()), "")


async def invitations(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Invitation]:
    """These invitations, with when each was answered."""
    rows = await tx.fetch(_INVITATIONS, tx.program_id, list(ids))
    return {row["invitation_id"]: Invitation(**row) for row in rows}


async def last_asked(tx: Tx, members: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each of these was asked last, by whichever survey, also under an id of before."""
    rows = await tx.fetch(_ASKED, tx.program_id, list(members))
    return {row["member_id"]: row["made_at"] for row in rows}


async def still_open(
    tx: Tx, members: Sequence[UUID], surveys: Sequence[UUID]
) -> dict[tuple[UUID, UUID], Invitation]:
    """By survey and member, the latest invitation that may still be answered."""
    rows = await tx.fetch(_OPEN, tx.program_id, list(members), list(surveys), tx.now)
    found = {}
    for row in rows:
        told = {name: value for name, value in row.items() if name != "stands_as"}
        found[row["survey_id"], row["stands_as"]] = Invitation(**told)
    return found


async def waiting(tx: Tx, member_id: UUID) -> Invitation | None:
    """What a member may still answer, the latest."""
    rows = await tx.fetch(_WAITING, tx.program_id, [member_id], tx.now)
    return Invitation(**rows[0]) if rows else None


async def answers(
    tx: Tx, survey_id: UUID, after: tuple[datetime, UUID] | None, most: int
) -> list[Answer]:
    """What was answered, the latest first, from one on."""
    at, which = after or (None, None)
    rows = await tx.fetch(_ANSWERS, tx.program_id, survey_id, at, which, most)
    return [_answer(row) for row in rows]


async def answers_of(tx: Tx, member_id: UUID, most: int) -> list[Answer]:
    """What a member answered, the latest first."""
    rows = await tx.fetch(_ANSWERS_OF, tx.program_id, [member_id], most)
    return [_answer(row) for row in rows]


async def answer(tx: Tx, invitation_id: UUID) -> Answer | None:
    """What was answered to this invitation."""
    rows = await tx.fetch(_ONE_ANSWER, tx.program_id, invitation_id)
    return _answer(rows[0]) if rows else None


async def counts(tx: Tx, survey_id: UUID, zone: str) -> list[Counted]:
    """How many gave which score, by month of the program's zone, tier and store."""
    return [Counted(**row) for row in await tx.fetch(_COUNTS, tx.program_id, survey_id, zone)]


async def how_many(tx: Tx, survey_id: UUID) -> tuple[int, int]:
    """How many were asked, and how many answered."""
    (row,) = await tx.fetch(_HOW_MANY, tx.program_id, survey_id)
    return row["invited"], row["answered"]


def _survey(row: Mapping[str, Any]) -> Survey:
    texts = {name: _texts(row[name]) for name in ("asks", "thanks")}
    return Survey(**{**row, **texts, "questions": _questions(row["questions"])})


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(**{**row, "says": _texts(row["says"])})
