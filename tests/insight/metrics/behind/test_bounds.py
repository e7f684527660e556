"""Bounds of figures of orders: what they are made of is what the rows come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.flows.night.counted.following import follows
from tests.insight.metrics.behind.test_given_and_invited import four_invitations
from tests.insight.metrics.many import many
from tests.insight.metrics.test_tastes import MARCH
from tests.makers import Shop
from tests.surfaces.counter import Counter

from regulars.insight.estimators.asking.ratios import Weeks
from regulars.insight.metrics.buying import bought_figures
from regulars.insight.metrics.reading import orders, referral
from regulars.insight.metrics.spans import Span, instants

SPRING = Span(date(2026, 3, 2), date(2026, 5, 25))
_EACH = """
select count(distinct day) from member_day
 where program_id = $1 and day >= $2 and day < $3 and orders > 0
   and ($4::text is null or store = $4) group by member_id
"""
_WEEKS = """
select (day - $2::date) / 7, count(*), sum(net_minor)::bigint from member_day
 where program_id = $1 and day >= $2 and day < $3 and orders > 0 and store = $4
 group by 1 order by 1
"""


@pytest.mark.parametrize("store", [None, "mitte"])
def test_orders_of_each_buyer_and_of_each_week_are_what_bounds_are_made_of(
    counter: Counter, store: str | None
) -> None:
    shop = counter.shop
    shop.at("2026-06-01 12:00")
    if "many" not in vars(counter):
        vars(counter)["many"] = many(counter, 150, shop.now.date())

    async def look(tx: Any, _: Any) -> Any:
        (whole,) = await orders.bought(tx, SPRING, store=store)
        whole = await orders.by_week(tx, whole, store)
        return await orders.by_buyer(tx, whole) if store is None else whole

    found = shop.do(look)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "LOOKED_AT", 1)
        some = shop.do(look) if store is None else None
    assert some is None or some.by_buyer != found.by_buyer, "of a table nobody analysed, too"
    days = (SPRING.from_on, SPRING.until_on, store)
    each = [many for (many,) in shop.rows(_EACH, *days)]
    squares = sum(one * one for one in each)
    assert tuple(found.by_buyer) == pytest.approx(
        (len(each), sum(each), len(each), squares, sum(each), len(each))
    )
    figures = {one.metric: one for one in bought_figures(found, date(2025, 1, 1), elsewhere=True)}
    one = figures["order_frequency"]
    assert one.low is not None
    assert one.low < one.value < one.high
    by_week = found.paid_by_week
    assert (by_week.weeks, by_week.above, by_week.below) == (12, found.net_minor, found.orders)
    if store is not None:
        weeks = shop.rows(_WEEKS, *days)
        assert sorted(found.orders_by_week) == [(week, many) for week, many, _ in weeks]
        assert found.paid_by_week.both == sum(many * net for _, many, net in weeks)


def test_each_who_invites_or_buys_is_one_of_whom_bounds_are_made(
    open_shop: Callable[[str], Shop],
) -> None:
    """ada bought, sent three and was named by five; cleo bought; gus sent one and bought nothing;
    no newcomer bought yet."""
    shop = four_invitations(open_shop)
    follows(shop)
    span = Span(date.fromisoformat(MARCH["from"]), date.fromisoformat(MARCH["until"]))
    bounds = instants(span, shop.zone)
    found = shop.do(lambda tx, _: referral.bringing(tx, span, bounds))
    assert found.sent_by_buyers == Weeks(3, 4, 2, 10, 3, 2)
    assert found.named_by_sent == Weeks(3, 5, 4, 25, 15, 10)
    assert found.newcomers_by_buyers == Weeks(3, 0, 2, 0, 0, 2)
