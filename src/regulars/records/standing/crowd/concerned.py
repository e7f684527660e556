"""How many members a promise concerns, by what the books say they did: each kind in one statement.

Whoever was merged is a part of who stays, and of whoever was erased nothing is left to concern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from regulars.base.tx import Tx

# One probe of an index per member and wallet: when something was done stands in it.
_EARN: Final = """
select b.wallet, count(*)::bigint as members
  from balance b
  join member m on m.program_id = b.program_id and m.member_id = b.member_id
 where b.program_id = $1::int and b.wallet = any($2::smallint[]) and b.earned > 0
   and m.state not in ('merged', 'erased')
   and (exists (select from activity a
                 where a.program_id = $1::int and a.member_id = b.member_id
                   and a.member_id <> '00000000-0000-0000-0000-000000000000'
                   and a.occurred_at >= $3::timestamptz)
        or exists (select from member_alias g
                     join activity a on a.program_id = $1::int and a.member_id = g.member_id
                                    and a.occurred_at >= $3::timestamptz
                    where g.program_id = $1::int and g.into_id = b.member_id))
 group by b.wallet
"""
# Whoever has enough of all it costs, and whoever took it and has not: nobody twice, and nothing is
# sorted that is as long as there are members.
_REWARDS: Final = """
with price as materialized (
    select p.place, p.wallet, greatest(p.units, 1) as units,
           count(*) over (partition by p.place) as parts
      from unnest($2::int[], $3::smallint[], $4::bigint[]) as p (place, wallet, units)
), has as (
    select p.place, p.parts, b.member_id
      from price p
      join balance b on b.program_id = $1::int and b.wallet = p.wallet and b.available >= p.units
      join member m on m.program_id = $1::int and m.member_id = b.member_id
                   and m.state not in ('merged', 'erased')
), took as (
    select distinct n.place, coalesce(a.into_id, r.member_id) as member_id
      from unnest($5::text[]) with ordinality as n (reward, place)
      join redemption r on r.program_id = $1::int and r.reward = n.reward
                       and r.opened_at >= $6::timestamptz and r.state in ('held', 'captured')
      left join member_alias a on a.program_id = $1::int and a.member_id = r.member_id
), counted as (
    select place, count(*)::bigint as members from has where parts = 1 group by place
    union all
    select place, count(*)::bigint
      from (select place from has where parts > 1
             group by place, member_id, parts having count(*) = parts) as whole
     group by place
    union all
    select t.place, count(*)::bigint
      from took t
      join member m on m.program_id = $1::int and m.member_id = t.member_id
                   and m.state <> 'erased'
     where not exists (select from price p where p.place = t.place)
        or exists (select from price p
                    where p.place = t.place and not exists (
                          select from balance b
                           where b.program_id = $1::int and b.member_id = t.member_id
                             and b.wallet = p.wallet and b.available >= p.units))
     group by t.place
)
select place, sum(members)::bigint as members from counted group by place
"""
_REFERRED: Final = """
select count(distinct coalesce(a.into_id, w.member_id))::bigint as members
  from (select referrer_id as member_id from referral
         where program_id = $1::int and named_at >= $2::timestamptz
         union
        select member_id from referral
         where program_id = $1::int and named_at >= $2::timestamptz) as w
  left join member_alias a on a.program_id = $1::int and a.member_id = w.member_id
  join member m on m.program_id = $1::int and m.member_id = w.member_id
 where m.state <> 'erased'
"""
# Progress is counted; what was won and what somebody signed up for stands by its name.
_PLAYED: Final = """
with named as materialized (
    select place::int, game from unnest($2::text[]) with ordinality as n (game, place)
), known as (
    select g.place, c.member_id
      from unnest($3::int[], $4::smallint[]) as g (place, counter)
      join counter c on c.program_id = $1::int and c.counter = g.counter and c.value > 0
     union all
    select n.place, p.member_id
      from named n join prize p on p.program_id = $1::int and p.name = n.game
     union all
    select n.place, p.member_id
      from named n join challenge_part p on p.program_id = $1::int and p.challenge = n.game
)
select who.place, count(*)::bigint as members
  from (select distinct k.place, coalesce(a.into_id, k.member_id) as member_id
          from known k
          left join member_alias a on a.program_id = $1::int and a.member_id = k.member_id) as who
  join member m on m.program_id = $1::int and m.member_id = who.member_id
 where m.state <> 'erased'
 group by who.place
"""
_AT_HOME: Final = """
select count(distinct member_id)::bigint as members from household_member
 where program_id = $1::int and left_at is null
"""
_BLOCKED: Final = """
select count(*)::bigint as members from member where program_id = $1::int and state = 'blocked'
"""

Price = tuple[str, int, int]
"""A reward, one of the wallets it costs something of, and how many units of that."""


async def earning(tx: Tx, wallets: Sequence[int], since: datetime) -> dict[int, int]:
    """Who ever earned something of each wallet, and did anything since then."""
    if not wallets:
        return {}
    rows = await tx.fetch(_EARN, tx.program_id, list(wallets), since)
    return dict.fromkeys(wallets, 0) | {row["wallet"]: row["members"] for row in rows}


async def taking(
    tx: Tx, rewards: Sequence[str], prices: Sequence[Price], since: datetime
) -> dict[str, int]:
    """Who took each of these rewards since then, or has enough for it now."""
    if not rewards:
        return {}
    place = {reward: number for number, reward in enumerate(rewards, 1)}
    numbered = [(place[reward], wallet, units) for reward, wallet, units in prices]
    columns = map(list, zip(*numbered, strict=True)) if numbered else ([], [], [])
    rows = await tx.fetch(_REWARDS, tx.program_id, *columns, list(rewards), since)
    return dict.fromkeys(rewards, 0) | {rewards[row["place"] - 1]: row["members"] for row in rows}


async def referring(tx: Tx, since: datetime) -> int:
    """Who invited somebody since then, or was invited."""
    rows = await tx.fetch(_REFERRED, tx.program_id, since)
    return int(rows[0]["members"])


async def playing(tx: Tx, games: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Who has come somewhere in each of these games, or won something in it; by its counters."""
    if not games:
        return {}
    names = list(games)
    pairs = [(place, code) for place, name in enumerate(names, 1) for code in games[name]]
    columns = map(list, zip(*pairs, strict=True)) if pairs else ([], [])
    rows = await tx.fetch(_PLAYED, tx.program_id, names, *columns)
    return dict.fromkeys(games, 0) | {names[row["place"] - 1]: row["members"] for row in rows}


async def at_home(tx: Tx) -> int:
    """Who lives in a household."""
    return int((await tx.fetch(_AT_HOME, tx.program_id))[0]["members"])


async def blocked(tx: Tx) -> int:
    """Who is blocked."""
    return int((await tx.fetch(_BLOCKED, tx.program_id))[0]["members"])
