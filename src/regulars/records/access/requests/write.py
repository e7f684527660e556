"""Keep what was asked, and forget it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.tx import Tx, Write
from regulars.records.access.requests.types import SHOWN, Noted, digest_of

_KEEP = """
insert into request (program_id, request_id, at, key_id, operation, key_digest, key_begins, status,
                     code, took_ms, made)
select $1::int, r.* from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::bytea[],
                                $7::text[], $8::smallint[], $9::text[], $10::int[], $11::text[])
       as r
"""
_FORGET = """
with gone as (
    delete from request where program_id = $1::int and request_id in (
        select request_id from request where program_id = $1::int and at < $2::timestamptz
         order by request_id limit $3::int)
    returning 1
)
select count(*) as gone from gone
"""


def keep(tx: Tx, noted: Sequence[Noted]) -> list[Write]:
    """Keep these requests."""
    if not noted:
        return []
    rows = [
        (tx.new_id(), at, key_id, operation, digest_of(key), key[:SHOWN], status, code, took_ms, made)
        for at, key_id, operation, key, status, code, took_ms, made in noted
    ]  # fmt: skip
    return [Write(_KEEP, (tx.program_id, *map(list, zip(*rows, strict=True))))]


async def forget(tx: Tx, until: datetime, most: int) -> int:
    """Forget the oldest that came before; how many."""
    rows = await tx.fetch(_FORGET, tx.program_id, until, most)
    return int(rows[0]["gone"])
