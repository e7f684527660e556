"""Whose further ladder somebody has to look at."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.records.standing.ladders.types import Asked, Due

# Each part is found by an index of its own but the last, which reads all credit once a night.
_DUE = """
with due as (
    (select member_id, ladder, told_of from ladder_clock
      where program_id = $1 and version < $2 and member_id <> all($4::uuid[]) limit $5)
    union all
    (select member_id, ladder, told_of from ladder_clock
      where program_id = $1 and version > $2 and member_id <> all($4::uuid[]) limit $5)
    union all
    (select member_id, ladder, told_of from ladder_clock
      where program_id = $1 and version = $2 and look_at <= $3 and member_id <> all($4::uuid[])
      order by look_at limit $5)
    union all
    (select distinct c.member_id, l.ladder, null::timestamptz
       from unnest($6::smallint[], $7::text[]) as l (counter, ladder)
       join counter c on c.program_id = $1 and c.counter = l.counter
      where c.value > 0 and c.member_id <> all($4::uuid[])
        and not exists (select from ladder_clock k
                         where k.program_id = $1 and k.member_id = c.member_id
                           and k.ladder = l.ladder)
      limit $5)
)
select distinct member_id, ladder, told_of from due order by member_id, ladder limit $5
"""


async def due(tx: Tx, asked: Asked, most: int) -> list[Due]:
    """Members whose further ladders are to be looked at, each with a ladder, some left out."""
    rows = await tx.fetch(
        _DUE,
        tx.program_id,
        asked.version,
        asked.upto,
        asked.but,
        most,
        list(asked.counters),
        list(asked.counters.values()),
    )
    return [Due(*row.values()) for row in rows]
