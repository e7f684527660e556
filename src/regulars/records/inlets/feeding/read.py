"""Look up which places are looked at, and how far their files were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.inlets.feeding.types import Feed, FeedFile, Left, Slip

_COLUMNS = ", ".join(Feed.__struct_fields__)
_FROM = f"select {_COLUMNS} from feed where program_id = $1::int"  # noqa: S608
_ONE = f"{_FROM} and inlet_id = $2::uuid"
_ALL = f"{_FROM} order by inlet_id"
# Of paused inlets nobody looks: it would only wait.
_DUE = f"""
select {", ".join(f"f.{name}" for name in Feed.__struct_fields__)}
  from feed f
  join inlet i on i.program_id = f.program_id and i.inlet_id = f.inlet_id and i.state = 'active'
 where f.program_id = $1::int and f.next_at <= $2::timestamptz
 order by f.next_at, f.inlet_id
"""  # noqa: S608
_FILES = f"""
select {", ".join(FeedFile.__struct_fields__)} from feed_file
 where program_id = $1::int and inlet_id = $2::uuid
"""  # noqa: S608
_NAMED = f"{_FILES} and name = any($3::text[])"
_FILE = f"{_FILES} and name = $3::text for update"
_PAGE = f"""{_FILES}
   and ($3::timestamptz is null or (seen_at, name) < ($3::timestamptz, $4::text))
 order by seen_at desc, name desc limit $5::int
"""
# Few are open at once: a place's files are read one after the other, and then they are done.
_LEFT = """
select inlet_id, count(*) as files, sum(size - position)::bigint as bytes, sum(size)::bigint as of
  from feed_file
 where program_id = $1::int and inlet_id = any($2::uuid[]) and state in ('seen', 'reading')
 group by inlet_id
"""
_WAITING = """
select count(*) as count from (
    select 1 from arrival
     where program_id = $1::int and inlet_id = $2::uuid and state = 'waiting'
       and try_at <= $4::timestamptz limit $3::int) w
"""
_FOLDER = "select slug from program where program_id = $1::int"
_slips = msgspec.json.Decoder(tuple[Slip, ...]).decode


async def one(tx: Tx, inlet_id: UUID, *, held: bool = False) -> Feed | None:
    """The place of this inlet's files; held, nobody else changes it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id, inlet_id)
    return _feed(rows[0]) if rows else None


async def all_of_them(tx: Tx) -> dict[UUID, Feed]:
    """Every place that is looked at, by its inlet."""
    return {row["inlet_id"]: _feed(row) for row in await tx.fetch(_ALL, tx.program_id)}


async def due(tx: Tx) -> Sequence[Feed]:
    """Whose turn it is by now, the longest-waiting first."""
    return [_feed(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now)]


async def named(tx: Tx, inlet_id: UUID, names: Sequence[str]) -> dict[str, FeedFile]:
    """What is known of these files, by their names."""
    rows = await tx.fetch(_NAMED, tx.program_id, inlet_id, list(names)) if names else []
    return {row["name"]: _file(row) for row in rows}


async def file(tx: Tx, inlet_id: UUID, name: str) -> FeedFile | None:
    """How far this file is, held."""
    rows = await tx.fetch(_FILE, tx.program_id, inlet_id, name)
    return _file(rows[0]) if rows else None


async def page(
    tx: Tx, inlet_id: UUID, before: tuple[datetime, str] | None, most: int
) -> list[FeedFile]:
    """Files that were seen there, the newest first."""
    at, name = before or (None, "")
    rows = await tx.fetch(_PAGE, tx.program_id, inlet_id, at, name, most)
    return [_file(row) for row in rows]


async def left(tx: Tx, inlets: Sequence[UUID]) -> dict[UUID, Left]:
    """What is still to be read of the files of these inlets that were seen."""
    rows = await tx.fetch(_LEFT, tx.program_id, list(inlets)) if inlets else []
    return {row["inlet_id"]: Left(row["files"], row["bytes"], row["of"]) for row in rows}


async def waiting(tx: Tx, inlet_id: UUID, most: int) -> int:
    """How many events of this inlet wait to be booked now; counted up to so many. What is tried
    again later, as its points are reserved, keeps nothing else waiting."""
    rows = await tx.fetch(_WAITING, tx.program_id, inlet_id, most, tx.now)
    return int(rows[0]["count"])


async def own_folder(tx: Tx) -> str:
    """The name of the folder this program's files lie in; a sandbox has another one."""
    return str((await tx.fetch(_FOLDER, tx.program_id))[0]["slug"])


def _feed(row: Mapping[str, Any]) -> Feed:
    return Feed(**{name: row[name] for name in Feed.__struct_fields__})


def _file(row: Mapping[str, Any]) -> FeedFile:
    told = {name: row[name] for name in FeedFile.__struct_fields__}
    return FeedFile(**told | {"slips": _slips(row["slips"])})
