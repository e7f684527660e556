"""From what happened in a shop to its reports, also where there is little or nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.flows.night.counted.following import SHOP, follows
from tests.makers import Shop, brings_back, buys

from regulars.engine.changing.prices import costs_of
from regulars.flows.commands import Redeem
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.metrics.reading.rows import looked_at
from regulars.records.members.types import MemberRef
from regulars.surfaces.in_words.reports.asking import REPORTS, question

Open = Callable[[str], Shop]


def told(shop: Shop, name: str, **said: str) -> Report:
    """A report of a shop whose rows are up to its books."""
    follows(shop)
    return _look(shop, name, said)


def _look(shop: Shop, name: str, said: dict[str, str]) -> Report:
    async def look(tx: Any, terms: Any) -> Report:
        return await REPORTS[name](tx, question(terms, shop.now, said))

    found: Report = shop.do(look)
    return found


def every(shop: Shop) -> dict[str, Report]:
    """All of them, as nobody chose anything."""
    follows(shop)
    return {name: _look(shop, name, {"compare": "previous"}) for name in REPORTS}


def rows(shop: Shop, metric: str, **said: str) -> list[behind.Who]:
    """Whom a figure counts."""

    async def look(tx: Any, terms: Any) -> list[behind.Who]:
        page = behind.Page(behind.NOBODY, 100)
        return await behind.behind(tx, metric, question(terms, shop.now, said), page,
                                   behind.Cell())  # fmt: skip

    found: list[behind.Who] = shop.do(look)
    return found


def counts(found: Report, metric: str) -> tuple[int | None, int | None]:
    one = found.figure(metric)
    assert one is not None, metric
    return one.part, one.whole


def sells(shop: Shop, day: str, name: str, minor: int, receipt: str) -> None:
    shop.at(f"{day} 12:00")
    shop.record(buys(MemberRef(external=name), minor, receipt=receipt))


def sane(reports: dict[str, Report]) -> None:
    """Every figure has a value, or says what is missing; shares are shares; the ledger agrees."""
    for found in reports.values():
        for one in (*found.figures, *found.before):
            assert (one.value is None) == (one.lacking is not None), one
            if one.low is not None and METRICS[one.metric].unit == "share":
                assert 0 <= one.low <= (one.value or 0) <= (one.high or 0) <= 1, one
    assert reports["liability"].table("tie_out").rows[0][2] == 0


def test_reports_come_to_what_happened(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben", "eve")
    sells(shop, "2026-03-02", "ada", 1_000, "a1")
    sells(shop, "2026-03-05", "ben", 2_000, "b1")
    sells(shop, "2026-03-20", "ada", 700, "a2")
    shop.record(buys(None, 4_000, receipt="n1"))
    (held,) = shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    assert held.state == "captured"
    shop.record(brings_back("b1", receipt="rb1"))
    sells(shop, "2026-04-10", "eve", 500, "e1")
    sells(shop, "2026-04-11", "ada", 300, "a3")
    found = told(shop, "retention", **{"from": "2026-03-01", "until": "2026-05-01"})
    assert counts(found, "active_members") == (2, None), "Ben brought all of it back"
    assert counts(found, "repeat_rate") == (1, 2)
    assert counts(found, "order_value") == (2_500, 4)
    assert counts(found, "participation_orders") == (5, 6)
    assert counts(found, "participation_revenue") == (2_500, 6_500)
    flow = told(shop, "points", **{"from": "2026-03-01", "until": "2026-05-01"})
    assert counts(flow, "points_issued") == (25, None), "10 + 20 + 7 + 5 + 3, less Ben's 20"
    assert counts(flow, "points_redeemed") == (5, None)
    assert counts(flow, "redeeming_members") == (1, 2)
    stars = {"from": "2026-03-01", "until": "2026-05-01", "wallet": "stars"}
    assert counts(told(shop, "points", **stars), "redeeming_members") == (0, 2), "points, no stars"
    assert [one.counted for one in rows(shop, "redeeming_members", **stars)] == [False, False]
    owed = told(shop, "liability", **{"from": "2026-03-01", "until": "2026-05-01"})
    rolled = [row[2:-1] for row in owed.table("roll_forward").rows]
    assert rolled[0][:2] == (0, 17)
    assert rolled[1][0] == rolled[0][-2]
    assert owed.table("tie_out").rows[0][2] == 0
    sane(every(shop))


def test_a_shop_that_opened_yesterday_says_what_is_missing(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    sane(every(shop))
    shop.joined("ada")
    sells(shop, "2026-03-02", "ada", 1_000, "a1")
    shop.now += timedelta(days=1)
    reports = every(shop)
    sane(reports)
    missing = {one.metric: one.lacking for one in reports["retention"].figures if one.lacking}
    assert missing == {
        "period_retention": "history",
        "members_kept": "members",
        "second_order_90": "history",
        "lapsed_members": "repeat_orders",
        "median_gap": "repeat_orders",
        "median_wait": "repeat_orders",
        "participation_orders": "groups",
        "participation_revenue": "groups",
    }
    owed = {one.metric: one.lacking for one in reports["liability"].figures if one.lacking}
    assert owed == {
        "redemption_ultimate": "periods", "breakage": "periods", "liability": "periods",
        "breakage_off": "periods",
    }  # fmt: skip


def test_rows_of_half_the_members_are_up_to_nothing(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    sells(shop, "2026-03-02", "ada", 1_000, "a1")
    said = []
    for _ in range(5):
        shop.do(lambda tx, terms: prepare_rows(tx, terms, 1))
        said.append(shop.do(lambda tx, _: looked_at(tx)))
    assert said == [None, None, None, None, shop.now]


def test_one_order_each_is_nobody_who_came_again(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    names = [f"m{n}" for n in range(25)]
    shop.joined(*names)
    for n, name in enumerate(names):
        sells(shop, f"2026-03-{n % 28 + 1:02}", name, 500, name)
    shop.at("2026-07-15 12:00")
    reports = every(shop)
    sane(reports)
    one = reports["retention"].figure("repeat_rate")
    assert one is not None
    assert (one.part, one.whole, one.low) == (0, 25, 0.0)
    assert one.high == pytest.approx(0.1332, abs=1e-4), "nobody of 25 is not nobody at all"
    assert counts(reports["retention"], "second_order_90") == (0, 25)
    wait = reports["retention"].figure("median_wait")
    assert wait is not None
    assert wait.lacking == "repeat_orders"


def test_where_everything_came_back_nobody_bought(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    for n, name in enumerate(("ada", "ben", "ada")):
        sells(shop, f"2026-03-{n + 2:02}", name, 900, f"s{n}")
        shop.record(brings_back(f"s{n}", receipt=f"r{n}"))
    reports = every(shop)
    sane(reports)
    assert counts(reports["retention"], "active_members") == (0, None)
    for metric in ("repeat_rate", "order_value", "order_frequency"):
        one = reports["retention"].figure(metric)
        assert one is not None
        assert one.lacking is not None, metric
    assert counts(reports["points"], "points_issued") == (0, None)


def test_points_owed_by_members_count_down_and_still_tie(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada")
    sells(shop, "2026-03-02", "ada", 1_000, "a1")
    shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    shop.record(brings_back("a1", receipt="r1"))
    reports = every(shop)
    sane(reports)
    (row,) = reports["liability"].table("tie_out").rows
    assert row[:3] == (-5, -5, 0), "five were spent and ten taken back"
    assert row[5] == 5
    one = reports["liability"].figure("outstanding")
    assert one is not None
    assert one.value == -5


def test_a_sale_before_midnight_there_is_of_the_day_there(open_shop: Open) -> None:
    """On the last day of March at 23:30 in Berlin it is 21:30 in UTC, and half past midnight is
    still March in UTC: the shop's own calendar counts."""
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    for text, name in (("2026-03-31 23:30", "ada"), ("2026-04-01 00:30", "ben")):
        shop.at(text)
        shop.record(buys(MemberRef(external=name), 500, receipt=name))
    shop.at("2026-06-01 12:00")
    march = told(shop, "retention", **{"from": "2026-03-01", "until": "2026-04-01"})
    april = told(shop, "retention", **{"from": "2026-04-01", "until": "2026-05-01"})
    assert (counts(march, "active_members"), counts(april, "active_members")) == (
        (1, None), (1, None),
    )  # fmt: skip
    assert {row[0] for row in april.table("cohorts").rows} == {date(2026, 3, 1), date(2026, 4, 1)}


