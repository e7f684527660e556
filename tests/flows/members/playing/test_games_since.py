"""Prizes are settled by what came since; whatever comes, in whatever order, it ends the same."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.flows.two_times.test_late_bounded import Counting
from tests.makers import Shop, brings_back, buys

from regulars.flows.points.gaming.settle_prizes import settle_prizes

Open = Callable[[str], Shop]
GAMES = """
regulars: 1
program: games
name: Games
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
challenges:
  - {id: three, name: Three a week, target: 3, counts: {}, every: week, in_period: 2,
     prize: {wallet: points, points: 5}}
  - {id: spend, name: Fifty a month, target: "50.00", measure: spend, counts: {}, every: month,
     prize: {wallet: points, points: 7}}
"""
STREAK = """
streaks:
  - {id: days, name: Days, every: day, again: each_streak, counts: {},
     milestones: [{length: 2, prize: {wallet: points, points: 3}},
                  {length: 4, prize: {wallet: points, points: 11}}]}
"""
PRIZES = """
select game, name, began_on, place, units from prize
 where program_id = $1 and undone_at is null order by 1, 2, 3, 4
"""
ALL = "update prize_clock set since = null where program_id = $1 returning 1"


def lives(shop: Shop, rng: Random, *, whole: bool) -> list[Any]:
    """Some weeks of purchases, some of them told late, some of which come back."""
    (ada,) = shop.joined("ada")
    begun, told, ends = shop.now, list[str](), []
    for n in range(26):
        shop.now += timedelta(hours=rng.choice((5, 14, 30)))
        late = timedelta(hours=rng.choice((0, 0, 0, 20, 200)))
        at = max(shop.now - late, begun)
        if told and rng.random() < 0.2:
            sale = told.pop(rng.randrange(len(told)))
            shop.record(brings_back(sale, receipt=f"b{n}"))
        else:
            told.append(f"r{n}")
            shop.record(buys(ada, rng.choice((300, 2_000)), receipt=f"r{n}", occurred_at=at))
        if rng.random() < 0.6:
            if whole:
                shop.rows(ALL)
            settle(shop)
            ends.append(shop.rows(PRIZES))
    assert any(ends)
    return [*ends, shop.balances("ada")]


def settle(shop: Shop) -> None:
    while shop.do(lambda tx, terms: settle_prizes(tx, terms, 10)):
        pass


@pytest.mark.parametrize("source", [GAMES, GAMES + STREAK], ids=["challenges", "streaks"])
@pytest.mark.parametrize("seed", range(2))
def test_what_came_since_settles_as_everything_would(
    open_shop: Open, source: str, seed: int
) -> None:
    shop = open_shop(source)
    begun = shop.now
    since = lives(shop, Random(seed), whole=False)
    shop.begin(source, slug=f"whole-{seed}-{len(source)}", now=begun)
    assert lives(shop, Random(seed), whole=True) == since


def rows_read(shop: Shop, weeks: int) -> int:
    """How many rows settling brings after so many weeks, but for prizes and lots."""
    (ada,) = shop.joined("ada")
    for week in range(weeks):
        shop.now += timedelta(days=7)
        shop.record(*(buys(ada, 300, receipt=f"r{week}-{n}") for n in range(2)))
        settle(shop)
    shop.record(buys(ada, 300, receipt="last"))
    noted: list[Counting] = []

    async def act(tx: Any, terms: Any) -> int:
        noted.append(Counting(tx))
        return await settle_prizes(noted[0], terms, 10)  # type: ignore[arg-type]

    shop.do(act)
    lots = shop.rows("select count(*) from lot where program_id = $1")[0][0]
    return noted[0].rows - len(shop.rows(PRIZES)) - lots


def test_a_longer_life_reads_no_more(open_shop: Open) -> None:
    assert rows_read(open_shop(GAMES), 2) == rows_read(open_shop(GAMES), 10)
