"""Read what lies in members' inboxes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.types import Message, MessageKind

_PAGE = """
select message_id, member_id, kind, wallet, points, lapses_at, recorded_at, delivered_at,
       delivered_by, about
  from message
 where program_id = $1 and member_id = $2 and ($3::uuid is null or message_id < $3::uuid)
 order by message_id desc limit $4
"""
_SOME = """
select message_id, member_id, kind, wallet, points, lapses_at, recorded_at, delivered_at,
       delivered_by, about
  from message where program_id = $1 and message_id = any($2::uuid[])
"""
# A notice counts until a courtesy moved the end it told of; then the new one is told.
_STANDS = """not exists (select from courtesy c
                    where c.program_id = n.program_id and c.member_id = n.member_id
                      and c.lot_id = n.lot_id and c.kind = 'extend' and c.from_at >= m.lapses_at)"""
# Of what is left, and of spent lots to which something comes back.
_COUNTS = "(l.remaining > 0 or l.lot_id = any($3::uuid[]))"
_NOTICES = f"""
select n.member_id, n.lot_id, m.delivered_at
  from notice_lot n
  join message m using (program_id, member_id, message_id)
  join lot l using (program_id, member_id, lot_id)
 where n.program_id = $1 and n.member_id = any($2::uuid[]) and {_COUNTS}
   and m.kind = 'expiry_notice' and {_STANDS}
"""  # noqa: S608
# Of points that somebody gave: whether those who had them before were shown a notice. A gift is
# named by the entry of who gave; of what a household spent together it is one just before,
# made at the same instant: their ids were made one after the other. What a courtesy moved since is
# told anew.
_BEFORE = f"""
with recursive had as (
    select l.member_id as who, l.lot_id as lot, l.member_id, l.lot_id, l.entry_id, l.wallet,
           l.cause_id, l.earned_at
      from lot l
     where l.program_id = $1 and l.member_id = any($2::uuid[]) and {_COUNTS}
       and not exists (select from courtesy c
                        where c.program_id = l.program_id and c.member_id = l.member_id
                          and c.lot_id = l.lot_id and c.kind = 'extend')
    union
    select h.who, h.lot, p.member_id, p.lot_id, p.entry_id, p.wallet, p.cause_id, p.earned_at
      from had h
      join entry e on e.program_id = $1 and e.member_id = h.member_id and e.entry_id = h.entry_id
                  and e.kind in ('transfer', 'pool')
      join lateral (
           select e.cause_id as entry_id where e.kind = 'transfer'
           union all
           select n.entry_id
             from (select o.member_id, o.entry_id from posting o
                    where e.kind = 'pool' and o.program_id = $1 and o.entry_id < e.entry_id
                    order by o.entry_id desc limit 20) o
             join entry n on n.program_id = $1 and n.member_id = o.member_id
                         and n.entry_id = o.entry_id
            where n.kind = 'pool' and n.cause_id = e.cause_id
              and n.recorded_at = e.recorded_at and n.member_id <> e.member_id) g on true
      join lot_move m on m.program_id = $1 and m.entry_id = g.entry_id and m.delta < 0
      join lot p on p.program_id = $1 and p.member_id = m.member_id and p.lot_id = m.lot_id
                and p.wallet = h.wallet and p.cause_id = h.cause_id and p.earned_at = h.earned_at)
select h.who as member_id, h.lot as lot_id, min(m.delivered_at) as shown_at
  from had h
  join notice_lot n on n.program_id = $1 and n.member_id = h.member_id and n.lot_id = h.lot_id
  join message m on m.program_id = n.program_id and m.member_id = n.member_id
                and m.message_id = n.message_id
 where h.lot_id <> h.lot and m.kind = 'expiry_notice' and m.delivered_at is not null and {_STANDS}
 group by 1, 2
"""  # noqa: S608
# Which ends for want of activity a member was told of, and until when lots are spared.
_IDLE = f"""
select n.member_id, n.lot_id, m.lapses_at, m.delivered_at, false as spared
  from notice_lot n
  join message m using (program_id, member_id, message_id)
  join lot l using (program_id, member_id, lot_id)
 where n.program_id = $1 and n.member_id = any($2::uuid[]) and {_COUNTS}
   and m.kind = 'idle_notice'
union all
select c.member_id, c.lot_id, c.to_at, null, true
  from courtesy c
  join lot l using (program_id, member_id, lot_id)
 where c.program_id = $1 and c.member_id = any($2::uuid[]) and {_COUNTS}
   and c.kind in ('extend', 'spare')
"""  # noqa: S608
# Those of which nothing is left to lapse say nothing any more; the end is where it is by now.
_ENDING = f"""
select m.message_id, m.kind, m.wallet, sum(l.remaining - l.pinned)::bigint as points,
       case m.kind when 'idle_notice' then m.lapses_at else max(l.expires_at) end as lapses_at,
       m.delivered_at
  from message m
  join notice_lot n using (program_id, member_id, message_id)
  join lot l using (program_id, member_id, lot_id)
 where m.program_id = $1 and m.member_id = $2 and l.state = 'open' and l.remaining > l.pinned
   and (m.kind = 'idle_notice' or (m.kind = 'expiry_notice' and {_STANDS}))
 group by m.message_id, m.kind, m.wallet, m.lapses_at, m.delivered_at
 order by 5, 1
