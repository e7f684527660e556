"""Who and what a figure is made of: the members behind a share, the days behind points."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.faults import Invalid
from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.estimators.staying.lapsing import looked_on
from regulars.insight.home import returned
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.buying import SECOND_DAYS, with_time
from regulars.insight.metrics.defined.values import VALUES
from regulars.insight.metrics.reading import (
    accounts,
    best,
    fairness,
    further,
    memberships,
    preferences,
    referral,
)
from regulars.insight.metrics.reading.fairness import WHO as REACHED
from regulars.insight.metrics.reading.joining import GOT_ONE, STAYED
from regulars.insight.metrics.reading.preferences import WHO as BUYERS_OF
from regulars.insight.metrics.spans import Span, compared, ends_on, instants, midnight, so_far
from regulars.insight.people import lapsed
from regulars.insight.values import spread

_EACH: Final = """
select d.member_id, count(distinct d.day) filter (where d.orders > 0) as orders,
       sum(d.net_minor)::bigint as net_minor
  from member_day d
 where d.program_id = $1::int and d.day >= $2::date and d.day < $3::date and d.member_id > $4::uuid
   and ($6::text is null or d.store = $6::text)
 group by d.member_id"""
_BOUGHT: Final = f"""
select e.member_id, e.orders, e.net_minor, o.first_on, o.last_on, {{}} as counted
  from ({_EACH}) e
  join member_orders o on o.program_id = $1::int and o.member_id = e.member_id
 where e.orders > 0 and ({{}}) order by e.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
_FIRST: Final = "o.first_on >= $2::date and o.first_on < $3::date"
_AGAIN: Final = f"""
select o.member_id, o.orders, o.net_minor, o.first_on, o.last_on, exists (
           select from member_day d
            where d.program_id = o.program_id and d.member_id = o.member_id and d.orders > 0
              and d.day > o.first_on and d.day <= o.first_on + {SECOND_DAYS}) as counted
  from member_orders o
 where o.program_id = $1::int and o.first_on >= $2::date and o.first_on < $3::date
   and o.member_id > $4::uuid and $6::text is null
 order by o.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
_BEFORE: Final = f"""
select e.member_id, e.orders, e.net_minor, o.first_on, o.last_on, exists (
           select from member_day n
            where n.program_id = $1::int and n.member_id = e.member_id and n.orders > 0
              and n.day >= $7::date and n.day < $8::date
              and ($6::text is null or n.store = $6::text)) as counted
  from ({_EACH}) e
  join member_orders o on o.program_id = $1::int and o.member_id = e.member_id
 where e.orders > 0 order by e.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
_COHORT: Final = f"""
select o.member_id, coalesce(e.orders, 0) as orders, coalesce(e.net_minor, 0) as net_minor,
       o.first_on, o.last_on, coalesce(e.orders, 0) > 0 as counted
  from member_orders o left join ({_EACH}) e using (member_id)
 where o.program_id = $1::int and o.first_on >= $7::date and o.first_on < $8::date
   and o.member_id > $4::uuid
 order by o.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
_POINTS: Final = """
select member_id, day, store, issued, redeemed, expired, adjusted + other as otherwise
  from points_day
 where program_id = $1::int and wallet = $2::smallint and day >= $3::date and day < $4::date
   and (member_id, day, store) > ($5::uuid, $6::date, $7::text)
   and ($10::text is null or store = $10::text)
   and case $8::text when 'issued' then issued when 'redeemed' then redeemed
                     when 'expired' then expired when 'other' then adjusted + other
                     when 'flow' then abs(issued) + abs(redeemed)
                     else abs(issued) + abs(expired) end <> 0
 order by member_id, day, store limit $9::int
"""
_HOLDING: Final = """
select member_id, max(day) as day, '' as store, sum(issued)::bigint, sum(redeemed)::bigint,
       sum(expired)::bigint, sum(adjusted + other)::bigint as otherwise
  from points_day
 where program_id = $1::int and wallet = $2::smallint and day < $3::date and member_id > $4::uuid
 group by member_id
having $6::boolean or sum(issued - redeemed - expired + adjusted + other) <> 0
 order by member_id limit $5::int
"""
# What members hold now by the month it lapses in, or was earned in; '' is never.
_LOTS: Final = """
select member_id, max({0} at time zone $6::text)::date as day, '' as store,
       sum(remaining)::bigint as issued, 0::bigint as redeemed, 0::bigint as expired,
       0::bigint as otherwise
  from lot
 where program_id = $1::int and wallet = $2::smallint and remaining > 0 and member_id > $3::uuid
   and case when {0} < '9999-01-01'
            then to_char({0} at time zone $6::text, 'YYYY-MM') else '' end = $5::text
 group by member_id order by member_id limit $4::int
