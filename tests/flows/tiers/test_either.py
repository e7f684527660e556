"""A ladder of two measures: a step is reached, kept and taken back by either of them."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import member_id
from tests.flows.tiers.houses import ADA, BEN, HOUSE, at_wall, invite, moves, stands
from tests.makers import Shop, brings_back, buys, named
from tests.planted.replay.checks import differences

from regulars.engine.compiling.counters import code_names
from regulars.flows.membership.benefits.show_eligible import Eligible, show_eligible
from regulars.flows.show_standing import Standing, show_standing
from regulars.insight.verify.facts import Facts, terms_of

Open = Callable[[str], Shop]
STEPS = (
    '\n  steps: [{id: silver, at: "100.00", or_at: 3}, {id: gold, at: "200.00", or_at: 5}, '
    '{id: black, at: "400.00", or_at: 8, by: invitation}]\n'
)
EITHER = HOUSE + "tiers:\n  or_by: {measure: visits}MORE" + STEPS
CROSSING = EITHER.replace("MORE", "\n  crossing_earns: new_tier")
PLAIN = EITHER.replace("MORE", "")


def seen(shop: Shop) -> Standing:
    who = member_id(shop, "ada")
    return shop.do(lambda tx, terms: show_standing(tx, terms, who))


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(PLAIN)
    shop.joined("ada", "ben")
    return shop


def test_what_is_missing_is_told_of_each_measure(shop: Shop) -> None:
    shop.record(buys(ADA, 2_000), buys(ADA, 2_000))
    rising = seen(shop).next_tier
    assert rising is not None
    assert rising.instead is not None
    assert (rising.tier.id, rising.reached, rising.needed) == ("silver", 4_000, 10_000)
    assert (rising.instead.measure, rising.instead.reached, rising.instead.needed) == (
        "visits", 2, 3,
    )  # fmt: skip
    assert shop.record(buys(ADA, 100))[0].tier == "silver"
    shop.at("2027-05-01T12:00")
    shop.record(buys(ADA, 2_000))
    found = seen(shop).outlook
    assert found is not None
    assert found.by_other is not None
    assert found.to_stay is not None
    assert found.by_other.to_stay is not None
    assert (found.reached, found.to_stay.credit) == (2_000, 8_000)
    assert (found.by_other.reached, found.by_other.to_stay.credit) == (1, 2)
    assert at_wall(shop, found.by_other.to_stay.by or shop.now) == "2028-01-01 00:00"


def test_exactly_what_is_missing_of_the_second_measure_keeps_the_tier(shop: Shop) -> None:
    shop.record(*(buys(each, 100) for each in (ADA, ADA, ADA, BEN, BEN, BEN)))
    shop.at("2027-12-31T12:00")
    shop.record(*(buys(each, 100) for each in (ADA, ADA, ADA, BEN, BEN)))
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop) == ("silver", "2029-01-01 00:00")
    assert stands(shop, "ben") == (None, None)


def test_the_visit_that_crosses_the_line_earns_at_the_new_tier(open_shop: Open) -> None:
    shop = open_shop(CROSSING)
    shop.joined("ada")
    earned = [shop.record(buys(ADA, 100))[0].earned["points"] for _ in range(6)]
    assert earned == [1, 1, 1, 1, 1001, 1001]


def test_what_comes_back_whole_was_no_visit(open_shop: Open) -> None:
    shop = open_shop(EITHER.replace("MORE", "\n  returned_credit: revoke_now"))
    shop.joined("ada")
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    assert stands(shop)[0] == "silver"
    shop.record(brings_back("R1"))
    assert (stands(shop), [move[2] for move in moves(shop)]) == (
        (None, None), ["reached", "returned"],
    )  # fmt: skip
    shop.record(buys(ADA, 100))
    assert stands(shop)[0] == "silver"
    books(shop)


def test_a_visit_that_is_told_late_makes_the_next_ones_earn_more(shop: Shop) -> None:
    monday = shop.now
    for _ in range(4):
        shop.now += timedelta(days=1)
        shop.record(buys(ADA, 100))
    shop.now += timedelta(days=1)
    (fifth,) = shop.record(buys(ADA, 100))
    assert (fifth.earned, fifth.tier) == ({"points": 1}, "gold")
    shop.record(buys(ADA, 100, occurred_at=monday))
    assert shop.balances("ada") == {"points": (6 + 1_000, 0, 0)}


def test_verify_asks_of_each_measure_who_may_climb_by_waiting(open_shop: Open) -> None:
    shop = open_shop(EITHER.replace("MORE", "\n  credit_after_days: 3"))
    named_so = code_names(shop.terms.versions[0].compiled)
    codes = {name: code for code, name in enumerate(named_so, start=1)}
    facts = Facts({(1, 1): terms_of(shop.terms.versions[0].program, codes)}, {})
    asked = [each["counter"] for each in json.loads(facts.for_sql())["later"]]
    assert asked == [code for (_, name), code in codes.items() if name.startswith("credit:")]
    assert len(asked) == 2


def test_in_a_program_without_rules_one_may_climb_as_well(open_shop: Open) -> None:
    head, tail = PLAIN[: PLAIN.index("rules:")], PLAIN[PLAIN.index("tiers:") :]
    shop = open_shop(head + tail)
    shop.joined("ada")
    shop.record(*(buys(ADA, 100) for _ in range(3)))
    assert stands(shop)[0] == "silver"
    books(shop)


def test_either_measure_makes_eligible_for_an_invitation(shop: Shop) -> None:
    def eligible() -> list[Eligible]:
        found, _ = shop.do(lambda tx, terms: show_eligible(tx, terms, "black", None, 10))
        return found

    shop.record(buys(ADA, 45_000), *(buys(BEN, 100) for _ in range(8)))
    assert stands(shop, "ben")[0] == "gold"
    told = {(each.reached, each.needed, each.or_reached, each.or_needed) for each in eligible()}
    assert told == {(45_000, 40_000, 1, 8), (800, 40_000, 8, 8)}
    invite(shop, BEN)
    assert [each.reached for each in eligible()] == [45_000]


def test_a_step_that_asks_for_no_visits_is_reached_by_none(open_shop: Open) -> None:
    shop = open_shop(PLAIN.replace(", or_at: 5", "").replace(", or_at: 8", ""))
    shop.joined("ada")
    shop.record(*(buys(ADA, 100) for _ in range(9)))
    assert stands(shop)[0] == "silver"
    rising = seen(shop).next_tier
    assert rising is not None
    assert (rising.tier.id, rising.instead) == ("gold", None)


def test_a_second_measure_that_is_new_counts_from_its_first_day_on(open_shop: Open) -> None:
    alone = PLAIN.replace("  or_by: {measure: visits}\n", "")
    for often in (3, 5, 8):
        alone = alone.replace(f", or_at: {often}", "")
    shop = open_shop(alone)
    shop.joined("ada")
    shop.record(buys(ADA, 100), buys(ADA, 100))
    shop.now += timedelta(hours=1)
    shop.publish(named(PLAIN, shop.terms.slug) + "changeover: {members: upgrade_only}\n")
    tiers = [shop.record(buys(ADA, 100))[0].tier for _ in range(3)]
    assert tiers == [None, None, "silver"]
    shop.at("2026-06-01T12:00")
    shop.now += timedelta(hours=1)
    shop.publish(named(alone, shop.terms.slug) + "changeover: {members: step_by_step}\n")
    shop.record(buys(ADA, 100))
    assert stands(shop)[0] == "silver"
    books(shop)


@pytest.mark.parametrize("seed", range(3))
def test_as_read_off_from_what_was_bought(open_shop: Open, seed: int) -> None:
    chance = random.Random(seed)
    shop = open_shop(PLAIN.replace("Europe/Berlin", "UTC"))
    shop.joined("ada")
    bought: list[tuple[datetime, int]] = []
    for _ in range(20):
        shop.now += timedelta(days=chance.choice((0, 9, 40, 120)), hours=chance.randint(0, 23))
        if chance.random() < 0.3:
            shop.night()
        minor = chance.choice((100, 100, 3_000, 12_000))
        at = shop.now
        if bought and chance.random() < 0.2:
            at -= timedelta(days=chance.choice((1, 30)))
        at = max(at, bought[0][0] if bought else at)
        shop.record(buys(ADA, minor, occurred_at=at))
        bought.append((at, minor))
        assert stands(shop)[0] == read_off(shop.now, bought), (seed, shop.now)
    books(shop)
    assert differences(shop) == []


def read_off(now: datetime, bought: list[tuple[datetime, int]]) -> str | None:
    """The tier by hand: of this year and of the last one, by money or by how often."""
    found = None
    for name, at, often in (("silver", 10_000, 3), ("gold", 20_000, 5)):
        for year in (now.year - 1, now.year):
            own = [minor for when, minor in bought if when.year == year]
            if sum(own) >= at or len(own) >= often:
                found = name
    return found


def books(shop: Shop) -> None:
    asyncio.run(assert_books_right(shop.made.owner_dsn))
