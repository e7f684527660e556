"""How far behind the seal is, whether a chain is broken, and since when an anchor was not told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
from msgspec import Struct, field

MOST_COUNTED: Final = 100_000
_WAITING: Final = f"""
select count(*)::int as waiting, min(a.recorded_at) as since
  from seal_reach r
 cross join lateral (select recorded_at from activity
                      where recorded_tx >= case when r.cluster = (
                            select system_identifier from pg_control_system())
                            then r.below_tx else 0 end
                      limit {MOST_COUNTED}) a
"""  # noqa: S608
_BROKEN: Final = """
select coalesce(p.slug, 'program ' || b.program_id) as name
  from seal_reach r
 cross join lateral (select key::int as program_id from jsonb_each(r.behind)) b
  left join program p using (program_id) order by 1
"""
_UNTOLD: Final = """
select min(p.sealed_at)
  from seal_chain c
  left join seal_anchor a on a.program_id = c.program_id and a.place = $1
 cross join lateral (select sealed_at from seal_checkpoint p
                      where p.program_id = c.program_id and p.size > coalesce(a.size, 0)
                      order by p.size limit 1) p
"""


class SealState(Struct):
    """How the seal stands."""

    waiting: int = 0
    """Activities that are not sealed yet, counted up to so many."""
    since: datetime | None = None
    """When the first of them was told."""
    broken: list[str] = field(default_factory=list)
    """Programs whose chain is broken, or is being caught up with."""
    untold: dict[str, datetime | None] = field(default_factory=dict)
    """By place outside: since when something waits to be told there."""


async def seal_state(connection: Any, places: Sequence[str]) -> SealState | None:
    """How the seal stands, by the names of the places that are to be told; nothing before the
    tables are there. The connection is the owner's."""
    try:
        async with connection.transaction(readonly=True):
            # The index that knows transactions is a coarse one, and looks dear on small tables.
            await connection.execute("set local enable_seqscan = off")
            row = await connection.fetchrow(_WAITING)
            broken = [one["name"] for one in await connection.fetch(_BROKEN)]
            untold = {place: await connection.fetchval(_UNTOLD, place) for place in places}
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        return None
    return SealState(row["waiting"], row["since"], broken, untold)
