"""Activities that come late: decided as the member stood then, and what came after them anew."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop, brings_back, buys
from tests.makers import line as piece

from regulars.base.tx import Tx
from regulars.flows.recording.record_activities import record_activities

Open = Callable[[str], Shop]
DAY = timedelta(days=1)
LADDER = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 2 years}, negative: debt}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
  - {id: gold, on: purchase, wallet: stamps, award: {give: fixed, points: 1},
     when: {if: tier, at_least: gold}}
tiers:
  window: WINDOW
  rolling_days: 30
  valid: VALID
  crossing_earns: CROSSING
  returned_credit: CREDIT
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]
"""


def ladder(window: str = "calendar_year", valid: str = "next_window_end",
           crossing: str = "old_tier", credit: str = "at_period_end") -> str:  # fmt: skip
    text = LADDER.replace("WINDOW", window).replace("VALID", valid)
    return text.replace("CROSSING", crossing).replace("CREDIT", credit)


def net(shop: Shop) -> dict[str, dict[str, int]]:
    """Net points per receipt and wallet: all that was issued for it and taken back of it."""
    sql = """select s.external_id, c.name, sum(-p.amount)::bigint
               from entry e
               join posting p using (program_id, member_id, entry_id)
               join activity a on a.program_id = e.program_id and a.activity_id = e.cause_id
               join activity s on s.program_id = e.program_id
                              and s.activity_id = coalesce(a.sale_id, a.activity_id)
               join program_code c on c.program_id = e.program_id and c.kind = 'wallet'
                                  and c.code = p.wallet
              where e.program_id = $1 and p.account = 11
              group by 1, 2 having sum(p.amount) <> 0 order by 1, 2"""
    found: dict[str, dict[str, int]] = {}
    for receipt, wallet, points in shop.rows(sql):
        found.setdefault(receipt, {})[wallet] = points
    return found


def standing(shop: Shop) -> Any:
    tier = shop.rows("select tier, tier_since, tier_until from standing where program_id = $1")
    counters = shop.rows(
        "select counter, period, value from counter where program_id = $1 and value <> 0 "
        "order by 1, 2"
    )
    ends: Counter[tuple[str, datetime]] = Counter()
    for wallet, left, _, at in shop.lots("ada"):
        ends[wallet, at] += left
    return tier, counters, shop.balances("ada"), sorted(ends.items())


def books(shop: Shop) -> None:
    asyncio.run(assert_books_right(shop.made.owner_dsn))


def test_what_was_bought_after_a_late_purchase_earns_at_the_tier_it_reached(
    open_shop: Open,
) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now += 2 * DAY
    (wednesday,) = shop.record(buys(ada, 5_000, receipt="wednesday"))
    assert (wednesday.earned, wednesday.tier) == ({"points": 50}, None)
    shop.now += DAY
    (late,) = shop.record(buys(ada, 10_000, receipt="monday", occurred_at=monday))
    assert (late.earned, late.tier) == ({"points": 100}, "silver")
    assert net(shop) == {"monday": {"points": 100}, "wednesday": {"points": 100}}
    assert shop.balances("ada") == {"points": (200, 0, 0)}
    entries = shop.rows(
        "select kind, reason, occurred_at from entry where program_id = $1 order by entry_id"
    )
    assert [(kind, bool(reason)) for kind, reason, _ in entries] == [
        ("earn", False), ("earn", False), ("restate", True),
    ]  # fmt: skip
    assert entries[2][2] == entries[0][2]
    assert shop.told()[-3:] == ["points.earned", "points.restated", "tier.changed"]
    books(shop)


