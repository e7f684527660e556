"""Look at an import as it could be taken back: from whom, from whom not, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.imports.types import Part
from regulars.records.imports.undoing.signs import SIGNS, sign
from regulars.records.imports.undoing.types import Done, Picked, Undo, Weighed

# Everybody an import gave something; $2 is the import.
EVERYBODY: Final = """
select member_id, bool_or(made) as made from (
    select member_id, true as made from import_made
     where program_id = $1::int and import_id = $2::uuid
    union all
    select member_id, false from entry
     where program_id = $1::int and kind = 'open' and cause_id = $2::uuid and reverses is null
    union all
    select member_id, false from activity
     where program_id = $1::int and actor = 'import:' || $2::uuid
       and member_id <> '00000000-0000-0000-0000-000000000000'
    union all
    select member_id, false from tier_move
     where program_id = $1::int and reason = 'brought_over' and cause_id = $2::uuid) as touched
 group by member_id
"""
_WAITING: Final = """
select member_id, made from import_undone
 where program_id = $1::int and import_id = $2::uuid and state = 'waiting'
 order by member_id limit $3::int
"""
# Entries a night books by itself are no sign; those of another import or of anybody else are one.
# An import tells nobody, so what is told of its members since was somebody else: that is seen even
# while an import runs. Ids begin with the time, so only what was told since it began is read.
# Activities are asked for as the index by member says it, without nobody's: else all are read.
_DEPENDS: Final = """
select m.member_id, 'gone' as reason from concerned c
  join member m on m.program_id = $1::int and m.member_id = c.member_id
 where m.state in ('erased', 'merged')
union all
select a.member_id, 'bought' from activity a
 where a.program_id = $1::int and a.member_id in (select member_id from concerned where made)
   and a.member_id <> '00000000-0000-0000-0000-000000000000'
   and a.actor <> 'import:' || $2::uuid
union all
select e.member_id, 'bought' from entry e
 where e.program_id = $1::int and e.member_id in (select member_id from concerned where made)
   and e.actor <> 'import:' || $2::uuid
   and e.kind not in ('activate', 'cancel', 'expire', 'postpone')
union all
select i.member_id, 'changed' from identifier i
  join import m on m.program_id = $1::int and m.import_id = $2::uuid
 where i.program_id = $1::int and i.member_id in (select member_id from concerned where made)
   and i.linked_at > m.done_at
union all
select o.member_id, 'changed' from consent o
  join import m on m.program_id = $1::int and m.import_id = $2::uuid
 where o.program_id = $1::int and o.member_id in (select member_id from concerned where made)
   and (o.recorded_at > m.done_at or o.changed_at > m.begun_at)
union all
select o.member_id, 'changed' from outbox o
 where o.program_id = $1::int and o.outbox_id > $2::uuid
   and o.type in ('member.changed', 'member.linked', 'member.blocked', 'member.unblocked')
   and o.member_id in (select member_id from concerned where made)
union all
select a.member_id, 'was_here' from activity a
 where a.program_id = $1::int and a.member_id in (select member_id from concerned where not made)
   and a.member_id <> '00000000-0000-0000-0000-000000000000'
   and a.actor = 'import:' || $2::uuid
union all
select t.member_id, 'was_here' from tier_move t
 where t.program_id = $1::int and t.member_id in (select member_id from concerned where not made)
   and t.reason = 'brought_over' and t.cause_id = $2::uuid
union all
select u.member_id, 'was_here' from used_before u
 where u.program_id = $1::int and u.member_id in (select member_id from concerned where not made)
   and u.import_id = $2::uuid
union all
select e.member_id, 'used' from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.account = 18
  left join lot l on l.program_id = e.program_id and l.member_id = e.member_id
                 and l.entry_id = e.entry_id
 where e.program_id = $1::int and e.member_id in (select member_id from concerned where not made)
   and e.kind = 'open' and e.cause_id = $2::uuid and e.reverses is null
   and (l.lot_id is null or l.amount <> -p.amount or l.remaining <> l.amount or l.pinned > 0
        or l.state = 'cancelled' or (l.state = 'open' and l.activates_at is not null))
