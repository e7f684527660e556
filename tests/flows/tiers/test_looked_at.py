"""A tier that was due is looked at before something comes back, as if a night had fallen."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.flows.tiers.test_tiers import ladder, tier
from tests.makers import Shop, brings_back, buys

Open = Callable[[str], Shop]
DUE = datetime(2026, 4, 1, tzinfo=UTC)


def _due(open_shop: Open, credit: str) -> Shop:
    """Gold, for a hundred in March and three in the middle of it; due since the end of March."""
    shop = open_shop(ladder(window="rolling", valid="window_end", credit=credit))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.at("2026-03-15 12:00")
    shop.record(buys(ada, 30_000, receipt="r2"))
    shop.at("2026-04-05 12:00")
    return shop


@pytest.mark.parametrize("nights", [False, True])
@pytest.mark.parametrize("credit", ["at_period_end", "never", "revoke_now"])
def test_it_ends_the_same_whether_or_not_a_night_fell(
    open_shop: Open, credit: str, nights: bool
) -> None:
    shop = _due(open_shop, credit)
    if nights:
        assert shop.night()["review_tiers"] == 1
    shop.record(brings_back("r2", receipt="b1"))
    shop.night()
    left, until = tier(shop)
    assert left == "gold"  # by what was bought first, on the day it was reached, if by nothing else
    assert until is not None
    assert until > DUE
    shop.at("2026-06-05 12:00")
    shop.night()
    assert tier(shop) == (None, None)


def test_more_than_was_bought_has_nobody_looked_at(open_shop: Open) -> None:
    shop = _due(open_shop, "at_period_end")
    moves = "select from tier_move where program_id = $1"
    (no,) = shop.record(brings_back("r2", (7, 1), receipt="b1"))
    assert no.code == "too_much_returned"
    assert len(shop.rows(moves)) == 1
    shop.record(brings_back("r2", receipt="b2"))
    assert len(shop.rows(moves)) == 2
