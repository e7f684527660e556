"""Who named whose code, and what became of it; what brought members paid beside the others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.estimators.asking.ratios import Weeks
from regulars.insight.metrics.defined.referral import GUARDS, Bringing, Brought, Worth
from regulars.insight.metrics.reading.joining import STAYED
from regulars.insight.metrics.spans import Granularity, Span, begins, parts

MOST_BRINGERS: Final = 20
_GUARDED: Final = f"reason in ({', '.join(repr(one) for one in GUARDS)})"
# A newcomer counts once, by what became of the code that counted; both as whom they stand now.
_ONCE: Final = """
select distinct on (who) who, brought_by, state, reason, named_at, bought
  from (select coalesce(a.into_id, r.member_id) as who,
               coalesce(b.into_id, r.referrer_id) as brought_by, r.state, r.reason, r.named_at,
               r.sale_id is not null as bought
          from referral r
          left join member_alias a on a.program_id = $1::int and a.member_id = r.member_id
          left join member_alias b on b.program_id = $1::int and b.member_id = r.referrer_id
         where r.program_id = $1::int and r.named_at >= $2::timestamptz
           and r.named_at < $3::timestamptz) named
 order by who, state = 'rejected', named_at, brought_by
"""
_BECAME: Final = f"""count(*) as named,
       count(*) filter (where bought) as bought,
       count(*) filter (where state = 'rewarded') as rewarded,
       count(*) filter (where state = 'rejected') as rejected,
       count(*) filter (where state = 'retracted') as retracted,
       count(*) filter (where {_GUARDED}) as guarded"""
_NAMED: Final = f"""
select date_trunc($5::text, named_at at time zone $4::text)::date as part, {_BECAME}
  from ({_ONCE}) once group by 1
"""  # noqa: S608 - a statement of ours
_ALL: Final = f"select {_BECAME} from ({_ONCE}) once"  # noqa: S608 - a statement of ours
_REASONS: Final = f"""
select reason, count(*) as newcomers from ({_ONCE}) once
 where reason <> '' group by 1 order by 2 desc, 1
"""  # noqa: S608 - a statement of ours
_BRINGERS: Final = f"""
select brought_by, {_BECAME},
       coalesce(sum(o.net_minor), 0)::bigint as net_minor
  from ({_ONCE}) once
  left join member_orders o on o.program_id = $1::int and o.member_id = who
 group by 1 order by 2 desc, 1 limit $4::int
"""  # noqa: S608 - a statement of ours
_BY_TIER: Final = f"""
select coalesce(s.tier, '') as tier, count(distinct brought_by) as members,
       {_BECAME},
       coalesce(sum(o.net_minor), 0)::bigint as net_minor
  from ({_ONCE}) once
  left join standing s on s.program_id = $1::int and s.member_id = brought_by
  left join member_orders o on o.program_id = $1::int and o.member_id = who
 group by 1 order by 3 desc, 1
"""  # noqa: S608 - a statement of ours
_BOUGHT: Final = """
    select distinct member_id from member_day
     where program_id = $1::int and day >= $4::date and day < $5::date and orders > 0"""
# Who gave their code on, each time, as whom they stand now.
_SENT: Final = """
select coalesce(m.into_id, a.member_id) as who, a.occurred_at
  from activity a
  left join member_alias m on m.program_id = $1::int and m.member_id = a.member_id
 where a.program_id = $1::int and a.kind = 'invite'
   and a.occurred_at >= $2::timestamptz and a.occurred_at < $3::timestamptz
   and a.member_id <> '00000000-0000-0000-0000-000000000000'
   and not exists (select from activity r
                    where r.program_id = $1::int and r.sale_id = a.activity_id)
"""
_BRINGING: Final = f"""
select count(*) filter (where n.brought_by is not null) as bringing, count(*) as buyers,
       count(*) filter (where i.who is not null) as inviting,
       count(*) filter (where f.who is not null) as newcomers
  from ({_BOUGHT}) b
  left join (select distinct brought_by from ({_ONCE}) once) n on n.brought_by = b.member_id
  left join (select distinct who from ({_SENT}) sent) i on i.who = b.member_id
  left join (select who from ({_ONCE}) once
              join member_orders o on o.program_id = $1::int and o.member_id = who
             where state <> 'rejected' and o.first_on >= $4::date and o.first_on < $5::date) f
    on f.who = b.member_id
"""  # noqa: S608 - a statement of ours
# Of each who bought, invited or was named: sums of all of them, of which bounds are made.
_APART: Final = f"""
select count(*) as members, sum(bought) as bought, sum(sent) as sent, sum(named) as named,
       sum(first) as first, sum(sent * sent) as sent_twice, sum(sent * bought) as sent_bought,
       sum(named * named) as named_twice, sum(named * sent) as named_sent,
       sum(first * first) as first_twice, sum(first * bought) as first_bought
  from (select (b.who is not null)::int::float8 as bought, coalesce(s.sent, 0)::float8 as sent,
               coalesce(n.named, 0)::float8 as named, coalesce(n.first, 0)::float8 as first
          from (select member_id as who from ({_BOUGHT}) b) b
          full join (select who, count(*) as sent from ({_SENT}) sent group by who) s using (who)
          full join (
               select brought_by as who, count(*) as named,
                      count(*) filter (where state <> 'rejected' and o.first_on >= $4::date
                                             and o.first_on < $5::date) as first
                 from (select who as newcomer, brought_by, state from ({_ONCE}) once) once
                 left join member_orders o on o.program_id = $1::int and o.member_id = newcomer
                group by brought_by) n using (who)) each