COSTS = SHOP.replace("price: {points: 5}", 'price: {points: 5}, cost: "5.00"')


def test_what_was_owed_then_goes_by_what_was_known_then(open_shop: Open) -> None:
    """Each month one buys for 100 points and takes 5; what is left lapses after 30 days. Since May
    ten times as much is bought: what was owed at the end of April is as it was."""
    shop = open_shop(COSTS)
    shop.joined("ada")
    for month in range(1, 5):
        _buys_and_takes(shop, f"2026-{month:02}-20", 10_000)
    shop.at("2026-05-02 12:00")
    april = {"from": "2026-04-01", "until": "2026-05-01"}
    known = told(shop, "liability", **april)
    then = known.figure("liability")
    assert then is not None
    assert (then.part, then.whole) == (2, 95)
    for day in ("2026-05-10", "2026-05-20"):
        _buys_and_takes(shop, day, 100_000)
    shop.redeem(*[Redeem(MemberRef(external="ada"), "mug", capture=True)] * 20)
    for day in ("2026-06-03", "2026-07-03"):
        shop.at(f"{day} 12:00")
        shop.night()
    again = told(shop, "liability", **april)
    assert again.figures == known.figures, "and not 100 more, of points that were not there yet"


def test_what_is_owed_now_counts_the_points_of_the_month_that_runs(open_shop: Open) -> None:
    """380 are left of April and the months before; what of them will be taken is said of the 1,000
    of May, too, though their month has not ended."""
    shop = open_shop(COSTS.replace("expiry: {after: 30 days}", "expiry: {after: 10 years}"))
    shop.joined("ada")
    for month in range(1, 5):
        _buys_and_takes(shop, f"2026-{month:02}-20", 10_000)
    shop.at("2026-05-02 12:00")
    before = told(shop, "liability").figure("liability")
    sells(shop, "2026-05-10", "ada", 100_000, "much")
    now = told(shop, "liability").figure("liability")
    assert before is not None
    assert now is not None
    assert (before.whole, now.whole) == (380, 1_380)
    assert before.value
    assert now.value == pytest.approx(before.value * 1_380 / 380, abs=2)


def test_points_that_pay_are_owed_what_they_pay(open_shop: Open) -> None:
    """100 points pay 1.00, and nothing else is to be had for them; and the mug, at 5 for 5.00, is
    dearer than that."""
    pays = SHOP.replace("rewards:", 'paying: {wallet: points, points: 100, per: "1.00"}\nrewards:')
    for source, minor in ((pays, 250), (pays.replace("price: {points: 5}", _DEAR), 25_000)):
        shop = open_shop(source)
        version = shop.terms.at(shop.now)
        assert question(shop.terms, shop.now, {"wallet": "points"}).worth_of(250) == minor
        assert set(costs_of(version.program)) == {"points"}, "stars buy nothing"


_DEAR = 'price: {points: 5}, cost: "5.00"'


def _buys_and_takes(shop: Shop, day: str, minor: int) -> None:
    shop.at(f"{day} 12:00")
    shop.night()
    shop.record(buys(MemberRef(external="ada"), minor, receipt=day))
    (held,) = shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    assert held.state == "captured", held
