"""Look up which shops are asked, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets.catching.types import CatchUp

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


def _row(row: Mapping[str, Any]) -> CatchUp:
    return CatchUp(**{name: row[name] for name in CatchUp.__struct_fields__})
