"""Changed terms and merged members: games end, go on and give as was promised, and not twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.members.playing.test_games import (
    PLAY,
    again,
    books,
    coffees,
    met,
    night,
    points,
    prizes,
    ref,
    streak,
)
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys

Open = Callable[[str], Shop]
FAIR = PLAY.replace("every: month, overshoot: carried", "in_period: 9")
STORES = (
    "  - {id: three-stores, name: Three stores, target: 3, measure: stores, in_all: 1,\n"
    "     prize: {badge: Explorer, benefit: lounge, uses: 2}}\n"
)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(FAIR))


def test_what_has_no_end_ends_when_it_is_taken_out_of_the_program(shop: Shop) -> None:
    assert STORES in FAIR
    for n in (1, 2, 3):
        shop.record(buys(ref("ben"), 100, store=f"s{n}", receipt=f"b{n}"))
    shop.at("2026-03-03 14:00")
    again(shop, FAIR.replace(STORES, ""))
    shop.at("2026-03-04 14:00")
    for n in (1, 2, 3):
        shop.record(buys(ref("ada"), 100, store=f"s{n}", receipt=f"a{n}"))
    night(shop)
    assert [one for one in prizes(shop) if one[0] == "three-stores"] == [("three-stores", 1, True)]
    then = shop.local("2026-03-03 13:00")
    shop.record(*[buys(ref("ada"), 100, store=f"s{n}", occurred_at=then) for n in (1, 2, 3)])
    night(shop)
    assert len([one for one in prizes(shop) if one[0] == "three-stores"]) == 2, "told late"
    books(shop)


def test_two_who_become_one_are_not_given_again_what_each_was_given(shop: Shop) -> None:
    coffees(shop, 10, "a")
    coffees(shop, 10, "b", "ben")
    night(shop)
    assert (points(shop), points(shop, "ben")) == (50, 50)
    merge(shop, ref("ben"), ref("ada"))
    night(shop)
    assert points(shop) == 100
    coffees(shop, 10, "c")
    night(shop)
    assert points(shop) == 150, "the third ten are another ten"
    shop.record(brings_back("c", receipt="back"))
    night(shop)
    assert points(shop) == 100
    books(shop)


def weeks(shop: Shop, *days: str, pieces: int = 1) -> None:
    for day in days:
        shop.at(f"{day} 15:00")
        coffees(shop, pieces, f"w-{day}")
    night(shop)


def test_a_streak_that_runs_is_judged_by_the_terms_it_ran_under(shop: Shop) -> None:
    weeks(shop, "2026-03-02", "2026-03-09")
    shop.at("2026-03-10 15:00")
    dear = "    every: week\n    counts: {amount: '5.00'}\n"
    again(shop, FAIR.replace("    every: week\n", dear))
    assert streak(shop)[0] == 2
    weeks(shop, "2026-03-16")
    assert streak(shop)[0] == 2, "3.00 is too little by now"
    weeks(shop, "2026-03-17", pieces=2)
    assert streak(shop)[0] == 3
    assert ("weekly", 3, True) in prizes(shop)
    books(shop)


def test_a_week_that_was_bridged_stays_so_when_there_are_no_freezes_any_more(shop: Shop) -> None:
    weeks(shop, "2026-03-02", "2026-03-16")
    assert streak(shop)[0] == 2
    again(shop, FAIR.replace("    freezes: {per: month, times: 1}\n", ""))
    assert streak(shop)[0] == 2
    weeks(shop, "2026-03-23")
    assert (streak(shop)[0], ("weekly", 3, True) in prizes(shop)) == (3, True)
    shop.at("2026-04-06 15:00")
    assert streak(shop)[0] == 0, "a week missed by now has no freeze"
    books(shop)
