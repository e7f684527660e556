"""Keep a member's version, tier and counters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.standing.crowd.types import Walk
from regulars.records.standing.types import TierMove

# The second net under the lock: who was written by somebody else since they were read is not found,
# and a round that does not find everybody leaves nothing behind (ADR 0017).
_STANDINGS = """
update standing set version = s.version, tier = s.tier, tier_since = s.tier_since,
                    tier_until = s.tier_until, moved_at = s.moved_at
  from unnest($2::kept_standing_row[]) as s
 where standing.program_id = $1::int and standing.member_id = s.member_id
   and standing.version = s.was
returning 1
"""
_RISE = """
update standing set version = s.was + 1
  from unnest($2::uuid[], $3::bigint[]) as s (member_id, was)
 where standing.program_id = $1::int and standing.member_id = s.member_id
   and standing.version = s.was
returning 1
"""
_COUNTERS = """
insert into counter (program_id, member_id, counter, period, value)
select $1::int, c.* from unnest($2::counter_row[]) as c
    on conflict (program_id, member_id, counter, period) do update set value = excluded.value
"""
_MOVES = """
insert into tier_move (program_id, member_id, move_id, from_tier, to_tier, reason, cause_id,
                       until_at, occurred_at, recorded_at, counted)
select $1::int, t.member_id, t.move_id, t.from_tier, t.to_tier, t.reason, t.cause_id, t.until_at,
       t.occurred_at, $2::timestamptz, t.counted
  from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[],
              $9::timestamptz[], $10::timestamptz[], $11::bigint[])
       as t (move_id, member_id, from_tier, to_tier, reason, cause_id, until_at, occurred_at,
             counted)
"""

# The row is made where it is missing and locked where it is not, in one order for everybody; what
# comes back is what stands after any wait.
_HOLD_BUDGETS = """
insert into budget (program_id, budget, period, used)
select $1::int, k.budget, k.period, 0
  from unnest($2::smallint[], $3::int[]) as k (budget, period)
 order by k.budget, k.period
    on conflict (program_id, budget, period) do update set used = budget.used
returning budget, period, used
"""
_BUDGETS = """
update budget set used = b.used from unnest($2::budget_row[]) as b
 where budget.program_id = $1::int and budget.budget = b.budget and budget.period = b.period
"""
# One walk at a time moves on: two at once meet on this row.
_WALKED = """
insert into changeover_walk (program_id, version, cut_at, last_id, moved, done_at)
values ($1::int, $2::int, $3::timestamptz, $4::uuid, $5::bigint, $6::timestamptz)
    on conflict (program_id, version, cut_at) do update
   set last_id = greatest(changeover_walk.last_id, excluded.last_id),
       moved = greatest(changeover_walk.moved, excluded.moved), done_at = excluded.done_at
"""

# Nobody is looked at later than an older word said: the night finds that there is nothing yet.
_WATCH = """
insert into tier_clock (program_id, member_id, look_at)
select $1::int, c.* from unnest($2::tier_clock_row[]) as c
    on conflict (program_id, member_id)
    do update set look_at = least(tier_clock.look_at, excluded.look_at)
"""
_FORETOLD = """
insert into tier_notice (program_id, member_id, until_at, message_id, looked_at)
select $1::int, n.*, $2::timestamptz from unnest($3::tier_notice_row[]) as n
    on conflict do nothing
"""
_LOOKED = """
delete from tier_clock where program_id = $1::int and member_id = any($2::uuid[])
"""

StandingRow = tuple[UUID, int, str | None, datetime | None, datetime | None, int, datetime | None]
"""The version the member was read at, and the last change of the terms they came through."""
CounterRow = tuple[UUID, int, int, int]


def keep(tx: Tx, standings: Sequence[StandingRow]) -> list[Write]:
    """Keep version and tier of members whose lock this transaction holds.

    Raises: StaleStanding, from the round, when somebody wrote them since they were read.
    """
    if not standings:
        return []
    return [Write(_STANDINGS, (tx.program_id, standings), len(standings))]


def rise(tx: Tx, members: Mapping[UUID, int]) -> list[Write]:
    """One more write of these members, who stand at these versions and are held.

    Raises: StaleStanding, from the round, when somebody wrote them since they were read.
    """
    if not members:
        return []
    return [Write(_RISE, (tx.program_id, list(members), list(members.values())), len(members))]


def count(tx: Tx, counters: Sequence[CounterRow]) -> list[Write]:
    """Keep counters (member, counter, period, value) of members whose lock is held."""
    if not counters:
        return []
    return [Write(_COUNTERS, (tx.program_id, counters))]


async def hold_budgets(tx: Tx, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Hold these budgets (number and period) until the end, and say what is used of each.

    Order: after the members, by number and period, so that nobody waits in a ring.
    """
    if not keys:
        return {}
    numbers, periods = map(list, zip(*keys, strict=True))
    rows = await tx.fetch(_HOLD_BUDGETS, tx.program_id, numbers, periods)
    return {(row["budget"], row["period"]): row["used"] for row in rows}


def spend(tx: Tx, budgets: Sequence[tuple[int, int, int]]) -> list[Write]:
    """Keep what is used of budgets (number, period, used) that are held."""
    if not budgets:
        return []
    return [Write(_BUDGETS, (tx.program_id, budgets))]


def watch(tx: Tx, clocks: Sequence[tuple[UUID, datetime]]) -> list[Write]:
    """Have these members looked at then, because a step may be reached without their doing."""
    return [Write(_WATCH, (tx.program_id, clocks))] if clocks else []


def looked(tx: Tx, member_ids: Sequence[UUID]) -> list[Write]:
    """These members were looked at."""
    return [Write(_LOOKED, (tx.program_id, member_ids))] if member_ids else []


def foretold(tx: Tx, looked: Sequence[tuple[UUID, datetime, UUID | None]]) -> list[Write]:
    """These members' tiers (and their ends) were looked at, and the message where one is lost."""
    return [Write(_FORETOLD, (tx.program_id, tx.now, looked))] if looked else []


def walked(tx: Tx, walk: Walk) -> list[Write]:
    """Keep how far a change of the ladder has come."""
    args = (walk.version, walk.cut_at, walk.last_id, walk.moved, walk.done_at)
    return [Write(_WALKED, (tx.program_id, *args))]


def move_tiers(tx: Tx, moves: Sequence[TierMove]) -> list[Write]:
    """Append changes of tier to the history."""
    if not moves:
        return []
    rows = [
        (
            m.move_id, m.member_id, m.from_tier, m.to_tier, m.reason, m.cause_id, m.until_at,
            m.occurred_at, m.counted,
        )
        for m in moves
    ]  # fmt: skip
    return [Write(_MOVES, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]
