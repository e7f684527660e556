"""A ladder changes while something promised before it is still to come: grace, credit, a step."""

from __future__ import annotations

from collections.abc import Callable

from tests.books import assert_books_right
from tests.flows.terms.ladders import HARDER, berlin, ladder, named, tier
from tests.flows.tiers.houses import ADA, HOUSE, give, turn
from tests.makers import Shop, buys

Open = Callable[[str], Shop]
GRACE = "  returned_credit: revoke_now\n  grace_days: 30\n"
FULL = "changeover: {members: full}\n"
AT_END = HOUSE + (
    "tiers:\n  reached: at_window_end\n  valid: window_end\n"
    '  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]\n'
)
LATER = AT_END.replace("reached: at_window_end\n  valid: window_end", "credit_after_days: 30")
NOW = LATER.replace("credit_after_days: 30", "credit_after_days: 0")
STEEP = '[{id: silver, at: "200.00"}, {id: gold, at: "500.00"}]'


def graced(text: str) -> str:
    return text.replace("  returned_credit: revoke_now\n", GRACE)


def steeper(text: str) -> str:
    return text.replace('[{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]', STEEP) + FULL


def right(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_placed_anew_in_full_the_days_of_grace_are_kept(open_shop: Open) -> None:
    shop = open_shop(graced(ladder()))
    shop.joined("ada")
    shop.record(buys(ADA, 30_000))
    assert tier(shop) == ("gold", berlin(2028, 1, 31))
    shop.at("2028-01-10 12:00")
    shop.publish(named(shop, graced(ladder(HARDER, "{members: full}"))))
    shop.now = shop.local("2028-01-10 13:00")
    shop.night()
    assert tier(shop) == ("gold", berlin(2028, 1, 31))
    shop.at("2028-01-31 00:00")
    shop.night()
    assert tier(shop)[0] is None
    right(shop)


def test_before_the_grace_begins_in_full_means_at_once(open_shop: Open) -> None:
    shop = open_shop(graced(ladder()))
    shop.joined("ada")
    shop.record(buys(ADA, 30_000))
    shop.at("2027-12-31 12:00")
    shop.publish(named(shop, graced(ladder(HARDER, "{members: full}"))))
    shop.now = shop.local("2027-12-31 13:00")
    shop.night()
    assert tier(shop) == ("silver", berlin(2028, 1, 31))


def test_in_full_what_the_last_window_reached_holds_and_the_running_one_waits_for_its_end(
    open_shop: Open,
) -> None:
    shop = open_shop(AT_END)
    shop.joined("ada")
    shop.record(buys(ADA, 30_000))
    shop.at("2027-03-01 12:00")
    shop.record(buys(ADA, 60_000))
    assert tier(shop) == ("gold", berlin(2028, 1, 1))
    shop.publish(named_house(shop, steeper(AT_END)))
    shop.at("2027-03-01 13:00")
    shop.night()
    assert tier(shop) == ("silver", berlin(2028, 1, 1))
    shop.at("2028-01-01 00:00")
    shop.night()
    assert tier(shop) == ("gold", berlin(2029, 1, 1))
    right(shop)


def test_credit_that_waits_counts_on_its_day_though_new_credit_counts_at_once(
    open_shop: Open,
) -> None:
    shop = open_shop(LATER)
    shop.joined("ada")
    shop.record(buys(ADA, 15_000))
    shop.at("2026-03-10 12:00")
    shop.publish(named_house(shop, NOW))
    shop.at("2026-03-20 12:00")
    shop.record(buys(ADA, 2_000))
    shop.night()
    assert tier(shop)[0] is None
    shop.at("2026-04-01 00:00")
    shop.night()
    assert tier(shop) == ("silver", berlin(2028, 1, 1))
    right(shop)


def test_what_stood_behind_a_given_tier_is_placed_anew_too(open_shop: Open) -> None:
    shop = open_shop(ladder())
    shop.joined("ada")
    shop.record(buys(ADA, 12_000))
    given = give(shop, ADA, "gold", until_at=shop.local("2026-12-01 00:00"))
    assert given.stands == "gold"
    shop.at("2026-06-01 12:00")
    shop.publish(named(shop, ladder(HARDER, "{members: full}")))
    shop.at("2026-12-01 00:00")
    shop.night()
    assert tier(shop)[0] is None
    right(shop)


def test_what_stood_behind_a_given_tier_is_kept_until_the_day_named(open_shop: Open) -> None:
    shop = open_shop(ladder())
    shop.joined("ada")
    shop.record(buys(ADA, 12_000))
    given = give(shop, ADA, "gold", until_at=shop.local("2026-12-01 00:00"))
    shop.at("2026-06-01 12:00")
    shop.publish(named(shop, ladder(HARDER, "{members: keep, until_on: 2030-03-01}")))
    shop.at("2026-07-01 00:00")
    turn(shop, given, "ended")
    assert tier(shop) == ("silver", berlin(2030, 3, 1))


def named_house(shop: Shop, text: str) -> str:
    return text.replace("program: maison", f"program: {shop.terms.slug}")
