"""Keep imports, how far their lanes are, and their slips."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import LoadingTx, Tx, Write
from regulars.records.imports import checks, staging
from regulars.records.imports.types import Import, Lane, Part, Slip, StagedLine, StagedName

_BEGIN = """
insert into import (program_id, import_id, fingerprint, files, mapping, totals, begun_at)
values ($1::int, $2::uuid, $3::bytea, $4::text, $5::text, $6::text::jsonb, $7::timestamptz)
"""
_ADVANCE = """
update import_lane set place = $5::bigint, taken = $6::bigint, known = $7::bigint,
                       left_out = $8::bigint
 where program_id = $1::int and import_id = $2::uuid and part = $3::smallint
   and lane = $4::smallint
"""
_SLIPS = """
insert into import_slip (program_id, import_id, file, line, "column", wrong, mend, report)
select $1::int, $2::uuid, s.* from unnest($3::text[], $4::bigint[], $5::text[], $6::text[],
                                          $7::text[], $8::text[]) as s
"""
_END = """
update import set done_at = $3::timestamptz where program_id = $1::int and import_id = $2::uuid
"""
_CLEAR = """
delete from import_row where program_id = $1::int and import_id = $2::uuid
"""


def begin(tx: Tx, one: Import) -> list[Write]:
    """Keep what is to be brought over."""
    totals = msgspec.json.encode(one.totals).decode()
    args = (one.import_id, one.fingerprint, one.files, one.mapping, totals, one.begun_at)
    return [Write(_BEGIN, (tx.program_id, *args))]


def advance(tx: Tx, import_id: UUID, lane: Lane) -> list[Write]:
    """Keep how far a lane is; in the transaction that books its lines."""
    args = (lane.part, lane.lane, lane.place, lane.taken, lane.known, lane.left_out)
    return [Write(_ADVANCE, (tx.program_id, import_id, *args))]


def note(tx: Tx, import_id: UUID, slips: Sequence[Slip]) -> list[Write]:
    """Keep which lines were not taken, and why."""
    if not slips:
        return []
    columns = map(list, zip(*slips, strict=True))
    return [Write(_SLIPS, (tx.program_id, import_id, *columns))]


def end(tx: Tx, import_id: UUID) -> list[Write]:
    """An import is done; its lines need not be kept, since they are in the books."""
    return [
        Write(_END, (tx.program_id, import_id, tx.now)),
        Write(_CLEAR, (tx.program_id, import_id)),
    ]


async def open_tables(tx: Tx) -> None:
    """Make room for the lines of this transaction."""
    # Sets are compared, so whole tables are read; the hot settings would nest loops over them.
    plain = ("enable_seqscan = on", "statement_timeout = 0", "work_mem = '64MB'")
    for setting in (*plain, staging.ROOM):
        await tx.fetch(f"set local {setting}")
    for table in staging.TABLES:
        await tx.fetch(table)


async def add_lines(tx: LoadingTx, lines: bytes) -> None:
    """Take in lines that were read, packed as `packed_lines` does."""
    await tx.load_packed("staged", StagedLine._fields, lines)


async def add_names(tx: LoadingTx, names: bytes) -> None:
    """Take in what the members of these lines are found by, packed as `packed_names` does."""
    await tx.load_packed("staged_name", StagedName._fields, names)


async def add_slips(tx: LoadingTx, slips: Sequence[tuple[int, int, str, str, str]]) -> None:
    """Note lines that could not be read: file, line, column, what is wrong, how to mend it."""
    await tx.load("slip", ("file", "line", "column", "wrong", "mend"), slips)


async def compare(tx: Tx, parts: Set[Part], for_nothing: Sequence[str]) -> int:
    """Compare all lines with each other and with the books; how many lines are wrong in all.

    Shape: `parts` are what the files tell of; `for_nothing` the tiers members stand on by no
    credit of their own.
    Order: who is left out as a member is not known to the lines that follow.
    """
    for table in (staging.COMPARED, "staged_name", "slip"):
        await tx.fetch(f"analyze {table}")
    against = (sql for of, sql in checks.AGAINST_THE_BOOKS if not parts.isdisjoint(of))
    for sql in (*checks.CHECKS, *against):
        args = [told for name, told in (("$1", tx.program_id), ("$2", for_nothing)) if name in sql]
        if await _changed(tx, sql, *args):
            for leave_out in checks.LEAVE_OUT:
                await tx.fetch(leave_out)
    return int((await tx.fetch(checks.COUNT))[0]["lines"])


async def move(tx: Tx, import_id: UUID, files: Sequence[str]) -> None:
    """Put the lines into their lanes, in the order in which they are to be booked."""
    await tx.fetch(staging.WITH_THEIR_SALES)
    if await _changed(tx, staging.BALANCES_ARE_LOTS):
        await tx.fetch(staging.COUNTED_ANEW)
    await tx.fetch(staging.BALANCES_WERE_CHECKED)
    await tx.fetch(staging.REPEATED)
    await tx.fetch(staging.MOVE, tx.program_id, import_id)
    await tx.fetch(staging.LANES, tx.program_id, import_id)
    await tx.fetch(staging.KEEP_SLIPS, tx.program_id, import_id, list(files))


async def _changed(tx: Tx, sql: str, *args: Any) -> bool:
    """Make this change; whether it came to any line."""
    return bool((await tx.fetch(staging.counted(sql), *args))[0]["lines"])