"""
_ORDER: Final = "array['gone','united','spent','bought','used','was_here','more','changed']"


def _signs() -> str:
    own = [sign(place, reason) for place, reason in SIGNS.items()]
    return "\nunion all\n".join([_DEPENDS, *own])


def _picked(concerned: str) -> str:
    return f"""
with concerned as materialized ({concerned}), seen as ({_signs()})
select c.member_id, c.made,
       coalesce((array_agg(s.reason order by array_position({_ORDER}, s.reason)))[1], '') as reason
  from concerned c left join seen s using (member_id)
 group by c.member_id, c.made
"""  # noqa: S608 - statements of ours


_SOME = _picked(_WAITING)
_WEIGHED = f"""
with picked as materialized ({_picked(EVERYBODY)})
select (select count(*) from picked where reason = '' and made) as members,
       (select count(*) from picked where reason = '' and not made) as others,
       (select coalesce(json_object_agg(reason, n), '{{}}')::text from (
           select reason, count(*) as n from picked where reason <> '' group by reason) k) as kept,
       (select coalesce(json_object_agg(name, n), '{{}}')::text from (
           select c.name, sum(l.remaining)::bigint as n
             from picked p
             join lot l on l.program_id = $1::int and l.member_id = p.member_id
                       and l.remaining > 0
                       and (p.made or l.cause_id = $2::uuid or exists (
                            select from entry e
                             where e.program_id = l.program_id and e.member_id = l.member_id
                               and e.entry_id = l.entry_id and e.kind = 'open'
                               and e.cause_id = $2::uuid))
             join program_code c on c.program_id = l.program_id and c.kind = 'wallet'
                                and c.code = l.wallet
            where p.reason = '' group by c.name) w) as points,
       (select count(*) from picked p
          join activity a on a.program_id = $1::int and a.member_id = p.member_id
                         and a.kind = 'purchase' and p.made and p.reason = '') as purchases,
       (select count(*) from picked p
          join activity a on a.program_id = $1::int and a.member_id = p.member_id
                         and a.kind = any($3::text[]) and a.kind <> 'purchase'
                         and p.made and p.reason = '') as deeds
"""  # noqa: S608 - statements of ours
_STAYS = """
select 'stock' as what, sum(taken)::bigint as n from import_lane
 where program_id = $1::int and import_id = $2::uuid and part = $3::smallint
union all
select 'codes', sum(taken)::bigint from import_lane
 where program_id = $1::int and import_id = $2::uuid and part = $4::smallint
union all
select 'budgets', count(*) from used_before
 where program_id = $1::int and import_id = $2::uuid
   and member_id = '00000000-0000-0000-0000-000000000000'
union all
select 'sales_to_nobody', count(*) from activity
 where program_id = $1::int and actor = 'import:' || $2::uuid and kind <> 'return'
   and member_id = '00000000-0000-0000-0000-000000000000'
"""
_DONE = """
select activity_id, member_id from activity
 where program_id = $1::int and member_id = any($2::uuid[]) and kind = any($3::text[])
   and member_id <> '00000000-0000-0000-0000-000000000000'
 order by occurred_at desc, activity_id desc
"""
_OPENED = """
select entry_id from entry
 where program_id = $1::int and member_id = any($2::uuid[]) and kind = 'open'
   and cause_id = $3::uuid and reverses is null
"""
_UNDO = """
select import_id, actor, begun_at, done_at from import_undo
 where program_id = $1::int and import_id = $2::uuid
"""
_OPEN = (
    "select exists(select from import_undo where program_id = $1::int and done_at is null) as open"
)
_CAME = """
select count(*) filter (where state = 'waiting') as waiting,
       count(*) filter (where state = 'undone' and made) as members,
       count(*) filter (where state = 'undone' and not made) as others
  from import_undone where program_id = $1::int and import_id = $2::uuid
"""
_KEPT = """
select reason, count(*) as n from import_undone
 where program_id = $1::int and import_id = $2::uuid and state = 'kept' group by reason
"""
# Of one that was half way when that began, fewer are linked than it took; who had only a card
# before is taken and not made, so that alone says nothing of those that began since.
_LINKED = """
select (select coalesce(sum(taken), 0) from import_lane
         where program_id = $1::int and import_id = $2::uuid and part = $3::smallint)
    <= (select count(*) from import_made where program_id = $1::int and import_id = $2::uuid)
    or exists(select from import where program_id = $1::int and import_id = $2::uuid
                 and begun_at >= links_kept_since()) as linked