"""  # noqa: S608
# Whether a lot is one of whose end its member was not told yet; `w` says by when.
_NOT_TOLD = f"""l.expires_at <= w.until and l.remaining > 0 and l.state = 'open'
   and not exists (select from notice_lot n
                     join message m using (program_id, member_id, message_id)
                    where n.program_id = l.program_id and n.member_id = l.member_id
                      and n.lot_id = l.lot_id and m.kind = 'expiry_notice' and {_STANDS})"""
_UNTOLD = f"""
select distinct l.member_id
  from unnest($2::int[], $3::timestamptz[]) as w (wallet, until)
  join lot l on l.program_id = $1 and l.wallet = w.wallet and {_NOT_TOLD}
 where l.member_id <> all($5::uuid[]) and ($6::uuid is null or l.member_id > $6::uuid)
   and not exists (select from erasure r
                    where r.program_id = l.program_id and r.member_id = l.member_id)
 order by l.member_id limit $4
"""  # noqa: S608
_AHEAD = f"""
select string_agg(uuid_send(member_id), ''::bytea order by member_id) as ids from ({_UNTOLD}) d
"""  # noqa: S608
# One by one by their ids, whatever the planner thinks of ends.
_STILL_UNTOLD = f"""
select given.member_id from unnest($4::uuid[]) as given (member_id)
 cross join lateral (
       select from unnest($2::int[], $3::timestamptz[]) as w (wallet, until)
         join lot l on l.program_id = $1 and l.member_id = given.member_id
                   and l.wallet = w.wallet and {_NOT_TOLD}
        limit 1) due
 where given.member_id <> all($5::uuid[])
   and not exists (select from erasure r
                    where r.program_id = $1 and r.member_id = given.member_id)
"""  # noqa: S608


async def messages(tx: Tx, member_id: UUID, *, before: UUID | None, limit: int) -> list[Message]:
    """A member's messages, newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [Message(*row.values()) for row in rows]


async def some(tx: Tx, message_ids: Sequence[UUID]) -> dict[UUID, Message]:
    """These messages, whoever they are for."""
    if not message_ids:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, message_ids)
    return {row["message_id"]: Message(*row.values()) for row in rows}


async def notices(
    tx: Tx, member_ids: Sequence[UUID], spent: Sequence[UUID] = ()
) -> dict[UUID, dict[UUID, datetime | None]]:
    """Per member the lots of which a notice was written, and when it was shown, if it was: those
    in which something is left, and some that are `spent`."""
    found: dict[UUID, dict[UUID, datetime | None]] = {}
    if member_ids:
        for row in await tx.fetch(_NOTICES, tx.program_id, member_ids, spent):
            found.setdefault(row["member_id"], {})[row["lot_id"]] = row["delivered_at"]
    return found


async def told_before(
    tx: Tx, member_ids: Sequence[UUID], spent: Sequence[UUID] = ()
) -> dict[UUID, dict[UUID, datetime]]:
    """Per member the lots that somebody handed on to them, of which those who had them before were
    shown a notice, and when first."""
    found: dict[UUID, dict[UUID, datetime]] = {}
    if member_ids:
        for row in await tx.fetch(_BEFORE, tx.program_id, member_ids, spent):
            found.setdefault(row["member_id"], {})[row["lot_id"]] = row["shown_at"]
    return found


class Ending(NamedTuple):
    """A notice of points that are still there: how many of which wallet, and when they lapse; for
    want of activity when they would have as it was written."""

    message_id: UUID
    kind: MessageKind
    wallet: int
    points: int
    lapses_at: datetime
    shown_at: datetime | None


async def endings(tx: Tx, member_id: UUID) -> list[Ending]:
    """The notices of a member whose points are still there, those that lapse soonest first."""
    return [Ending(*row.values()) for row in await tx.fetch(_ENDING, tx.program_id, member_id)]


class IdleWord(NamedTuple):
    """What a member was told of a lot that is left alone, or that it is spared until then."""

    member_id: UUID
    lot_id: UUID
    at: datetime
    shown_at: datetime | None
    spared: bool


async def idle_words(
    tx: Tx, member_ids: Sequence[UUID], spent: Sequence[UUID] = ()
) -> list[IdleWord]:
    """What these members were told of points that they leave alone, and what is spared; of some
    lots that are `spent` too."""
    if not member_ids:
        return []
    rows = await tx.fetch(_IDLE, tx.program_id, member_ids, spent)
    return [IdleWord(*row.values()) for row in rows]


Horizons = Sequence[tuple[int, datetime]]
"""Per wallet the instant by which points end that are to be told of."""


async def untold(tx: Tx, horizons: Horizons, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """So many members with points that lapse by these instants (per wallet) and no notice of it
    yet, in the order of their ids."""
    rows = await tx.fetch(_UNTOLD, tx.program_id, *_columns(horizons), most, but, None)
    return {row["member_id"] for row in rows}


async def untold_behind(tx: Tx, horizons: Horizons, after: UUID | None, most: int) -> bytes:
    """The ids of those `untold` finds behind one of them, one behind the other."""
    rows = await tx.fetch(_AHEAD, tx.program_id, *_columns(horizons), most, (), after)
    return rows[0]["ids"] or b""


async def still_untold(
    tx: Tx, horizons: Horizons, members: Sequence[UUID], but: Sequence[UUID] = ()
) -> set[UUID]:
    """Which of these members are `untold`, some left out."""
    rows = await tx.fetch(_STILL_UNTOLD, tx.program_id, *_columns(horizons), members, but)
    return {row["member_id"] for row in rows}


def _columns(horizons: Horizons) -> tuple[list[int], list[datetime]]:
    return [wallet for wallet, _ in horizons], [at for _, at in horizons]
