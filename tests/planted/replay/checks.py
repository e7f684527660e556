"""A year of a shop whose replay must come to its books, and a check that planted bugs must fail."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from tests.makers import Shop, brings_back, buys, ends, line

from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.given import as_chosen
from regulars.engine.replaying.proof import prove
from regulars.engine.replaying.tally import Tally
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.insight.replay.books import Books, read_books
from regulars.insight.replay.own import own_history
from regulars.records.activity.happening import Happening

YEAR = """
regulars: 1
program: year
name: Year
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: none}, negative: debt}
  waits: {pending: {until: event, cancel_after: 30 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
  - {id: wait, on: purchase, wallet: waits, award: {give: fixed, points: 5}}
milestones:
  - {id: two, name: Every second, wallet: points, steps: [{at: 2, points: 3, again: true}]}
  - {id: month, name: A month, wallet: points, measure: spend, per: month,
     steps: [{at: "90.00", points: 11}, {at: "110.00", points: 7}]}
tiers:
  steps: [{id: bronze, at: 0}, {id: silver, at: "100.00"}]
  window: rolling
  rolling_days: 30
  valid: window_end
rewards:
  - {id: cup, name: A cup, price: {points: 20}, worth: "0.50", hold_for: 15 days}
"""
FAR = datetime(9000, 1, 1, tzinfo=UTC)


def history(shop: Shop) -> list[Happening]:
    """Everything that was told to this shop."""

    async def read() -> list[Happening]:
        async with shop.transaction() as tx:
            rows, _ = await own_history(tx, shop.program_id, FAR)
            return rows

    return as_chosen(shop.run(read()), shop.terms)


def differences(shop: Shop) -> list[str]:
    """Where a replay of what was published differs from the books, once the night is over."""
    shop.night()

    async def read() -> Books:
        async with shop.transaction() as tx:
            return await read_books(tx, shop.program_id)

    books = shop.run(read())
    names = shop.terms.wallet_names.values()
    fold = Fold(shop.terms, Tally(0, 10**7), names, as_told=True).run(history(shop), shop.now)
    return list(prove(fold, books.balances, books.tiers, books.gave).differences)


def lives_a_year(shop: Shop, name: str) -> None:
    """Earning, tiers up and down, returns before and after their sale, expiry, every end of a
    hold, corrections, words about what waits, and a second version."""
    shop.begin(YEAR, slug=name)
    ada, bob, eve, dan = shop.joined("ada", "bob", "eve", "dan")
    shop.record(buys(dan, 2500, receipt="only"))
    shop.record(brings_back("late", receipt="b0"))
    shop.record(buys(ada, line(6000), line(5000), receipt="one"), buys(bob, 5000, receipt="two"))
    shop.record(buys(eve, 3000, receipt="late"))
    days(shop, 1)
    shop.redeem(Redeem(ada, "cup", capture=True))
    held = [shop.redeem(Redeem(one, "cup"))[0].redemption_id for one in (ada, ada, bob)]
    shop.settle(Settle(held[0], "captured"))
    shop.record(buys(ada, 2000, receipt="three"), brings_back("one", (0, 1), receipt="b1"))
    shop.adjust(
        Adjust(ada, "points", 15, actor="owner", reason="a gift"),
        Adjust(bob, "points", -30, actor="owner", reason="a slip"),
    )
    days(shop, 5)
    shop.confirm(ends("one"), ends("two", "cancelled"))
    shop.record(buys(ada, 1500, receipt="four"))
    days(shop, 6)
    # After its points ended otherwise, a hold gives back what has lapsed meanwhile.
    shop.settle(Settle(held[1], "voided"))
    shop.record(brings_back("three", receipt="b3"), buys(bob, 700, receipt="five"))
    days(shop, 30)
    shop.publish(
        YEAR.replace("program: year", f"program: {name}").replace('per: "1.00"', 'per: "0.50"')
    )
    shop.record(buys(ada, 1000, receipt="six"), buys(bob, 12000, receipt="seven"))
    shop.record(buys(bob, 1000, receipt="eight"), brings_back("seven", receipt="b7"))
    days(shop, 3)
    shop.record(buys(ada, 900, receipt="nine", occurred_at=shop.now - timedelta(days=32)))
    shop.adjust(Adjust(ada, "points", -4, actor="owner", reason="a slip"))


def days(shop: Shop, days: int) -> None:
    for _ in range(days):
        shop.now += timedelta(days=1)
        shop.night()


def replays_to_the_books(shop: Shop) -> None:
    lives_a_year(shop, f"replayed-{os.getpid()}")
    assert differences(shop) == []


CHECKS = (replays_to_the_books,)
