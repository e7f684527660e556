"""Keep that letters to an address come back, and that they arrive again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.outbox.bounces.types import Bounce, gravest

_MARK: Final = """
insert into bounced_address (program_id, address, member_id, reason, bounced_at, kind, times)
select $1::int, b.address, b.member_id, b.reason, b.bounced_at, b.kind, b.times
  from unnest($2::bytea[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::int[])
       as b (address, member_id, reason, bounced_at, kind, times)
    on conflict (program_id, address) do update
   set member_id = excluded.member_id, reason = excluded.reason, kind = excluded.kind,
       bounced_at = excluded.bounced_at,
       times = case when excluded.kind = 'soft' then bounced_address.times else 0 end
               + excluded.times
 where excluded.kind = 'complaint' and bounced_address.kind <> 'complaint'
    or bounced_address.kind = 'soft'
"""
_CLEAR: Final = (
    "delete from bounced_address where program_id = $1::int and address = any($2::bytea[])"
)


def mark(tx: Tx, bounces: Sequence[Bounce]) -> list[Write]:
    """Letters to these addresses come back.

    Order: what weighs more takes the place of what weighs less; of two alike the first stays, and
    soft ones are counted.
    """
    if not bounces:
        return []
    columns = [
        tuple(getattr(one, name) for name in Bounce.__struct_fields__) for one in gravest(bounces)
    ]
    return [Write(_MARK, (tx.program_id, *map(list, zip(*columns, strict=True))))]


def clear(tx: Tx, addresses: Collection[bytes]) -> list[Write]:
    """These addresses were confirmed: they are written to again."""
    return [Write(_CLEAR, (tx.program_id, sorted(addresses)))] if addresses else []
