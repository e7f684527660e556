"""Short checks of what comes late and of both times, which planted bugs must fail."""

from __future__ import annotations

import os
from datetime import timedelta
from random import Random

from tests.flows.two_times import test_as_of, test_late
from tests.makers import SECOND, Shop, brings_back, buys, named

DAY = timedelta(days=1)
GIFT = """  - {id: gift, on: purchase, wallet: stamps, award: {give: fixed, points: 10},
     when: {if: tier, at_least: silver}, limits: [{per: day, points: 15}]}
tiers:"""


def _own(name: str) -> str:
    """A shop of this process's own."""
    return f"p{os.getpid()}-{name}"[:40].rstrip("-")


def earns_anew_after_it(shop: Shop) -> None:
    shop.begin(test_late.ladder(), slug=_own("anew"))
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now += 2 * DAY
    shop.record(buys(ada, 5_000, receipt="r2"))
    (late,) = shop.record(buys(ada, 10_000, receipt="r1", occurred_at=monday))
    assert late.tier == "silver"
    assert test_late.net(shop) == {"r1": {"points": 100}, "r2": {"points": 100}}
    shop.record(brings_back("r2", receipt="b2"))
    assert test_late.net(shop) == {"r1": {"points": 100}}


def sees_the_tier_of_then(shop: Shop) -> None:
    shop.begin(test_late.ladder(), slug=_own("then"))
    (ada,) = shop.joined("ada")
    before = shop.now
    shop.now += DAY
    shop.record(buys(ada, 10_000))
    (late,) = shop.record(buys(ada, 1_000, occurred_at=before))
    assert late.earned == {"points": 10}


def no_limit_is_passed(shop: Shop) -> None:
    shop.begin(test_late.ladder().replace("tiers:", GIFT), slug=_own("limit"))
    (ada,) = shop.joined("ada")
    before = shop.now
    shop.now += DAY
    for number in range(3):
        shop.record(buys(ada, 100, receipt=f"r{number}"))
    shop.record(buys(ada, 10_000, receipt="late", occurred_at=before))
    given = test_late.net(shop)
    assert [given[f"r{number}"].get("stamps", 0) for number in range(3)] == [10, 5, 0]


def any_order_of_arrival(shop: Shop) -> None:
    for seed in range(4):
        rng = Random(seed)
        source = test_late.ladder(credit="revoke_now")
        ends = []
        for turn in range(3):
            shop.begin(named(source, _own(f"any-{seed}-{turn}")), slug=_own(f"any-{seed}-{turn}"))
            history = test_late.a_history(Random(seed), shop.now)
            told = rng.sample(history, len(history)) if turn else history
            ends.append(test_late.told_in(shop, told, shop.now + 110 * DAY, rng))
        assert ends[0] == ends[1] == ends[2]


def both_times(shop: Shop) -> None:
    shop.begin(test_as_of.SHORT, slug=_own("times"))
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now += 2 * DAY
    shop.record(buys(ada, 3_000, occurred_at=monday))
    assert test_as_of.points(shop, monday, monday + DAY) == 0
    assert test_as_of.points(shop, monday) == 30
    ((_, _, _, gone),) = [lot for lot in shop.lots("ada") if lot[0] == "points"]
    shop.now = gone + 5 * DAY
    shop.night()
    assert (test_as_of.points(shop, gone - SECOND), test_as_of.points(shop, gone)) == (30, 0)
