"""Keep what was counted elsewhere, beside the counters and budgets that begin with it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.standing.before.types import Before

# Two who bring the same at once meet on the key, and the second finds it there when it tries again.
_KEEP = """
insert into used_before (program_id, member_id, counter, period, value, import_id, opened_at)
select $1::int, u.member_id, u.counter, u.period, u.value, $2::uuid, $3::timestamptz
  from unnest($4::uuid[], $5::smallint[], $6::int[], $7::bigint[])
       as u (member_id, counter, period, value)
"""


def keep(tx: Tx, import_id: UUID, found: Sequence[Before]) -> list[Write]:
    """Keep these counts, each once for ever."""
    if not found:
        return []
    columns = map(list, zip(*found, strict=True))
    return [Write(_KEEP, (tx.program_id, import_id, tx.now, *columns))]
