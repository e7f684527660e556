"""Look up who may be asked for a reference, and for whom; who was merged is read as whom they
stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.community.references.types import (
    Agreed,
    Match,
    ReferenceRequest,
    Wanted,
)

_REQUESTS: Final = """
select r.request_id, r.prospect, r.wants, r.state, r.made_at, r.made_by,
       coalesce(l.into_id, r.member_id) as member_id, r.ended_at, r.ended_by
  from reference_request r
  left join member_alias l on l.program_id = r.program_id and l.member_id = r.member_id
 where r.program_id = $1::int
"""
_BY_ID = f"{_REQUESTS} and r.request_id = any($2::uuid[])"
_PAGE = f"""{_REQUESTS} and ($2::timestamptz is null
        or (r.made_at, r.request_id) < ($2::timestamptz, $3::uuid))
 order by r.made_at desc, r.request_id desc limit $4::int
"""
_HOLD = """
select request_id from reference_request
 where program_id = $1::int and request_id = any($2::uuid[]) order by request_id for update
"""
# Of whom somebody waits for an answer, and who was asked for this one, is left alone.
_MATCHES: Final = """
with agreed as (
select distinct coalesce(l.into_id, a.member_id) as member_id from reference_member a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1::int
), asked as (
select coalesce(l.into_id, k.member_id) as member_id, count(*)::int as many,
       max(k.asked_at) as lately,
       bool_or(k.request_id = $2::uuid or k.outcome = '') as waits
  from reference_ask k
  left join member_alias l on l.program_id = k.program_id and l.member_id = k.member_id
 where k.program_id = $1::int group by 1
)
select m.member_id, coalesce(k.many, 0) as asked, k.lately as asked_at
  from agreed g
  join member m on m.program_id = $1::int and m.member_id = g.member_id
  left join asked k on k.member_id = m.member_id
 where m.state = 'active' and m.attributes @> $3::text::jsonb and not coalesce(k.waits, false)
   and ($5::uuid is null or m.member_id = $5::uuid)
 order by coalesce(k.many, 0), k.lately nulls first, m.joined_at, m.member_id limit $4::int
"""
_AGREED = """
select m.member_id, min(a.agreed_at) as agreed_at
  from unnest($2::uuid[]) as m (member_id)
  left join reference_member a on a.program_id = $1::int and (a.member_id = m.member_id
       or a.member_id in (select l.member_id from member_alias l
                           where l.program_id = $1::int and l.into_id = m.member_id))
 group by 1
"""


_USED = """
select exists (select from reference_request where program_id = $1::int)
    or exists (select from reference_member where program_id = $1::int) as used
"""


async def used(tx: Tx) -> bool:
    """Whether the shop ever looked for a reference, or noted that somebody may be asked."""
    return bool((await tx.fetch(_USED, tx.program_id))[0]["used"])


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, ReferenceRequest]:
    """These."""
    rows = await tx.fetch(_BY_ID, tx.program_id, list(ids)) if ids else []
    return {row["request_id"]: _request(row) for row in rows}


async def hold(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, ReferenceRequest]:
    """These, as they are once nobody else asks for them."""
    if ids:
        await tx.fetch(_HOLD, tx.program_id, sorted(set(ids)))
    return await by_id(tx, ids)


async def page(tx: Tx, before: tuple[datetime, UUID] | None, limit: int) -> list[ReferenceRequest]:
    """All of them, the latest first."""
    place = before or (None, None)
    rows = await tx.fetch(_PAGE, tx.program_id, *place, limit)
    return [_request(row) for row in rows]


async def matches(
    tx: Tx, one: tuple[UUID, Mapping[str, Wanted]], most: int, only: UUID | None = None
) -> list[Match]:
    """Who agreed to be asked, has all that is wanted, and waits with nobody: whoever was asked
    least first, and of these whoever was not asked for longest."""
    request_id, wants = one
    has = msgspec.json.encode(wants).decode()
    rows = await tx.fetch(_MATCHES, tx.program_id, request_id, has, most, only)
    return [Match(**row) for row in rows]


async def agreed(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Agreed]:
    """Whether each of these may be asked."""
    rows = await tx.fetch(_AGREED, tx.program_id, list(ids)) if ids else []
    return {
        row["member_id"]: Agreed(row["member_id"], row["agreed_at"] is not None, row["agreed_at"])
        for row in rows
    }


def _request(row: Mapping[str, Any]) -> ReferenceRequest:
    return ReferenceRequest(**{**row, "wants": msgspec.json.decode(row["wants"])})
