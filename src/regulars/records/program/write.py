"""Keep programs and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.tx import Tx, Write
from regulars.records.program.read import Withdrawal

_PUBLISH = """
insert into program_version (program_id, version, effective_from, source, sha256, published_at,
                             published_by)
values ($1::int, $2::int, $3::timestamptz, $4::text, sha256(convert_to($4::text, 'UTF8')),
        $5::timestamptz, $6::text)
"""
_WITHDRAW = """
insert into version_withdrawal (program_id, version, restored_as, withdrawn_by, reason,
                                withdrawn_at)
values ($1::int, $2::int, $3::int, $4::text, $5::text, $6::timestamptz)
"""
_CODES = """
insert into program_code (program_id, kind, name, code)
select $1::int, c.kind, c.name, c.code from unnest($2::text[], $3::text[], $4::smallint[])
       as c (kind, name, code)
"""


def publish(
    tx: Tx, version: int, effective_from: datetime, source: str, published_by: str
) -> list[Write]:
    """Keep a version, word for word."""
    args = (tx.program_id, version, effective_from, source, tx.now, published_by)
    return [Write(_PUBLISH, args)]


def withdraw(tx: Tx, one: Withdrawal) -> list[Write]:
    """Keep that a version was taken back."""
    args = (one.version, one.restored_as, one.withdrawn_by, one.reason, one.withdrawn_at)
    return [Write(_WITHDRAW, (tx.program_id, *args))]


def number(tx: Tx, codes: Sequence[tuple[str, str, int]]) -> list[Write]:
    """Give these (kind, name) their numbers, for ever."""
    if not codes:
        return []
    return [Write(_CODES, (tx.program_id, *map(list, zip(*codes, strict=True))))]
