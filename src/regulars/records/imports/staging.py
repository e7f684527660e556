"""Lines of files on their way in: copied into tables of one transaction, checked as sets, ordered.

The tables are temporary: whatever is refused leaves nothing behind, and a million lines are
compared with each other by the database instead of in our memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import LoadingTx, Tx
from regulars.records.imports.types import Slip, StagedLine, StagedName

_TABLES: Final = (
    """
create temporary table staged (
    file smallint, line bigint, part smallint, lane smallint, member_key uuid, at timestamptz,
    key uuid, sale_key uuid, content uuid, label text, units bigint, ends timestamptz,
    ref_kind text, ref_value text, packed bytea
) on commit drop
""",
    """
create temporary table staged_name (
    file smallint, line bigint, part smallint, member_key uuid, kind text, value text
) on commit drop
""",
    """
create temporary table slip (
    file smallint, line bigint, "column" text, wrong text, mend text
) on commit drop
""",
)
# A return that names nobody goes with its sale, so that both are booked in one lane in order.
_WITH_THEIR_SALES: Final = """
update staged r set member_key = s.member_key, lane = s.lane
  from staged s
 where r.part = 6 and r.label = 'return' and r.ref_kind = '' and r.sale_key is not null
   and s.part = 6 and s.label = 'purchase' and s.key = r.sale_key
"""
_BALANCES_ARE_LOTS: Final = """
update staged set part = 5
 where part = 7 and not exists (select from staged where part = 5)
"""
_BALANCES_WERE_CHECKED: Final = "delete from staged where part = 7 or (part = 5 and units = 0)"
_REPEATED: Final = """
delete from staged s using (
    select file, line, row_number() over (partition by part, key order by file, line) as n
      from staged where key is not null and part in (5, 6)) x
 where x.n > 1 and s.part in (5, 6) and s.file = x.file and s.line = x.line
"""
_MOVE: Final = """
insert into import_row (program_id, import_id, part, lane, place, member_key, file, line, packed)
select $1::int, $2::uuid, part, lane,
       row_number() over (partition by part, lane order by
           case when part = 6 then member_key end, case when part = 6 then at end,
           part = 6 and label = 'return', file, line),
       member_key, file, line, packed
  from staged order by 3, 4, 5
"""
_LANES: Final = """
insert into import_lane (program_id, import_id, part, lane, rows)
select $1::int, $2::uuid, part, lane, count(*) from staged group by part, lane
"""
_KEEP_SLIPS: Final = """
insert into import_slip (program_id, import_id, file, line, "column", wrong, mend)
select $1::int, $2::uuid, f.name, s.line, s."column", s.wrong, s.mend
  from slip s join unnest($3::text[]) with ordinality as f (name, n) on f.n = s.file + 1
 order by s.file, s.line
"""
_SOME_SLIPS: Final = """
select f.name, s.line, s."column", s.wrong, s.mend
  from slip s join unnest($1::text[]) with ordinality as f (name, n) on f.n = s.file + 1
 order by s.file, s.line, s."column" offset $2::bigint limit $3::int
"""


async def open_tables(tx: Tx) -> None:
    """Make room for the lines of this transaction."""
    # Sets are compared, so whole tables are read; the hot settings would nest loops over them.
    for setting in ("enable_seqscan = on", "statement_timeout = 0", "work_mem = '64MB'"):
        await tx.fetch(f"set local {setting}")
    for table in _TABLES:
        await tx.fetch(table)


async def add_lines(tx: LoadingTx, lines: Sequence[StagedLine]) -> None:
    await tx.load("staged", StagedLine._fields, lines)


async def add_names(tx: LoadingTx, names: Sequence[StagedName]) -> None:
    await tx.load("staged_name", StagedName._fields, names)


async def add_slips(tx: LoadingTx, slips: Sequence[tuple[int, int, str, str, str]]) -> None:
    """Lines that could not be read: file, line, column, what is wrong, how to mend it."""
    await tx.load("slip", ("file", "line", "column", "wrong", "mend"), slips)


async def analyse(tx: Tx) -> None:
    """Let the planner know how much there is."""
    for table in ("staged", "staged_name", "slip"):
        await tx.fetch(f"analyze {table}")


async def move(tx: Tx, import_id: UUID, files: Sequence[str]) -> None:
    """Put the lines into their lanes, in the order in which they are to be booked."""
    for sql in (_WITH_THEIR_SALES, _BALANCES_ARE_LOTS, _BALANCES_WERE_CHECKED, _REPEATED):
        await tx.fetch(sql)
    await tx.fetch(_MOVE, tx.program_id, import_id)
    await tx.fetch(_LANES, tx.program_id, import_id)
    await tx.fetch(_KEEP_SLIPS, tx.program_id, import_id, list(files))


async def some_slips(tx: Tx, files: Sequence[str], after: int, most: int) -> list[Slip]:
    """Some of what is wrong, in the order of files and lines."""
    rows = await tx.fetch(_SOME_SLIPS, list(files), after, most)
    return [Slip(*row.values()) for row in rows]
