"""Keep segments, their conditions, who is on a list, and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.program.changes.segments.types import Because, Reach, Segment

_LOCK = waiting_for(Alone.SEGMENTS)
_FILLING = waiting_for(Alone.FILLING)
_KEEP = """
insert into segment (program_id, segment_id, code, name, kind, version, saved, made_at, made_by,
                     changed_at, tells)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::int, $7::int, $8::timestamptz,
        $9::text, $10::timestamptz, $11::bool)
    on conflict (program_id, segment_id) do update
   set name = excluded.name, version = excluded.version, saved = excluded.saved,
       changed_at = excluded.changed_at, tells = excluded.tells
"""
_VERSION = """
insert into segment_version (program_id, segment_id, version, condition, made_at, made_by)
values ($1::int, $2::uuid, $3::int, $4::text::jsonb, $5::timestamptz, $6::text)
"""
_DROPS = tuple(
    f"delete from {table} where program_id = $1::int and segment_id = $2::uuid"  # noqa: S608 - ours
    for table in (
        "segment_listed", "segment_member", "segment_move", "segment_version", "segment",
    )
)  # fmt: skip
_PUT = """
insert into segment_listed (program_id, segment_id, member_id, at)
select $1::int, $2::uuid, m.member_id, $4::timestamptz
  from (select member_id from member
         where program_id = $1::int and member_id = any($3::uuid[])
           and state not in ('erased', 'merged')
         order by member_id for share) m
    on conflict do nothing returning 1
"""
# Also who was put on it under another id and stands as this member now.
_TAKE = """
delete from segment_listed
 where program_id = $1::int and segment_id = $2::uuid
   and member_id = any(array(
        select unnest($3::uuid[]) union all
        select member_id from member_alias
         where program_id = $1::int and into_id = any($3::uuid[])))
returning 1
"""
# Filled without moves, its members change by moves from now on; otherwise that stays as it was.
_FILLED = """
update segment set filled = $3::int, filled_on = $4::date, filled_by = $5::int,
       filled_at = case when $6::bool then $7::timestamptz else filled_at end
 where program_id = $1::int and segment_id = $2::uuid
"""
_ANEW = """
update segment set filled = null where program_id = $1::int and code = any($2::text[])
"""
_WAITING = """
update segment set filled_on = null where program_id = $1::int and segment_id = any($2::uuid[])
"""
_FOLD = """
with gone as (
    delete from member_tally where program_id = $1::int returning of_id, change
)
insert into member_tally (program_id, of_id, change)
select $1::int, of_id, sum(change)::bigint from gone group by of_id having sum(change) <> 0
"""
_EMPTY = "update segment set filled = null where program_id = $1::int and filled is not null"
_FORGET = "delete from segment_touch where program_id = $1::int and recorded_tx < $2::bigint"
_FORGET_ALL = "delete from segment_touch where program_id = $1::int"
# Whether some saved condition asks for the chance or the worth; an older one may, and then too many
# are asked.
_VALUED = """
insert into segment_touch (program_id, member_id)
select distinct $1::int, w.member_id
  from unnest($2::uuid[], $3::smallint[], $4::bigint[]) as w (member_id, chance, worth_minor)
  left join member_value v on v.program_id = $1::int and v.member_id = w.member_id
 where (v.chance is distinct from w.chance
        and exists (select from segment s join segment_version d using (program_id, segment_id)
                     where s.program_id = $1::int and d.version = s.saved
                       and d.condition::text like '%"lapse"%'))
    or (v.worth_minor is distinct from w.worth_minor
        and exists (select from segment s join segment_version d using (program_id, segment_id)
                     where s.program_id = $1::int and d.version = s.saved
                       and d.condition::text like '%"worth"%'))
    on conflict do nothing
"""
_REACHED = """
insert into segment_reach (program_id, cluster, below_tx) values ($1::int, $2::bigint, $3::bigint)
    on conflict (program_id) do update
   set cluster = excluded.cluster, below_tx = excluded.below_tx
"""


_SILENT = """
update segment_move set told = true
 where program_id = $1::int and segment_id = $2::uuid and not told
"""
# Read in their order; who is erased at this moment is let go by.
_TOLD = """
with next_ones as (
    select segment_id, member_id, at, entered from segment_move
     where program_id = $1::int and not told
     order by at, segment_id, member_id limit $2::int for update skip locked
), gone as (
    update segment_move m set told = true from next_ones n
     where m.program_id = $1::int and m.segment_id = n.segment_id and m.at = n.at
       and m.member_id = n.member_id and m.entered = n.entered
    returning m.segment_id, m.member_id, m.at, m.entered, m.because
)
select g.member_id, d.version as sequence, s.code, s.name, g.at, g.entered, g.because
  from gone g
  join segment s on s.program_id = $1::int and s.segment_id = g.segment_id
  join standing d on d.program_id = $1::int and d.member_id = g.member_id and d.version > 0
 order by g.at, g.segment_id, g.member_id
"""


class Telling(NamedTuple):
    """Who came into a segment or went out of it, to be told; `sequence` as of events."""

    member_id: UUID
    sequence: int
    code: str
    name: str
    at: datetime
    entered: bool
    because: Because


class Change(NamedTuple):
    """Who came into a segment and who went out of it."""

    came: list[UUID]
    went: list[UUID]


class Wanted(NamedTuple):
    """The statement that finds who is to be in a segment, and what its placeholders are."""

    sql: str
    args: tuple[Any, ...]


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else keeps a segment."""
    await tx.fetch(_LOCK, tx.program_id)


