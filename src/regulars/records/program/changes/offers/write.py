"""Keep offers, give them to members, and keep that they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.program.changes.offers.types import (
    PREFIX,
    Access,
    How,
    Offer,
    Price,
)

_LOCK = waiting_for(Alone.OFFERS)
_KEEP = """
insert into offer (
       program_id, offer_id, code, name, gives, says, segment_id, activating, days, ends_on, budget,
       most, held_percent, state, version, made_at, made_by, changed_at, changed_by, opened_at,
       opened_by, closed_at, closed_by, holds_out)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text::jsonb, $6::text::jsonb, $7::uuid, $8::bool,
        $9::int, $10::date, $11::text, $12::int, $13::int, $14::text, $15::int, $16::timestamptz,
        $17::text, $18::timestamptz, $19::text, $20::timestamptz, $21::text, $22::timestamptz,
        $23::text, $24::bool)
    on conflict (program_id, offer_id) do update
   set name = excluded.name, gives = excluded.gives, says = excluded.says,
       segment_id = excluded.segment_id, activating = excluded.activating, days = excluded.days,
       ends_on = excluded.ends_on, budget = excluded.budget, most = excluded.most,
       held_percent = excluded.held_percent, state = excluded.state, version = excluded.version,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by,
       opened_at = excluded.opened_at, opened_by = excluded.opened_by,
       closed_at = excluded.closed_at, closed_by = excluded.closed_by,
       holds_out = excluded.holds_out