"""
_LOT_OF: Final = {"lapses": "expires_at", "earned": "earned_at"}
# Of who joined: their orders so far, whenever; `{}` says who is in the part, or who is listed.
_JOINED: Final = f"""
select m.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, {{}} as counted
  from member m
  left join member_orders o on o.program_id = m.program_id and o.member_id = m.member_id
 where m.program_id = $1::int and m.joined_at >= $2::timestamptz
   and m.joined_at < $3::timestamptz and {STAYED} and m.member_id > $4::uuid
 order by m.member_id limit $5::int
"""  # noqa: S608 - a statement of ours
# Who was merged is who they are now; each part goes by an index, to the end of the page.
_REWARDED: Final = """
select r.member_id, coalesce(o.orders, 0) as orders, coalesce(o.net_minor, 0) as net_minor,
       o.first_on, o.last_on, true as counted
  from ((select distinct member_id from redemption d
          where program_id = $1::int and redemption_id >= $2::uuid and redemption_id < $3::uuid
            and state = 'captured' and reward = $6::text and member_id > $4::uuid
            and not exists (select from member_alias l
                             where l.program_id = $1::int and l.member_id = d.member_id)
          order by member_id limit $5::int)
         union
        (select distinct l.into_id
           from member_alias l join redemption d using (program_id, member_id)
          where program_id = $1::int and redemption_id >= $2::uuid and redemption_id < $3::uuid
            and state = 'captured' and reward = $6::text and l.into_id > $4::uuid
          order by 1 limit $5::int)
         order by 1 limit $5::int) r
  left join member_orders o on o.program_id = $1::int and o.member_id = r.member_id
 order by r.member_id
