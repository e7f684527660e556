"""The members behind figures of points, stores and tiers, and those behind orders in other ways."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.metrics.reading.fairness import GIVEN_TO
from regulars.insight.metrics.reading.joining import STAYED
from regulars.insight.metrics.spans import Span
from regulars.records.prepared.types import HERE

_WHO: Final = """
select w.member_id, coalesce(e.orders, 0) as orders, coalesce(e.net_minor, 0)::bigint as net_minor,
       o.first_on, o.last_on, w.counted
  from ({}) w
  left join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders,
              sum(d.net_minor)::bigint as net_minor
         from member_day d
        where d.program_id = $1::int and d.member_id = w.member_id
          and d.day >= $2::date and d.day < $3::date and ($6::text is null or d.store = $6::text)
       ) e on true
 order by w.member_id
"""
_DAYS: Final = """program_id = $1::int and day >= $2::date and day < $3::date
           and member_id > $4::uuid and ($6::text is null or store = $6::text)"""
# Who bought, or redeemed points of the wallet, and who of them redeemed.
_REDEEMING: Final = f"""
    select member_id, bool_or(redeemed) as counted
      from (select member_id, true as redeemed from points_day
             where {_DAYS} and redeemed > 0 and wallet = $7::smallint
            union all
            select member_id, false from member_day where {_DAYS} and orders > 0) r
     group by member_id order by member_id limit $5::int"""  # noqa: S608 - a statement of ours
# Purchases that name somebody, also those that came back.
_NAMED: Final = f"""
    select member_id, sum(net_minor) <> 0 as counted from member_day
     where {_DAYS} and sales > 0
     group by member_id order by member_id limit $5::int"""  # noqa: S608 - a statement of ours
# Of who ordered in the time, whose order was followed by another one by now.
_FOLLOWED: Final = f"""
    select d.member_id, count(distinct d.day) > 1
           or max(o.last_on) >= $3::date as counted
      from (select member_id, day from member_day where {_DAYS} and orders > 0) d
      join member_orders o on o.program_id = $1::int and o.member_id = d.member_id
     group by d.member_id order by d.member_id limit $5::int"""  # noqa: S608
_AGAIN_THERE: Final = f"""
    select member_id, count(*) > 1 as counted from member_day
     where {_DAYS} and orders > 0
     group by member_id order by member_id limit $5::int"""  # noqa: S608 - a statement of ours
# Of who stood on a tier as the time began, who stands on the other as it ends; see `tiers.py`.
_MOVED: Final = f"""
    select m.member_id, coalesce(n.tier, '') = $10::text as counted
      from member m
      left join lateral (
           select to_tier as tier from tier_move t
            where t.program_id = $1::int and t.member_id = m.member_id
              and t.occurred_at < $7::timestamptz
            order by t.occurred_at desc, t.move_id desc limit 1) w on true
      left join lateral (
           select to_tier as tier from tier_move t
            where t.program_id = $1::int and t.member_id = m.member_id
              and t.occurred_at < $8::timestamptz
            order by t.occurred_at desc, t.move_id desc limit 1) n on true
     where m.program_id = $1::int and m.member_id > $4::uuid
       and m.joined_at < $8::timestamptz and {HERE}
       and case when m.joined_at < $7::timestamptz then coalesce(w.tier, '') else 'new' end
           = $9::text
     order by m.member_id limit $5::int"""  # noqa: S608 - a statement of ours
# Who stood on a tier as the time ended, of who is there still.
_STOOD: Final = f"""
    select m.member_id, true as counted
      from member m
      left join lateral (
           select to_tier as tier from tier_move t
            where t.program_id = $1::int and t.member_id = m.member_id
              and t.occurred_at < $8::timestamptz
            order by t.occurred_at desc, t.move_id desc limit 1) n on true
     where m.program_id = $1::int and m.member_id > $4::uuid and $7::timestamptz is not null
       and m.joined_at < $8::timestamptz and {HERE}
       and coalesce(n.tier, '') = $9::text
     order by m.member_id limit $5::int"""  # noqa: S608 - a statement of ours
# Of who was a member as the time began, who was one as it ended; see `orders.kept`.
_KEPT: Final = f"""
    select m.member_id, e.erased_at is null or e.erased_at >= $8::timestamptz as counted
      from member m
      left join erasure e on e.program_id = m.program_id and e.member_id = m.member_id
     where m.program_id = $1::int and m.joined_at < $7::timestamptz and m.member_id > $4::uuid
       and (e.erased_at >= $7::timestamptz or {STAYED})
     order by m.member_id limit $5::int"""  # noqa: S608 - a statement of ours
_OF_DAYS: Final = {
    "redeeming_members": _REDEEMING,
    "participation_orders": _NAMED,
    "participation_revenue": _NAMED,
    "median_gap": _FOLLOWED,
    "median_wait": _FOLLOWED,
    "store_repeat_rate": _AGAIN_THERE,
}
APART: Final = ">"
"""Between the two tiers of a row of migration."""
METRICS: Final = (*_OF_DAYS, "tier_migration", "tier_mix", "members_kept", "gifts_given")
"""Those whose members can be listed."""


async def who(
    tx: Tx, metric: str, span: Span, page: tuple[UUID, int], of: tuple[str, str | None, int],
    bounds: tuple[datetime, datetime],
) -> list[tuple[object, ...]]:  # fmt: skip
    """The members behind a figure, in order of their ids, as `Who` has them.

    `of` is the group of the figure, the store and the wallet: a group is a store, or both tiers of
    a step (`silver>gold`, `new>` of who joined since and is on none).
    """
    group, store, wallet = of
    there = group if metric == "store_repeat_rate" else store
    days: tuple[date, date, UUID, int, str | None] = (span.from_on, span.until_on, *page, there)
    if metric == "tier_migration":
        before, _, after = group.partition(APART)
        said = (*days, *bounds, before, after)
        rows = await tx.fetch(_WHO.format(_MOVED), tx.program_id, *said)
    elif metric == "tier_mix":
        rows = await tx.fetch(_WHO.format(_STOOD), tx.program_id, *days, *bounds, group)
    elif metric == "members_kept":
        rows = await tx.fetch(_WHO.format(_KEPT), tx.program_id, *days, *bounds)
    elif metric == "gifts_given":
        ids = [first_id(one - tx.ahead) for one in bounds]
        rows = await tx.fetch(_WHO.format(GIVEN_TO), tx.program_id, *days, *ids)
    else:
        of_wallet = (wallet,) if metric == "redeeming_members" else ()
        rows = await tx.fetch(_WHO.format(_OF_DAYS[metric]), tx.program_id, *days, *of_wallet)
    return [tuple(row.values()) for row in rows]
