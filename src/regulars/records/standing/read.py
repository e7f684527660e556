"""Lock members, and read where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.types import TierMove

# Sorted before it locks, so that two transactions never wait for each other in a ring. Whoever
# was merged stands under another member, who is locked in the same order.
_LOCK = """
select member_id from standing
 where program_id = $1 and member_id = any($2::uuid[] || array(
       select into_id from member_alias where program_id = $1 and member_id = any($2::uuid[])))
 order by member_id for update
"""
# Whoever was found by a name or id before a merge was undone may be the wrong one: `parted`.
# A statement of its own, after the lock: a statement that waits for a row reads everything else
# by the snapshot it began with (ADR 0004). Each member in one row, balances and counters as arrays.
_READ = """
select s.member_id, s.version, s.tier, s.tier_since, s.tier_until,
       m.joined_at, m.state, m.attributes::text as attributes,
       (select into_id from member_alias where program_id = s.program_id
                                           and member_id = s.member_id) as into_id,
       (select bool_or(not pg_visible_in_snapshot(parted,
               nullif(current_setting('regulars.looked', true), '')::pg_snapshot))
          from member_merge where program_id = s.program_id and into_id = s.member_id
                              and parted is not null) as parted,
       (select max(version) from program_version where program_id = $1) as latest,
       b.wallets, b.available, b.pending, b.held, b.debt, b.earned,
       c.counters, c.periods, c.counts
  from standing s
  join member m on m.program_id = s.program_id and m.member_id = s.member_id
  left join lateral (
       select array_agg(wallet) wallets, array_agg(available) available,
              array_agg(pending) pending, array_agg(held) held, array_agg(debt) debt,
              array_agg(earned) earned
         from balance where program_id = s.program_id and member_id = s.member_id) b on true
  left join lateral (
       select array_agg(counter) counters, array_agg(period) periods, array_agg(value) counts
         from counter where program_id = s.program_id and member_id = s.member_id) c on true
 where s.program_id = $1 and s.member_id = any($2::uuid[] || array(
       select into_id from member_alias where program_id = $1 and member_id = any($2::uuid[])))
"""
# Where tiers hang on the order of things: when the last of each member's activities happened.
_LAST = """(select occurred_at from activity
        where program_id = $1 and member_id = s.member_id
          and member_id <> '00000000-0000-0000-0000-000000000000'
        order by occurred_at desc limit 1) as last_at,
       exists (select from member_merge where program_id = $1 and into_id = s.member_id)
       or exists (select from member_merge where program_id = $1 and from_id = s.member_id)
       as united,
       b.wallets"""
_READ_LAST = _READ.replace("b.wallets", _LAST, 1)
_GRANTED = """
select move_id, member_id, from_tier, to_tier, reason, cause_id, until_at, occurred_at
  from tier_move
 where program_id = $1 and member_id = any($2::uuid[]) and reason = 'brought_over'
 order by move_id
"""
_BUDGETS = """
select b.budget, b.period, b.used
  from unnest($2::smallint[], $3::int[]) as k (budget, period)
  join budget b on b.program_id = $1 and b.budget = k.budget and b.period = k.period
"""
_DUE = """
select member_id from standing
 where program_id = $1 and tier_until <= $2 and member_id <> all($4::uuid[])
 order by tier_until limit $3
"""


_WITHOUT = """
select member_id from standing s
 where program_id = $1 and tier is null and member_id <> all($3::uuid[])
   and not exists (select from member_alias a
                    where a.program_id = s.program_id and a.member_id = s.member_id)
 limit $2
"""


async def without_tier(tx: Tx, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """Members who stand on no step of the ladder; who was merged and some others are left out."""
    rows = await tx.fetch(_WITHOUT, tx.program_id, most, but)
    return {row["member_id"] for row in rows}


async def due_for_review(tx: Tx, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """Members whose tier's time is over, those that wait longest first, some left out."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, but)
    return {row["member_id"] for row in rows}


async def lock(tx: Tx, member_ids: Sequence[UUID]) -> set[UUID]:
    """Hold these members, and those they were merged into, until the transaction ends, in the
    order of their ids; who is held."""
    if not member_ids:
        return set()
    return {row["member_id"] for row in await tx.fetch(_LOCK, tx.program_id, member_ids)}


async def rows(
    tx: Tx, member_ids: Sequence[UUID], *, last: bool = False
) -> Sequence[Mapping[str, Any]]:
    """Where these members, and those they were merged into, stand: standing, member, balances
    and counters, one row each.

    `last`: also when the latest of their activities happened, and whether they were ever merged.
    """
    if not member_ids:
        return []
    return await tx.fetch(_READ_LAST if last else _READ, tx.program_id, member_ids)


async def granted(tx: Tx, member_ids: Sequence[UUID]) -> list[TierMove]:
    """Tiers that were brought over from elsewhere."""
    rows = await tx.fetch(_GRANTED, tx.program_id, member_ids)
    return [TierMove(*row.values()) for row in rows]


async def budgets(tx: Tx, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What was used of these budgets (number and period); only to look at, nothing is held."""
    used = dict.fromkeys(keys, 0)
    if keys:
        numbers, periods = map(list, zip(*keys, strict=True))
        for row in await tx.fetch(_BUDGETS, tx.program_id, numbers, periods):
            used[row["budget"], row["period"]] = row["used"]
    return used
