"""Shops nobody thought of: with nothing, with one of everything, with far too much of one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.records.prepared.write import count_gaps

_MEMBERS: Final = """
insert into member (program_id, member_id, number, state, given_name, joined_at, recorded_at)
select $1::int, gen_random_uuid(), 'S' || n, 'active', 'Ada ' || n,
       $3::date - interval '400 days', now() from generate_series(1, $2::int) n
"""
# Of each member by their number n from 1: days as this says.
_DAYS: Final = """
insert into member_day
select $1::int, m.member_id, d.day::date, '', 1, d.orders, greatest(d.net, 0), d.net, 1, d.back, 0
  from (select member_id, row_number() over (order by number) as n from member
         where program_id = $1::int) m
 cross join lateral ({}) d
"""
_SUMS: Final = (
    "insert into member_orders select program_id, member_id, min(day), max(day), count(*),"
    " sum(net_minor), (array_agg(distinct day order by day))[2] from member_day"
    " where program_id = $1 and orders > 0 group by 1, 2",
    "insert into store_day select program_id, day, store, true, sum(sales), sum(orders),"
    " sum(paid_minor), sum(net_minor), 0, sum(returns), 0 from member_day where program_id = $1"
    " group by 1, 2, 3",
    "insert into cohort_month select d.program_id, date_trunc('month', o.first_on::timestamp),"
    " date_trunc('month', d.day::timestamp), count(distinct d.member_id), count(*),"
    " sum(d.net_minor) from member_day d join member_orders o using (program_id, member_id)"
    " where d.program_id = $1 and d.orders > 0 group by 1, 2, 3",
    "insert into prepared_reach values ($1, 1, '', 1, null, null, $2::timestamptz)",
)
Laid = Callable[[Counter], None]


def rows(days: str, members: int) -> Laid:
    """So many members with these days; `$2` is today."""

    def lay(counter: Counter) -> None:
        async def laid(tx: Tx, _: Any) -> None:
            today = counter.shop.now.date()
            await tx.fetch(_MEMBERS, tx.program_id, members, today)
            await tx.fetch(_DAYS.format(days), tx.program_id, today)
            for sql in _SUMS:
                more = (counter.shop.now,) if "$2" in sql else ()
                await tx.fetch(sql, tx.program_id, *more)
            await count_gaps(tx)

        counter.shop.do(laid)

    return lay


SHOPS: Final[Mapping[str, Laid]] = MappingProxyType({
    "nobody": rows("select $2::date as day, 1 as orders, 1 as net, 0 as back where false", 0),
    "opened yesterday": rows(
        "select $2::date - 1 as day, 1 as orders, 900 as net, 0 as back where n <= 2", 3
    ),
    "one order each": rows(
        "select $2::date - (n * 37 % 700)::int as day, 1 as orders, 900 as net, 0 as back", 300
    ),
    "one order each, all of the same": rows(
        "select $2::date - 100 as day, 1 as orders, 900 as net, 0 as back", 300
    ),
    "everything came back": rows(
        "select $2::date - k * 20 as day, 0 as orders, 0 as net, 1 as back"
        "  from generate_series(1, 20) k", 150,
    ),
    "more came back than was paid": rows(
        "select $2::date - k * 20 as day, 1 as orders, -700 as net, 1 as back"
        "  from generate_series(1, 20) k", 150,
    ),
    "one who came 1,190 times": rows(
        "select $2::date - k as day, 1 as orders, 900 as net, 0 as back"
        "  from generate_series(1, case n when 1 then 1190 else 1 + n % 3 end::int) k", 200,
    ),
    "a gap of two years": rows(
        "select $2::date - k as day, 1 as orders, 900 as net, 0 as back"
        "  from unnest(array[5, 12, 19, 800, 807, 814, 821]) k where (n + k) % 3 > 0", 200,
    ),
    "all gone long ago": rows(
        "select $2::date - 900 - k * 9 as day, 1 as orders, 900 as net, 0 as back"
        "  from generate_series(1, 12) k where (n + k) % 4 > 0", 300,
    ),
    "sums beyond all sense": rows(
        "select $2::date - k * 11 as day, 1 as orders, 900000000000000 as net, 0 as back"
        "  from generate_series(1, 40) k where (n * k) % 5 > 1", 120,
    ),
    "one season": rows(
        "select $2::date - k * 3 as day, 1 as orders, 900 as net, 0 as back"
        "  from generate_series(1, 90) k where (n * 7 + k) % (case when k > 60 then 5 else 2 end)"
        " = 0", 200,
    ),
    "a day that has not come": rows(
        "select $2::date + k * 30 as day, 1 as orders, 900 as net, 0 as back"
        "  from generate_series(-8, 2) k", 120,
    ),
})  # fmt: skip
