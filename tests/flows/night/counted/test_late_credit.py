"""A purchase that is a member's after all is nobody's no more, in every row that counts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files as folder_of
from pathlib import Path

import asyncpg
from tests.books import assert_books_right
from tests.flows.night.counted.following import SHOP, follows, kept
from tests.flows.two_times.test_late_credit import credited
from tests.makers import Shop, brings_back, buys

from regulars.insight.prepared.fold import Rows
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
ADA = MemberRef(external="ada")


def by_day(found: Rows, named: bool) -> list[tuple[object, ...]]:
    """Day, sales, paid, net, pieces and returns of members, or of nobody."""
    return [
        (one.day, one.sales, one.paid_minor, one.net_minor, one.pieces, one.returns)
        for one in found.store_day
        if one.named == named
    ]


def test_a_late_credit_moves_to_the_day_of_the_member(open_shop: Open) -> None:
    """Bought without a card on Monday, one of three teas came back on Tuesday, credited on Friday:
    it is a purchase of Ada's on Monday, and nobody bought or brought back anything."""
    shop = open_shop(SHOP)
    shop.joined("ada")
    monday = date(2026, 3, 2)
    shop.at("2026-03-02 12:00")
    shop.record(buys(None, Line(900, category="tea", quantity=3), receipt="r1"))
    shop.record(buys(None, 700, receipt="other"))
    before = follows(shop)
    assert by_day(before, False) == [(monday, 2, 1_600, 1_600, 3, 0)]
    shop.at("2026-03-03 12:00")
    shop.record(brings_back("r1", (0, 1), receipt="b1"))
    follows(shop)
    shop.at("2026-03-06 12:00")
    assert credited(shop, ADA).earned
    found = follows(shop)
    assert by_day(found, False) == [(monday, 1, 700, 700, 0, 0)], "only the other is nobody's"
    assert by_day(found, True) == [
        (monday, 1, 900, 600, 2, 0),
        (date(2026, 3, 6), 0, 0, 0, 0, 1),
    ]
    assert [(one.day, one.sales, one.net_minor) for one in found.member_day] == [
        (monday, 1, 600), (date(2026, 3, 6), 0, 0),
    ]  # fmt: skip
    assert sum(one.net_minor for one in found.category_day) == 1_300
    shop.run(assert_books_right(shop.made.owner_dsn))
    # From nothing it comes to the same.
    shop.rows("delete from prepared_reach where program_id = $1")
    assert follows(shop) == found


def test_however_often_the_worker_looks_a_late_credit_counts_once(open_shop: Open) -> None:
    """All in one round, or each alone: the rows are the same, and what the rest brings is Ada's."""
    told = []
    for often in (True, False):
        shop = open_shop(SHOP)
        shop.joined("ada")
        for receipt in ("r1", "r2"):
            shop.record(buys(None, Line(1_000, quantity=2), receipt=receipt))
            if often:
                follows(shop)
        shop.record(brings_back("r1", (0, 1), receipt="b1"))
        if often:
            follows(shop)
        shop.now += timedelta(days=1)
        credited(shop, ADA)
        if often:
            follows(shop)
        shop.record(brings_back("r1", receipt="b2"), brings_back("r2", receipt="b3"))
        found = follows(shop)
        told.append((by_day(found, True), by_day(found, False)))
    assert told[0] == told[1]
    named, nobodys = told[0]
    assert [row[1:] for row in nobodys] == [(1, 1_000, 0, 0, 0), (0, 0, 0, 0, 1)]
    assert [row[1:] for row in named] == [(1, 1_000, 0, 0, 0), (0, 0, 0, 0, 2)]
    assert kept(shop).member_orders == []


def test_a_house_that_counted_before_is_put_right(open_shop: Open) -> None:
    """What the migration does where rows are there: second orders out of days, and everybody anew
    where a purchase was credited."""
    shop = open_shop(SHOP)
    shop.joined("ada")
    shop.record(buys(None, 700, receipt="r1"), buys(ADA, 500, receipt="a1"))
    shop.now += timedelta(days=9)
    shop.record(buys(ADA, 500, receipt="a2"))
    credited(shop, ADA)
    found = follows(shop)
    assert found.member_orders[0].second_on == date(2026, 3, 11)
    shop.rows("update member_orders set second_on = null where program_id = $1")
    shop.rows("update store_day set sales = sales + 1 where program_id = $1 and not named")
    (file,) = Path(str(folder_of("regulars.records"))).glob("migrations/*_prepared_truths.sql")
    _, *statements = file.read_text("utf-8").split(";\n")
    for statement in filter(str.strip, statements):
        shop.run(_told(shop, statement))
    assert kept(shop).member_orders == found.member_orders
    assert follows(shop) == found


async def _told(shop: Shop, statement: str) -> None:
    owner = await asyncpg.connect(shop.made.owner_dsn)
    try:
        await owner.execute(statement)
    finally:
        await owner.close()