"""  # noqa: S608 - a statement of ours
_SENT_BY: Final = f"""
select date_trunc($5::text, occurred_at at time zone $4::text)::date as part, count(*) as sent
  from ({_SENT}) sent group by 1
"""  # noqa: S608 - a statement of ours
_SENT_ALL: Final = f"select count(*) as sent from ({_SENT}) sent"  # noqa: S608 - ours
# Who was brought, each once, as whom they stand now. It is one pass over all referrals; asked
# member by member (who may stand for others) it would read all of them for each.
_BROUGHT: Final = """
    select coalesce(a.into_id, r.member_id) as member_id
      from referral r
      left join member_alias a on a.program_id = $1::int and a.member_id = r.member_id
     where r.program_id = $1::int and r.state <> 'rejected' group by 1"""
_WORTH: Final = f"""
select b.member_id is not null as brought, count(*) as members,
       coalesce(sum(o.net_minor), 0)::bigint as net_minor,
       coalesce(sum(o.net_minor::numeric * o.net_minor), 0)::text as squares
  from member m
  left join ({_BROUGHT}) b on b.member_id = m.member_id
  left join member_orders o on o.program_id = m.program_id and o.member_id = m.member_id
 where m.program_id = $1::int and m.joined_at >= $2::timestamptz
   and m.joined_at < $3::timestamptz and {STAYED}
 group by 1
"""  # noqa: S608 - a statement of ours
_WHO: Final = """
select w.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, w.counted
  from ({}) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
 order by w.member_id
