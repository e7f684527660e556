"""Look up gatherings and their seats; who was merged is read as whom they stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.tx import Tx
from regulars.records.community.gatherings.types import AROUND, KEPT_AFTER, Gathering, Seat, Seated

_LOCK = waiting_for_one(Alone.SEATS)
_COLUMNS = """
select gathering_id, code, name, says::text as says, club_id, store, at_place, begins_at, ends_at,
       capacity, opens_at, early_at, early_tiers, recap::text as recap, state, version, made_at,
       made_by, changed_at, changed_by, sort, reward, back_until,
       moved_at, lesson
  from gathering where program_id = $1::int
"""
_ALL = f"""{_COLUMNS} and ($2::timestamptz is null or ends_at >= $2::timestamptz)
   and ($3::timestamptz is null or (begins_at, gathering_id) > ($3::timestamptz, $4::uuid))
 order by begins_at, gathering_id limit $5::int
"""
_ABOUT_NOW = f"""{_COLUMNS} and state = 'open' and store in ('', $2::text)
   and begins_at <= $3::timestamptz and ends_at >= $4::timestamptz
 order by begins_at, gathering_id limit $5::int
"""
# Nobody hears of what was called off, or is of a club they are not in, but who has a seat there.
_FOR = f"""{_COLUMNS} and ends_at >= $2::timestamptz
   and (gathering_id = any($4::uuid[])
        or state = 'open' and (club_id is null or club_id = any($3::uuid[])))
   and ($5::uuid is null or club_id = $5::uuid)
 order by begins_at, gathering_id limit $6::int
"""
_PAST = f"""{_COLUMNS} and ends_at < $2::timestamptz
 order by begins_at desc, gathering_id limit $3::int
"""
_TEACHING = f"""{_COLUMNS} and lesson = $2::text and state = 'open'
 order by begins_at desc, gathering_id limit $3::int
"""
_BY_CODE = f"{_COLUMNS} and code = any($2::text[])"
_BY_ID = f"{_COLUMNS} and gathering_id = any($2::uuid[])"
_HOW_MANY = "select count(*)::int as many from gathering where program_id = $1::int"
_ANY = """
select exists (select from club where program_id = $1::int)
    or exists (select from gathering where program_id = $1::int)
    or exists (select from lesson where program_id = $1::int) as any_planned
"""
_SEAT = """
select s.gathering_id, coalesce(l.into_id, s.member_id) as member_id, s.seat_id, s.line, s.state,
       s.asked_at, s.held_at, s.moved_up, s.ended_at, s.came_at, s.came_by, s.member_id as of_id,
       s.redemption_id, s.settled_at,
       case when s.state = 'waiting' then
            (select count(*)::int from seat b
              where b.program_id = s.program_id and b.gathering_id = s.gathering_id
                and b.state = 'waiting' and b.line < s.line) else 0 end as ahead
  from seat s
  left join member_alias l on l.program_id = s.program_id and l.member_id = s.member_id
 where s.program_id = $1::int
"""
# All ids in one list, so that they are looked up by it.
_OF = f"""{_SEAT} and s.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])))
 order by s.asked_at desc, s.seat_id
"""  # noqa: S608 - ours
_AT = f"""{_SEAT} and s.gathering_id = $2::uuid
   and ($3::text = '' or s.state = $3::text) and s.line > $4::bigint
 order by s.line limit $5::int
"""
_SEATED = """
select gathering_id, count(*) filter (where state = 'held')::int as held,
       count(*) filter (where state = 'waiting')::int as waiting,
       count(came_at)::int as came
  from seat where program_id = $1::int and gathering_id = any($2::uuid[]) group by gathering_id
"""
_LAST = """
select coalesce(max(line), 0)::bigint as line from seat
 where program_id = $1::int and gathering_id = $2::uuid
"""
_TO_TELL = f"""{_SEAT} and s.moved_up and s.told_at is null and s.state = 'held'
 order by s.held_at, s.seat_id limit $2::int
"""
# Whoever has a seat, or waits for one, at what was called off before it began.
_TO_TELL_OFF = f"""{_SEAT} and s.state <> 'given_up' and not s.off_told and s.gathering_id = any(
       array(select gathering_id from gathering
              where program_id = $1::int and state = 'cancelled' and begins_at > $2::timestamptz))
 order by s.gathering_id, s.seat_id limit $3::int