"""
_DROP = "delete from offer where program_id = $1::int and offer_id = $2::uuid and state = 'draft'"
# What we say of members is said where their rows are locked in the order of ids; what is said of
# them otherwise stays. Who is held out is told nothing, and is drawn as for campaigns.
_PUT = """
), locked as materialized (
    select m.member_id from member m join drawn d using (member_id)
     where m.program_id = $1::int and m.state in ('active', 'unregistered')
     order by m.member_id for update of m
), put as (
    insert into offer_member (program_id, offer_id, member_id, state, why, how, offered_at,
                              until_on, held_at)
    select $1::int, $2::uuid, d.member_id, case when d.held = '' then $5::text else 'held_out' end,
           d.held, $6::text, $7::timestamptz, $8::date,
           case when d.held = '' and $5::text = 'held' then $7::timestamptz end
      from drawn d join locked l using (member_id)
     order by d.member_id limit $9::int
        on conflict do nothing returning member_id, state
), said as (
    update member m
       set derived = coalesce(m.derived, '{}'::jsonb)
                     || jsonb_build_object($10::text, $11::text::jsonb)
      from put p
     where m.program_id = $1::int and m.member_id = p.member_id and p.state = 'held'
       and $11::text <> ''
), granted as (
    insert into benefit_grant (program_id, member_id, grant_id, benefit, times, from_at, until_at,
                               actor, reason)
    select $1::int, p.member_id, gen_random_uuid(), $12::text, $13::int, $7::timestamptz,
           $14::timestamptz, $10::text, $10::text
      from put p where p.state = 'held' and $12::text <> ''
), counted as (
    update offer set given = given + (select count(*) from put where state <> 'held_out')
     where program_id = $1::int and offer_id = $2::uuid
)
"""
_EACH = f"""
with drawn as materialized (
    select m.member_id, '' as held from unnest($3::uuid[]) as m (member_id) where $4::int >= 0
{_PUT}
select member_id, member_id as last from put
"""  # noqa: S608
_PORTION = f"""
with part as materialized (
    select member_id from segment_member
     where program_id = $1::int and segment_id = $15::uuid and member_id > $3::uuid
     order by member_id limit $16::int
), drawn as materialized (
    select p.member_id,
           case when exists (
                     select from experiment_member x
                       join experiment e using (program_id, experiment_id)
                      where x.program_id = $1::int and x.member_id = p.member_id and x.arm = 0
                        and e.kind = 'everybody' and e.begun_at is not null and e.ended_at is null)
                then 'everywhere'
                when ('x' || encode(substring(sha256(uuid_send($2::uuid) || uuid_send(p.member_id))
                                              from 1 for 4), 'hex'))::bit(32)::bigint * 100 >> 32
                     < $4::int
                then 'here' else '' end as held
      from part p
     where not exists (select from offer_member o
                        where o.program_id = $1::int and o.offer_id = $2::uuid
                          and o.member_id = p.member_id)
{_PUT}
select count(*) as many, (array_agg(member_id order by member_id desc))[1] as last,
       (select count(*) from put) as put
  from part
"""  # noqa: S608
_REACHED = """
update offer set given_after = $3::uuid, given_at = coalesce($4::timestamptz, given_at)
 where program_id = $1::int and offer_id = $2::uuid
"""
# For who is blocked or gone nothing begins to count.
_ACTIVATE = """
with locked as materialized (
    select m.member_id from member m
     where m.program_id = $1::int and m.member_id = $3::uuid
       and m.state in ('active', 'unregistered') for update of m
), held as (
    update offer_member set state = 'held', held_at = $4::timestamptz, held_by = $5::text,
           until_on = $6::date
     where program_id = $1::int and offer_id = $2::uuid and member_id = $3::uuid
       and state = 'offered' and member_id in (select member_id from locked) returning member_id
), said as (
    update member m
       set derived = coalesce(m.derived, '{}'::jsonb)
                     || jsonb_build_object($7::text, $8::text::jsonb)
      from held h
     where m.program_id = $1::int and m.member_id = h.member_id and $8::text <> ''
), granted as (
    insert into benefit_grant (program_id, member_id, grant_id, benefit, times, from_at, until_at,
                               actor, reason)
    select $1::int, h.member_id, gen_random_uuid(), $9::text, $10::int, $4::timestamptz,
           $11::timestamptz, $5::text, $7::text
      from held h where $9::text <> ''
)
select count(*) as many from held
"""
# Somebody was held out by chance, or erased since and is another's now, and is given it by hand.
_LET_IN = """
delete from offer_member
 where program_id = $1::int and offer_id = $2::uuid and member_id = $3::uuid
   and state in ('held_out', 'gone')
"""
# Who stays has what the other had and they had not, for as long; what chance kept from them, too.
# Of an offer that both had they keep what is better: one that is not over, that counts, for longer.
_JOIN = """
insert into offer_member (program_id, offer_id, member_id, state, why, how, offered_at, until_on,
                          held_at, held_by)
select program_id, offer_id, $3::uuid, state, why, 'merge', offered_at, until_on, held_at, held_by
  from offer_member
 where program_id = $1::int and member_id = $2::uuid and state in ('offered', 'held')
    on conflict (program_id, offer_id, member_id) do update
   set state = excluded.state, until_on = excluded.until_on, held_at = excluded.held_at, why = '',
       how = case when offer_member.state = 'offered' then offer_member.how else 'merge' end
 where offer_member.state in ('held_out', 'gone')
    or (excluded.until_on > $4::date, excluded.state = 'held', excluded.until_on)
       > (offer_member.until_on > $4::date, offer_member.state = 'held', offer_member.until_on)
"""
# Since when they have it is said of what was brought along, and of nothing else.
_JOIN_SAID = f"""
update member m set derived = coalesce(m.derived, '{{}}'::jsonb) || t.told
  from (select jsonb_object_agg(d.key, d.value) as told
          from offer_member b
          join offer_member s on s.program_id = $1::int and s.offer_id = b.offer_id
                             and s.member_id = $3::uuid and s.state = 'held'
                             and s.until_on = b.until_on and s.held_at = b.held_at
          join offer o on o.program_id = $1::int and o.offer_id = b.offer_id
          join member g on g.program_id = $1::int and g.member_id = b.member_id
         cross join lateral jsonb_each(g.derived) d
         where b.program_id = $1::int and b.member_id = $2::uuid and b.state = 'held'
           and d.key = '{PREFIX}' || o.code) t
 where m.program_id = $1::int and m.member_id = $3::uuid and t.told is not null
"""  # noqa: S608


class Portion(NamedTuple):
    """How many of the segment were looked at, the last of them, and how many have a row now."""

    many: int
    last: UUID | None
    put: int


class Giving(NamedTuple):
    """How an offer is given: on which local day, and when that day of its end begins."""

    how: How
    today: date
    until_on: date
    until_at: datetime


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else keeps an offer or gives one to members."""
    await tx.fetch(_LOCK, tx.program_id)


def keep(tx: Tx, one: Offer) -> list[Write]:
    """This offer is as said from now on; how far it was given stays."""
    gives, says = (msgspec.json.encode(part).decode() for part in (one.gives, one.says))
    args = (
        tx.program_id, one.offer_id, one.code, one.name, gives, says, one.segment_id,
        one.activating, one.days, one.ends_on, one.budget, one.most, one.held_percent, one.state,
        one.version, one.made_at, one.made_by, one.changed_at, one.changed_by, one.opened_at,
        one.opened_by, one.closed_at, one.closed_by, one.holds_out,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def drop(tx: Tx, one: Offer) -> list[Write]:
    """It is gone; only what was never opened is."""
    return [Write(_DROP, (tx.program_id, one.offer_id))]


async def give(tx: Tx, one: Offer, members: Sequence[UUID], giving: Giving) -> list[UUID]:
    """These members have it, who had nothing to do with it yet and as far as there is room; who was
    given it."""
    args = _args(tx, one, (sorted(members), 0), giving)
    return [row["member_id"] for row in await tx.fetch(_EACH, *args)]


async def give_portion(
    tx: Tx, one: Offer, percent: int, giving: Giving, after: UUID, most: int
) -> Portion:
    """The next members of its segment have it, or are held out; done again nothing changes."""
    args = _args(tx, one, (after, percent), giving)
    row = (await tx.fetch(_PORTION, *args, one.segment_id, most))[0]
    return Portion(row["many"], row["last"], row["put"])


def _args(tx: Tx, one: Offer, who: tuple[Any, int], giving: Giving) -> tuple[Any, ...]:
    benefit, times = _access(one)
    return (
        tx.program_id, one.offer_id, *who, "offered" if one.activating else "held", giving.how,
        tx.now, giving.until_on, max(one.most - one.given, 0), one.known_as,
        said_of(one, giving.today), benefit, times, giving.until_at,
    )  # fmt: skip


def let_in(tx: Tx, one: Offer, who: UUID) -> list[Write]:
    """Chance does not keep it from this member any more: they are given it by hand."""
    return [Write(_LET_IN, (tx.program_id, one.offer_id, who))]


def reached(tx: Tx, one: Offer, after: UUID | None, at: datetime | None) -> list[Write]:
    """All of its segment up to this member were looked at; all of it, where there is an instant."""
    return [Write(_REACHED, (tx.program_id, one.offer_id, after, at))]


async def activate(tx: Tx, one: Offer, who: UUID, by: str, giving: Giving) -> bool:
    """It counts for this member from now on; whether it did not before."""
    benefit, times = _access(one)
    row = (await tx.fetch(
        _ACTIVATE, tx.program_id, one.offer_id, who, tx.now, by, giving.until_on, one.known_as,
        said_of(one, giving.today), benefit, times, giving.until_at,
    ))[0]  # fmt: skip
    return bool(row["many"])


async def unite(tx: Tx, gone: UUID, stays: UUID, today: date) -> None:
    """Who stays has what was offered to who went into them, too; `today` is the local day."""
    await tx.write([Write(_JOIN, (tx.program_id, gone, stays, today))])
    # A round of its own: it looks at what the one before brought along.
    await tx.write([Write(_JOIN_SAID, (tx.program_id, gone, stays))])


def said_of(one: Offer, today: date) -> str:
    """What is said of a member who has it, as JSON: since which day; of a reward that they do; of a
    benefit nothing, as it is granted."""
    if isinstance(one.gives, Access):
        return ""
    return "true" if isinstance(one.gives, Price) else f'"{today.isoformat()}"'


def _access(one: Offer) -> tuple[str, int]:
    return (one.gives.benefit, one.gives.times) if isinstance(one.gives, Access) else ("", 0)
