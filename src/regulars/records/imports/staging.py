"""How lines are kept on their way in: in tables of one transaction, then in their lanes.

The tables are temporary: whatever is refused leaves nothing behind, and a million lines are
compared with each other by the database instead of in our memory. Each pass over them costs, so
none is made for which nothing has changed.
"""

from __future__ import annotations

from typing import Final

ROOM: Final = "temp_buffers = '128MB'"
"""So many bytes of lines are kept in memory, and not in a file that each comparison reads anew."""
TABLES: Final = (
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
COMPARED: Final = (
    "staged (file, line, part, lane, member_key, key, sale_key, label, ref_kind, ref_value)"
)
"""What lines are compared by; their packed texts are long, and nobody asks how they are spread."""
# A return that names nobody goes with its sale, so that both are booked in one lane in order.
WITH_THEIR_SALES: Final = """
update staged r set member_key = s.member_key, lane = s.lane
  from staged s
 where r.part = 6 and r.label = 'return' and r.ref_kind = '' and r.sale_key is not null
   and s.part = 6 and s.label <> 'return' and s.key = r.sale_key
"""
BALANCES_ARE_LOTS: Final = """
update staged set part = 5
 where part = 7 and not exists (select from staged where part = 5)
"""
BALANCES_WERE_CHECKED: Final = "delete from staged where part = 7 or (part = 5 and units = 0)"
REPEATED: Final = """
delete from staged s using (
    select file, line, row_number() over (partition by part, key order by file, line) as n
      from staged where key is not null and part in (5, 6)) x
 where x.n > 1 and s.part in (5, 6) and s.file = x.file and s.line = x.line
"""
# Balances that became lots are a part of which nothing was known: by the old figures every line of
# it would be held against every other.
COUNTED_ANEW: Final = f"analyze {COMPARED}"


def counted(sql: str) -> str:
    """The same change of a table, telling how many lines it came to."""
    return f"with c as ({sql} returning 1) select count(*)::bigint as lines from c"  # noqa: S608


MOVE: Final = """
insert into import_row (program_id, import_id, part, lane, place, member_key, file, line, packed)
select $1::int, $2::uuid, part, lane,
       row_number() over (partition by part, lane order by
           case when part = 6 then member_key end, case when part = 6 then at end,
           part = 6 and label = 'return', file, line),
       member_key, file, line, packed
  from staged order by 3, 4, 5
"""
LANES: Final = """
insert into import_lane (program_id, import_id, part, lane, rows)
select $1::int, $2::uuid, part, lane, count(*) from staged group by part, lane
"""
KEEP_SLIPS: Final = """
insert into import_slip (program_id, import_id, file, line, "column", wrong, mend)
select $1::int, $2::uuid, f.name, s.line, s."column", s.wrong, s.mend
  from slip s join unnest($3::text[]) with ordinality as f (name, n) on f.n = s.file + 1
 order by s.file, s.line
"""
SOME_SLIPS: Final = """
select f.name, s.line, s."column", s.wrong, s.mend
  from slip s join unnest($1::text[]) with ordinality as f (name, n) on f.n = s.file + 1
 order by s.file, s.line, s."column" offset $2::bigint limit $3::int
"""