"""  # noqa: S608 - ours
# Whoever asked before it was moved, to a time that is still to come.
_TO_TELL_MOVED = f"""{_SEAT} and s.state <> 'given_up' and s.came_at is null
   and exists (select from gathering g
                where g.program_id = $1::int and g.gathering_id = s.gathering_id
                  and g.state = 'open' and g.begins_at > $2::timestamptz
                  and g.moved_at > s.asked_at
                  and (s.moved_told is null or s.moved_told < g.moved_at))
   and s.gathering_id = any(
       array(select gathering_id from gathering
              where program_id = $1::int and moved_at is not null
                and begins_at > $2::timestamptz))
 order by s.gathering_id, s.seat_id limit $3::int
"""  # noqa: S608 - ours
# Something is reserved for whoever gave it up, for what was called off, or for what has begun.
_TO_SETTLE = f"""{_SEAT} and s.redemption_id is not null and s.settled_at is null
   and (s.state = 'given_up' or s.gathering_id = any(
        array(select gathering_id from gathering
               where program_id = $1::int and (state = 'cancelled' or begins_at <= $2::timestamptz)
                 and gathering_id in (select u.gathering_id from seat u
                                       where u.program_id = $1::int
                                         and u.redemption_id is not null
                                         and u.settled_at is null))))
 order by s.gathering_id, s.seat_id limit $3::int
"""  # noqa: S608 - ours
# Its gathering was moved to a later day, so it is reserved for longer.
_TOO_SHORT = """
select r.redemption_id, r.member_id, g.ends_at
  from seat s
  join gathering g using (program_id, gathering_id)
  join redemption r on r.program_id = s.program_id and r.redemption_id = s.redemption_id
 where s.program_id = $1::int and s.redemption_id is not null and s.settled_at is null
   and r.state = 'held' and r.lapses_at < g.ends_at + $2::interval
 order by r.member_id, r.redemption_id limit $3::int
"""
_ANY_RESERVED = """
select exists (select from seat where program_id = $1::int and gathering_id = $2::uuid
                  and redemption_id is not null and settled_at is null) as is_any
"""
# What seats take is settled once it has begun, where it was not called off.
_ANY_SETTLED = """
select exists (select from seat where program_id = $1::int and gathering_id = $2::uuid
                  and settled_at is not null and state <> 'given_up') as is_any
