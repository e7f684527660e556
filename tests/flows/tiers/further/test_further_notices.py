"""Before a step of a ladder beside the tiers is lost its member is told what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from tests.flows.points.sharing import member_id, merge
from tests.flows.tiers.further.test_further import PLAIN, books, on
from tests.flows.tiers.houses import ADA, BEN, give
from tests.flows.tiers.test_notices import LAID
from tests.makers import Shop, buys, named

from regulars.insight.verify.catalogue import checks

Open = Callable[[str], Shop]
HERE = PLAIN.replace("measure: visits", "measure: visits\n    notice_days: 30")
CLOCKS = "select count(*)::int from ladder_clock where program_id = $1"


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(HERE)
    shop.joined("ada", "ben")
    return shop


def regulars(shop: Shop) -> None:
    """Ada and Ben are regulars through 2027; Ben has earned it anew already."""
    shop.record(*(buys(who, 100) for who in (ADA, BEN) for _ in range(3)))
    shop.at("2027-05-01T12:00")
    shop.record(buys(ADA, 100), *(buys(BEN, 100) for _ in range(3)))


def test_thirty_days_before_a_step_is_lost_its_member_knows_what_is_missing(shop: Shop) -> None:
    regulars(shop)
    shop.at("2027-12-01T23:59")
    assert shop.night("foretell_ladders")["foretell_ladders"] == 0
    shop.at("2027-12-02T00:00")
    assert shop.night("foretell_ladders")["foretell_ladders"] == 2
    assert shop.rows(LAID) == [("ada", "ladder_notice", 2, shop.local("2028-01-01 00:00"))]
    about = "select about from message where program_id = $1"
    assert shop.rows(about) == [("club",)]
    assert shop.told().count("ladder.lost_soon") == 1
    assert shop.night("foretell_ladders")["foretell_ladders"] == 0
    shop.record(buys(ADA, 100))
    assert shop.night("foretell_ladders")["foretell_ladders"] == 0
    shop.record(buys(ADA, 100))
    shop.at("2028-01-01T00:00")
    assert on(shop) == "regular"


def test_a_step_that_somebody_was_given_is_told_of_by_its_own_end(shop: Shop) -> None:
    give(shop, ADA, "friend", until_at=shop.local("2026-09-01 00:00"))
    shop.at("2026-08-02T00:00")
    shop.night()
    assert shop.rows(LAID) == [("ada", "ladder_notice", 5, shop.local("2026-09-01 00:00"))]


def test_who_was_a_regular_before_anybody_was_told_is_told_too(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.joined("ada", "ben")
    regulars(shop)
    assert shop.rows(CLOCKS) == [(0,)]
    shop.publish(named(HERE, shop.terms.slug))
    shop.at("2027-12-10T00:00")
    shop.night()
    assert [row[:3] for row in shop.rows(LAID)] == [("ada", "ladder_notice", 2)]
    steeper = named(HERE, shop.terms.slug).replace("at: 3", "at: 4")
    shop.publish(steeper)
    assert shop.night("foretell_ladders")["foretell_ladders"] == 2
    # What Ben has of this year is enough no more; Ada knows that she will not stay.
    assert [row[:3] for row in shop.rows(LAID)][1:] == [("ben", "ladder_notice", 1)]


def test_who_was_merged_is_told_as_who_they_are_now(shop: Shop) -> None:
    give(shop, ADA, "friend", until_at=shop.local("2026-09-01 00:00"))
    ben = member_id(shop, "ben")
    merge(shop, ADA, BEN)
    shop.at("2026-08-02T00:00")
    shop.night()
    sql = "select member_id, points, about from message where program_id = $1"
    assert shop.rows(sql) == [(ben, 5, "club")]


def test_a_ladder_that_tells_nobody_lists_nobody(open_shop: Open) -> None:
    shop = open_shop(PLAIN)
    shop.joined("ada", "ben")
    regulars(shop)
    shop.at("2027-12-10T00:00")
    assert shop.night("foretell_ladders")["foretell_ladders"] == 0
    assert shop.rows(CLOCKS) == [(0,)]


def test_the_books_of_notices_are_right_until_one_is_told_to_nobody(shop: Shop) -> None:
    test_thirty_days_before_a_step_is_lost_its_member_knows_what_is_missing(shop)
    books(shop)
    assert asyncio.run(untold(shop.made.owner_dsn)) == [(True, 0)]


async def untold(dsn: str) -> list[tuple[bool, int]]:
    """What verify finds once the word of a notice is gone; nothing of it stays."""
    (check,) = (one for one in checks() if one.name == "tier_notices_told")
    db = await asyncpg.connect(dsn)
    try:
        async with db.transaction():
            await db.execute("delete from outbox where type = 'ladder.lost_soon'")
            found = await db.fetch(check.sql)
            raise _Back([(row["lies"], row["told"]) for row in found])
    except _Back as back:
        return back.found[:1]
    finally:
        await db.close()


class _Back(Exception):
    def __init__(self, found: list[tuple[bool, int]]) -> None:
        super().__init__("rolled back")
        self.found = found
