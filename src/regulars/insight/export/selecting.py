"""The SELECT behind a file: all of it, what is fresh since a cursor, or what is of one person.

Values are written so that CSV and Parquet say the same: instants as ISO 8601 in UTC with
microseconds, ids with their prefix, JSON as text.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.insight.export.catalogue import PREFIXES, Column, File

NOBODY: Final = UUID(int=0)
_ISO: Final = '\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\''


class Since(Struct, frozen=True):
    """From where on rows are fresh: what an earlier snapshot saw, and an id they are above."""

    snapshot: str
    floor: UUID


class Asked(Struct, frozen=True):
    """What is asked of a file: of which program, and of it what is fresh or of some members."""

    program_id: int
    currency: str
    since: Since | None = None
    members: tuple[UUID, ...] = ()
    """One person's: their record, and those that went into it by a merge."""


def select(file: File, asked: Asked, *, plain: bool = False) -> str:
    """The rows of a file as SQL, written out: COPY takes no arguments.

    Order: none is promised; a sort of a hundred million rows would cost more than it helps.
    With `plain` the values come as PostgreSQL has them.
    """
    columns = ", ".join(
        f"f.{_quoted(one.name)}" if plain else _written(one) for one in file.columns
    )
    inner = file.sql.replace("$1", str(int(asked.program_id))).replace("$2", f"'{asked.currency}'")
    # All that is put in is ours: names of the catalogue, numbers, ids, a snapshot judged before.
    rows = f"select {columns} from ({inner}) f"  # noqa: S608
    return " union all ".join(rows + where for where in _wheres(file, asked))


def _written(column: Column) -> str:
    name = f"f.{_quoted(column.name)}"
    if column.holds == "instant":
        return f"to_char({name} at time zone 'UTC', {_ISO}) as {_quoted(column.name)}"
    if column.holds in PREFIXES:
        bare = f"nullif({name}, '{NOBODY}')" if column.empty else name
        return f"'{column.holds}_' || replace({bare}::text, '-', '') as {_quoted(column.name)}"
    if column.holds in ("json", "uuid"):
        return f"{name}::text as {_quoted(column.name)}"
    if column.holds == "packed":
        return f"encode({name}, 'hex') as {_quoted(column.name)}"
    return name


def _wheres(file: File, asked: Asked) -> list[str]:
    """The conditions of each part of the answer."""
    if asked.members:
        mine = ", ".join(f"'{one}'" for one in asked.members)
        return [f" where f.member_id in ({mine})"]
    if asked.since is None or file.delta == "whole":
        return [""]
    kind, *more = file.delta.split(", ")
    if kind == "members":
        return [f" where f.member_id in ({touched(asked)})"]
    fresh = unseen("f.written", asked.since)
    if kind == "unseen":
        return [f" where {fresh}"]
    id_ = f"f.{kind.removeprefix('appended by ')}"
    parts = [f" where {id_} >= '{asked.since.floor}' and {fresh}"]
    if "late returns" in more:
        # A return that waited for its sale has the id of the day it was told.
        here = int(asked.program_id)
        late = f"select activity_id from waiting_return where program_id = {here}"  # noqa: S608
        parts.append(f" where {id_} < '{asked.since.floor}' and {id_} in ({late}) and {fresh}")
    return parts


def unseen(written: str, since: Since) -> str:
    """Whether the transaction that wrote a row was not yet visible to the earlier snapshot.

    A row says the low half of its transaction's number; the whole one is the greatest below our
    own snapshot's end that ends so. Frozen rows (2) are older than any cursor we take.
    """
    end = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    low = f"({written}::text::bigint)"
    whole = f"({end} - (({end} - {low}) & 4294967295))"
    visible = f"pg_visible_in_snapshot({whole}::text::xid8, '{since.snapshot}'::pg_snapshot)"
    return f"({low} > 2 and not {visible})"


def touched(asked: Asked) -> str:
    """Members of whom something is fresh: everything of theirs that can change is sent whole."""
    assert asked.since is not None
    sources = (
        ("entry", "entry_id"), ("outbox", "outbox_id"), ("activity", "activity_id"),
        ("member", "member_id"), ("erasure", ""),
    )  # fmt: skip
    here, fresh = int(asked.program_id), unseen("t.xmin", asked.since)
    parts = []
    for table, id_ in sources:
        above = f"t.{id_} >= '{asked.since.floor}' and " if id_ else ""
        rows = f"select t.member_id from {table} t where t.program_id = {here}"  # noqa: S608
        parts.append(f"{rows} and {above}{fresh}")
    return " union ".join(parts)


def _quoted(name: str) -> str:
    return f'"{name}"'
