"""Look up service cases; who was merged is read as whom they stand as now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.community.support.types import CaseNote, SupportCase

_CASES: Final = """
select c.case_id, coalesce(l.into_id, c.member_id) as member_id, c.subject, c.reason, c.store,
       c.priority, c.tier, c.state, c.outcome, c.opened_at, c.opened_by, c.due_at, c.closed_at,
       c.closed_by, c.booked
  from service_case c
  left join member_alias l on l.program_id = c.program_id and l.member_id = c.member_id
 where c.program_id = $1::int
"""
_BY_ID = f"{_CASES} and c.case_id = any($2::uuid[])"
_OF = f"""{_CASES} and c.state <> 'forgotten' and c.member_id = any(array(
       select $2::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
 order by c.opened_at desc, c.case_id desc limit $3::int
"""  # noqa: S608 - ours
_OPEN = f"""{_CASES} and c.state = 'open'
   and ($2::smallint is null
        or (c.priority, c.due_at, c.case_id) > ($2::smallint, $3::timestamptz, $4::uuid))
 order by c.priority, c.due_at, c.case_id limit $5::int
"""
_CLOSED = f"""{_CASES} and c.state = 'closed'
   and ($2::timestamptz is null or (c.closed_at, c.case_id) < ($2::timestamptz, $3::uuid))
 order by c.closed_at desc, c.case_id desc limit $4::int
"""
_HOLD = """
select case_id from service_case where program_id = $1::int and case_id = any($2::uuid[])
 order by case_id for update
"""
_NOTES = """
select case_id, note_id, says, made_at, made_by from case_note
 where program_id = $1::int and case_id = any($2::uuid[]) order by made_at, note_id
"""
_COUNT = "select count(*)::int as n from service_case where program_id = $1::int and state = 'open'"
_OPEN_OF = """
select count(*)::int as n from service_case
 where program_id = $1::int and state = 'open' and member_id = any(array(
       select $2::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
"""


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, SupportCase]:
    """These."""
    rows = await tx.fetch(_BY_ID, tx.program_id, list(ids)) if ids else []
    return {row["case_id"]: SupportCase(**row) for row in rows}


async def hold(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, SupportCase]:
    """These, as they are once nobody else works on them."""
    if ids:
        await tx.fetch(_HOLD, tx.program_id, sorted(set(ids)))
    return await by_id(tx, ids)


async def of(tx: Tx, member_id: UUID, limit: int) -> list[SupportCase]:
    """Those of this member, the latest first."""
    return [SupportCase(**row) for row in await tx.fetch(_OF, tx.program_id, member_id, limit)]


async def opened(tx: Tx, after: tuple[int, datetime, UUID] | None, limit: int) -> list[SupportCase]:
    """Those somebody waits in, the most urgent first, and of these whichever is due first."""
    place = after or (None, None, None)
    rows = await tx.fetch(_OPEN, tx.program_id, *place, limit)
    return [SupportCase(**row) for row in rows]


async def closed(tx: Tx, before: tuple[datetime, UUID] | None, limit: int) -> list[SupportCase]:
    """Those that are over, the latest first."""
    place = before or (None, None)
    rows = await tx.fetch(_CLOSED, tx.program_id, *place, limit)
    return [SupportCase(**row) for row in rows]


async def how_many(tx: Tx) -> int:
    """In how many somebody waits."""
    return int((await tx.fetch(_COUNT, tx.program_id))[0]["n"])


async def open_of(tx: Tx, member_id: UUID) -> int:
    """In how many this member waits."""
    return int((await tx.fetch(_OPEN_OF, tx.program_id, member_id))[0]["n"])


async def notes(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[CaseNote]]:
    """What was noted of these, in order."""
    found: dict[UUID, list[CaseNote]] = {id_: [] for id_ in ids}
    for row in await tx.fetch(_NOTES, tx.program_id, list(ids)) if ids else []:
        found[row["case_id"]].append(CaseNote(**row))
    return found