"""
_NEWCOMERS: Final = f"""
select who as member_id, {{}} as counted
  from ({_ONCE}) once
  left join standing s on s.program_id = $1::int and s.member_id = brought_by
 where who > $4::uuid and case $6::text when 'tier' then coalesce(s.tier, '') = $7::text
                                        when 'reason' then reason = $7::text else true end
 order by who limit $5::int"""  # noqa: S608 - a statement of ours
_COUNTED: Final = {
    "invitations_taken": "true",
    "referrals_named": "true",
    "referrals_bought": "bought",
    "referrals_rewarded": "state = 'rewarded'",
    "referrals_guarded": _GUARDED,
}
_JOINED: Final = f"""
select m.member_id, b.member_id is not null as counted
  from member m left join ({_BROUGHT}) b on b.member_id = m.member_id
 where m.program_id = $1::int and m.joined_at >= $2::timestamptz
   and m.joined_at < $3::timestamptz and {STAYED} and m.member_id > $4::uuid
   and {{}} order by m.member_id limit $5::int"""  # noqa: S608 - a statement of ours
_BRINGS: Final = f"""
select b.member_id, n.brought_by is not null as counted
  from ({_BOUGHT}) b left join (select distinct brought_by from ({_ONCE}) once) n
    on n.brought_by = b.member_id
 where b.member_id > $6::uuid order by b.member_id limit $7::int"""  # noqa: S608
_INVITED: Final = f"""
select who as member_id, true as counted from ({_SENT}) sent
 where who > $4::uuid group by who order by who limit $5::int"""  # noqa: S608 - ours
_INVITES: Final = f"""
select b.member_id, i.who is not null as counted
  from ({_BOUGHT}) b left join (select distinct who from ({_SENT}) sent) i on i.who = b.member_id
 where b.member_id > $6::uuid order by b.member_id limit $7::int"""  # noqa: S608
_FIRST: Final = f"""
select who as member_id, o.first_on >= $4::date and o.first_on < $5::date as counted
  from ({_ONCE}) once left join member_orders o on o.program_id = $1::int and o.member_id = who
 where state <> 'rejected' and who > $6::uuid order by who limit $7::int"""  # noqa: S608 - ours
_OF_BUYERS: Final = {
    "referral_factor": _FIRST, "bringing_members": _BRINGS, "inviting_members": _INVITES,
    "invitations_each": _INVITES,
}  # fmt: skip
WORTH: Final = ("referred_worth", "others_worth")
METRICS: Final = (*_OF_BUYERS, "invitations_sent", *_COUNTED, *WORTH, "referred_difference")
"""Those whose members can be listed."""

Bounds = tuple[datetime, datetime]


class Stopped(NamedTuple):
    """Why newcomers did not count, or not any more, and how many."""

    reason: str
    newcomers: int


class Bringer(NamedTuple):
    """A member, or members of a tier, and what became of those they brought."""

    group: str
    members: int
    brought: Brought
    net_minor: int
    """What those whom they brought paid until now."""


async def named(
    tx: Tx, span: Span, bounds: Bounds, zone: str, granularity: Granularity
) -> list[Brought]:  # fmt: skip
    """Newcomers of each part of a span, and what became of them. `bounds` are its instants."""
    rows = await tx.fetch(_NAMED, tx.program_id, *bounds, zone, granularity)
    found = {row["part"]: list(row.values())[1:] for row in rows}
    rows = await tx.fetch(_SENT_BY, tx.program_id, *bounds, zone, granularity)
    sent: dict[date, int] = {row["part"]: row["sent"] for row in rows}
    some = []
    for part in parts(span, granularity):
        first = begins(part.from_on, granularity)
        became = Brought(part, *found.get(first, ()))
        some.append(replace(became, sent=sent.get(first, 0)))
    return some


async def named_all(tx: Tx, span: Span, bounds: Bounds) -> Brought:
    """All of a span: who named two codes in two months is one."""
    (row,) = await tx.fetch(_ALL, tx.program_id, *bounds)
    (also,) = await tx.fetch(_SENT_ALL, tx.program_id, *bounds)
    return replace(Brought(span, *row.values()), sent=also["sent"])


async def refused(tx: Tx, bounds: Bounds) -> list[Stopped]:
    """By reason, most first."""
    return [Stopped(*row.values()) for row in await tx.fetch(_REASONS, tx.program_id, *bounds)]


async def bringing(tx: Tx, span: Span, bounds: Bounds) -> Bringing:
    """Of members who bought in a span, whose code was named in it, and who gave it on."""
    days = (span.from_on, span.until_on)
    (row,) = await tx.fetch(_BRINGING, tx.program_id, *bounds, *days)
    (all_,) = await tx.fetch(_APART, tx.program_id, *bounds, *days)
    found, n = Bringing(*row.values()), all_["members"]
    if not n:
        return found

    def over(part: str, whole: str) -> Weeks:
        squares = all_[f"{whole}_twice"] if whole != "bought" else all_["bought"]
        both = all_[f"{part}_{whole}"]
        return Weeks(n, all_[part], all_[whole], all_[f"{part}_twice"], both, squares)

    return found._replace(
        sent_by_buyers=over("sent", "bought"),
        named_by_sent=over("named", "sent"),
        newcomers_by_buyers=over("first", "bought"),
    )


async def by_tier(tx: Tx, span: Span, bounds: Bounds) -> list[Bringer]:
    """Of each tier in which members are now, what they brought."""
    rows = [list(row.values()) for row in await tx.fetch(_BY_TIER, tx.program_id, *bounds)]
    return [Bringer(one[0], one[1], Brought(span, *one[2:-1]), one[-1]) for one in rows]


async def bringers(tx: Tx, span: Span, bounds: Bounds) -> list[tuple[UUID, Bringer]]:
    """Who brought most, most first; so many at most."""
    rows = await tx.fetch(_BRINGERS, tx.program_id, *bounds, MOST_BRINGERS)
    lines = [list(row.values()) for row in rows]
    return [(one[0], Bringer("", 1, Brought(span, *one[1:-1]), one[-1])) for one in lines]


async def worths(tx: Tx, bounds: Bounds) -> tuple[Worth, Worth]:
    """What members paid so far who joined between two instants: those who were brought, others."""
    rows = {row["brought"]: row for row in await tx.fetch(_WORTH, tx.program_id, *bounds)}
    found = [
        Worth(rows[one]["members"], rows[one]["net_minor"], int(rows[one]["squares"]))
        if one in rows
        else Worth(0, 0, 0)
        for one in (True, False)
    ]
    return found[0], found[1]


async def who(
    tx: Tx, metric: str, span: Span, bounds: Bounds, page: tuple[UUID, int], group: str = ""
) -> list[tuple[object, ...]]:
    """The members behind a figure, in order of their ids, as `Who` has them.

    Shape: a group of newcomers is the tier of whoever brought them (`tier:gold`), or why they did
    not count (`reason:oneself`). Faults: Invalid where it is neither.
    """
    if metric in _OF_BUYERS:
        days = (span.from_on, span.until_on)
        sql, said = _WHO.format(_OF_BUYERS[metric]), (*bounds, *days, *page)
        rows = await tx.fetch(sql, tx.program_id, *said)
    elif metric in _COUNTED:
        sql = _WHO.format(_NEWCOMERS.format(_COUNTED[metric]))
        rows = await tx.fetch(sql, tx.program_id, *bounds, *page, *_cut_of(group))
    else:
        if metric == "referred_difference":  # who was brought is counted, beside all others
            inner = _JOINED.format("true")
        elif metric in WORTH:
            side = "is not null" if metric == WORTH[0] else "is null"
            inner = _JOINED.format(f"b.member_id {side}")
        else:
            inner = _INVITED
        rows = await tx.fetch(_WHO.format(inner), tx.program_id, *bounds, *page)
    return [tuple(row.values()) for row in rows]


def _cut_of(group: str) -> tuple[str, str]:
    """By what newcomers are taken apart, and its name; nothing by nothing."""
    cut, apart, name = group.partition(":")
    if group and (cut not in ("tier", "reason") or not apart):
        raise Invalid("write the group as tier:gold or reason:oneself", field="group")
    return cut, name
