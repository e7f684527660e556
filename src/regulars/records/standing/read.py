"""Lock members, and read where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.types import Counts, TierMove

# Sorted before it locks, so that two transactions never wait for each other in a ring. Whoever
# was merged stands under another member, who is locked in the same order.
_LOCK = """
select member_id, version, tier, tier_since, tier_until, moved_at, tied from standing
 where program_id = $1 and member_id = any($2::uuid[] || array(
       select into_id from member_alias where program_id = $1 and member_id = any($2::uuid[])))
 order by member_id for update
"""
# Of which day and by which way what was reckoned of members is, and how old that may be (setting
# `values_last_days`): once for all rows, and only where anything is reckoned of somebody.
_VALUED = """(select array[
           (select as_of || '|' || model from value_run
             where program_id = $1 order by as_of desc limit 1),
           (select as_of || '|' || version from category_run
             where program_id = $1 order by as_of desc limit 1),
           (select value::text from staff_setting
             where program_id = $1 and name = 'values_last_days' and about = '')])"""
# What a lock does not tell of members who are not tied to anybody (ADR 0270).
_PLAIN = """
select m.member_id, m.joined_at, m.recorded_at, m.state,
       coalesce(m.attributes || m.derived, m.attributes)::text as attributes,
       case when m.derived is not null then {valued} end as valued,
       (select max(version) from program_version where program_id = $1) as latest,
       b.wallets, b.active_at, c.counters
  from member m
  left join lateral (
       select array_agg(array[wallet, available, pending, held, debt, earned]) wallets,
              array_agg(last_qualifying_at) active_at
         from balance where program_id = $1 and member_id = m.member_id) b on true
  left join lateral (
       select array_agg(array[counter, period, value]) counters
         from counter where program_id = $1 and member_id = m.member_id) c on true
 where m.program_id = $1 and m.member_id = any($2::uuid[])
""".replace("{valued}", _VALUED)
# Whoever was found by a name or id before a merge was undone may be the wrong one: `parted`.
# A statement of its own, after the lock: a statement that waits for a row reads everything else
# by the snapshot it began with (ADR 0004). Each member in one row, balances and counters as arrays.
_READ = """
select s.member_id, s.version, s.tier, s.tier_since, s.tier_until, s.moved_at,
       m.joined_at, m.recorded_at, m.state,
       coalesce(m.attributes || m.derived, m.attributes)::text as attributes,
       case when m.derived is not null then {valued} end as valued,
       (select into_id from member_alias where program_id = s.program_id
                                           and member_id = s.member_id) as into_id,
       (select bool_or(not pg_visible_in_snapshot(parted,
               nullif(current_setting('regulars.looked', true), '')::pg_snapshot))
          from member_merge where program_id = s.program_id and into_id = s.member_id
                              and parted is not null) as parted,
       (select max(version) from program_version where program_id = $1) as latest,
       b.wallets, b.active_at, c.counters
  from standing s
  join member m on m.program_id = s.program_id and m.member_id = s.member_id
  left join lateral (
       select array_agg(array[wallet, available, pending, held, debt, earned]) wallets,
              array_agg(last_qualifying_at) active_at
         from balance where program_id = s.program_id and member_id = s.member_id) b on true
  left join lateral (
       select array_agg(array[counter, period, value]) counters
         from counter where program_id = s.program_id and member_id = s.member_id) c on true
 where s.program_id = $1 and s.member_id = any($2::uuid[] || array(
       select into_id from member_alias where program_id = $1 and member_id = any($2::uuid[])))
""".replace("{valued}", _VALUED)
# Where tiers hang on the order of things: when the last of each member's activities happened.
_LAST_AT = """(select occurred_at from activity
        where program_id = $1 and member_id = s.member_id
          and member_id <> '00000000-0000-0000-0000-000000000000'
        order by occurred_at desc limit 1) as last_at,
       b.wallets"""
_LAST = """(select occurred_at from activity
        where program_id = $1 and member_id = s.member_id
          and member_id <> '00000000-0000-0000-0000-000000000000'
        order by occurred_at desc limit 1) as last_at,
       exists (select from member_merge where program_id = $1 and into_id = s.member_id)
       or exists (select from member_merge where program_id = $1 and from_id = s.member_id)
       as united,
       exists (select from tier_grant where program_id = $1 and member_id = s.member_id)
       or exists (select from member_alias a join tier_grant g using (program_id, member_id)
                   where a.program_id = $1 and a.into_id = s.member_id) as given,
       b.wallets"""
_READ_LAST = _READ.replace("b.wallets", _LAST, 1)
_PLAIN_LAST = _PLAIN.replace("b.wallets", _LAST_AT.replace("s.member_id", "m.member_id"), 1)
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
_WITH_CREDIT = """
select c.member_id from counter c
  join member m on m.program_id = c.program_id and m.member_id = c.member_id
               and m.state in ('active', 'unregistered')
 where c.program_id = $1 and c.counter = $2 and c.period between $3 and $4
   and ($6::uuid is null or c.member_id > $6)
 group by c.member_id having sum(c.value) >= $5
 order by c.member_id limit $7
