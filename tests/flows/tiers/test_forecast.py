"""What follows for a tier if nothing more happens, and exactly what is missing to stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.points.sharing import member_id
from tests.flows.tiers.houses import ADA, HOUSE, MAISON, at_wall, give, match, stands
from tests.makers import Shop, buys

from regulars.flows.show_standing import Standing, show_standing

Open = Callable[[str], Shop]
STEPS = '\n  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]\n'
LADDERS = {
    "calendar year": "",
    "one window": "\n  valid: window_end\n  grace_days: 20",
    "grace": "\n  grace_days: 30",
    "rolling": "\n  window: rolling\n  rolling_days: 100",
    "one step": "\n  downgrade: one_step",
    "anniversary": "\n  window: anniversary",
    "credit later": "\n  credit_after_days: 14",
    "at the end": "\n  reached: at_window_end\n  valid: window_end",
}


def seen(shop: Shop) -> Standing:
    who = member_id(shop, "ada")
    return shop.do(lambda tx, terms: show_standing(tx, terms, who))


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(MAISON)
    shop.joined("ada")
    return shop


def test_what_is_missing_to_stay_and_to_rise(shop: Shop) -> None:
    shop.record(buys(ADA, 12_000))
    shop.at("2027-05-01T12:00")
    shop.record(buys(ADA, 3_000))
    found = seen(shop).outlook
    assert found is not None
    assert found.to_stay is not None
    assert found.to_stay.by is not None
    assert (found.reached, found.to_stay.credit) == (3_000, 7_000)
    assert at_wall(shop, found.to_stay.by) == "2028-01-01 00:00"
    assert (found.projected, at_wall(shop, found.projected_at or shop.now)) == (
        None, "2028-01-01 00:00",
    )  # fmt: skip
    rising = seen(shop).next_tier
    assert rising is not None
    assert rising.by is not None
    assert (rising.tier.id, rising.needed - rising.reached) == ("gold", 17_000)
    assert at_wall(shop, rising.by) == "2028-01-01 00:00"


def test_a_soft_landing_is_foretold(open_shop: Open) -> None:
    shop = open_shop(HOUSE + "tiers:\n  downgrade: one_step" + STEPS)
    shop.joined("ada")
    shop.record(buys(ADA, 20_000))
    found = seen(shop).outlook
    assert found is not None
    assert (found.projected, at_wall(shop, found.projected_at or shop.now)) == (
        "silver", "2028-01-01 00:00",
    )  # fmt: skip


def test_of_a_matched_tier_the_rest_of_its_challenge_is_missing(shop: Shop) -> None:
    match(shop, ADA, 5_000, 30)
    shop.record(buys(ADA, 2_000))
    found = seen(shop).outlook
    assert found is not None
    assert found.to_stay is not None
    assert (found.to_stay.credit, found.projected) == (3_000, None)


def test_what_is_for_ever_needs_nothing(shop: Shop) -> None:
    give(shop, ADA, "gold")
    found = seen(shop).outlook
    assert found is not None
    assert (found.to_stay, found.projected, found.projected_at) == (None, "gold", None)


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("short", [0, 1])
def test_exactly_what_is_missing_keeps_the_tier(open_shop: Open, ladder: str, short: int) -> None:
    shop = open_shop(HOUSE + "tiers:\n  window: calendar_year".replace(
        "\n  window: calendar_year", "" if "window:" in LADDERS[ladder] else
        "\n  window: calendar_year") + LADDERS[ladder] + STEPS)  # fmt: skip
    shop.joined("ada")
    shop.record(buys(ADA, 20_000))
    shop.at("2026-05-01T12:00")
    shop.record(buys(ADA, 1_000))
    shop.at("2027-01-05T12:00")
    shop.night()
    if stands(shop)[0] is None:  # of a rolling ladder the time is over by then
        shop.record(buys(ADA, 20_000))
        shop.night()
    standing = seen(shop)
    found, tier = standing.outlook, standing.tier
    assert found is not None
    assert tier is not None
    assert found.to_stay is not None
    assert found.to_stay.by is not None
    shop.now = found.to_stay.by.replace(microsecond=0) - (found.to_stay.by - shop.now) / 1000
    # Just before the end: exactly enough, or a cent less.
    missing = found.to_stay.credit - short
    if missing > 0:
        shop.record(buys(ADA, missing))
    assert standing.tier_until is not None
    shop.now = standing.tier_until
    shop.night()
    assert (stands(shop)[0] == tier.id) is (short == 0), stands(shop)