def test_a_late_purchase_sees_the_tier_of_then(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    before = shop.now
    shop.now += DAY
    (first,) = shop.record(buys(ada, 10_000, receipt="r1"))
    assert first.tier == "silver"
    (late,) = shop.record(buys(ada, 1_000, receipt="r0", occurred_at=before))
    assert late.earned == {"points": 10}
    assert "restate" not in {
        row[0] for row in shop.rows("select kind from entry where program_id = $1")
    }
    books(shop)


def test_a_return_that_comes_late_takes_back_what_the_tier_gave_since(open_shop: Open) -> None:
    shop = open_shop(ladder(credit="revoke_now"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    shop.now += DAY
    back = shop.now
    shop.now += DAY
    (second,) = shop.record(buys(ada, 2_000, receipt="r2"))
    assert second.earned == {"points": 40}
    shop.now += DAY
    shop.record(brings_back("r1", receipt="b1", occurred_at=back))
    assert net(shop) == {"r2": {"points": 20}}
    assert standing(shop)[0] == [(None, back, None)]
    shop.record(brings_back("r2", receipt="b2"))
    assert (net(shop), shop.balances("ada")) == ({}, {})
    books(shop)


def test_a_batch_out_of_order_comes_to_the_same(open_shop: Open) -> None:
    ends = []
    for order in ((0, 1, 2), (2, 0, 1), (2, 1, 0)):
        shop = open_shop(ladder())
        (ada,) = shop.joined("ada")
        begun = shop.now
        shop.now += 5 * DAY
        sales = [buys(ada, 12_000, receipt=f"r{n}", occurred_at=begun + n * DAY) for n in range(3)]
        shop.record(*(sales[place] for place in order))
        ends.append((net(shop), standing(shop)))
        books(shop)
    assert ends[0] == ends[1] == ends[2]
    assert ends[0][0]["r2"] == {"points": 240}


class Noting:
    """The transaction, with each of its round trips noted."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.tx, name)

    async def fetch(self, sql: str, *args: Any) -> Any:
        self.asked.append(sql)
        return await self.tx.fetch(sql, *args)

    async def write(self, writes: Any) -> None:
        if writes:
            self.asked.append("write")
        await self.tx.write(writes)


def round_trips(shop: Shop, *told: Any) -> list[str]:
    """What a batch asks of the database between its begin and its commit."""
    noted: list[Noting] = []

    async def act(tx: Any, terms: Any) -> list[Any]:
        noted.append(Noting(tx))
        return list(await record_activities(noted[0], terms, told))  # type: ignore[arg-type]

    shop.do(act)
    return noted[0].asked


def test_what_comes_in_order_costs_no_round_trip_more_than_without_tiers(open_shop: Open) -> None:
    plain = ladder()[: ladder().index("  - {id: silver")]
    counted = []
    for source in (plain, ladder()):
        shop = open_shop(source)
        ada, bob = shop.joined("ada", "bob")
        shop.record(buys(ada, 1_000), buys(bob, 1_000))
        batch = [buys(each, 1_000, occurred_at=shop.now) for each in (ada, bob, ada)]
        counted.append(round_trips(shop, *batch))
    assert [len(asked) for asked in counted] == [4, 4]  # with begin and commit: six
    assert not [sql for sql in counted[1] if "restatement" in sql or "brought_over" in sql]


def test_a_batch_with_something_late_reads_its_stories_at_once(open_shop: Open) -> None:
    shop = open_shop(ladder())
    everybody = shop.joined("ada", "bob", "cleo")
    before = shop.now
    shop.now += DAY
    shop.record(*(buys(each, 1_000) for each in everybody))
    told = [buys(each, 20_000, occurred_at=before) for each in everybody]
    few, many = round_trips(shop, told[0]), round_trips(shop, *told[1:])
    assert len(few) == len(many) == 12


WINDOWS = ("calendar_year", "rolling", "anniversary", "ever")


def a_history(rng: Random, begun: datetime) -> list[Any]:
    """Purchases of some weeks and returns of them, each at an instant of its own."""
    told: list[Any] = []
    for number in range(rng.randrange(4, 9)):
        at = begun + timedelta(hours=rng.randrange(24 * 70), minutes=2 * number)
        lines = [piece(rng.randrange(500, 15_000), quantity=2) for _ in range(2)]
        told.append(("buys", f"r{number}", at, lines))
        if rng.random() < 0.5:
            back = at + timedelta(hours=rng.randrange(1, 500), minutes=2 * number + 1)
            told.append(("back", f"r{number}", back, rng.choice(([], [(0, 1)], [(1, 2)]))))
    return sorted(told, key=lambda one: one[2])


def told_in(shop: Shop, order: list[Any], now: datetime, batches: Random) -> Any:
    """Where a member stands who was told of in this order."""
    (ada,) = shop.joined("ada")
    shop.now = now
    left = [
        buys(ada, *what, receipt=receipt, occurred_at=at)
        if kind == "buys"
        else brings_back(receipt, *what, receipt=f"b-{receipt}", occurred_at=at)
        for kind, receipt, at, what in order
    ]
    while left:
        size = batches.choice((1, 1, 2, 4))
        outcomes, left = shop.record(*left[:size]), left[size:]
        assert all(hasattr(one, "activity_id") for one in outcomes), outcomes
        shop.now += timedelta(seconds=1)
    shop.now = now + timedelta(hours=1)
    shop.night()
    return net(shop), standing(shop)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_arrival_ends_the_same(open_shop: Open, seed: int) -> None:
    rng = Random(seed)
    source = ladder(
        rng.choice(WINDOWS), rng.choice(("window_end", "next_window_end", "for_ever")),
        rng.choice(("old_tier", "new_tier")), rng.choice(("revoke_now", "at_period_end", "never")),
    )  # fmt: skip
    shop = open_shop(source)
    begun = shop.now
    history = a_history(rng, begun)
    now = begun + 110 * DAY
    wanted = told_in(shop, history, now, rng)
    for _ in range(3):
        shop = open_shop(source)
        shop.now = begun
        shuffled = rng.sample(history, len(history))
        found = told_in(shop, shuffled, now, rng)
        assert found == wanted, shuffled
    books(shop)


def returned_bit_by_bit(shop: Shop, *arrival: int) -> None:
    """90.00 in three pieces that come back one by one, told in this order, then 99.99.

    Everything is told after the 99.99; the sale and its returns happened before it.
    """
    (ada,) = shop.joined("ada")
    begun = shop.now
    shop.now += 10 * DAY
    shop.record(buys(ada, 9_999, receipt="r2"))
    shop.now += 10 * DAY
    pieces = (piece(8_000, quantity=2), piece(1_000))
    shop.record(buys(ada, *pieces, receipt="r1", occurred_at=begun + DAY))
    back = [
        brings_back("r1", (place, 1), receipt=f"b{number}", occurred_at=begun + number * DAY)
        for number, place in ((2, 0), (3, 0), (4, 1))
    ]
    for number in arrival:
        shop.record(back[number])
    assert shop.rows("select tier from standing where program_id = $1") == [(None,)]


@pytest.mark.parametrize("arrival", list(permutations(range(3))), ids=str)
def test_returns_of_one_sale_may_come_in_any_order(
    open_shop: Open, arrival: tuple[int, ...]
) -> None:
    returned_bit_by_bit(open_shop(ladder()), *arrival)
