"""What is asked of an export's files is what is counted beforehand in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
from tests.flows.night.counted.following import SHOP, follows
from tests.leaving.leaving import export_of
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Redeem
from regulars.insight.extracts.asking import Connection, cohorts, open_extract, ordered, triangle
from regulars.insight.extracts.together import Scored
from regulars.insight.extracts.together import scored as together
from regulars.records.members.types import MemberRef


def test_cohorts_and_triangle_are_those_of_the_tables(
    open_shop: Callable[[str], Shop], tmp_path: Path
) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben", "cyd")
    for n in range(12):
        name = ("ada", "ben", "cyd")[n % 3] if n > 4 else "ada"
        shop.record(buys(MemberRef(external=name), 900 + n, receipt=f"r{n}"))
        shop.now += timedelta(days=9, hours=5)
        shop.night()
        shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    shop.record(brings_back("r11", receipt="b"))
    kept = follows(shop)
    export_of(shop, tmp_path / "out")
    asked = open_extract(duckdb.connect(), tmp_path / "out")
    found = triangle(asked, "points", "Europe/Berlin")
    assert found == [
        (*row[1:3], *row[4:]) for row in kept.lot_month if row.wallet == kept.lot_month[0].wallet
    ]
    assert any(cell.redeemed for cell in found)
    assert any(cell.expired for cell in found)
    came = cohorts(asked, "Europe/Berlin")
    assert came == [row[:4] for row in kept.cohort_month]
    assert len(came) > 3


def test_scores_of_everybody_are_those_of_the_estimator(
    open_shop: Callable[[str], Shop], tmp_path: Path
) -> None:
    shop = open_shop(SHOP)
    names = [f"m{n}" for n in range(30)]
    shop.joined(*names)
    for n, name in enumerate(names):
        if n % 6 == 0:
            shop.now += timedelta(days=7)
        who = MemberRef(external=name)
        # Two on one day are one order; every third member has a second day.
        shop.record(buys(who, 500 + 10 * n, receipt=f"a{n}"), buys(who, 90, receipt=f"b{n}"))
        if n % 3 == 0:
            shop.now += timedelta(days=1)
            shop.record(buys(who, 400, receipt=f"c{n}"))
    kept = follows(shop).member_orders
    export_of(shop, tmp_path / "out")
    asked = open_extract(duckdb.connect(), tmp_path / "out")
    today = max(row.last_on for row in kept)
    found = rfm(asked, today)
    assert {row.frequency for row in found} == {1, 4}
    basis = sorted((row.last_on, row.orders, row.paid_minor) for row in found)
    assert basis == sorted((row.last_on, row.orders, row.net_minor) for row in kept)
    # Half of them ordered within the last weeks: each fifth but for those who are alike.
    assert [row.recency for row in found] == [
        sum(other.last_on < row.last_on for other in found) * 5 // len(found) + 1 for row in found
    ]
    # Of a day on which fewer than 25 had ordered nothing is said.
    assert rfm(asked, date(2000, 1, 1)) == []
    assert rfm(asked, today, [row.member_id for row in found[:6]]) == []


def rfm(asked: Connection, until: date, never: Sequence[str] = ()) -> list[Scored]:
    return together([ordered(asked, "Europe/Berlin", until, never)], until)
