"""Keep who was told that they will be erased, and what each night came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.members.erasure.notices.types import Night

_NOTICE = """
insert into erasure_notice (program_id, member_id, noticed_at, due_at)
select $1::int, n.member_id, $2::timestamptz, $3::timestamptz
  from unnest($4::uuid[]) as n (member_id)
    on conflict (program_id, member_id) do nothing
"""
_TAKE_BACK = """
delete from erasure_notice where program_id = $1::int and member_id = any($2::uuid[])
"""
_TAKE_ALL_BACK = """
with gone as (
    delete from erasure_notice where program_id = $1::int returning 1)
select count(*) as many from gone
"""
_END_NIGHT = """
insert into retention_day (program_id, day, noticed, erased, stayed, at)
values ($1::int, $2::date, $3::int, $4::int, $5::int, $6::timestamptz)
    on conflict (program_id, day) do nothing
"""
_NO_LATER = """
delete from retention_day where program_id = $1::int and day > $2::date
"""


def notice(tx: Tx, ids: Sequence[UUID], due_at: datetime) -> list[Write]:
    """These members know from now on that they will be erased; whoever knew keeps their day."""
    return [Write(_NOTICE, (tx.program_id, tx.now, due_at, list(ids)))] if ids else []


def take_back_notices(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These members will not be erased after all."""
    return [Write(_TAKE_BACK, (tx.program_id, list(ids)))] if ids else []


async def take_all_back(tx: Tx) -> int:
    """Nobody will be erased after all; how many had been told."""
    return int((await tx.fetch(_TAKE_ALL_BACK, tx.program_id))[0]["many"])


def end_night(tx: Tx, night: Night) -> list[Write]:
    """A night was gone through, and this is what it came to."""
    return [Write(_END_NIGHT, (tx.program_id, *night, tx.now))]


def no_later(tx: Tx, day: date) -> list[Write]:
    """Nights after this day were gone through by a wrong clock: they are still to come."""
    return [Write(_NO_LATER, (tx.program_id, day))]
