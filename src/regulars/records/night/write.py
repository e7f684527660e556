"""Keep how far a night's work is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.night.types import Walk

_COUNT = """
insert into midnight_step (program_id, night_on, step, members, done_at)
values ($1::int, $2::date, $3::text, $4::bigint, $5::timestamptz)
    on conflict (program_id, night_on, step) do update
   set members = midnight_step.members + excluded.members, done_at = excluded.done_at
"""
_PARK = """
insert into parked_member (program_id, step, member_id, reason, parked_at, again_at)
values ($1::int, $2::text, $3::uuid, $4::text, $5::timestamptz, $6::timestamptz)
    on conflict (program_id, step, member_id) do update
   set reason = excluded.reason, parked_at = excluded.parked_at, again_at = excluded.again_at,
       times = parked_member.times + 1, settled_at = null
"""
_SETTLE = """
update parked_member set settled_at = $2::timestamptz
 where program_id = $1::int and step = $3::text and member_id = any($4::uuid[])
   and settled_at is null
"""
# Nobody is looked at later than before. Who is active gets no row written: what is there already
# says an earlier instant, and the night moves it on. In one order, as the walk comes by as well.
_WATCH = """
insert into idle_clock (program_id, member_id, wallet, look_at)
select $1::int, w.member_id, w.wallet, w.look_at
  from unnest($2::idle_clock_row[]) as w
 where not exists (select from idle_clock c
                    where c.program_id = $1::int and c.member_id = w.member_id
                      and c.wallet = w.wallet and c.look_at <= w.look_at)
 order by w.member_id, w.wallet
    on conflict (program_id, member_id, wallet) do update
   set look_at = least(idle_clock.look_at, excluded.look_at)
"""
_MOVE = """
update idle_clock set look_at = w.look_at
  from unnest($2::idle_clock_row[]) as w
 where idle_clock.program_id = $1::int and idle_clock.member_id = w.member_id
   and idle_clock.wallet = w.wallet
"""
_STOP = """
delete from idle_clock using unnest($2::uuid[], $3::int[]) as w (member_id, wallet)
 where idle_clock.program_id = $1::int and idle_clock.member_id = w.member_id
   and idle_clock.wallet = w.wallet
"""
# Everybody who had points before the promise began, some at a time, in the order of their ids.
_WALK = """
with here as (
    select member_id, available + pending + held as points from balance
     where program_id = $1::int and wallet = $2::int
       and member_id > coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
     order by member_id limit $5
), made as (
    insert into idle_clock (program_id, member_id, wallet, look_at)
    select $1::int, member_id, $2::int, $4::timestamptz from here where points > 0
     order by member_id
        on conflict (program_id, member_id, wallet) do update
       set look_at = least(idle_clock.look_at, excluded.look_at))
select member_id from here order by member_id desc limit 1
"""
_WALKED = """
insert into idle_walk (program_id, wallet, since, days, last_id, done_at)
values ($1::int, $2::int, $3::timestamptz, $4::int, $5::uuid, $6::timestamptz)
    on conflict (program_id, wallet) do update
   set since = excluded.since, days = excluded.days, last_id = excluded.last_id,
       done_at = excluded.done_at
"""
Clock = tuple[UUID, int, datetime]
"""Whose wallet is to be looked at, and when."""
AGAIN_AFTER: Final = timedelta(hours=20)
"""Before the next night, so that each night tries once more."""


def park(tx: Tx, step: str, member_id: UUID, reason: str) -> list[Write]:
    """Leave this member out of a step for a day, with the reason."""
    args = (tx.program_id, step, member_id, reason, tx.now, tx.now + AGAIN_AFTER)
    return [Write(_PARK, args)]


def settle(tx: Tx, step: str, members: Collection[UUID]) -> list[Write]:
    """The step did its work for these members, also for whoever was left out before."""
    if not members:
        return []
    return [Write(_SETTLE, (tx.program_id, tx.now, step, sorted(members)))]


def count(tx: Tx, night_on: date, step: str, members: int) -> list[Write]:
    """So many more were looked at in this step; none means the step is done."""
    done_at = tx.now if members == 0 else None
    return [Write(_COUNT, (tx.program_id, night_on, step, members, done_at))]


def watch(tx: Tx, clocks: Sequence[Clock]) -> list[Write]:
    """Look at these wallets at the latest at these instants."""
    return [Write(_WATCH, (tx.program_id, list(clocks)))] if clocks else []


def move(tx: Tx, clocks: Sequence[Clock], over: Sequence[tuple[UUID, int]]) -> list[Write]:
    """Look at these wallets at these instants instead, and at those no more.

    Order: in a round of its own, after what was decided; no two of these are about one wallet.
    """
    moved = {(member_id, wallet) for member_id, wallet, _ in clocks}
    writes = [Write(_MOVE, (tx.program_id, list(clocks)), rows=moved)] if clocks else []
    if over:
        columns = map(list, zip(*over, strict=True))
        writes.append(Write(_STOP, (tx.program_id, *columns), rows=over))
    return writes


async def walk_on(tx: Tx, wallet: int, at: datetime, place: tuple[UUID | None, int]) -> UUID | None:
    """Look at some more members' wallets at that instant: those after one id, so many of them.

    The last of them, or nothing when there is nobody left.
    """
    after, most = place
    rows = await tx.fetch(_WALK, tx.program_id, wallet, after, at, most)
    return rows[0]["member_id"] if rows else None


def walked(tx: Tx, wallet: int, walk: Walk) -> list[Write]:
    """Keep how far the walk through a wallet is."""
    return [Write(_WALKED, (tx.program_id, wallet, *walk))]
