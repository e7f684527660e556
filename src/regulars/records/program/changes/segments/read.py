"""Look up segments, their conditions, who is in them, and whom to look at anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.changes.segments.types import (
    Horizon,
    Move,
    Reach,
    Segment,
    Written,
)

_COLUMNS = """
select segment_id, code, name, kind, version, saved, made_at, made_by, changed_at, filled,
       filled_on, filled_by, tells
  from segment where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by name, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_VERSIONS = """
select version, condition::text as condition, made_at, made_by from segment_version
 where program_id = $1::int and segment_id = $2::uuid order by version desc limit $3::int
"""
_SAVED = """
select s.code, s.segment_id, s.kind, v.condition::text as condition
  from segment s join segment_version v using (program_id, segment_id)
 where s.program_id = $1::int and v.version = s.saved
"""
_COUNTS = """
select of_id, sum(change)::bigint as members from member_tally
 where program_id = $1::int and of_id = any($2::uuid[]) group by 1
"""
LONG = 500
_LONG = """
select exists (select from member_tally where program_id = $1::int offset $2::int) as there
"""
_MEMBERS = """
select member_id, since from segment_member
 where program_id = $1::int and segment_id = $2::uuid and member_id > $3::uuid
 order by member_id limit $4::int
"""
_OF = """
select s.code, s.name, m.since from segment_member m join segment s using (program_id, segment_id)
 where m.program_id = $1::int and m.member_id = $2::uuid order by s.code
"""
_MOVES = """
select member_id, at, entered, because from segment_move
 where program_id = $1::int and segment_id = $2::uuid
 order by at desc, member_id, entered limit $3::int
"""
_LISTED = """
select count(*) as many from segment_listed
 where program_id = $1::int and segment_id = $2::uuid
"""
_ANY = "select exists (select from segment where program_id = $1::int and saved > 0) as there"
_REACH = """
select cluster, below_tx from segment_reach where program_id = $1::int for update skip locked
"""
# Up to where prepared rows are, when nobody is folded anew; before, they say nothing of some. Up to
# where both they and goods are, when nobody's goods are.
_HORIZON = """
select p.cluster, p.below_tx, least(p.below_tx, g.below_tx) as of_goods,
       g.cluster is not distinct from p.cluster and g.after_id is null as goods
  from prepared_reach p left join goods_reach g using (program_id)
 where p.program_id = $1::int and p.after_id is null and p.gaps_after is null
"""
_BOOKED = """
select member_id from activity
 where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
union
select member_id from entry
 where program_id = $1::int and recorded_tx >= $2::bigint and recorded_tx < $3::bigint
union
select m.from_id from outbox o join member_merge m on m.program_id = $1::int
   and o.member_id in (m.from_id, m.into_id)
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and o.type in ('member.merged', 'member.unmerged')
union
select m.into_id from outbox o join member_merge m on m.program_id = $1::int
   and o.member_id in (m.from_id, m.into_id)
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and o.type in ('member.merged', 'member.unmerged')
"""
# Below the oldest that still runs all has ended: whoever says something later comes later.
_BELOW = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below_tx"
_TOUCHED = """
select distinct coalesce(l.into_id, t.member_id) as member_id from segment_touch t
  left join member_alias l on l.program_id = t.program_id and l.member_id = t.member_id
 where t.program_id = $1::int
   and t.recorded_tx < $2::bigint
"""
# The first that its members do not know of yet. What was booked is in prepared rows first, and
# those write down that nothing happened only now and then.
_KNOWN = """
select array(select s.code from segment s
              where s.program_id = $1::int and s.code = any($2::text[])
                and (s.filled is distinct from s.saved or s.filled_on is null)) as filling,
       (select least(
            (select min(recorded_tx) from activity
              where program_id = $1::int and recorded_tx >= r.below_tx),
            (select min(recorded_tx) from entry
              where program_id = $1::int and recorded_tx >= r.below_tx),
            (select min(recorded_tx) from segment_touch where program_id = $1::int),
            9223372036854775807)) as below_tx
  from segment_reach r
 where r.program_id = $1::int and r.cluster = $3::bigint
"""
_condition = msgspec.json.decode


async def segments(tx: Tx) -> list[Segment]:
    """Every segment, by name."""
    return [Segment(**row) for row in await tx.fetch(_ALL, tx.program_id)]


