"""Many prepared rows at once, for screens and measurements: a shop of some months."""

from __future__ import annotations

from typing import Any

from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.records.prepared.write import count_gaps

_MEMBERS = """
insert into member (program_id, member_id, number, state, given_name, joined_at, recorded_at)
select $1::int, gen_random_uuid(), 'M' || n, 'active', 'Ada ' || n,
       $3::date - (n % 300) * interval '1 day', now() from generate_series(1, $2::int) n
"""
# Who came first m days ago comes again every few days, each time with less certainty.
_DAYS = """
insert into member_day
select distinct on (m.member_id, day) m.program_id, m.member_id,
       (m.joined_at + (k * (3 + n % 40)) * interval '1 day')::date as day,
       (array['mitte', 'harbour', ''])[1 + (n + k) % 3], 1, 1, net, net, 1, 0, 0
  from (select *, row_number() over (order by number) as n from member
         where program_id = $1::int) m
 cross join generate_series(0, 12) k
 cross join lateral (select 300 + (n * 37 + k * 113) % 2900 as net) p
 where (n * 7 + k * 13) % (k + 2) < 2
   and m.joined_at + (k * (3 + n % 40)) * interval '1 day' < $2::date
"""
_SUMS = (
    "insert into member_orders select program_id, member_id, min(day), max(day), count(*),"
    " sum(net_minor), (array_agg(distinct day order by day))[2] from member_day"
    " where program_id = $1 group by 1, 2",
    "insert into store_day select program_id, day, store, true, sum(sales), sum(orders),"
    " sum(paid_minor), sum(net_minor), 0, 0, 0 from member_day where program_id = $1"
    " group by 1, 2, 3",
    "insert into store_day select program_id, day, store, false, 9, 9, 7000, 7000, 0, 0, 0"
    " from store_day where program_id = $1 and store = 'mitte'",
    "insert into cohort_month select d.program_id, date_trunc('month', o.first_on::timestamp),"
    " date_trunc('month', d.day::timestamp), count(distinct d.member_id), count(*),"
    " sum(d.net_minor) from member_day d join member_orders o using (program_id, member_id)"
    " where d.program_id = $1 group by 1, 2, 3",
    "insert into points_day select d.program_id, d.member_id, d.day, d.store, c.code,"
    " d.net_minor / 10, case when d.net_minor % 3 = 0 then d.net_minor / 20 else 0 end,"
    " case when d.net_minor % 11 = 0 then 9 else 0 end, 0, 0 from member_day d"
    " join lateral (select code from program_code c where c.program_id = d.program_id"
    " and kind = 'wallet' order by code limit 1) c on true where d.program_id = $1",
    "insert into store_points_day select program_id, day, store, wallet, sum(issued),"
    " sum(redeemed), sum(expired), 0, 0 from points_day where program_id = $1 group by 1, 2, 3, 4",
    "insert into lot_month select program_id, wallet, date_trunc('month', day::timestamp),"
    " date_trunc('month', day::timestamp), sum(issued), sum(redeemed), 0, 0 from points_day"
    " where program_id = $1 group by 1, 2, 3, 4",
    "insert into lot_month select g.program_id, g.wallet, g.earned_month,"
    " (g.earned_month + k * interval '1 month')::date, 0,"
    " g.given * (4 + (k + extract(month from g.earned_month)::int) % 3) / (22 * k), 0, 0"
    " from lot_month g cross join generate_series(1, 9) k where g.program_id = $1"
    " and g.given > 0 and g.earned_month + k * interval '1 month' < $2::date",
    "insert into prepared_reach values ($1, 1, '', 1, null, null, $2::date)",
)


def many(counter: Counter, members: int, today: Any) -> None:
    """So many members with their days until today."""

    async def made(tx: Tx, _: Any) -> None:
        await tx.fetch(_MEMBERS, tx.program_id, members, today)
        await tx.fetch(_DAYS, tx.program_id, today)
        for sql in _SUMS:
            await tx.fetch(sql, tx.program_id, *((today,) if "$2" in sql else ()))
        await count_gaps(tx)

    counter.shop.do(made)
