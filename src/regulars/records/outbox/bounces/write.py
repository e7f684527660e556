"""Keep that letters to an address come back, and that they arrive again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.outbox.bounces.types import Bounce

_MARK: Final = """
insert into bounced_address (program_id, address, member_id, reason, bounced_at)
select $1::int, b.address, b.member_id, b.reason, b.bounced_at
  from unnest($2::bytea[], $3::uuid[], $4::text[], $5::timestamptz[])
       as b (address, member_id, reason, bounced_at)
    on conflict (program_id, address) do nothing
"""
_CLEAR: Final = (
    "delete from bounced_address where program_id = $1::int and address = any($2::bytea[])"
)


def mark(tx: Tx, bounces: Sequence[Bounce]) -> list[Write]:
    """Letters to these addresses come back; of one that is known the first time stays."""
    if not bounces:
        return []
    columns = [(one.address, one.member_id, one.reason, one.bounced_at) for one in bounces]
    return [Write(_MARK, (tx.program_id, *map(list, zip(*columns, strict=True))))]


def clear(tx: Tx, addresses: Collection[bytes]) -> list[Write]:
    """These addresses were confirmed: they are written to again."""
    return [Write(_CLEAR, (tx.program_id, sorted(addresses)))] if addresses else []