async def hold_members(tx: Tx) -> None:
    """Until this transaction is over nobody else fills a segment or drops one."""
    await tx.fetch(_FILLING, tx.program_id)


def keep(tx: Tx, one: Segment) -> list[Write]:
    """This segment is as said from now on."""
    args = (
        tx.program_id, one.segment_id, one.code, one.name, one.kind, one.version, one.saved,
        one.made_at, one.made_by, one.changed_at, one.tells,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def keep_version(tx: Tx, one: Segment, condition: Any, by: str) -> list[Write]:
    """The latest version of its condition is this one."""
    text = msgspec.json.encode(condition).decode()
    return [Write(_VERSION, (tx.program_id, one.segment_id, one.version, text, tx.now, by))]


def silent(tx: Tx, one: Segment) -> list[Write]:
    """What is still to be told of who came and went is not told any more."""
    return [Write(_SILENT, (tx.program_id, one.segment_id))]


async def told(tx: Tx, most: int) -> list[Telling]:
    """The next moves that are to be told, the first first; from now on they count as told."""
    return [Telling(*row.values()) for row in await tx.fetch(_TOLD, tx.program_id, most)]


def drop(tx: Tx, one: Segment) -> list[Write]:
    """It is gone, with all that was known of who was in it."""
    return [Write(sql, (tx.program_id, one.segment_id)) for sql in _DROPS]


async def put(tx: Tx, one: Segment, ids: Sequence[UUID]) -> int:
    """These members are on a list; how many were not before."""
    return len(await tx.fetch(_PUT, tx.program_id, one.segment_id, list(ids), tx.now))


async def take(tx: Tx, one: Segment, ids: Sequence[UUID]) -> int:
    """These members are not on a list any more; how many rows went."""
    return len(await tx.fetch(_TAKE, tx.program_id, one.segment_id, list(ids)))


async def fill(
    tx: Tx, one: Segment, wanted: Wanted, among: Collection[UUID] | None, because: str
) -> Change:
    """Whoever the statement finds is in the segment and nobody else; who came and who went.

    Shape: `among` these members only, whom the statement must be about, too: the others stay;
    everybody where nothing is said. With
    `because` it is kept who came and went, and answered; without, nobody moved.
    """
    start = len(wanted.args)
    told: list[Any] = [one.segment_id, tx.now, because, one.saved, not one.tells]
    segment, now, why, version, told_of = (
        f"${start + at}::{kind}"
        for at, kind in enumerate(("uuid", "timestamptz", "text", "int", "bool"), 1)
    )
    inside = ""
    if among is not None:
        told.append(list(among))
        inside = f" and k.member_id = any(${start + 6}::uuid[])"
    sql = f"""
with wanted as materialized ({wanted.sql}),
went as (
    delete from segment_member k
     where k.program_id = $1::int and k.segment_id = {segment}{inside}
       and not exists (select from wanted w where w.member_id = k.member_id)
    returning k.member_id
), came as (
    insert into segment_member (program_id, segment_id, member_id, since)
    select $1::int, {segment}, w.member_id, {now} from wanted w
        on conflict do nothing returning member_id
), moved as (
    insert into segment_move (program_id, segment_id, member_id, at, entered, because, version,
                              told)
    select $1::int, {segment}, c.member_id, {now}, c.entered, {why}, {version}, {told_of}
      from (select member_id, true as entered from came
            union all select member_id, false from went) c
     where {why} <> ''
        on conflict do nothing returning member_id, entered
)
select member_id, entered from moved order by member_id
"""  # noqa: S608 - a statement of ours
    rows = await tx.fetch(sql, *wanted.args, *told)
    return Change(
        [row["member_id"] for row in rows if row["entered"]],
        [row["member_id"] for row in rows if not row["entered"]],
    )


def filled(tx: Tx, one: Segment, on: date, by: int, *, silent: bool = False) -> list[Write]:
    """Its members stand by the version that is saved, as of this day, by this version of the
    program; `silent` where nobody was said to have come or gone."""
    args = (tx.program_id, one.segment_id, one.saved, on, by, silent, tx.now)
    return [Write(_FILLED, args)]


def anew(tx: Tx, codes: Collection[str]) -> list[Write]:
    """These are filled anew, since what they stand on is another now."""
    return [Write(_ANEW, (tx.program_id, sorted(codes)))] if codes else []


def waiting(tx: Tx, some: Collection[Segment]) -> list[Write]:
    """The members of these stay as they are until what they ask is there again."""
    ids = [one.segment_id for one in some]
    return [Write(_WAITING, (tx.program_id, ids))] if ids else []


async def fold_tally(tx: Tx) -> None:
    """How many there are is said by few rows again."""
    await tx.fetch(_FOLD, tx.program_id)


def all_anew(tx: Tx) -> list[Write]:
    """Every segment is filled anew, and whom to look at is forgotten: all are looked at."""
    return [Write(_EMPTY, (tx.program_id,)), Write(_FORGET_ALL, (tx.program_id,))]


def valued(tx: Tx, these: Sequence[tuple[UUID, int | None, int | None]]) -> list[Write]:
    """Of these members another chance or worth is said than before: they are looked at, where a
    segment asks for it. Before they are kept."""
    if not these:
        return []
    return [Write(_VALUED, (tx.program_id, *map(list, zip(*these, strict=True))))]


def reached(tx: Tx, there: Reach, below_tx: int) -> list[Write]:
    """All is in the members of segments up to here, and what was touched below a transaction."""
    return [
        Write(_REACHED, (tx.program_id, *there)),
        Write(_FORGET, (tx.program_id, below_tx)),
    ]