"""
_NOT_LOOKED = """s.tier is not null and s.tier_until > $2 and s.tier_until <= $3
   and not exists (select from tier_notice n
                    where n.program_id = s.program_id and n.member_id = s.member_id
                      and n.until_at = s.tier_until)
   and not exists (select from member m
                    where m.program_id = s.program_id and m.member_id = s.member_id
                      and m.state = 'erased')"""
_UNLOOKED = f"""
select s.member_id from standing s
 where s.program_id = $1 and {_NOT_LOOKED}
   and s.member_id <> all($5::uuid[]) and ($6::uuid is null or s.member_id > $6::uuid)
 order by s.member_id limit $4
"""  # noqa: S608
_AHEAD = f"""
select string_agg(uuid_send(member_id), ''::bytea order by member_id) as ids from ({_UNLOOKED}) d
"""  # noqa: S608
# One by one by their ids, whatever the planner thinks of ends.
_STILL_UNLOOKED = f"""
select given.member_id from unnest($4::uuid[]) as given (member_id)
 cross join lateral (select from standing s
                      where s.program_id = $1 and s.member_id = given.member_id and {_NOT_LOOKED}
                      limit 1) due
 where given.member_id <> all($5::uuid[])
"""  # noqa: S608
_STEPS_BACK = 8
"""So often an earlier instant is tried; after that the whole story is told."""
_STOOD = """
with recursive back (member_id, at, steps) as (
    select member_id, at, 0 from unnest($2::uuid[], $3::timestamptz[]) as w (member_id, at)
    union all
    select b.member_id, f.occurred_at - interval '1 microsecond', b.steps + 1
      from back b
      join lateral (select a.occurred_at from activity a
                     where a.program_id = $1 and a.member_id = b.member_id
                       and a.occurred_at <= b.at and a.recorded_at > b.at
                     order by a.occurred_at limit 1) f on true
     where b.steps < $4
), begins as (
    select distinct on (member_id) member_id, at, steps from back order by member_id, steps desc
)
select b.member_id, b.at, m.to_tier, m.until_at, s.occurred_at,
       b.steps < $4 and not exists (
           select from tier_move o
            where o.program_id = $1 and o.member_id = b.member_id
              and (o.reason not in ('reached', 'kept', 'lost', 'returned', 'restated')
                   or o.reason = 'restated' and o.to_tier is null))
  from begins b
  left join lateral (select to_tier, until_at from tier_move o
                      where o.program_id = $1 and o.member_id = b.member_id
                        and o.recorded_at <= b.at and o.occurred_at <= b.at
                      order by o.move_id desc limit 1) m on true
  left join lateral (select occurred_at from tier_move o
                      where o.program_id = $1 and o.member_id = b.member_id
                        and o.recorded_at <= b.at and o.occurred_at <= b.at and o.reason <> 'kept'
                      order by o.move_id desc limit 1) s on true
"""
_BY_CLOCK = """
select member_id from tier_clock
 where program_id = $1 and look_at <= $2 and member_id <> all($4::uuid[])
 order by look_at limit $3
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


async def with_credit(
    tx: Tx, where: tuple[int, int, int], least: int, after: UUID | None, most: int
) -> list[UUID]:
    """Members with at least so much in a counter between two periods, by id; `where` is the
    counter and these periods, both inclusive."""
    rows = await tx.fetch(_WITH_CREDIT, tx.program_id, *where, least, after, most)
    return [row["member_id"] for row in rows]


