"""Keep what was asked, and forget it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.tx import Tx, Write
from regulars.records.access.requests.types import Noted, packed

_KEEP = """
insert into request_page (program_id, page_id, until_at, failed, digests, noted)
values ($1::int, $2::uuid, $3::timestamptz, $4::int, $5::bytea, $6::bytea)
"""
_FORGET = """
with gone as (
    delete from request_page where program_id = $1::int and page_id in (
        select page_id from request_page where program_id = $1::int
         order by page_id limit $3::int)
       and until_at < $2::timestamptz
    returning 1
)
select count(*) as gone from gone
"""


def keep(tx: Tx, noted: Sequence[Noted]) -> list[Write]:
    """Keep these requests as one page."""
    if not noted:
        return []
    digests, page = packed(noted)
    failed = sum(one.status >= 400 for one in noted)
    until = max(one.at for one in noted)
    return [Write(_KEEP, (tx.program_id, tx.new_id(), until, failed, digests, page))]


async def forget(tx: Tx, until: datetime, most: int) -> int:
    """Forget the oldest pages that ended before; how many."""
    rows = await tx.fetch(_FORGET, tx.program_id, until, most)
    return int(rows[0]["gone"])