"""
_BACK = """
select import_id, done_at from import_undo where program_id = $1::int
"""


async def some(tx: Tx, import_id: UUID, most: int) -> list[Picked]:
    """Some of those who wait, each with why it cannot be taken back from them, if so.

    Assumes: whoever wants to act on it holds these members, and asks again.
    """
    rows = await tx.fetch(_SOME, tx.program_id, import_id, most)
    return [Picked(row["member_id"], row["made"], row["reason"]) for row in rows]


async def waiting(tx: Tx, import_id: UUID, most: int) -> list[UUID]:
    """The next who wait."""
    rows = await tx.fetch(_WAITING, tx.program_id, import_id, most)
    return [row["member_id"] for row in rows]


async def weigh(tx: Tx, import_id: UUID, kinds: Sequence[str]) -> Weighed:
    """What taking this import back would come to now, where these kinds come back one by one;
    nothing changes."""

    await _whole_tables(tx)
    (row,) = await tx.fetch(_WEIGHED, tx.program_id, import_id, list(kinds))
    counts = msgspec.json.Decoder(dict[str, int]).decode
    stays = await tx.fetch(_STAYS, tx.program_id, import_id, Part.STOCK, Part.CODES)
    return Weighed(
        row["members"],
        row["others"],
        counts(row["kept"]),
        counts(row["points"]),
        row["purchases"],
        {one["what"]: one["n"] for one in stays if one["n"]},
        row["deeds"],
    )


async def _whole_tables(tx: Tx) -> None:
    """Sets are compared: whole tables are read, which the hot settings would go through by rows.

    Right after an import nothing is known of its tables yet: a set taken for a handful would be
    gone through once for each of its members, so that twice as many took four times as long.
    """
    for setting in ("enable_seqscan = on", "enable_nestloop = off", "statement_timeout = 0"):
        await tx.fetch(f"set local {setting}")


async def done(tx: Tx, member_ids: Sequence[UUID], kinds: Sequence[str]) -> list[Done]:
    """What these members did of these kinds, the last first: so nothing is decided again by a
    return."""
    rows = await tx.fetch(_DONE, tx.program_id, member_ids, kinds)
    return [Done(row["activity_id"], row["member_id"]) for row in rows]


async def opened(tx: Tx, import_id: UUID, member_ids: Sequence[UUID]) -> set[UUID]:
    """The entries by which these members got points from this import."""
    rows = await tx.fetch(_OPENED, tx.program_id, member_ids, import_id)
    return {row["entry_id"] for row in rows}


async def undo_of(tx: Tx, import_id: UUID) -> Undo | None:
    """How far this import is taken back, if somebody asked for it."""
    rows = await tx.fetch(_UNDO, tx.program_id, import_id)
    return Undo(**rows[0]) if rows else None


async def is_open(tx: Tx) -> bool:
    """Whether some import is being taken back, and not whole yet."""
    return bool((await tx.fetch(_OPEN, tx.program_id))[0]["open"])


async def came(tx: Tx, import_id: UUID) -> tuple[int, int, int, dict[str, int]]:
    """How many wait, how many members went, how many others gave points back, and who keeps."""
    (row,) = await tx.fetch(_CAME, tx.program_id, import_id)
    kept = await tx.fetch(_KEPT, tx.program_id, import_id)
    return (
        row["waiting"],
        row["members"],
        row["others"],
        {one["reason"]: one["n"] for one in kept},
    )


async def linked(tx: Tx, import_id: UUID) -> bool:
    """Whether it is known which members an import made: all of them, not some."""
    rows = await tx.fetch(_LINKED, tx.program_id, import_id, Part.MEMBERS)
    return bool(rows[0]["linked"])


async def taken_back(tx: Tx) -> dict[UUID, bool]:
    """Imports that are or were taken back, and whether that is done."""
    rows = await tx.fetch(_BACK, tx.program_id)
    return {row["import_id"]: row["done_at"] is not None for row in rows}
