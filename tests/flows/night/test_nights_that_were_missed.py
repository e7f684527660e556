"""Nobody is erased by a clock that jumped, a backup that is old, or a till that was cut off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.flows.night.test_retention import CAFE, known, night, says, states, walk
from tests.makers import Shop, buys, by

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    opened = open_shop(CAFE)
    opened.now = opened.local("2024-01-10 12:00")
    tells(opened)
    return opened


def tells(shop: Shop) -> None:
    """Two of whom nothing is heard know that they will be erased."""
    shop.joined("ada", "ben")
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 2  # due at midnight after 19 February


def letters(shop: Shop) -> int:
    told = "select count(*)::int from outbox where program_id = $1 and type like '%erasure_noticed'"
    return int(shop.rows(told)[0][0])


def test_a_sale_of_the_last_day_that_a_till_tells_days_later_keeps_its_member(shop: Shop) -> None:
    night(shop, "2025-02-22 03:00")
    assert states(shop) == ["active", "active"]
    shop.record(buys(by(external="ada"), 500, occurred_at=shop.local("2025-02-19 18:00")))
    night(shop, "2025-02-25 03:00")
    assert states(shop) == ["active", "erased"]


def test_after_a_pause_nobody_is_erased_before_they_were_told_anew(shop: Shop) -> None:
    """As after a backup of then was brought back: what was bought since is not known any more."""
    shop.now = shop.local("2025-04-01 03:00")
    walk(shop)
    assert (states(shop), known(shop), letters(shop)) == (["active", "active"], 0, 2)
    walk(shop)  # the same night once more: nothing is left to do in it
    assert (known(shop), letters(shop)) == (0, 2)
    night(shop, "2025-04-02 03:00")
    assert (states(shop), known(shop), letters(shop)) == (["active", "active"], 2, 4)
    night(shop, "2025-05-01 03:00")
    assert states(shop) == ["active", "active"]
    night(shop, "2025-05-08 03:00")  # due on 3 May, and four days more
    assert (states(shop), letters(shop)) == (["erased", "erased"], 4)


def test_a_week_without_a_night_is_no_pause(shop: Shop) -> None:
    night(shop, "2025-02-18 03:00")
    shop.now += timedelta(days=7)
    walk(shop)
    assert states(shop) == ["erased", "erased"]


def test_a_clock_that_jumps_ahead_and_back_erases_nobody_and_stops_nothing(shop: Shop) -> None:
    right = shop.now
    shop.now = shop.local("2031-01-20 03:00")
    walk(shop)
    assert (states(shop), known(shop)) == (["active", "active"], 0)
    shop.now += timedelta(days=1)
    walk(shop)
    assert (states(shop), known(shop)) == (["active", "active"], 2)
    shop.now = right + timedelta(days=1)
    walk(shop)  # whoever was told by a wrong clock was told a wrong day
    assert (states(shop), known(shop)) == (["active", "active"], 0)
    shop.now += timedelta(days=1)
    walk(shop)
    assert known(shop) == 2
    night(shop, "2025-03-01 03:00")
    assert states(shop) == ["erased", "erased"]


def test_nobody_is_erased_by_an_old_notice_when_a_shop_begins_to_forget_anew(shop: Shop) -> None:
    """The worker stood still while it was off: nobody took the old notices back."""
    says(shop, inactive_months=0)
    shop.now = shop.local("2025-09-01 12:00")
    says(shop, inactive_months=12)
    walk(shop)
    assert states(shop) == ["active", "active"]
    night(shop, "2025-09-02 03:00")
    assert (states(shop), known(shop), letters(shop)) == (["active", "active"], 2, 4)
