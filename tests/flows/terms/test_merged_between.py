"""Members who are merged before a change of the ladder and parted after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.flows.terms.ladders import HARDER, ladder, named, tier
from tests.flows.tiers.houses import ADA, BEN
from tests.makers import Shop, buys

Open = Callable[[str], Shop]


def together(open_shop: Open) -> Shop:
    """Ada has silver by 150.00, Ben gold by 400.00; then they are one person."""
    shop = open_shop(ladder())
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 15_000), buys(BEN, 40_000))
    merge(shop, BEN, ADA)
    shop.now += timedelta(hours=1)
    return shop


@pytest.mark.parametrize("came", ["nobody", "the night", "Ada"])
def test_parted_after_a_change_both_stand_as_if_they_had_never_been_one(
    open_shop: Open, came: str
) -> None:
    shop = together(open_shop)
    ben = shop.rows("select from_id from member_merge where program_id = $1")[0][0]
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)
    if came == "the night":
        shop.night()
    if came == "Ada":
        shop.record(buys(ADA, 100))
    assert tier(shop)[0] == "gold"
    unmerge(shop, ben)
    assert (tier(shop)[0], tier(shop, "ben")[0]) == (None, "silver")


def test_the_books_are_right_after_it(open_shop: Open) -> None:
    test_parted_after_a_change_both_stand_as_if_they_had_never_been_one(open_shop, "Ada")
    test_parted_nobody_keeps_what_a_change_gave_both_together(open_shop)
    shop = open_shop(ladder())
    asyncio.run(assert_books_right(shop.made.owner_dsn))


def test_parted_nobody_keeps_what_a_change_gave_both_together(open_shop: Open) -> None:
    shop = open_shop(ladder())
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 15_000), buys(BEN, 20_000))
    ben = member_id(shop, "ben")
    merge(shop, BEN, ADA)
    assert tier(shop)[0] == "gold"
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)
    shop.record(buys(ADA, 100))
    assert tier(shop)[0] == "silver"
    unmerge(shop, ben)
    assert (tier(shop)[0], tier(shop, "ben")[0]) == (None, "silver")


def test_merged_while_the_change_is_not_written_for_either(open_shop: Open) -> None:
    shop = open_shop(ladder())
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 15_000), buys(BEN, 15_000))
    shop.now += timedelta(hours=1)
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.now += timedelta(hours=1)
    assert tier(shop)[0] == "silver"
    ben = member_id(shop, "ben")
    merge(shop, BEN, ADA)
    # Alone neither has the 200.00 it takes now; together they do.
    assert tier(shop)[0] == "silver"
    unmerge(shop, ben)
    assert (tier(shop)[0], tier(shop, "ben")[0]) == (None, None)
