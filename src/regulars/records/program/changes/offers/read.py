"""Look up offers, who has which, and who waits to be looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.changes.offers.types import PREFIX, Count, Gives, Held, Offer

_COLUMNS = """
select offer_id, code, name, gives::text as gives, says::text as says, segment_id, activating, days,
       ends_on, budget, most, held_percent, state, version, made_at, made_by, changed_at,
       changed_by, opened_at, opened_by, closed_at, closed_by, holds_out, given, given_after,
       given_at
  from offer where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by made_at desc, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_SOME = f"{_COLUMNS} and offer_id = any($2::uuid[])"
_OPEN = f"{_COLUMNS} and state = 'open' order by opened_at, code"
_OF_SEGMENT = """
select code from offer where program_id = $1::int and segment_id = $2::uuid and state <> 'closed'
 order by code
"""
_PRICES = """
select gives ->> 'reward' as reward, code from offer
 where program_id = $1::int and state <> 'draft' and gives ->> 'give' = 'reward'
   and gives ->> 'reward' = any($2::text[])
 order by opened_at, code
"""
_COUNTS = """
select state, why, count(*) as members from offer_member
 where program_id = $1::int and offer_id = $2::uuid group by 1, 2 order by 1, 2
"""
_OF = """
select offer_id, member_id, state, how, offered_at, until_on, held_at from offer_member
 where program_id = $1::int and member_id = $2::uuid and state in ('offered', 'held')
 order by until_on, offer_id
"""
_HELD = """
select offer_id, member_id, state, how, offered_at, until_on, held_at from offer_member
 where program_id = $1::int and offer_id = $2::uuid and member_id = any($3::uuid[])
"""
# Until when whoever has it may use it, of those that nobody new is given. Asked of what is in the
# file only: of a closed one the rows of all its members are read.
_LAST = """
select o.code, greatest(max(m.until_on), o.closed_at::date + 1) as last_on
  from offer o left join offer_member m using (program_id, offer_id)
 where o.program_id = $1::int and o.state = 'closed' and o.code = any($2::text[])
 group by o.code, o.closed_at
"""
_USED = """
select p.name, c.value from counter c
  join program_code p on p.program_id = c.program_id and p.kind = 'counter' and p.code = c.counter
 where c.program_id = $1::int and c.member_id = $2::uuid and c.period = 0
   and p.name = any($3::text[])
"""
_INSIDE = """
select count(*) as many from segment_member where program_id = $1::int and segment_id = $2::uuid
"""
# What they have, had or are held out of is not given once more.
_FITTING = """
select w.member_id, o.offer_id
  from unnest($2::uuid[]) as w (member_id)
  join offer o on o.program_id = $1::int and o.state = 'open' and o.given < o.most
   and (o.ends_on is null or o.ends_on > $3::date)
   and (o.segment_id is null
        or exists (select from segment_member s
                    where s.program_id = $1::int and s.segment_id = o.segment_id
                      and s.member_id = w.member_id))
   and not exists (select from offer_member h
                    where h.program_id = $1::int and h.offer_id = o.offer_id
                      and h.member_id = w.member_id)
 order by w.member_id, o.segment_id is null, o.opened_at, o.code
"""
_SPENT = """
select p.name, b.used from budget b
  join program_code p on p.program_id = b.program_id and p.kind = 'counter' and p.code = b.budget
 where b.program_id = $1::int and p.name = any($2::text[])
"""
_gives = msgspec.json.Decoder(Gives).decode
_says = msgspec.json.Decoder(dict[str, str]).decode


async def offers(tx: Tx) -> list[Offer]:
    """Every offer, the latest first."""
    return [_offer(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def offer(tx: Tx, code: str) -> Offer | None:
    """The offer of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return _offer(rows[0]) if rows else None


async def some(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Offer]:
    """These offers by their ids."""
    rows = await tx.fetch(_SOME, tx.program_id, list(ids)) if ids else ()
    return {one.offer_id: one for one in map(_offer, rows)}


async def opened(tx: Tx) -> list[Offer]:
    """Offers that members are given, the oldest first."""
    return [_offer(row) for row in await tx.fetch(_OPEN, tx.program_id)]


async def of_segment(tx: Tx, segment_id: UUID) -> list[str]:
    """The codes of offers for who is in this segment, that are not closed."""
    return [row["code"] for row in await tx.fetch(_OF_SEGMENT, tx.program_id, segment_id)]


async def prices_of(tx: Tx, rewards: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of each of these rewards by which others it is offered at another price, the oldest offer
    first; what is not offered is left out. Whose they are, and until when, these rewards say."""
    found: dict[str, tuple[str, ...]] = {}
    for row in await tx.fetch(_PRICES, tx.program_id, sorted(rewards)) if rewards else ():
        found[row["reward"]] = (*found.get(row["reward"], ()), PREFIX + row["code"])
    return found


async def counts(tx: Tx, offer_id: UUID) -> list[Count]:
    """How many members stand how with it."""
    return [Count(**row) for row in await tx.fetch(_COUNTS, tx.program_id, offer_id)]


async def of_member(tx: Tx, member_id: UUID) -> list[Held]:
    """What a member was offered, what ends soonest first; never what they are held out of."""
    return [Held(**row) for row in await tx.fetch(_OF, tx.program_id, member_id)]


async def held(tx: Tx, offer_id: UUID, members: Sequence[UUID]) -> dict[UUID, Held]:
    """How these members stand with an offer, who has to do with it."""
    rows = await tx.fetch(_HELD, tx.program_id, offer_id, list(members))
    return {row["member_id"]: Held(**row) for row in rows}


async def last_days(tx: Tx, codes: Sequence[str]) -> Mapping[str, date]:
    """From which day on nobody has a closed offer any more, by its code, of these."""
    rows = await tx.fetch(_LAST, tx.program_id, list(codes)) if codes else ()
    return {row["code"]: row["last_on"] for row in rows}


async def used(tx: Tx, member_id: UUID, counters: Sequence[str]) -> dict[str, int]:
    """How far a member counted on these counters, by their names."""
    rows = await tx.fetch(_USED, tx.program_id, member_id, list(counters)) if counters else ()
    return {row["name"]: row["value"] for row in rows}


async def spent(tx: Tx, counters: Sequence[str]) -> dict[str, int]:
    """How much all members together used of these budgets, by their names."""
    rows = await tx.fetch(_SPENT, tx.program_id, list(counters)) if counters else ()
    return {row["name"]: row["used"] for row in rows}


async def fitting(tx: Tx, members: Sequence[UUID], today: date) -> dict[UUID, list[UUID]]:
    """Which open offers each of these members could be given and has nothing to do with yet: those
    of a segment they are in first, then those that are given by hand alone."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.fetch(_FITTING, tx.program_id, list(members), today) if members else ():
        found.setdefault(row["member_id"], []).append(row["offer_id"])
    return found


async def inside(tx: Tx, segment_id: UUID) -> int:
    """How many members are in this segment."""
    return int((await tx.fetch(_INSIDE, tx.program_id, segment_id))[0]["many"])


def _offer(row: Mapping[str, Any]) -> Offer:
    told = {**row, "gives": _gives(row["gives"]), "says": _says(row["says"])}
    return Offer(**told)
