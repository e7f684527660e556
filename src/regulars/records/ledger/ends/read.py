"""Find what time ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

LOTS_EACH: Final = 4
"""So many lots are looked through for each member that is wanted: many have several at one end."""
_DUE = """
select member_id from (
       select member_id, expires_at from lot
        where program_id = $1 and expires_at <= $2 and remaining > pinned and remaining > 0
          and member_id <> all($4::uuid[])
          and ($7 = 1 or mod(get_byte(uuid_send(member_id), 15), $7) = $6)
        order by expires_at limit $5) due
 group by member_id order by min(expires_at) limit $3
"""
# Who has pending points that turn by now, or was ever part of a merge, is left to the decision.
_PLAIN = """
select l.member_id, l.lot_id, l.wallet, l.remaining - l.pinned as points, l.expires_at
  from lot l
 where l.program_id = $1 and l.member_id = any($2::uuid[]) and l.expires_at <= $3
   and l.remaining > l.pinned
   and not exists (
       select from lot w
        where w.program_id = $1 and w.member_id = l.member_id and w.state = 'pending'
          and w.remaining > 0
          and (coalesce(w.activates_at, w.cancels_at) <= $3 or w.expires_at <= $3))
   and not exists (select from member_merge m where m.program_id = $1 and m.from_id = l.member_id)
   and not exists (select from member_merge m where m.program_id = $1 and m.into_id = l.member_id)
 order by l.member_id, l.expires_at, l.earned_at, l.lot_id
"""
_TURNING = """
select distinct member_id from (
       select member_id from lot
        where program_id = $1 and state = 'pending' and coalesce(activates_at, cancels_at) <= $2
          and remaining > 0 and member_id <> all($4::uuid[])
        order by coalesce(activates_at, cancels_at) limit $3) due
"""
_OVERDUE = """
select distinct redemption_id from hold
 where program_id = $1 and member_id = any($2::uuid[]) and state = 'open' and lapses_at <= $3
 order by redemption_id
"""
# Since when somebody owes: the first entry after which the debt never came to nothing again, or
# what that entry brought from elsewhere, which is as old as it was there (`debt_begins`).
_OWING = """
select o.member_id, min(o.recorded_at) as since
  from (select b.member_id,
               debt_begins(e, $2, d.adds) as recorded_at,
               sum(case when d.owed = 0 then 1 else 0 end)
                   over (partition by b.member_id order by d.entry_id desc) as ended
          from balance b
          join lateral (
               select p.entry_id, bool_or(p.amount < 0) as adds,
                      -sum(sum(p.amount)) over (order by p.entry_id) as owed
                 from posting p
                 join entry x on x.program_id = p.program_id and x.member_id = p.member_id
                             and x.entry_id = p.entry_id
                where x.program_id = $1 and x.member_id = b.member_id and p.wallet = $2
                  and p.account = 4
                group by p.entry_id) d on true
          join entry e on e.program_id = $1 and e.member_id = b.member_id
                      and e.entry_id = d.entry_id
         where b.program_id = $1 and b.wallet = $2 and b.debt > 0
           and ($3::uuid[] is null or b.member_id = any($3::uuid[]))
           and b.member_id <> all($5::uuid[])) o
 where o.ended = 0
 group by o.member_id order by since, o.member_id limit $4
"""
_DEBTORS = """
select string_agg(uuid_send(member_id), ''::bytea order by member_id) as ids from (
       select member_id from balance
        where program_id = $1 and wallet = $2 and debt > 0
          and ($3::uuid is null or member_id > $3::uuid)
        order by member_id limit $4) d
"""


class Part(NamedTuple):
    """One of so many parts of all members, split by their ids."""

    place: int
    of: int


WHOLE: Final = Part(0, 1)


class Lapsing(NamedTuple):
    """What is free of a lot whose end has come."""

    member_id: UUID
    lot_id: UUID
    wallet: int
    points: int
    expires_at: datetime


async def members_with_due_lots(
    tx: Tx, most: int, but: Sequence[UUID] = (), part: Part = WHOLE
) -> set[UUID]:
    """Members some of whose points lapse now, overdue longest first, some left out."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, but, most * LOTS_EACH, *part)
    return {row["member_id"] for row in rows}


async def plain(tx: Tx, member_ids: Sequence[UUID]) -> list[Lapsing]:
    """What lapses now of these members whose lock is held, where only the clock is to be asked;
    by member, and soonest first."""
    rows = await tx.fetch(_PLAIN, tx.program_id, member_ids, tx.now)
    return [Lapsing(*row.values()) for row in rows]


async def members_with_turning_lots(tx: Tx, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """Members some of whose pending points become usable now, or are cancelled; some left out."""
    rows = await tx.fetch(_TURNING, tx.program_id, tx.now, most, but)
    return {row["member_id"] for row in rows}


async def overdue(tx: Tx, member_ids: Sequence[UUID]) -> list[UUID]:
    """Redemptions of these members whose hold was not captured in time."""
    if not member_ids:
        return []
    rows = await tx.fetch(_OVERDUE, tx.program_id, member_ids, tx.now)
    return [row["redemption_id"] for row in rows]


async def owing_since(
    tx: Tx,
    wallet: int,
    most: int,
    member_ids: Sequence[UUID] | None = None,
    but: Sequence[UUID] = (),
) -> dict[UUID, datetime]:
    """Who owes in this wallet (all, or of these members, some left out) and since when, longest
    first."""
    rows = await tx.fetch(_OWING, tx.program_id, wallet, member_ids, most, but)
    return {row["member_id"]: row["since"] for row in rows}


async def debtors_behind(tx: Tx, wallet: int, after: UUID | None, most: int) -> bytes:
    """The ids of those who owe in this wallet, behind one of them, one behind the other."""
    rows = await tx.fetch(_DEBTORS, tx.program_id, wallet, after, most)
    return rows[0]["ids"] or b""
