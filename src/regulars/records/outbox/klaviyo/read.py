"""Look up whether a program is connected with Klaviyo, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.klaviyo.types import ERASED_LATELY, Klaviyo

_COLUMNS = ", ".join(Klaviyo.__struct_fields__)
_ONE: Final = f"select {_COLUMNS} from klaviyo where program_id = $1::int"  # noqa: S608
# Whoever can be written to; who stands under somebody else, or is gone, has no name. Who was erased
# of late may have been told of by a portion that broke off.
_WALK: Final = """
select m.member_id from member m
 where m.program_id = $1::int and m.member_id > $2::uuid
   and (m.state in ('active', 'unregistered')
        and exists (select from identifier i
                     where i.program_id = m.program_id and i.member_id = m.member_id
                       and i.kind in ('email', 'phone'))
        or m.state = 'erased'
        and exists (select from erasure e
                     where e.program_id = m.program_id and e.member_id = m.member_id
                       and e.recorded_at > $4::timestamptz))
 order by m.member_id limit $3
"""
_OLDEST: Final = """
select min(o.recorded_at) as at
  from (select member_id, done from hook_line
         where program_id = $1::int and hook_id = $2::uuid and done < planned
         order by try_at limit 1000) l
  join hook_sending s on s.program_id = $1::int and s.hook_id = $2::uuid
   and s.member_id = l.member_id and s.position = l.done + 1
  join outbox o on o.program_id = $1::int and o.outbox_id = s.event_id
"""
_FIRST: Final = UUID(int=0)


async def link(tx: Tx, *, held: bool = False) -> Klaviyo | None:
    """How this program is connected; held, nobody else moves it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id)
    return _row(rows[0]) if rows else None


async def next_members(tx: Tx, after: UUID | None, most: int) -> Sequence[UUID]:
    """The next members who can be written to by e-mail or telephone, or were erased of late, by
    their ids."""
    rows = await tx.fetch(_WALK, tx.program_id, after or _FIRST, most, tx.now - ERASED_LATELY)
    return [row["member_id"] for row in rows]


async def waits_since(tx: Tx, hook_id: UUID) -> datetime | None:
    """When that happened which waits longest, among a thousand lines; nothing where none waits."""
    at: datetime | None = (await tx.fetch(_OLDEST, tx.program_id, hook_id))[0]["at"]
    return at


def _row(row: Mapping[str, Any]) -> Klaviyo:
    told = {name: row[name] for name in Klaviyo.__struct_fields__}
    return Klaviyo(**told | {"shares": tuple(told["shares"])})