"""
_COUNTED: Final = {
    "joined": "true",
    "joined_first_order": "o.orders is not null",
    "joined_second_order": "coalesce(o.orders, 0) > 1",
    "joined_first_reward": GOT_ONE.format(who="m.member_id", more=""),
}
# While everybody is folded anew, sums are of some members only.
_LOOKED: Final = (
    "select looked_at from prepared_reach where program_id = $1::int and after_id is null"
)
_STATEMENTS: Final = {
    "active_members": _BOUGHT.format("true", "true"),
    "new_buyers": _BOUGHT.format("true", _FIRST),
    "repeat_rate": _BOUGHT.format("e.orders > 1", "true"),
    "order_frequency": _BOUGHT.format("true", "true"),
    "order_value": _BOUGHT.format("true", "true"),
    "second_order_90": _AGAIN,
}
POINTS_OF: Final = {
    "points_issued": "issued",
    "points_redeemed": "redeemed",
    "points_expired": "expired",
    "points_adjusted": "other",
    "redemption_flow": "flow",
    "earn_burn": "flow",
    "expiry_flow": "lapse",
}
OF_HOLDERS: Final = ("outstanding", "liability", "breakage", "redemption_ultimate")
"""Which movements a figure of points is made of; what is of all who hold or held some, a row a
member."""
_AWAY: Final = ("lapsed_members", "lapsed_back")
OF_THE_WHOLE_SHOP: Final = frozenset(
    {
        *_AWAY, "second_order_90", "rewarded_members", "bought_after_answer", *_COUNTED,
        "members_kept", "tier_mix", "offers_given", "accounts_staying",
        *returned.METRICS, *best.METRICS,
    }
)  # fmt: skip
"""What is not said of one store: who stays away from it may be in another. Rows would be others."""
NOBODY: Final = UUID(int=0)


class Who(NamedTuple):
    """A member behind a figure: their orders and what they paid in the time (of who joined, got a
    reward or an offer, invited or has a membership: so far), their first and last order of all, and
    whether they are in the part, not only in the whole."""

    member_id: UUID
    orders: int
    net_minor: int
    first_on: date | None
    last_on: date | None
    counted: bool


class PointsDay(NamedTuple):
    """What happened to points of a member on a day in a store; behind what is outstanding: on all
    days, the last of which it is."""

    member_id: UUID
    day: date
    store: str
    issued: int
    redeemed: int
    expired: int
    otherwise: int


Place = tuple[UUID, date, str]
"""Member, day and store of the row a list ended with."""


class Page(NamedTuple):
    """Which part of a list: those after a member, so many at most."""

    after: UUID
    limit: int


class Cell(NamedTuple):
    """Which figure of several of one metric: of a cell of the table of cohorts its month, of a
    reward its name."""

    cohort: Span | None = None
    group: str = ""


async def behind(tx: Tx, metric: str, asked: Asked, page: Page, cell: Cell) -> list[Who]:
    """The members a figure counts, whatever it counts them by. Order: of their ids.

    Faults: Invalid where a store is named and the figure is of the whole shop.
    """
    _asks_rightly(metric, asked)
    span, zone = asked.span, ZoneInfo(asked.zone)
    if metric in _COUNTED:
        return await joined_behind(tx, metric, instants(span, zone), page)
    if metric == "rewarded_members":
        return await rewarded_behind(tx, cell.group, instants(span, zone), page)
    if metric in _AWAY:
        on = looked_on(span.last_on, asked.today)
        rows = await lapsed.who(tx, on, (span.from_on, span.until_on), page)
        return [Who(*row) for row in rows]  # type: ignore[arg-type]
    if metric in _BESIDE:
        return await _beside(tx, metric, asked, page, cell)
    if metric == "second_order_90":
        timely = with_time(span, asked.today)
        if timely is None:
            return []
        span = timely
    elif metric == "period_retention":
        span = so_far(span, asked.today)
    return await members_behind(tx, metric, span, page, asked.store, cell.cohort)


def _asks_rightly(metric: str, asked: Asked) -> None:
    if asked.store is not None and metric in OF_THE_WHOLE_SHOP:
        raise Invalid("this figure is of the whole shop; leave the store out", field="store")


_OF_ALL: Final = {
    "reached_members": "", "gini_spend": "", "gini_issued": "", "gini_redeemed": "",
    "cost_of_newcomers": "new", "cost_of_loyal": "known",
}  # fmt: skip
"""Of fairness: all who were there, or since when they order."""
_OF_VALUES: Final = frozenset(one.id for one in VALUES)
_LISTED: Final = {
    **dict.fromkeys(fairness.METRICS, fairness.who), **dict.fromkeys(best.METRICS, best.who),
    **dict.fromkeys(preferences.METRICS, preferences.who),
    **dict.fromkeys(returned.METRICS, returned.who),
}  # fmt: skip
"""Who lists the members of a figure by the question itself."""
_BESIDE: Final = {
    *referral.METRICS, *memberships.METRICS, *accounts.METRICS, *_LISTED,
    "bought_after_answer", *further.METRICS, *_OF_ALL, "category_share",
    *_OF_VALUES,
}  # fmt: skip


async def _beside(tx: Tx, metric: str, asked: Asked, page: Page, cell: Cell) -> list[Who]:
    """Whom figures of referral, memberships, fairness and preferences count."""
    span, bounds = asked.span, instants(asked.span, ZoneInfo(asked.zone))
    if metric in _LISTED:
        rows = await _LISTED[metric](tx, metric, asked, (page.after, page.limit), cell.group)
    elif metric in referral.METRICS:
        whom = (page.after, page.limit)
        rows = await referral.who(tx, metric, span, bounds, whom, cell.group)
    elif metric in memberships.METRICS:
        rows = await memberships.who(tx, metric, bounds, (page.after, page.limit), cell.group)
    elif metric in _OF_VALUES:
        whom = (page.after, page.limit)
        rows = await spread.who(tx, metric, cell.group, whom, asked.store)
    elif metric in accounts.METRICS:
        days = (span.from_on, span.until_on, page.after, page.limit, asked.store)
        rows = await accounts.who(tx, metric, days, bounds)
    elif metric == "bought_after_answer":
        when, place = (asked.zone, asked.today), (page.after, page.limit)
        rows = await accounts.did_later(tx, cell.group, bounds, when, place)
    elif metric in further.METRICS:
        of_it = (cell.group, asked.store, asked.wallet)
        rows = await further.who(tx, metric, span, page, of_it, bounds)
    else:
        days = (span.from_on, span.until_on, page.after, page.limit, asked.store)
        sql, of = BUYERS_OF, (asked.zone, cell.group)
        if metric in _OF_ALL:
            cut = fairness.cut_of(cell.group) if metric == "reached_members" else ("", "")
            ids = (first_id(one - tx.ahead) for one in bounds)
            of = (asked.wallet, _OF_ALL[metric], *cut, *ids)  # type: ignore[assignment]
            sql = REACHED
        found = await tx.fetch(sql, tx.program_id, *days, *of)
        rows = [tuple(row.values()) for row in found]
    return [Who(*row) for row in rows]  # type: ignore[arg-type]


async def accounts_behind(
    tx: Tx, metric: str, asked: Asked, page: Page, group: str = ""
) -> list[accounts.Behind]:
    """The accounts a figure counts. Order: of their ids. Faults: Invalid where a group is no number
    of months, and where a store is named and the figure is of the whole shop."""
    _asks_rightly(metric, asked)
    bounds = instants(asked.span, ZoneInfo(asked.zone))
    if metric == "accounts_staying":
        months = memberships.number_of(group)
        end = midnight(ends_on(asked.span, asked.today), ZoneInfo(asked.zone))
        some = await accounts.came_so_far(tx, end, asked.zone, months, page.after)
        return some[: page.limit]
    found = await accounts.behind(tx, metric, asked, bounds, page.after)
    return found[: page.limit]


async def members_behind(
    tx: Tx, metric: str, span: Span, page: Page, store: str | None, cohort: Span | None = None
) -> list[Who]:
    """The members a figure counts, by their ids. `cohort` is that of a cell of the table.

    Order: of ids, so a list can go on where it ended.
    """
    bounds = (span.from_on, span.until_on, page.after, page.limit, store)
    if metric == "period_retention":
        then = compared(span, "previous")
        before = (then.from_on, then.until_on, page.after, page.limit, store)
        rows = await tx.fetch(_BEFORE, tx.program_id, *before, span.from_on, span.until_on)
    elif metric == "cohort_retention":
        assert cohort is not None, "a cell of the table is of a cohort"
        rows = await tx.fetch(_COHORT, tx.program_id, *bounds, cohort.from_on, cohort.until_on)
    else:
        rows = await tx.fetch(_STATEMENTS[metric], tx.program_id, *bounds)
    return [Who(*row.values()) for row in rows]


async def joined_behind(
    tx: Tx, metric: str, bounds: tuple[datetime, datetime], page: Page
) -> list[Who]:
    """Who joined between two instants, and whether they came as far as this figure counts."""
    sql = _JOINED.format(_COUNTED[metric])
    rows = await tx.fetch(sql, tx.program_id, *bounds, page.after, page.limit)
    return [Who(*row.values()) for row in rows]


async def rewarded_behind(
    tx: Tx, reward: str, bounds: tuple[datetime, datetime], page: Page
) -> list[Who]:
    """Whom a reward was handed over to that was reserved between two instants."""
    ids = (first_id(one - tx.ahead) for one in bounds)
    rows = await tx.fetch(_REWARDED, tx.program_id, *ids, page.after, page.limit, reward)
    return [Who(*row.values()) for row in rows]


async def points_behind(
    tx: Tx, metric: str, asked: Asked, after: Place | None, limit: int, group: str = ""
) -> list[PointsDay]:
    """The days and members on which these points moved; of what is outstanding a row a member.

    Shape: a group of what is outstanding is the month in which it lapses or was earned, of what is
    held today: `lapses:2026-03`, `lapses:` for what never does, `earned:2025-11`. Faults: Invalid.
    """
    span, wallet = asked.span, asked.wallet
    if metric in OF_HOLDERS:
        last = NOBODY if after is None else after[0]
        if group:
            what, _, month = group.partition(":")
            if what not in _LOT_OF:
                says = "write the group as lapses:2026-03, lapses: or earned:2026-03"
                raise Invalid(says, field="group")
            lots = (wallet, last, limit, month, asked.zone)
            rows = await tx.fetch(_LOTS.format(_LOT_OF[what]), tx.program_id, *lots)
            return [PointsDay(*row.values()) for row in rows]
        ever = metric in ("breakage", "redemption_ultimate")
        holding = (wallet, span.until_on, last, limit, ever)
        rows = await tx.fetch(_HOLDING, tx.program_id, *holding)
        return [PointsDay(*row.values()) for row in rows]
    place = (NOBODY, date.min, "") if after is None else after
    bounds = (wallet, span.from_on, span.until_on, *place, POINTS_OF[metric], limit, asked.store)
    return [PointsDay(*row.values()) for row in await tx.fetch(_POINTS, tx.program_id, *bounds)]


async def looked_at(tx: Tx) -> datetime | None:
    """When the rows were brought up to the books, the last time; None before the first, and while
    everybody is folded anew."""
    rows = await tx.fetch(_LOOKED, tx.program_id)
    return rows[0]["looked_at"] if rows else None
