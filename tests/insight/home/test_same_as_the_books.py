"""What the first page says from prepared days is what activities and postings come to."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.flows.night.counted.following import SHOP, goes_on
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Redeem
from regulars.insight.home.figures import Figures, figures
from regulars.insight.home.missed import missed
from regulars.insight.metrics.points import flows_of
from regulars.insight.metrics.reading.points import moved
from regulars.insight.metrics.spans import Span, instants
from regulars.records.ledger.types import Account
from regulars.records.members.types import MemberRef

ZONE: Final = ZoneInfo("Europe/Berlin")
TODAY: Final = date(2026, 7, 1)
# As it was counted before, of all activities and postings.
_CAME: Final = """
select count(*) as came, count(*) filter (where days > 1) as came_back,
       count(*) filter (where last >= $3) as came_lately
  from (select count(distinct (occurred_at at time zone 'Europe/Berlin')::date) as days,
               max(occurred_at) as last
          from activity
         where program_id = $1 and occurred_at >= $2 and kind <> 'return'
           and member_id <> '00000000-0000-0000-0000-000000000000'
         group by member_id) each_one
"""
_BY_MONTH: Final = """
select date_trunc('month', e.occurred_at at time zone 'Europe/Berlin')::date as month, p.account,
       sum(p.amount)::bigint as amount
  from entry e join posting p using (program_id, entry_id, member_id)
 where e.program_id = $1 and p.account between $2 and $3 and p.wallet = $4
 group by 1, 2
"""
_MISSED: Final = """
select c.member_id, c.days
  from (select member_id, count(distinct (occurred_at at time zone 'Europe/Berlin')::date) as days,
               min(occurred_at) as first, max(occurred_at) as last
          from activity
         where program_id = $1 and occurred_at >= $2 and kind <> 'return'
           and member_id <> '00000000-0000-0000-0000-000000000000'
         group by member_id) c
 where c.days >= 3 and c.last < $3 and ($4 - c.last) * (c.days - 1) >= 2 * (c.last - c.first)
 order by c.days desc, c.last desc, c.member_id
"""


def midnight(day: date) -> datetime:
    return instants(Span(day, day + timedelta(1)), ZONE)[0]


def half_a_year(shop: Shop) -> None:
    """Who comes often and who seldom, what came back, what was spent and what lapsed."""
    chance = random.Random(7)
    names = [f"m{n}" for n in range(14)]
    shop.joined(*names)
    for day in range(180):
        shop.at(f"{date(2026, 1, 2) + timedelta(day):%Y-%m-%d} 12:00")
        for place, name in enumerate(names):
            stays_away = place % 3 == 0 and day > 60 + 9 * place
            if stays_away or chance.random() > 0.04 + 0.01 * place:
                continue
            receipt = f"{name}-{day}"
            shop.record(
                buys(MemberRef(external=name), chance.randrange(200, 3000), receipt=receipt)
            )
            if chance.random() < 0.1:
                shop.record(brings_back(receipt, receipt=f"r-{receipt}"))
            elif chance.random() < 0.3:
                shop.redeem(Redeem(MemberRef(external=name), "mug", capture=True))
    shop.at(f"{TODAY} 00:00")
    goes_on(shop)


def test_what_days_say_is_what_activities_and_postings_say(
    open_shop: Callable[[str], Shop],
) -> None:
    shop = open_shop(SHOP)
    half_a_year(shop)

    async def look(tx: Any, _: Any) -> tuple[Any, ...]:
        (came,) = await tx.fetch(
            _CAME, tx.program_id, midnight(TODAY - timedelta(90)), midnight(TODAY - timedelta(30))
        )
        bounds = (int(Account.ISSUED), int(Account.EXPIRED))
        wallet_sql = "select code from program_code where program_id = $1 and name = 'points'"
        wallet = (await tx.fetch(wallet_sql, tx.program_id))[0]["code"]
        months = await tx.fetch(_BY_MONTH, tx.program_id, *bounds, wallet)
        away = await tx.fetch(
            _MISSED, tx.program_id, midnight(TODAY - timedelta(365)),
            midnight(TODAY - timedelta(45)), midnight(TODAY),
        )  # fmt: skip
        span = Span(date(2026, 1, 1), TODAY)
        days = await moved(tx, wallet, span)
        return (
            came, months, away, await figures(tx, TODAY), flows_of(span, days, "month"),
            await missed(tx, TODAY, 50),
        )  # fmt: skip

    came, months, away, now, flows, gone = shop.do(look)
    assert (now.came, now.came_back, now.came_lately) == tuple(came.values())
    assert 0 < now.came_lately < now.came
    assert now.came_back > 0
    books = {(row["month"], row["account"]): row["amount"] for row in months}
    assert [(one.issued, one.redeemed, one.expired) for one in flows] == [
        (
            -books.get((one.span.from_on, Account.ISSUED), 0),
            books.get((one.span.from_on, Account.REDEEMED), 0),
            books.get((one.span.from_on, Account.EXPIRED), 0),
        )
        for one in flows
    ]
    assert any(one.redeemed for one in flows)
    who = [(row["member_id"], row["days"]) for row in away]
    assert [(one.member_id, one.days) for one in gone] == who
    assert len(who) > 1


def test_twice_on_a_day_is_not_to_come_back(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    for day, name, receipt in (("2026-06-30", "ada", "1"), ("2026-06-30", "ada", "2"),
                               ("2026-06-01", "ben", "3"), ("2026-06-02", "ben", "4")):  # fmt: skip
        shop.at(f"{day} 12:00")
        shop.record(buys(MemberRef(external=name), 500, receipt=receipt))
    shop.at("2026-07-01 12:00")
    goes_on(shop)
    found: Figures = shop.do(lambda tx, _: figures(tx, TODAY))
    assert (found.came, found.came_back, found.came_lately) == (2, 1, 2)
    assert found.members == 2


def test_where_nothing_is_sold_visits_are_looked_at(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    days = ("2026-03-01", "2026-03-05", "2026-03-09")

    async def visits(tx: Any, _: Any) -> None:
        for day in days:
            await tx.fetch(
                "insert into member_day select $1::int, member_id, $2::date, '', 0, 0, 0, 0, 0, 0, 1"
                " from member where program_id = $1::int order by member_id limit 1",
                tx.program_id, date.fromisoformat(day),
            )  # fmt: skip

    shop.do(visits)
    found = shop.do(lambda tx, _: missed(tx, TODAY, 3))
    assert [(one.days, one.last_on) for one in found] == [(3, date(2026, 3, 9))]
