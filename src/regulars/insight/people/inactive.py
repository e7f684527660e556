"""Members of whom nothing was heard for long, and to whom nothing is owed.

Whoever bought, redeemed, used a benefit, looked at their card, carries it on their phone, agreed to
terms, chose, brought a friend or said a word about messages since is here; so is whoever was merged
into them. Left alone in any case is who has something going on: a membership, a household, an
appointment, a debt, a sale that a till told and nobody booked yet, an open bill, points a colleague
asked for, or work in the shop; and, unless the shop says otherwise, who still has points, a code to
use or a benefit that was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

_NOBODY: Final = "'00000000-0000-0000-0000-000000000000'"
_SINCE: Final = """
       exists (select from activity a
                where a.program_id = $1::int and a.member_id = {who} and a.member_id <> {nobody}
                  and a.occurred_at >= $2::timestamptz)
    or exists (select from redemption r
                where r.program_id = $1::int and r.member_id = {who}
                  and (r.opened_at >= $2::timestamptz or r.state = 'held'))
    or exists (select from benefit_use u
                where u.program_id = $1::int and u.member_id = {who} and u.state = 'used'
                  and coalesce(u.from_at, u.used_at) >= $2::timestamptz)
    or exists (select from member_session s
                where s.program_id = $1::int and s.member_id = {who}
                  and s.seen_at >= $2::timestamptz)
    or exists (select from consent c
                where c.program_id = $1::int and c.member_id = {who}
                  and c.changed_at >= $2::timestamptz)
    or exists (select from message_choice w
                where w.program_id = $1::int and w.member_id = {who}
                  and w.changed_at >= $2::timestamptz)
    or exists (select from terms_word t
                where t.program_id = $1::int and t.member_id = {who} and t.word <> 'told'
                  and t.said_at >= $2::timestamptz)
    or exists (select from choice o
                where o.program_id = $1::int and o.member_id = {who}
                  and o.chosen_at >= $2::timestamptz)
    or exists (select from pass_device d
                where d.program_id = $1::int and d.member_id = {who}
                  and d.registered_at >= $2::timestamptz)
    or exists (select from partner_claim l
                where l.program_id = $1::int and l.member_id = {who}
                  and l.filed_at >= $2::timestamptz)
    or exists (select from bill b
                where b.program_id = $1::int and b.member_id = {who} and b.state = 'open')
    or exists (select from referral f
                where f.program_id = $1::int and f.referrer_id = {who}
                  and (f.named_at >= $2::timestamptz or f.state in ('named', 'qualified')))"""
# Asked for once and not for each member: there are few of them at any time.
_BUSY: Final = """
    select t.member_id from till_record t
     where t.program_id = $1::int and t.state in ('taken', 'quarantined')
       and t.member_id is not null
    union all
    select i.member_id from till_record t
     cross join lateral unnest(string_to_array(t.whom, e'\\n')) as n (name)
      join identifier i on i.program_id = $1::int and i.value = n.name
                       and i.kind = any('{number,phone,email,card,external}'::text[])
     where t.program_id = $1::int and t.state in ('taken', 'quarantined') and t.whom <> ''
    union all
    select a.member_id from adjustment_request a
     where a.program_id = $1::int and a.state = 'waiting'
    union all
    select unnest(r.member_ids) from adjustment_round r
     where r.program_id = $1::int and r.state in ('waiting', 'going')
    union all
    select s.member_id from staff s
     where s.program_id = $1::int and s.state <> 'closed' and s.member_id is not null"""
_OF_THEM: Final = _SINCE.format(who="m.member_id", nobody=_NOBODY)
_OF_MERGED: Final = _SINCE.format(who="x.member_id", nobody=_NOBODY)
# Points that are only pending or reserved are theirs, too. Who came with a file that says nothing
# of what they did before was not silent: these books only do not know them for so long.
_QUIET: Final = f"""
   m.state = 'active' and m.joined_at < $2::timestamptz
   and (m.recorded_at < $2::timestamptz
        or exists (select from activity a
                    where a.program_id = $1::int and a.member_id = m.member_id
                      and a.member_id <> {_NOBODY}))
   and m.member_id not in ({_BUSY})
   and not ({_OF_THEM})
   and not exists (select from member_alias x
                    where x.program_id = $1::int and x.into_id = m.member_id
                      and ({_OF_MERGED} or x.member_id in ({_BUSY})))
   and not exists (select from membership_clock k
                    where k.program_id = $1::int and k.member_id = m.member_id)
   and not exists (select from household_member h
                    where h.program_id = $1::int and h.member_id = m.member_id
                      and h.left_at is null)
   and not exists (select from balance b
                    where b.program_id = $1::int and b.member_id = m.member_id
                      and (b.debt > 0 or not $3::bool and b.available + b.pending + b.held > 0))
   and ($3::bool or not exists (
                   select from reward_code k
                    where k.program_id = $1::int and k.member_id = m.member_id
                      and k.state = 'issued'
                      and (k.ends_at is null or k.ends_at > $4::timestamptz)))
   and ($3::bool or not exists (
                   select from benefit_grant g
                    where g.program_id = $1::int and g.member_id = m.member_id
                      and (g.until_at is null or g.until_at > $4::timestamptz)
                      and g.times > (select coalesce(sum(coalesce(
                                                (u.terms ->> 'times')::int, 1)), 0)
                                       from benefit_use u
                                      where u.program_id = $1::int and u.member_id = g.member_id
                                        and u.grant_id = g.grant_id and u.state <> 'undone')))
"""  # noqa: S608
# Portion by portion along the key: a million are gone through without holding anything for long.
_PORTION: Final = f"""
with m as materialized (
    select * from member
     where program_id = $1::int and member_id > $5::uuid order by member_id limit $6::int)
select (select member_id from m order by member_id desc limit 1) as last,
       (select count(*) from m) as looked,
       array(select m.member_id from m where {_QUIET} order by m.member_id) as quiet
"""  # noqa: S608
_THESE: Final = f"""
select m.member_id from member m
 where m.program_id = $1::int and m.member_id = any($5::uuid[]) and {_QUIET}
"""  # noqa: S608
_COUNT: Final = f"""
select count(*) as many from member m where m.program_id = $1::int and {_QUIET}
"""  # noqa: S608


class Silence(NamedTuple):
    """Since when nothing was heard, and whether whoever still has points counts, too."""

    since: datetime
    points_too: bool = False


class Portion(NamedTuple):
    """Those of some members who were silent, and the place to go on from; none at the end."""

    quiet: list[UUID]
    last: UUID | None


async def portion(tx: Tx, silence: Silence, after: UUID, most: int) -> Portion:
    """Who was silent among the next so many members by their ids."""
    (row,) = await tx.fetch(_PORTION, tx.program_id, *silence, tx.now, after, most)
    return Portion(list(row["quiet"]), row["last"] if row["looked"] == most else None)


async def still_quiet(tx: Tx, silence: Silence, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these members who are silent to this moment."""
    rows = await tx.fetch(_THESE, tx.program_id, *silence, tx.now, list(ids))
    return {row["member_id"] for row in rows}


async def how_many(tx: Tx, silence: Silence) -> int:
    """How many members were silent: whom the shop would forget."""
    return int((await tx.fetch(_COUNT, tx.program_id, *silence, tx.now))[0]["many"])
