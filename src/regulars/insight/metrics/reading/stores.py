"""What members bought in each store, and how many came back to it."""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.insight.metrics.spans import Span

_STORES: Final = """
with each as (
    select store, member_id, sum(orders)::bigint as orders
      from member_day
     where program_id = $1::int and day >= $2::date and day < $3::date and orders > 0
     group by 1, 2
), came as (
    select store, count(*) as buyers, count(*) filter (where orders > 1) as twice,
           sum(orders)::bigint as orders
      from each group by store
), sold as (
    select store, sum(net_minor) filter (where named) as net_minor, sum(net_minor) as all_net_minor,
           sum(sales) filter (where named) as named_sales, sum(sales) as all_sales
      from store_day
     where program_id = $1::int and day >= $2::date and day < $3::date group by store
), moved as (
    select store, sum(issued) as issued, sum(redeemed) as redeemed
      from store_points_day
     where program_id = $1::int and wallet = $4::smallint
       and day >= $2::date and day < $3::date group by store
)
select store, coalesce(buyers, 0) as buyers, coalesce(twice, 0) as twice,
       coalesce(orders, 0) as orders, coalesce(net_minor, 0)::bigint as net_minor,
       coalesce(all_net_minor, 0)::bigint as all_net_minor,
       coalesce(named_sales, 0)::bigint as named_sales,
       coalesce(all_sales, 0)::bigint as all_sales, coalesce(issued, 0)::bigint as issued,
       coalesce(redeemed, 0)::bigint as redeemed
  from came full join sold using (store) full join moved using (store)
 order by net_minor desc, store
"""


class Sold(NamedTuple):
    """A store in a span; '' is what names none."""

    store: str
    buyers: int
    twice: int
    orders: int
    net_minor: int
    all_net_minor: int
    named_sales: int
    all_sales: int
    issued: int
    redeemed: int


async def sold(tx: Tx, wallet: int, span: Span) -> list[Sold]:
    """Each store in which anything happened, most revenue of members first."""
    rows = await tx.fetch(_STORES, tx.program_id, span.from_on, span.until_on, wallet)
    return [Sold(*row.values()) for row in rows]