"""
_texts = msgspec.json.Decoder(dict[str, str]).decode
Place = tuple[datetime, UUID]


async def hold_seats(tx: Tx, gathering_ids: Sequence[UUID]) -> None:
    """Nobody else decides about seats of these for as long.

    Order: after the standings of the members, by id, and before the shelves of rewards.
    """
    for one in sorted(set(gathering_ids)):
        await tx.fetch(_LOCK, tx.program_id, str(one))


async def hold_seats_of(tx: Tx, member_ids: Sequence[UUID]) -> None:
    """The same of wherever these have a seat or wait for one, by whoever is about to end that.

    Order: the members are locked, so no seat of theirs is added meanwhile. It comes before shelves,
    as who takes a seat holds its gathering and then the shelves of what lapsed of theirs.
    """
    found = await seats_of(tx, member_ids) if member_ids else {}
    await hold_seats(tx, [one.gathering_id for some in found.values() for one in some if one.taken])


async def gatherings(
    tx: Tx, since: datetime | None, after: Place | None, limit: int
) -> list[Gathering]:
    """Gatherings that end from then on, the next one first."""
    begins, id_ = after or (None, None)
    rows = await tx.fetch(_ALL, tx.program_id, since, begins, id_, limit)
    return [_gathering(row) for row in rows]


async def about_now(tx: Tx, store: str, limit: int) -> list[Gathering]:
    """Gatherings of this store, or of none, to which somebody may be said to have come now, the
    first first; nothing that was called off."""
    until, since = tx.now + AROUND, tx.now - AROUND
    rows = await tx.fetch(_ABOUT_NOW, tx.program_id, store, until, since, limit)
    return [_gathering(row) for row in rows]


async def for_member(
    tx: Tx, whose: tuple[Sequence[UUID], Sequence[UUID]], club_id: UUID | None, limit: int
) -> list[Gathering]:
    """What is to come that somebody may know of, the next one first: by the clubs they are in, and
    the gatherings they have a seat at; of one club where it is named."""
    inside, seats = whose
    rows = await tx.fetch(_FOR, tx.program_id, tx.now, list(inside), list(seats), club_id, limit)
    return [_gathering(row) for row in rows]


async def past(tx: Tx, limit: int) -> list[Gathering]:
    """Gatherings that are over, the latest first."""
    return [_gathering(row) for row in await tx.fetch(_PAST, tx.program_id, tx.now, limit)]


async def teaching(tx: Tx, lesson: str, limit: int) -> list[Gathering]:
    """Gatherings at which this lesson is taught and that were not called off, the latest first."""
    rows = await tx.fetch(_TEACHING, tx.program_id, lesson, limit)
    return [_gathering(row) for row in rows]


async def gathering(tx: Tx, code: str) -> Gathering | None:
    """The gathering of this code."""
    return (await by_code(tx, [code])).get(code)


async def by_code(tx: Tx, codes: Sequence[str]) -> dict[str, Gathering]:
    """The gatherings of these codes."""
    rows = await tx.fetch(_BY_CODE, tx.program_id, codes)
    return {row["code"]: _gathering(row) for row in rows}


async def by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Gathering]:
    """These gatherings."""
    rows = await tx.fetch(_BY_ID, tx.program_id, ids) if ids else []
    return {row["gathering_id"]: _gathering(row) for row in rows}


async def any_planned(tx: Tx) -> bool:
    """Whether there is a club, a gathering or a lesson at all."""
    return bool((await tx.fetch(_ANY, tx.program_id))[0]["any_planned"])


async def how_many(tx: Tx) -> int:
    """How many gatherings there ever were."""
    return int((await tx.fetch(_HOW_MANY, tx.program_id))[0]["many"])


async def seats_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Seat]]:
    """What each of these has or had, the latest first."""
    found: dict[UUID, list[Seat]] = {}
    for row in await tx.fetch(_OF, tx.program_id, member_ids):
        found.setdefault(row["member_id"], []).append(Seat(**row))
    return found


async def seats_at(tx: Tx, id_: UUID, state: str, after: int, limit: int) -> list[Seat]:
    """Who has a seat, or waits, in the order they asked; of one state where it is named."""
    rows = await tx.fetch(_AT, tx.program_id, id_, state, after, limit)
    return [Seat(**row) for row in rows]


async def seated(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Seated]:
    """How many come to each of these."""
    found = {
        row["gathering_id"]: Seated(row["held"], row["waiting"], row["came"])
        for row in await tx.fetch(_SEATED, tx.program_id, ids)
    }
    return {id_: found.get(id_, Seated()) for id_ in ids}


async def last_in_line(tx: Tx, id_: UUID) -> int:
    """The number of whoever asked last."""
    return int((await tx.fetch(_LAST, tx.program_id, id_))[0]["line"])


async def to_tell(tx: Tx, limit: int) -> list[Seat]:
    """Who moved up and was not told of it."""
    return [Seat(**row) for row in await tx.fetch(_TO_TELL, tx.program_id, limit)]


async def to_tell_off(tx: Tx, limit: int) -> list[Seat]:
    """Who has a seat, or waits, at what was called off, and was not told of it."""
    return [Seat(**row) for row in await tx.fetch(_TO_TELL_OFF, tx.program_id, tx.now, limit)]


async def to_tell_moved(tx: Tx, limit: int) -> list[Seat]:
    """Who has a seat, or waits, at what is at another time or place since, and was not told."""
    return [Seat(**row) for row in await tx.fetch(_TO_TELL_MOVED, tx.program_id, tx.now, limit)]


async def to_settle(tx: Tx, limit: int) -> list[Seat]:
    """Seats for which something is reserved that is to be taken or given back by now."""
    return [Seat(**row) for row in await tx.fetch(_TO_SETTLE, tx.program_id, tx.now, limit)]


async def any_reserved(tx: Tx, id_: UUID) -> bool:
    """Whether something is reserved for anybody's seat here."""
    return bool((await tx.fetch(_ANY_RESERVED, tx.program_id, id_))[0]["is_any"])


async def any_settled(tx: Tx, id_: UUID) -> bool:
    """Whether what anybody's seat here takes was taken or given back, and they have it still."""
    return bool((await tx.fetch(_ANY_SETTLED, tx.program_id, id_))[0]["is_any"])


async def too_short(tx: Tx, limit: int) -> list[tuple[UUID, UUID, datetime]]:
    """What lapses before its gathering is long over: which redemption, whose, and when it ends."""
    rows = await tx.fetch(_TOO_SHORT, tx.program_id, KEPT_AFTER, limit)
    return [(row["redemption_id"], row["member_id"], row["ends_at"]) for row in rows]


def _gathering(row: Mapping[str, Any]) -> Gathering:
    told = dict(row)
    return Gathering(**{
        **told, "says": _texts(told["says"]), "recap": _texts(told["recap"]),
        "early_tiers": tuple(told["early_tiers"]),
    })  # fmt: skip
