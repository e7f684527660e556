"""An allowance that begins with its member: when it is over, and when another one begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.flows.members.benefits.house import ADA, BEN, CEM, HOUSE, counted, may, opened, take
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return opened(open_shop(HOUSE))


REACHED = date(2026, 7, 6)


def test_four_from_gold_and_over_at_the_midnight_a_year_later(shop: Shop) -> None:
    assert shop.now.date() == REACHED
    answer = may(shop, "ada", "lounge")
    assert (answer.left, answer.ends_at.isoformat()) == (4, "2027-07-05T22:00:00+00:00")
    assert take(shop, ADA, "lounge").left == 3
    shop.at("2027-02-01T12:00")
    assert may(shop, "ada", "lounge").no.code == "tier_too_low"
    shop.record(buys(ADA, 20_000))
    shop.at("2027-07-05T23:59:59")
    assert take(shop, ADA, "lounge").left == 2
    shop.at("2027-07-06T00:00")
    no = may(shop, "ada", "lounge").no
    assert (no.code, no.facts) == ("not_now", {"ended_at": "2027-07-05T22:00:00+00:00"})
    assert counted(shop, "lounge") == [(REACHED.toordinal(), 2)]


def test_higher_up_it_is_still_the_one_from_gold(shop: Shop) -> None:
    for _ in range(4):
        take(shop, ADA, "lounge")
    shop.at("2026-09-01T12:00")
    shop.record(buys(ADA, 30_000))
    assert take(shop, ADA, "lounge").code == "used_up"


def test_gold_lost_by_a_return_and_reached_again_is_no_new_beginning(shop: Shop) -> None:
    (dan,) = shop.joined("dan")
    shop.record(buys(dan, 20_000, receipt="D-1"))
    for _ in range(4):
        take(shop, dan, "lounge")
    shop.at("2026-08-01T12:00")
    shop.record(brings_back("D-1", receipt="D-R"))
    assert take(shop, dan, "lounge").code == "tier_too_low"
    shop.at("2026-08-02T12:00")
    shop.record(buys(dan, 20_000, receipt="D-2"))
    assert take(shop, dan, "lounge").code == "used_up"


def test_confirmed_after_its_end_four_begin_anew(open_shop: Open) -> None:
    """Gold of 2026 holds till the end of 2027, and what is bought in 2027 confirms it."""
    shop = opened(open_shop(HOUSE.replace("valid: window_end", "valid: next_window_end")))
    take(shop, ADA, "lounge")
    shop.at("2027-08-01T12:00")
    assert may(shop, "ada", "lounge").no.code == "not_now"
    shop.record(buys(ADA, 25_000))
    shop.at("2028-01-01T12:00")
    answer = may(shop, "ada", "lounge")
    assert answer.no is None
    assert answer.left == 4


def test_higher_up_after_its_end_nothing_begins(open_shop: Open) -> None:
    shop = opened(open_shop(HOUSE.replace("valid: window_end", "valid: for_ever")))
    shop.at("2027-08-01T12:00")
    shop.record(buys(ADA, 40_000))
    assert may(shop, "ada", "lounge").no.code == "not_now"


def test_for_everybody_it_begins_as_they_join(shop: Shop) -> None:
    assert take(shop, CEM, "welcome").left == 0
    shop.at("2026-08-05T00:00")
    assert may(shop, "ben", "welcome").no.code == "not_now"


def test_merged_later_they_share_what_began_first(shop: Shop) -> None:
    """Cem is gold a month later; who was gold before them goes, and the first four are theirs."""
    for _ in range(3):
        take(shop, BEN, "lounge")
    shop.at("2026-08-06T12:00")
    shop.record(buys(CEM, 20_000))
    merge(shop, BEN, CEM)
    assert take(shop, CEM, "lounge").left == 0
    assert take(shop, CEM, "lounge").code == "used_up"
