"""Members as accounts of one wallet, as systems see them that know one kind of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.ledger.types import NEVER

# In the order they came to us, which is the order of their ids. What lapsed by now cannot be spent,
# whether or not the night's work was done. Who was merged stands under another one, and who was
# erased is nobody. An account changes after it changed before, also by a server whose clock is
# behind: each transaction that came later and says an earlier time is a millisecond.
_ACCOUNTS: Final = """
select m.member_id, m.recorded_at, m.joined_at, p.value as phone, p.linked_at,
       coalesce(b.available, 0) - coalesce(b.debt, 0) - coalesce(x.gone, 0) as balance,
       coalesce(b.earned, 0) as earned, f.recorded_at as first_at,
       greatest(m.recorded_at, p.linked_at, l.recorded_at) as changed_at,
       coalesce(s.version, 0) as version
  from member m
  left join standing s on s.program_id = m.program_id and s.member_id = m.member_id
  left join lateral (
       select i.value, i.linked_at from identifier i
        where i.program_id = m.program_id and i.member_id = m.member_id and i.kind = 'phone'
        order by i.linked_at, i.value limit 1) p on true
  left join balance b on b.program_id = m.program_id and b.member_id = m.member_id
                     and b.wallet = $2::smallint
  left join lateral (
       select sum(o.remaining - o.pinned)::bigint as gone from lot o
        where o.program_id = m.program_id and o.member_id = m.member_id and o.wallet = $2::smallint
          and o.remaining > 0 and o.state = 'open' and o.expires_at <= $3::timestamptz) x on true
  left join lateral (
       select e.recorded_at from entry e
        where e.program_id = m.program_id and e.member_id = m.member_id
          and e.kind in ('earn', 'hold', 'adjust', 'open')
        order by e.entry_id limit 1) f on true
  left join lateral (
       with last as materialized (
            select e.recorded_tx, e.recorded_at from entry e
             where e.program_id = m.program_id and e.member_id = m.member_id
             order by e.entry_id desc limit 8)
       select max(y.recorded_at + interval '1 millisecond' * (
              select count(distinct z.recorded_tx) from last z
               where z.recorded_tx > y.recorded_tx and z.recorded_at < y.recorded_at))
              as recorded_at
         from last y) l on true
 where m.program_id = $1::int and m.state not in ('merged', 'erased')
   and {whose} and m.member_id > $5::uuid
 order by m.member_id limit $6::int
"""
# A statement for each, so that a look at one account reads that one and not all that there are.
_OF_ALL: Final = _ACCOUNTS.format(whose="$4::uuid[] is null")
_OF_SOME: Final = _ACCOUNTS.format(whose="m.member_id = any($4::uuid[])")
_NOBODY: Final = UUID(int=0)
"""Before everybody."""
_DEADLINES: Final = """
select member_id, expires_at, sum(remaining - pinned)::bigint as points
  from lot
 where program_id = $1::int and member_id = any($2::uuid[]) and wallet = $3::smallint
   and remaining > pinned and state = 'open' and expires_at > $4::timestamptz
   and expires_at < $5::timestamptz
 group by member_id, expires_at order by member_id, expires_at
"""


class Deadline(NamedTuple):
    """So many points lapse at this instant."""

    points: int
    at: datetime


class Account(Struct, frozen=True):
    """Where a member stands in one wallet."""

    member_id: UUID
    recorded_at: datetime
    joined_at: datetime
    phone: str | None
    linked_at: datetime | None
    """Since when they are found by that telephone."""
    balance: int
    """What can be spent now, less what they owe."""
    earned: int
    first_at: datetime | None
    """When anything was first booked for them."""
    changed_at: datetime
    version: int
    """How often anything of theirs was written."""
    deadlines: tuple[Deadline, ...] = ()


async def accounts(
    tx: Tx,
    wallet: int,
    *,
    ids: Sequence[UUID] | None = None,
    after: UUID | None = None,
    limit: int = 200,
) -> list[Account]:
    """Members as accounts, all or these, in the order in which they came to us."""
    sql, whose = (_OF_ALL, None) if ids is None else (_OF_SOME, list(ids))
    rows = await tx.fetch(sql, tx.program_id, wallet, tx.now, whose, after or _NOBODY, limit)
    found = [row["member_id"] for row in rows]
    ends = await _deadlines(tx, wallet, found)
    return [_account(row, ends.get(row["member_id"], ())) for row in rows]


async def _deadlines(tx: Tx, wallet: int, ids: Sequence[UUID]) -> dict[UUID, tuple[Deadline, ...]]:
    found: dict[UUID, list[Deadline]] = {}
    if not ids:
        return {}
    for row in await tx.fetch(_DEADLINES, tx.program_id, ids, wallet, tx.now, NEVER):
        one = Deadline(row["points"], row["expires_at"])
        found.setdefault(row["member_id"], []).append(one)
    return {id_: tuple(ends) for id_, ends in found.items()}


def _account(row: Mapping[str, Any], deadlines: tuple[Deadline, ...]) -> Account:
    return Account(**dict(row.items()), deadlines=deadlines)
