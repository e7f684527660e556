"""Keep what came along, beside the tables it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.imports.came.types import Came

_KEEP = """
insert into came_along (program_id, about, member_id, kind, name, at, units, import_id, opened_at)
select $1::int, c.*, $2::uuid, $3::timestamptz
  from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::bigint[]) as c
"""


def keep(tx: Tx, import_id: UUID, came: Sequence[Came]) -> list[Write]:
    """Keep that these came, each once for ever."""
    if not came:
        return []
    columns = map(list, zip(*came, strict=True))
    return [Write(_KEEP, (tx.program_id, import_id, tx.now, *columns))]
