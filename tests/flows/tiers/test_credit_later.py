"""Credit that counts once nothing can come back, steps at the window's end, tiers for life."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.tiers.houses import ADA, HOUSE, moves, stands
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import Body

Open = Callable[[str], Shop]
STEPS = '\n  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]\n'
LATER = HOUSE + "tiers:\n  credit_after_days: 30" + STEPS
AT_END = HOUSE + "tiers:\n  reached: at_window_end\n  valid: window_end" + STEPS
LIFE = HOUSE + (
    'tiers:\n  valid: window_end\n  steps: [{id: silver, at: "100.00"}, '
    '{id: gold, at: "200.00", for_life_at: "350.00"}]\n'
)
ACTIVE = HOUSE + (
    "tiers:\n  measure: activities\n  kinds: [review, answer]\n"
    "  steps: [{id: silver, at: 2}, {id: gold, at: 3}]\n"
)


@pytest.fixture
def later(open_shop: Open) -> Shop:
    shop = open_shop(LATER)
    shop.joined("ada")
    return shop


def test_credit_counts_when_nothing_can_come_back_any_more(later: Shop) -> None:
    later.record(buys(ADA, 15_000))
    assert stands(later) == (None, None)
    later.at("2026-03-31T23:59:59")
    later.night()
    assert stands(later) == (None, None)
    later.at("2026-04-01T00:00")
    later.night()
    assert stands(later) == ("silver", "2028-01-01 00:00")
    assert later.rows("select 1 from tier_clock where program_id = $1") == []


def test_a_till_needs_no_night_to_know_it(later: Shop) -> None:
    later.record(buys(ADA, 20_000))
    later.at("2026-04-01T00:00")
    assert later.record(buys(ADA, 1_000))[0].earned == {"points": 1010}
    assert moves(later) == [(None, "gold", "reached", "2026-04-01 00:00")]


def test_what_comes_back_before_never_counted(later: Shop) -> None:
    later.record(buys(ADA, 15_000, receipt="R1"))
    later.at("2026-03-20T12:00")
    later.record(brings_back("R1"))
    later.at("2026-05-01T00:00")
    later.night()
    assert (stands(later), moves(later)) == ((None, None), [])


def test_of_december_it_counts_for_the_year_in_which_it_begins_to_count(later: Shop) -> None:
    later.at("2026-12-15T12:00")
    later.record(buys(ADA, 15_000))
    later.at("2027-01-14T00:00")
    later.night()
    assert stands(later) == ("silver", "2029-01-01 00:00")


def test_nights_that_were_missed_change_nothing(later: Shop) -> None:
    later.record(buys(ADA, 15_000))
    later.at("2029-06-01T00:00")
    later.night()
    assert moves(later) == [
        (None, "silver", "reached", "2026-04-01 00:00"),
        ("silver", None, "lost", "2028-01-01 00:00"),
    ]


def test_steps_are_reached_when_the_year_is_over(open_shop: Open) -> None:
    shop = open_shop(AT_END)
    shop.joined("ada")
    shop.record(buys(ADA, 20_000))
    shop.at("2026-12-31T23:59:59")
    shop.night()
    assert stands(shop) == (None, None)
    shop.at("2027-01-01T00:00")
    shop.night()
    assert stands(shop) == ("gold", "2028-01-01 00:00")
    shop.at("2027-07-01T12:00")
    shop.record(buys(ADA, 15_000))
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop) == ("silver", "2029-01-01 00:00")
    shop.at("2029-01-01T00:00")
    shop.night()
    assert stands(shop) == (None, None)


def test_who_gathered_enough_over_the_years_keeps_it_for_life(open_shop: Open) -> None:
    shop = open_shop(LIFE)
    shop.joined("ada")
    shop.record(buys(ADA, 20_000))
    shop.at("2027-06-01T12:00")
    shop.record(buys(ADA, 14_999))
    assert stands(shop) == ("silver", "2028-01-01 00:00")
    shop.record(buys(ADA, 1, receipt="R1"))
    assert stands(shop) == ("gold", None)
    shop.at("2040-01-01T00:00")
    shop.night()
    assert stands(shop) == ("gold", None)


def test_kinds_of_activities_count_one_each(open_shop: Open) -> None:
    shop = open_shop(ACTIVE)
    shop.joined("ada")
    done = [RecordActivity(member=ADA, kind=kind, body=Body()) for kind in
            ("review", "visit", "review")]  # fmt: skip
    shop.record(*done[:2])
    assert stands(shop) == (None, None)
    shop.record(done[2])
    assert stands(shop)[0] == "silver"
    shop.record(RecordActivity(member=ADA, kind="answer", body=Body()))
    assert stands(shop)[0] == "gold"
