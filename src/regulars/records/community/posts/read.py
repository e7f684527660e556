"""Look up what members wrote; who was merged is read as whom they stand as now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.community.posts.types import Post

# Of who is gone nobody reads a name.
_POSTS: Final = """
select p.post_id, coalesce(l.into_id, p.member_id) as member_id, p.kind, p.about, p.rating, p.title,
       p.says, p.site, p.state, p.reason, p.written_at, p.decided_at, p.decided_by, p.published_at,
       p.rewarded,
       (select count(distinct coalesce(a.into_id, r.member_id))::int from post_report r
          left join member_alias a on a.program_id = r.program_id and a.member_id = r.member_id
         where r.program_id = p.program_id and r.post_id = p.post_id and r.settled_at is null)
       as reports,
       case when m.state = 'active' then
            concat_ws(' ', nullif(trim(m.given_name), ''),
                      upper(nullif(left(trim(m.family_name), 1), '')) || '.') else '' end as called
  from member_post p
  left join member_alias l on l.program_id = p.program_id and l.member_id = p.member_id
  left join member m on m.program_id = p.program_id
                    and m.member_id = coalesce(l.into_id, p.member_id)
 where p.program_id = $1::int
"""
_BY_ID = f"{_POSTS} and p.post_id = any($2::uuid[])"
_OF = f"""{_POSTS} and p.state <> 'forgotten' and p.member_id = any(array(
       select $2::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
 order by p.written_at desc, p.post_id desc limit $3::int
"""  # noqa: S608 - ours
_PAGE = f"""{_POSTS} and p.state = $2::text
   and ($3::timestamptz is null or (p.written_at, p.post_id) < ($3::timestamptz, $4::uuid))
 order by p.written_at desc, p.post_id desc limit $5::int
"""
_QUEUE = f"""{_POSTS} and (p.state = 'waiting' or p.state = 'published' and exists (
       select from post_report r where r.program_id = p.program_id and r.post_id = p.post_id
          and r.settled_at is null))
 order by p.written_at, p.post_id limit $2::int
"""
_BEFORE: Final = """
select exists (select from member_post p
  where p.program_id = $1::int and p.kind = 'review' and p.site = '' and p.post_id <> $3::uuid
    and p.published_at is not null and lower(p.about) = lower($4::text)
    and p.member_id = any(array(
        select $2::uuid union all
        select member_id from member_alias where program_id = $1::int and into_id = $2::uuid)))
       as was
"""
_LOCK = """
select post_id from member_post where program_id = $1::int and post_id = any($2::uuid[])
 order by post_id for update
"""
_WHY = """
select why from post_report
 where program_id = $1::int and post_id = $2::uuid and settled_at is null order by made_at limit 20
"""


async def hold(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Post]:
    """These, as they are once nobody else decides about them."""
    await tx.fetch(_LOCK, tx.program_id, sorted(set(ids)))
    return await by_id(tx, ids)


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Post]:
    """These."""
    rows = await tx.fetch(_BY_ID, tx.program_id, ids) if ids else []
    return {row["post_id"]: Post(**row) for row in rows}


async def of(tx: Tx, member_id: UUID, limit: int) -> list[Post]:
    """What this member wrote, the latest first."""
    return [Post(**row) for row in await tx.fetch(_OF, tx.program_id, member_id, limit)]


async def page(tx: Tx, state: str, before: tuple[datetime, UUID] | None, limit: int) -> list[Post]:
    """What stands so, the latest first."""
    at, id_ = before or (None, None)
    rows = await tx.fetch(_PAGE, tx.program_id, state, at, id_, limit)
    return [Post(**row) for row in rows]


async def queue(tx: Tx, limit: int) -> list[Post]:
    """What somebody of the shop should look at, whoever waits longest first."""
    return [Post(**row) for row in await tx.fetch(_QUEUE, tx.program_id, limit)]


async def reviewed_before(tx: Tx, one: Post) -> bool:
    """Whether another review of theirs about the same thing was published once."""
    if one.kind != "review":
        return False
    args = (one.member_id, one.post_id, one.about)
    return bool((await tx.fetch(_BEFORE, tx.program_id, *args))[0]["was"])


async def whys(tx: Tx, post_id: UUID) -> list[str]:
    """What members say who report it, and nobody looked since."""
    return [row["why"] for row in await tx.fetch(_WHY, tx.program_id, post_id)]
