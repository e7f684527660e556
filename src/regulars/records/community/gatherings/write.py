"""Keep gatherings, and who has a seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.community.gatherings.types import Gathering, Seat

_KEEP = """
insert into gathering (program_id, gathering_id, code, name, says, club_id, store, at_place,
                       begins_at, ends_at, capacity, opens_at, early_at, early_tiers, recap, state,
                       version, made_at, made_by, changed_at, changed_by, sort, reward,
                       back_until, moved_at, lesson)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text::jsonb, $6::uuid, $7::text, $8::text,
        $9::timestamptz, $10::timestamptz, $11::int, $12::timestamptz, $13::timestamptz,
        $14::text[], $15::text::jsonb, $16::text, $17::int, $18::timestamptz, $19::text,
        $20::timestamptz, $21::text, $22::text, $23::text, $24::timestamptz, $25::timestamptz,
        $26::text)
    on conflict (program_id, gathering_id) do update
   set name = excluded.name, says = excluded.says, club_id = excluded.club_id,
       store = excluded.store, at_place = excluded.at_place, begins_at = excluded.begins_at,
       ends_at = excluded.ends_at, capacity = excluded.capacity, opens_at = excluded.opens_at,
       early_at = excluded.early_at, early_tiers = excluded.early_tiers, recap = excluded.recap,
       state = excluded.state, version = excluded.version, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by, sort = excluded.sort, reward = excluded.reward,
       back_until = excluded.back_until, moved_at = excluded.moved_at,
       lesson = excluded.lesson
"""
_ASK = """
insert into seat (program_id, gathering_id, member_id, seat_id, line, state, asked_at, held_at,
                  redemption_id)
select $1::int, s.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[],
                                $7::timestamptz[], $8::timestamptz[], $9::uuid[]) as s
    on conflict (program_id, gathering_id, member_id) do update
   set seat_id = excluded.seat_id, line = excluded.line, state = excluded.state,
       asked_at = excluded.asked_at, held_at = excluded.held_at, moved_up = false, told_at = null,
       ended_at = null, redemption_id = excluded.redemption_id, settled_at = null
"""
_GIVE_UP = """
update seat set state = 'given_up', ended_at = $3::timestamptz
 where program_id = $1::int and seat_id = any($2::uuid[]) and came_at is null
"""
_CAME = """
update seat set came_at = $3::timestamptz, came_by = $4::text
 where program_id = $1::int and seat_id = any($2::uuid[]) and state = 'held' and came_at is null
"""
_LINES = """
select distinct s.gathering_id
  from seat s join gathering g using (program_id, gathering_id)
 where s.program_id = $1::int and s.member_id = any($2::uuid[]) and s.state = 'waiting'
   and g.state = 'open' and g.begins_at > $3::timestamptz
 order by s.gathering_id
"""
_FILL = "select f as member_id from fill_seats($1::int, $2::uuid, $3::timestamptz) as f"
_JOIN = "select joins_seats($1::int, $2::uuid, $3::timestamptz)"
_TOLD = """
update seat set told_at = $3::timestamptz
 where program_id = $1::int and seat_id = any($2::uuid[]) and told_at is null
"""
_SETTLE = """
update seat set settled_at = $3::timestamptz
 where program_id = $1::int and seat_id = any($2::uuid[]) and redemption_id is not null
   and settled_at is null
"""
_ANEW = """
update seat s set redemption_id = n.new
  from unnest($2::uuid[], $3::uuid[]) as n (old, new)
 where s.program_id = $1::int and s.redemption_id = n.old and s.settled_at is null
"""
_TOLD_MOVED = """
update seat set moved_told = $3::timestamptz
 where program_id = $1::int and seat_id = any($2::uuid[])
"""
_TOLD_OFF = """
update seat set off_told = true
 where program_id = $1::int and seat_id = any($2::uuid[]) and not off_told
"""


def keep(tx: Tx, one: Gathering) -> list[Write]:
    """This gathering as it is now."""
    says, recap = (msgspec.json.encode(each).decode() for each in (one.says, one.recap))
    return [Write(_KEEP, (
        tx.program_id, one.gathering_id, one.code, one.name, says, one.club_id, one.store,
        one.at_place, one.begins_at, one.ends_at, one.capacity, one.opens_at, one.early_at,
        list(one.early_tiers), recap, one.state, one.version, one.made_at, one.made_by,
        one.changed_at, one.changed_by, one.sort, one.reward, one.back_until,
        one.moved_at, one.lesson,
    ))]  # fmt: skip


def ask(tx: Tx, seats: Sequence[Seat]) -> list[Write]:
    """These have a seat or wait for one from now on; whoever gave one up is behind again."""
    if not seats:
        return []
    columns = [
        [one.gathering_id for one in seats], [one.member_id for one in seats],
        [one.seat_id for one in seats], [one.line for one in seats], [one.state for one in seats],
        [one.asked_at for one in seats], [one.held_at for one in seats],
        [one.redemption_id for one in seats],
    ]  # fmt: skip
    return [Write(_ASK, (tx.program_id, *columns))]


def give_up(tx: Tx, seat_ids: Sequence[UUID]) -> list[Write]:
    """These are given up now."""
    return [Write(_GIVE_UP, (tx.program_id, list(seat_ids), tx.now))] if seat_ids else []


def came(tx: Tx, seat_ids: Sequence[UUID], by: str) -> list[Write]:
    """Who has these seats is here."""
    return [Write(_CAME, (tx.program_id, list(seat_ids), tx.now, by))] if seat_ids else []


async def fill(tx: Tx, gathering_id: UUID) -> list[UUID]:
    """Whoever waits longest moves up, as many as there are seats free; who did."""
    rows = await tx.fetch(_FILL, tx.program_id, gathering_id, tx.now)
    return [row["member_id"] for row in rows]


async def fill_lines(tx: Tx, members: Sequence[UUID]) -> None:
    """What is free where these wait goes to whoever waits longest: who was passed over may be one
    of them again."""
    rows = await tx.fetch(_LINES, tx.program_id, sorted(members), tx.now) if members else []
    for row in rows:
        await fill(tx, row["gathering_id"])


async def join_seats(tx: Tx, stays: UUID) -> None:
    """Whoever is one person has one seat at each gathering to come; the other is given on."""
    await tx.fetch(_JOIN, tx.program_id, stays, tx.now)


def told(tx: Tx, seat_ids: Sequence[UUID]) -> list[Write]:
    """That these moved up was told."""
    return [Write(_TOLD, (tx.program_id, list(seat_ids), tx.now))] if seat_ids else []


def settle(tx: Tx, seat_ids: Sequence[UUID]) -> list[Write]:
    """What was reserved for these is taken or given back now."""
    return [Write(_SETTLE, (tx.program_id, sorted(seat_ids), tx.now))] if seat_ids else []


def reserved_anew(tx: Tx, new: Mapping[UUID, UUID]) -> list[Write]:
    """What was reserved for these seats is reserved under another id, by the one of before."""
    return [Write(_ANEW, (tx.program_id, list(new), list(new.values())))] if new else []


def told_moved(tx: Tx, seat_ids: Sequence[UUID]) -> list[Write]:
    """That it is at another time or place was told to who has these seats."""
    return [Write(_TOLD_MOVED, (tx.program_id, list(seat_ids), tx.now))] if seat_ids else []


def told_off(tx: Tx, seat_ids: Sequence[UUID]) -> list[Write]:
    """That it was called off was told to who has these seats."""
    return [Write(_TOLD_OFF, (tx.program_id, list(seat_ids)))] if seat_ids else []