async def segment(tx: Tx, code: str) -> Segment | None:
    """The segment of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return Segment(**rows[0]) if rows else None


async def any_saved(tx: Tx) -> bool:
    """Whether there is a segment that counts."""
    return bool((await tx.fetch(_ANY, tx.program_id))[0]["there"])


async def versions(tx: Tx, segment_id: UUID, most: int = 20) -> list[Written]:
    """Its conditions, the latest first."""
    rows = await tx.fetch(_VERSIONS, tx.program_id, segment_id, most)
    return [Written(r["version"], _condition(r["condition"]), r["made_at"], r["made_by"])
            for r in rows]  # fmt: skip


async def saved(tx: Tx) -> dict[str, Any | UUID]:
    """What counts by code: the condition as plain values, or the id of a list."""
    rows = await tx.fetch(_SAVED, tx.program_id)
    return {
        r["code"]: r["segment_id"] if r["kind"] == "list" else _condition(r["condition"])
        for r in rows
    }


async def counts(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many members are in these; of `EVERYBODY` how many are active. Not counted anew."""
    rows = await tx.fetch(_COUNTS, tx.program_id, list(ids))
    return {row["of_id"]: row["members"] for row in rows if row["members"]}


async def tally_long(tx: Tx) -> bool:
    """Whether so many rows say how many there are that they are to become few."""
    return bool((await tx.fetch(_LONG, tx.program_id, LONG))[0]["there"])


async def members(tx: Tx, segment_id: UUID, after: UUID, most: int) -> list[Mapping[str, Any]]:
    """The next who are in it, in the order of their ids, and since when."""
    return list(await tx.fetch(_MEMBERS, tx.program_id, segment_id, after, most))


async def of_member(tx: Tx, member_id: UUID) -> list[Mapping[str, Any]]:
    """In which segments a member is, and since when."""
    return list(await tx.fetch(_OF, tx.program_id, member_id))


async def moves(tx: Tx, segment_id: UUID, most: int) -> list[Move]:
    """Who came and went last."""
    rows = await tx.fetch(_MOVES, tx.program_id, segment_id, most)
    return [Move(*row.values()) for row in rows]


async def listed(tx: Tx, segment_id: UUID) -> int:
    """How many were put on a list."""
    return int((await tx.fetch(_LISTED, tx.program_id, segment_id))[0]["many"])


async def reach(tx: Tx) -> Reach | None:
    """How far members follow, under lock; nothing where there is none or another has it."""
    rows = await tx.fetch(_REACH, tx.program_id)
    return Reach(*rows[0].values()) if rows else None


async def horizon(tx: Tx) -> Horizon | None:
    """Up to where what segments ask is; nothing while prepared rows are not of everybody."""
    rows = await tx.fetch(_HORIZON, tx.program_id)
    if not rows:
        return None
    there = rows[0]
    of_goods = Reach(there["cluster"], there["of_goods"]) if there["goods"] else None
    return Horizon(Reach(there["cluster"], there["below_tx"]), of_goods)


async def booked(tx: Tx, since: int, until: int) -> set[UUID]:
    """Of whom something was booked from one transaction on and before another."""
    rows = await tx.fetch(_BOOKED, tx.program_id, since, until)
    return {row["member_id"] for row in rows} - {UUID(int=0)}


async def below(tx: Tx) -> int:
    """Below which transaction all has ended."""
    return int((await tx.fetch(_BELOW))[0]["below_tx"])


async def touched(tx: Tx, below_tx: int) -> set[UUID]:
    """Of whom something was said, below a transaction, that no entry tells of."""
    rows = await tx.fetch(_TOUCHED, tx.program_id, below_tx)
    return {row["member_id"] for row in rows}


async def known_below(
    tx: Tx, codes: Collection[str], cluster: int
) -> tuple[int | None, frozenset[str]]:
    """Below which transaction segments are what members did, nothing where they are of another
    cluster; and which of these are being filled, so that nothing is known of them."""
    rows = await tx.fetch(_KNOWN, tx.program_id, list(codes), cluster)
    if not rows:
        return None, frozenset()
    return int(rows[0]["below_tx"]), frozenset(rows[0]["filling"])
