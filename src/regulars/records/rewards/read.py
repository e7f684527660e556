"""Read redemptions, and stock under lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.rewards.types import Promised, Redemption

_WHOSE = """
select redemption_id, member_id from redemption
 where program_id = $1 and redemption_id = any($2::uuid[])
"""
_OPEN = """
select redemption_id, member_id from redemption
 where program_id = $1 and member_id = any($2::uuid[]) and state = 'held'
"""
_SOME = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from redemption
 where program_id = $1 and member_id = any($2::uuid[]) and redemption_id = any($3::uuid[])
"""
_RESERVED = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from redemption
 where program_id = $1::int and actor = $2::text and state = 'held'
 order by opened_at, redemption_id
"""
_RESERVED_EVER = """
select member_id, count(*) as times from redemption
 where program_id = $1::int and member_id = any($2::uuid[]) and actor = $3::text
 group by member_id
"""
_LAPSING = """
select redemption_id, member_id from redemption
 where program_id = $1 and state = 'held' and lapses_at <= $2 and member_id <> all($3::uuid[])
 order by lapses_at limit $4
"""
# Of who was merged too: what was won under another number is theirs.
_WON = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from redemption
 where program_id = $1::int and state = 'held' and actor in ('game', 'draw') and lapses_at > $3
   and member_id = any(array(
       select $2::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
 order by lapses_at, redemption_id
"""
_LAST_TAKEN = """
with family as (
    select w.member_id, w.member_id as stands_as from unnest($2::uuid[]) as w (member_id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select f.stands_as as member_id, t.reward, max(t.at) as last_at
  from family f
 cross join lateral (
       select r.reward, r.opened_at as at
         from redemption r
        where r.program_id = $1 and r.member_id = f.member_id and r.reward = any($3::text[])
          and (r.state = 'captured' or (r.state = 'held' and r.lapses_at > $4::timestamptz))
       union all  -- elsewhere, before they came here
       select c.name, c.at
         from came_along c
        where c.program_id = $1 and c.member_id = f.member_id and c.kind = 'taken'
          and c.name = any($3::text[])) t
 group by 1, 2
"""
_LOCK_STOCK = """
select reward, remaining from reward_stock
 where program_id = $1 and reward = any($2::text[]) order by reward for update
"""
_STOCK = "select reward, remaining from reward_stock where program_id = $1"
_GONE_BEFORE = """
select reward, pieces from gone_before where program_id = $1 and reward = any($2::text[])
"""
_SPENT = """
select s.member_id, s.wallet, sum(s.points)::bigint as points from (
select coalesce((r.terms ->> 'pays_for')::uuid, r.member_id) as member_id, c.name as wallet,
       case h.state when 'open' then h.amount else h.captured end as points
  from redemption r
  join hold h on h.program_id = r.program_id and h.member_id = r.member_id
             and h.redemption_id = r.redemption_id
  join program_code c on c.program_id = r.program_id and c.kind = 'wallet' and c.code = h.wallet
 where r.program_id = $1 and r.opened_at >= $3
   and r.member_id = any(array(
        select unnest($2::uuid[]) union all
        select other.member_id from household_member mine
          join household_member other using (program_id, household_id)
         where mine.program_id = $1 and mine.member_id = any($2::uuid[])))
   and coalesce((r.terms ->> 'pays_for')::uuid, r.member_id) = any($2::uuid[])
   and (r.state = 'captured' or (r.state = 'held' and r.lapses_at > $4))
union all  -- elsewhere, before they came here
select member_id, name, units from came_along
 where program_id = $1 and member_id = any($2::uuid[]) and kind = 'spent' and at >= $3) as s
 group by 1, 2
"""
_decode = msgspec.json.Decoder(Promised).decode


def from_row(row: Mapping[str, Any]) -> Redemption:
    """One row as a value."""
    fields = dict(row)
    return Redemption(promised=_decode(fields.pop("terms")), **fields)


async def whose(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The member of each of these redemptions."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_WHOSE, tx.program_id, redemption_ids)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def open_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Redemptions of these members that are neither handed over nor given back."""
    rows = await tx.fetch(_OPEN, tx.program_id, member_ids)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def lapsing(tx: Tx, most: int, but: Sequence[UUID] = ()) -> dict[UUID, UUID]:
    """Redemptions that were not captured in time, with their members, longest first, some left out.

    Keeps: also what is reserved for nothing, such as a prize; no points are held for it.
    """
    rows = await tx.fetch(_LAPSING, tx.program_id, tx.now, but, most)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def won(tx: Tx, member_id: UUID) -> list[Redemption]:
    """What a member won and did not fetch yet, soonest to lapse first."""
    return [from_row(row) for row in await tx.fetch(_WON, tx.program_id, member_id, tx.now)]


async def spent_since(
    tx: Tx, member_ids: Sequence[UUID], since: datetime
) -> dict[tuple[UUID, str], int]:
    """What these members spent or reserved since then, per member and wallet by its name."""
    rows = await tx.fetch(_SPENT, tx.program_id, member_ids, since, tx.now)
    return {(row["member_id"], row["wallet"]): row["points"] for row in rows}


async def some(
    tx: Tx, member_ids: Sequence[UUID], redemption_ids: Sequence[UUID]
) -> dict[UUID, Redemption]:
    """These redemptions of these members."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, member_ids, redemption_ids)
    return {row["redemption_id"]: from_row(row) for row in rows}


async def reserved_by(tx: Tx, actor: str) -> list[Redemption]:
    """What this actor reserved and was not taken yet, oldest first."""
    return [from_row(row) for row in await tx.fetch(_RESERVED, tx.program_id, actor)]


async def times_reserved(tx: Tx, actor: str, members: Sequence[UUID]) -> dict[UUID, int]:
    """How often this actor reserved something for each of these members, ever."""
    rows = await tx.fetch(_RESERVED_EVER, tx.program_id, sorted(set(members)), actor)
    return {row["member_id"]: row["times"] for row in rows}


async def last_taken(
    tx: Tx, member_ids: Sequence[UUID], rewards: Sequence[str]
) -> dict[UUID, dict[str, datetime]]:
    """When these members, and whoever was merged into them, last took each of these rewards."""
    found: dict[UUID, dict[str, datetime]] = {}
    for row in await tx.fetch(_LAST_TAKEN, tx.program_id, member_ids, rewards, tx.now):
        found.setdefault(row["member_id"], {})[row["reward"]] = row["last_at"]
    return found


async def lock_stock(tx: Tx, rewards: Sequence[str]) -> dict[str, int]:
    """Hold the stock of these rewards, in order of their names, and say what is left."""
    if not rewards:
        return {}
    rows = await tx.fetch(_LOCK_STOCK, tx.program_id, sorted(set(rewards)))
    return {row["reward"]: row["remaining"] for row in rows}


async def stock(tx: Tx) -> dict[str, int]:
    """What is left of rewards that run out; only to look at, it is not held."""
    rows = await tx.fetch(_STOCK, tx.program_id)
    return {row["reward"]: row["remaining"] for row in rows}


async def gone_before(tx: Tx, shelves: Sequence[str]) -> dict[str, int]:
    """How many pieces of these shelves were gone before they came here, where that was told."""
    rows = await tx.fetch(_GONE_BEFORE, tx.program_id, shelves) if shelves else []
    return {row["reward"]: row["pieces"] for row in rows}
