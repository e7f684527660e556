"""Look up which streams are read, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets.streaming.types import Stream

_COLUMNS = ", ".join(Stream.__struct_fields__)
_FROM = f"select {_COLUMNS} from stream where program_id = $1::int"  # noqa: S608
_ONE = f"{_FROM} and inlet_id = $2::uuid"
_ALL = f"{_FROM} order by inlet_id"
# Of paused inlets nobody reads: the broker keeps what comes.
_DUE = f"""
select {", ".join(f"s.{name}" for name in Stream.__struct_fields__)}
  from stream s
  join inlet i on i.program_id = s.program_id and i.inlet_id = s.inlet_id and i.state = 'active'
 where s.program_id = $1::int and s.next_at <= $2::timestamptz
 order by s.next_at, s.inlet_id
"""  # noqa: S608
_PARTS = """
select part, next from stream_part
 where program_id = $1::int and inlet_id = $2::uuid order by part
"""


async def one(tx: Tx, inlet_id: UUID, *, held: bool = False) -> Stream | None:
    """The stream of this inlet; held, nobody else changes it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id, inlet_id)
    return _stream(rows[0]) if rows else None


async def all_of_them(tx: Tx) -> dict[UUID, Stream]:
    """Every stream that is read, by its inlet."""
    return {row["inlet_id"]: _stream(row) for row in await tx.fetch(_ALL, tx.program_id)}


async def due(tx: Tx) -> Sequence[Stream]:
    """Which are to be read by now, the longest-waiting first."""
    return [_stream(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now)]


async def parts(tx: Tx, inlet_id: UUID) -> dict[int, int]:
    """Of each part of a stream the next message; of one that was never read nothing."""
    rows = await tx.fetch(_PARTS, tx.program_id, inlet_id)
    return {row["part"]: row["next"] for row in rows}


def _stream(row: Mapping[str, Any]) -> Stream:
    return Stream(**{name: row[name] for name in Stream.__struct_fields__})