async def unlooked(tx: Tx, horizon: datetime, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """So many members whose tier ends between now and then, and whom nobody looked at because of
    it, in the order of their ids."""
    rows = await tx.fetch(_UNLOOKED, tx.program_id, tx.now, horizon, most, but, None)
    return {row["member_id"] for row in rows}


async def unlooked_behind(tx: Tx, horizon: datetime, after: UUID | None, most: int) -> bytes:
    """The ids of those `unlooked` finds behind one of them, one behind the other."""
    rows = await tx.fetch(_AHEAD, tx.program_id, tx.now, horizon, most, (), after)
    return rows[0]["ids"] or b""


async def still_unlooked(
    tx: Tx, horizon: datetime, members: Sequence[UUID], but: Sequence[UUID] = ()
) -> set[UUID]:
    """Which of these members are `unlooked`, some left out."""
    rows = await tx.fetch(_STILL_UNLOOKED, tx.program_id, tx.now, horizon, members, but)
    return {row["member_id"] for row in rows}


async def due_by_clock(tx: Tx, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """Members whose credit begins to count, or whose window ended, by now; some left out."""
    rows = await tx.fetch(_BY_CLOCK, tx.program_id, tx.now, most, but)
    return {row["member_id"] for row in rows}


async def due_for_review(tx: Tx, most: int, but: Sequence[UUID] = ()) -> set[UUID]:
    """Members whose tier's time is over, those that wait longest first, some left out."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, but)
    return {row["member_id"] for row in rows}


async def lock(tx: Tx, member_ids: Sequence[UUID]) -> set[UUID]:
    """Hold these members, and those they were merged into, until the transaction ends, in the
    order of their ids; who is held."""
    return set(await lock_at(tx, member_ids))


async def lock_at(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Hold these members as `lock` does; who is held, and at which version they stand."""
    return {member_id: row["version"] for member_id, row in (await hold(tx, member_ids)).items()}


async def hold(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Hold these members as `lock` does; the standing of each, and whether they are `tied`.

    Order: who waits for the lock reads a standing as it is after the wait (EvalPlanQual), so
    what stands in that one row is fresh although the statement is the one that locks.
    """
    if not member_ids:
        return {}
    return {row["member_id"]: row for row in await tx.fetch(_LOCK, tx.program_id, member_ids)}


async def plain(
    tx: Tx, member_ids: Sequence[UUID], *, last: bool = False
) -> Sequence[Mapping[str, Any]]:
    """What `rows` tells of members who are held and not tied, but for their standing."""
    if not member_ids:
        return []
    return await tx.fetch(_PLAIN_LAST if last else _PLAIN, tx.program_id, member_ids)


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


class Stood(NamedTuple):
    """How a member stood at an instant; `plain` says whether their ups and downs tell it."""

    member_id: UUID
    at: datetime
    tier: str | None
    until: datetime | None
    since: datetime | None
    plain: bool


async def stood(tx: Tx, at: Mapping[UUID, datetime]) -> list[Stood]:
    """How these members stood at an instant or, where something of before was only told after it,
    at an earlier one of which that is not so."""
    members = sorted(at)
    rows = await tx.fetch(_STOOD, tx.program_id, members, [at[one] for one in members], _STEPS_BACK)
    return [Stood(*row.values()) for row in rows]


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


# Each thing by the version that decided it, and when those were last active who stay merged into
# this member. It is asked only while a merge is undone.
_ACTIVE = """
with rules as (
    select * from unnest($3::int[], $4::int[], $5::bool[], $6::bool[], $7::bool[], $8::bool[])
               as r (version, wallet, earning, redeeming, purchase, activity)
), acts as (
    select p.wallet, e.occurred_at
      from entry e
      join posting p on p.program_id = $1 and p.member_id = $2 and p.entry_id = e.entry_id
                    and p.account = 11
      join trail t on t.program_id = $1 and t.member_id = $2 and t.activity_id = e.cause_id
      join rules r on r.version = t.version and r.wallet = p.wallet and r.earning
     where e.program_id = $1 and e.member_id = $2
       and (e.kind = 'earn' or (e.kind = 'restate' and p.amount < 0))
    union all
    select p.wallet, e.occurred_at
      from entry e
      join posting p on p.program_id = $1 and p.member_id = $2 and p.entry_id = e.entry_id
                    and p.account = 3
      join redemption o on o.program_id = $1 and o.member_id = $2 and o.redemption_id = e.cause_id
      join rules r on r.version = o.version and r.wallet = p.wallet and r.redeeming
     where e.program_id = $1 and e.member_id = $2 and e.kind = 'hold'
    union all
    select r.wallet, a.occurred_at
      from activity a
      join trail t on t.program_id = $1 and t.member_id = $2 and t.activity_id = a.activity_id
                  and t.sale_id is null
      join rules r on r.version = t.version
                  and (r.activity or (r.purchase and a.kind = 'purchase'))
     where a.program_id = $1 and a.member_id = $2 and a.kind <> 'return'
    union all
    select b.wallet, b.last_qualifying_at
      from member_merge m
      join balance b on b.program_id = $1 and b.member_id = m.from_id
     where m.program_id = $1 and m.into_id = $2 and m.from_id <> $9 and m.unmerged_at is null
       and b.last_qualifying_at is not null
)
select wallet, max(occurred_at) as active_at from acts group by wallet
"""


async def active_without(
    tx: Tx, member_id: UUID, gone: UUID, counts: Sequence[Counts]
) -> dict[int, datetime]:
    """When a member was last active, per wallet, but for what one merged into them brought."""
    columns = map(list, zip(*counts, strict=True))
    rows = await tx.fetch(_ACTIVE, tx.program_id, member_id, *columns, gone)
    return {row["wallet"]: row["active_at"] for row in rows}
