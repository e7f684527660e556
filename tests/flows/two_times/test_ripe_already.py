"""Credit that began to count before it was told of is looked at by the next night."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.books import assert_books_right
from tests.makers import Shop, buys

Open = Callable[[str], Shop]
LATER = """
regulars: 1
program: later
name: Later
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers: {credit_after_days: 30, steps: [{id: silver, at: "10.00"}]}
"""
ENDS = LATER.replace("credit_after_days: 30", "reached: at_window_end, valid: window_end")
TIERS = "select tier from standing where program_id = $1"


@pytest.mark.parametrize(("source", "late"), [(LATER, 40), (ENDS, 160)], ids=["after", "at_end"])
def test_who_is_told_of_late_is_given_the_tier_by_the_next_night(
    open_shop: Open, source: str, late: int
) -> None:
    shop = open_shop(source)
    shop.at("2026-06-01 12:00")
    (ada,) = shop.joined("ada", joined_at=shop.now - timedelta(days=300))
    shop.night()
    shop.now += timedelta(hours=2)
    shop.record(buys(ada, 2_000, occurred_at=shop.now - timedelta(days=late)))
    shop.run(assert_books_right(shop.made.owner_dsn))
    shop.now += timedelta(days=1)
    shop.night()
    assert shop.rows(TIERS) == [("silver",)]
    shop.run(assert_books_right(shop.made.owner_dsn))
