"""Before a tier is lost its member is told what is missing, once and in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.tiers.houses import ADA, BEN, HOUSE, stands
from tests.makers import Shop, buys

Open = Callable[[str], Shop]
NOTICES = HOUSE + (
    'tiers:\n  notice_days: 30\n  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]\n'
)
LAID = """select i.value, m.kind, m.points, m.lapses_at from message m
            join identifier i using (program_id, member_id) where m.program_id = $1
            and i.kind = 'external' order by m.message_id"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return thirty_days_before(open_shop(NOTICES))


def thirty_days_before(shop: Shop) -> Shop:
    """Ada and Ben are silver through 2027; Ben has earned it anew already."""
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 12_000), buys(BEN, 12_000))
    shop.at("2027-05-01T12:00")
    shop.record(buys(ADA, 3_000), buys(BEN, 10_000, receipt="B2"))
    return shop


def test_thirty_days_before_it_is_lost_they_are_told_what_is_missing(shop: Shop) -> None:
    shop.at("2027-12-01T23:59")
    assert shop.night()["foretell_tiers"] == 0
    shop.at("2027-12-02T00:00")
    assert shop.night()["foretell_tiers"] == 2
    assert shop.rows(LAID) == [("ada", "tier_notice", 7_000, shop.local("2028-01-01 00:00"))]
    assert shop.told().count("tier.lost_soon") == 1
    assert shop.night()["foretell_tiers"] == 0
    shop.record(buys(ADA, 7_000))
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop) == ("silver", "2029-01-01 00:00")


def test_each_year_anew(shop: Shop) -> None:
    shop.at("2027-12-02T00:00")
    shop.night()
    shop.record(buys(ADA, 7_000))
    shop.at("2028-12-10T00:00")
    shop.night()
    assert [(row[0], row[2]) for row in shop.rows(LAID)] == [
        ("ada", 7_000), ("ada", 10_000), ("ben", 10_000),
    ]  # fmt: skip


def test_a_program_that_tells_nobody_looks_at_nobody(open_shop: Open) -> None:
    shop = open_shop(NOTICES.replace("  notice_days: 30\n", ""))
    shop.joined("ada")
    shop.record(buys(ADA, 12_000))
    shop.at("2027-12-31T12:00")
    assert shop.night()["foretell_tiers"] == 0
    assert shop.rows(LAID) == []
