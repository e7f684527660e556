"""Prepared rows follow the books whatever happens in them, and are what plain Python folds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.night.counted.following import SHOP, follows, goes_on
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Adjust, Redeem
from regulars.flows.membership.office.prepare_goods import prepare_goods
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.flows.recording.record_activities import record_activities
from regulars.insight.prepared.books import read_rows
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef
from regulars.records.prepared import read
from regulars.records.prepared.types import NEVER

Open = Callable[[str], Shop]


class Dies(Exception):
    """Whoever worked is gone."""


def bought(shop: Shop, name: str, minor: int, receipt: str, **more: str) -> None:
    shop.record(buys(MemberRef(external=name), minor, receipt=receipt, **more))


def test_rows_follow_the_books(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    bought(shop, "ada", 1_000, "a1", store="mitte")
    bought(shop, "ada", 500, "a2", store="mitte")
    lines = (Line(1_000, category="tea", quantity=3), Line(300, category="cake"))
    shop.record(
        buys(MemberRef(external="ben"), *lines, receipt="b1", basket={"order_discount_minor": 100})
    )
    shop.record(buys(None, 700, receipt="n1"))
    kept = follows(shop)
    assert [(row.orders, row.sales, row.net_minor) for row in kept.member_day] == [
        (1, 2, 1_500), (1, 1, 1_200),
    ]  # fmt: skip
    shop.now += timedelta(days=3)
    shop.record(brings_back("b1", (0, 2), receipt="rb1"), brings_back("n1", receipt="rn1"))
    (held,) = shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    assert held.state == "captured", held
    kept = follows(shop)
    # 3 teas of 10.00 less their part of the discount 0.76: one is left of 9.23, and a cake.
    (ben,) = (row for row in kept.member_day if row.returns == 0 and row.pieces == 2)
    assert (ben.orders, ben.paid_minor, ben.net_minor) == (1, 1_200, 307 + 276 + 1)
    shop.adjust(Adjust(MemberRef(external="ada"), "points", 50, "sorry", "owner"))
    shop.now += timedelta(days=60)
    shop.night()
    bought(shop, "ada", 1_000, "a3")
    bought(shop, "ada", 200, "a4")
    kept = follows(shop)
    assert [(c.first_month, c.month, c.buyers) for c in kept.cohort_month] == [
        (date(2026, 3, 1), date(2026, 3, 1), 2), (date(2026, 3, 1), date(2026, 5, 1), 1),
    ]  # fmt: skip


def test_who_ends_late_is_counted_once(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    bought(shop, "ada", 1_000, "a1")
    follows(shop)

    async def late(tx: Any, terms: Any) -> None:
        """Somebody buys; before that is committed others do, too, and the rows follow."""
        ada = buys(MemberRef(external="ada"), Line(700, category="tea"), receipt="a2")
        await record_activities(tx, terms, [ada, buys(None, 400, receipt="n2")])
        async with shop.transaction() as other:
            ben = buys(MemberRef(external="ben"), Line(300, category="tea"), receipt="b1")
            await record_activities(other, terms, [ben, buys(None, 500, receipt="n1")])
        for _ in range(3):
            async with shop.transaction() as other:
                await prepare_rows(other, terms, 100)

    shop.do(late)
    kept = follows(shop)
    assert [(row.named, row.sales) for row in kept.store_day] == [(False, 2), (True, 3)]


def test_a_heavy_transaction_after_an_idle_gap_is_passed(open_shop: Open) -> None:
    """One transaction of more members than a round takes, as an import has, behind transactions of
    others: spans become smaller until they end before it, and it is reached all the same."""
    shop = open_shop(SHOP)
    shop.joined("ada", "ben", "cleo")
    follows(shop)
    with pytest.MonkeyPatch.context() as patched:
        for flow in (prepare_goods, prepare_rows):
            patched.setattr(sys.modules[flow.__module__], "MOST", 2)
        for gap in (1, 7, 90):
            for _ in range(gap):
                shop.rows("select pg_current_xact_id()::text where $1::int is not null")
            shop.record(*(
                buys(MemberRef(external=name), Line(100, category="tea"), receipt=f"{name}{gap}")
                for name in ("ada", "ben", "cleo")
            ))  # fmt: skip
            follows(shop)
    assert shop.rows("select sum(orders)::int from member_day where program_id = $1") == [(3,)]
    sql = "select sum(net_minor)::int from member_good where program_id = $1 and good = 'tea'"
    assert shop.rows(sql) == [(900,)]


def test_of_one_day_all_screens_say_the_same_at_every_moment(open_shop: Open) -> None:
    """Somebody keeps a transaction open; what others told before it began is in all rows, and what
    they told since is in none, though it is there to be seen."""
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    follows(shop)
    bought(shop, "ada", 1_000, "a1")

    async def others(tx: Any, terms: Any) -> None:
        await record_activities(tx, terms, [buys(MemberRef(external="ben"), 100, receipt="b1")])
        async with shop.transaction() as other:
            more = buys(MemberRef(external="ada"), 500, receipt="a2")
            back = brings_back("a1", receipt="ra1")
            await record_activities(other, terms, [more])
            await record_activities(other, terms, [back])
        for _ in range(3):
            async with shop.transaction() as other:
                await prepare_rows(other, terms, 100)
        async with shop.transaction() as other:
            found = await read_rows(other)
        assert [row.net_minor for row in found.member_day] == [1_000]
        assert [row.net_minor for row in found.category_day] == [1_000]
        await assert_books_right(shop.made.owner_dsn)

    shop.do(others)
    follows(shop)


def test_a_round_that_is_cut_off_never_was(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben", "cyd")
    for n, name in enumerate(("ada", "ben", "cyd")):
        bought(shop, name, 1_000 + n, f"a{n}")

    def cut_off() -> None:
        async def dies(tx: Any, terms: Any) -> None:
            await prepare_rows(tx, terms, 1)
            raise Dies

        with pytest.raises(Dies):
            shop.do(dies)

    for _ in range(6):
        cut_off()
        shop.do(lambda tx, terms: prepare_rows(tx, terms, 1))
    follows(shop)
    bought(shop, "ada", 500, "more")
    shop.record(buys(None, 500, receipt="nobody"))
    cut_off()
    follows(shop)


def test_what_nobody_bought_is_added_once(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    follows(shop)
    shop.record(buys(None, 500, receipt="n"))
    for _ in range(3):
        (row,) = follows(shop).store_day
        assert (row.named, row.sales, row.net_minor) == (False, 1, 500)


def test_two_workers_at_once_count_once(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada")
    bought(shop, "ada", 1_000, "a")
    follows(shop)
    bought(shop, "ada", 500, "b")

    async def both(tx: Any, terms: Any) -> int:
        await prepare_rows(tx, terms, 100)
        async with shop.transaction() as other:
            return await prepare_rows(other, terms, 100)

    assert shop.do(both) == 0, "the second leaves it to the first"
    follows(shop)


def test_two_workers_that_begin_at_once_count_once(open_shop: Open) -> None:
    """Neither finds a row to lock; sales to nobody would be added by both."""
    shop = open_shop(SHOP)
    shop.record(buys(None, 500, receipt="n"))

    async def begins(tx: Any, terms: Any) -> int:
        return await prepare_rows(tx, terms, 100)

    assert sorted(shop.together(begins, begins)) == [0, 1]
    (row,) = follows(shop).store_day
    assert (row.named, row.sales, row.net_minor) == (False, 1, 500)


def test_who_stands_where_is_counted_soon_after_midnight_or_not_at_all(open_shop: Open) -> None:
    tiers = 'tiers: {steps: [{id: silver, at: "10.00"}]}\n'
    shop = open_shop(SHOP + tiers)
    shop.joined("ada", "ben")
    shop.at("2026-03-02 12:00")
    bought(shop, "ada", 2_000, "a")
    goes_on(shop)
    shop.at("2026-03-03 00:05")
    goes_on(shop)
    shop.at("2026-03-04 09:00")
    goes_on(shop)
    days = shop.do(lambda tx, _: read.tier_days(tx, date(2026, 1, 1), date(2027, 1, 1)))
    assert [tuple(day) for day in days] == [
        (date(2026, 3, 2), "", "", 1, 0, 1),
        (date(2026, 3, 2), "", "silver", 1, 1, 0),
    ]
    owed = shop.do(lambda tx, _: read.owed_days(tx, date(2026, 1, 1), date(2027, 1, 1)))
    assert [(one.day, one.units) for one in owed] == [
        (date(2026, 3, 2), 20),
        (date(2026, 3, 2), 60),
    ]
    assert owed[1].lapse_month == NEVER


def test_the_second_order_is_the_second_whenever_it_is_told(open_shop: Open) -> None:
    """March and June, then one of April is told late, the first comes back, and there is none."""
    shop = open_shop(SHOP)
    shop.joined("ada")
    march, april, june = date(2026, 3, 2), date(2026, 4, 2), date(2026, 6, 2)

    def stands() -> list[tuple[date, date | None, date]]:
        return [(one.first_on, one.second_on, one.last_on) for one in follows(shop).member_orders]

    shop.at("2026-03-02 12:00")
    bought(shop, "ada", 500, "a1")
    bought(shop, "ada", 500, "twice")
    assert stands() == [(march, None, march)], "two of one day are one order"
    late = shop.now + timedelta(days=31)
    shop.at("2026-06-02 12:00")
    bought(shop, "ada", 500, "a2")
    assert stands() == [(march, june, june)]
    shop.record(buys(MemberRef(external="ada"), 500, receipt="late", occurred_at=late))
    assert stands() == [(march, april, june)]
    bought(shop, "ada", 900, "a3")
    assert stands() == [(march, april, june)]
    shop.record(brings_back("a1", receipt="b1"), brings_back("twice", receipt="b2"))
    assert stands() == [(april, june, june)]
    shop.record(brings_back("late", receipt="b3"))
    assert stands() == [(june, None, june)]


def test_a_late_order_takes_its_place_between_others(open_shop: Open) -> None:
    """Five orders, each of another month, then one between: two before it, and two after it."""
    shop = open_shop(SHOP)
    shop.joined("ada")
    shop.at("2026-12-01 12:00")
    begun = shop.now - timedelta(days=300)
    for days in (0, 40, 80, 160, 200):
        at = begun + timedelta(days)
        shop.record(buys(MemberRef(external="ada"), 500, receipt=f"a{days}", occurred_at=at))
    follows(shop)
    late = begun + timedelta(120)
    shop.record(buys(MemberRef(external="ada"), 500, receipt="late", occurred_at=late))
    found = follows(shop)
    apart = [((row.day - begun.date()).days, (row.day - row.before_on).days)
             for row in found.order_gap if row.last and row.before_on > date.min]  # fmt: skip
    assert apart == [(40, 40), (80, 40), (120, 40), (160, 40), (200, 40)]
