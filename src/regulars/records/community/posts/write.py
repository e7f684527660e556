"""Keep what members wrote, what became of it, and who reports it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.community.posts.types import Post

_KEEP = """
insert into member_post (program_id, post_id, member_id, kind, about, rating, title, says, site,
                         state, written_at)
values ($1::int, $2::uuid, $3::uuid, $4::text, $5::text, $6::smallint, $7::text, $8::text,
        $9::text, $10::text, $11::timestamptz)
"""
_TURN = """
update member_post set state = $3::text, reason = $4::text, decided_at = $5::timestamptz,
       decided_by = $6::text, published_at = $7::timestamptz, rewarded = $8::bool
 where program_id = $1::int and post_id = $2::uuid
"""
_REPORT = """
insert into post_report (program_id, post_id, member_id, why, made_at)
values ($1::int, $2::uuid, $3::uuid, $4::text, $5::timestamptz)
    on conflict (program_id, post_id, member_id) do update set why = excluded.why
"""
_SETTLE = """
update post_report set settled_at = $3::timestamptz
 where program_id = $1::int and post_id = $2::uuid and settled_at is null
"""


def keep(tx: Tx, some: Sequence[Post]) -> list[Write]:
    """This was written; a statement for each, as there is seldom more than one."""
    return [
        Write(_KEEP, (
            tx.program_id, one.post_id, one.member_id, one.kind, one.about, one.rating, one.title,
            one.says, one.site, one.state, one.written_at,
        ))
        for one in some
    ]  # fmt: skip


def turn(tx: Tx, one: Post) -> list[Write]:
    """So it stands from now on."""
    return [Write(_TURN, (
        tx.program_id, one.post_id, one.state, one.reason, one.decided_at, one.decided_by,
        one.published_at, one.rewarded,
    ))]  # fmt: skip


def report(tx: Tx, post_id: UUID, member_id: UUID, why: str) -> list[Write]:
    """Somebody finds that it should not stand there; each counts once."""
    return [Write(_REPORT, (tx.program_id, post_id, member_id, why, tx.now))]


def settle(tx: Tx, post_id: UUID) -> list[Write]:
    """Somebody of the shop looked at what was reported."""
    return [Write(_SETTLE, (tx.program_id, post_id, tx.now))]
