"""Read which one of several alike each lot is, and which of them are here already by the number of
their line, as they were known once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.imports.naming.types import Before, Smaller, Standing
from regulars.records.imports.types import LANES
from regulars.records.imports.whose import WHOSE

_MOST: Final = 100_000
"""So many lines are named at a time."""
_COUNTED: Final = """
select ctid, lane, packed, row_number() over (partition by sale_key
                                               order by content, file, line) as n
  from staged where part = 5 and sale_key is not null
"""
_ALIKE: Final = f"""
select lane, count(*) as lines from ({_COUNTED}) c where n > 1 group by lane order by lane
"""  # noqa: S608 - statements of ours
_FURTHER: Final = f"""
select ctid::text as place, packed, n
  from ({_COUNTED} and lane = any($1::smallint[])) c where n > 1
"""  # noqa: S608 - statements of ours
_UNNUMBERED: Final = "select exists (select from staged where part = 5 and sale_key is not null)"
_BEFORE: Final = """
select coalesce(max(array_length(string_to_array(i.files, chr(10)), 1)), 0) as files,
       coalesce(sum(l.lots), 0)::bigint as lots
  from import i
  join (select import_id, sum(taken) as lots from import_lane
         where program_id = $1::int and part = 5 group by import_id) l using (import_id)
 where i.program_id = $1::int and not i.totals ? 'named'
"""
_STAND: Final = f"""
select s.ctid::text as place, s.file, s.line, s.packed, t.numbers
  from staged s
{WHOSE}
  join stood t on t.member_id = coalesce(a.into_id, w.member_id)
 where s.part = 5 and s.sale_key is not null and s.lane = any($2::smallint[])
 order by s.file, s.line, s.content
"""  # noqa: S608 - statements of ours
# By their names in the file, and by those of whoever was merged into its member since: a lot stays
# with whom it was brought to. Since when it counts stays as it came as well (what has no day counts
# since it came), and its end does not: who gets years of points has few of one day.
_SMALLER: Final = f"""
select s.ctid::text as place, s.file, s.line, s.ref_kind, s.ref_value, s.packed,
       array_agg(l.amount order by l.amount) as amounts
  from staged s
{WHOSE}
  join program_code c on c.program_id = $1::int and c.kind = 'wallet' and c.name = s.label
  join lot l on l.program_id = $1::int and l.wallet = c.code and l.amount > s.units
            and l.member_id = any(array(
                select w.member_id
                 union all
                select coalesce(a.into_id, w.member_id)
                 union all
                select x.member_id from member_alias x
                 where x.program_id = $1::int
                   and x.into_id = coalesce(a.into_id, w.member_id)))
  join entry e on e.program_id = l.program_id and e.member_id = l.member_id
              and e.entry_id = l.entry_id and e.kind = 'open'
              and l.earned_at = coalesce(s.at, e.occurred_at)
 where s.part = 5 and s.units > 0 and s.lane = any($2::smallint[])
   and not exists (select from once o where o.program_id = $1::int and o.key = s.key)
 group by s.ctid, s.file, s.line, s.ref_kind, s.ref_value, s.packed
 order by s.file, s.line
"""  # noqa: S608 - statements of ours
_TOLD: Final = "select key from staged where part = 5 and key = any($1::uuid[])"
_BROUGHT: Final = "select exists (select from import where program_id = $1::int) as brought"


async def alike(tx: Tx) -> list[list[int]]:
    """Lanes with lots that are alike another one of this import, some at a time."""
    groups: list[list[int]] = []
    room = 0
    for row in await tx.fetch(_ALIKE):
        if room < row["lines"]:
            groups.append([])
            room = _MOST
        groups[-1].append(row["lane"])
        room -= row["lines"]
    return groups


async def further(tx: Tx, lanes: Sequence[int]) -> list[tuple[str, bytes, int]]:
    """The second, third … of lots that are alike: place, what it is, and which one it is.

    Order: what stands in them decides and not the order of lines, as the next export may have
    another.
    """
    return [tuple(row.values()) for row in await tx.fetch(_FURTHER, list(lanes))]


async def unnumbered(tx: Tx) -> bool:
    """Whether any lot has no number of its own."""
    return bool((await tx.fetch(_UNNUMBERED))[0]["exists"])


async def before(tx: Tx) -> Before:
    """What was brought over by releases that knew lots by their line, at the most."""
    return Before(*(await tx.fetch(_BEFORE, tx.program_id))[0].values())


async def of_them(tx: Tx, turn: int, turns: int) -> list[Standing]:
    """Lots without a number whose member has some of before, with the places of theirs.

    Assumes: `write.stand` said whose those are.
    """
    rows: Any = await tx.fetch(_STAND, tx.program_id, list(range(turn, LANES, turns)))
    return [Standing(*row.values()) for row in rows]


async def brought(tx: Tx) -> bool:
    """Whether anything was ever brought over here."""
    return bool((await tx.fetch(_BROUGHT, tx.program_id))[0]["brought"])


async def smaller(tx: Tx, turn: int, turns: int) -> list[Smaller]:
    """Lots that are not here, of members to whom larger ones were brought over."""
    rows: Any = await tx.fetch(_SMALLER, tx.program_id, list(range(turn, LANES, turns)))
    return [
        Smaller(place, file, line, (kind, value), packed, amounts)
        for place, file, line, kind, value, packed, amounts in (row.values() for row in rows)
    ]


async def told(tx: Tx, keys: Sequence[UUID]) -> set[UUID]:
    """Which lots, by their keys, lines on their way in tell by themselves."""
    return {row["key"] for row in await tx.fetch(_TOLD, list(keys))}
