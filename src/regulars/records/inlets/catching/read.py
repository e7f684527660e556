"""Look up which shops are asked, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets.catching.types import ASKED_TYPES, SILENT_FOR, CatchUp

_COLUMNS = ", ".join(CatchUp.__struct_fields__)
_FROM = f"select {_COLUMNS} from catch_up where program_id = $1::int"  # noqa: S608
_ONE = f"{_FROM} and inlet_id = $2::uuid"
_ALL = f"{_FROM} order by inlet_id"
# Of paused inlets nobody asks: it would only wait.
_DUE = f"""
select {", ".join(f"c.{name}" for name in CatchUp.__struct_fields__)}
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
 where c.program_id = $1::int and c.next_at <= $2::timestamptz
 order by c.next_at, c.inlet_id
"""  # noqa: S608
# Of the last day so many are looked at, the newest first.
_HOOKS = """
select count(*) filter (where type = any($3::text[]) and told_at > $4::timestamptz) as asked,
       count(*) filter (where type <> all($3::text[])) as told
  from (select type, told_at from arrival
         where program_id = $1::int and inlet_id = $2::uuid and received_at > $4::timestamptz
         order by arrival_id desc limit 500) a
"""


async def one(tx: Tx, inlet_id: UUID, *, held: bool = False) -> CatchUp | None:
    """How far this inlet's shop was asked; held, nobody else moves it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id, inlet_id)
    return _row(rows[0]) if rows else None


async def all_of_them(tx: Tx) -> dict[UUID, CatchUp]:
    """Every shop that is asked, by its inlet."""
    return {row["inlet_id"]: _row(row) for row in await tx.fetch(_ALL, tx.program_id)}


async def due(tx: Tx) -> Sequence[CatchUp]:
    """Whose turn it is by now, the longest-waiting first."""
    return [_row(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now)]


async def hooks_silent(tx: Tx, one: CatchUp) -> bool:
    """Whether all that changed within a day came by asking, and nothing by a webhook: somebody
    deleted it there, or the shop switched it off.

    Keeps: what is asked for is called by what it is, what a webhook tells by its topic. While
    everything of long ago is brought in, nothing is said.
    """
    if one.met_at is None:
        return False
    since = max(tx.now - SILENT_FOR, one.since)
    (row,) = await tx.fetch(_HOOKS, tx.program_id, one.inlet_id, list(ASKED_TYPES), since)
    return bool(row["asked"] > 0 and row["told"] == 0)


def _row(row: Mapping[str, Any]) -> CatchUp:
    return CatchUp(**{name: row[name] for name in CatchUp.__struct_fields__})
