"""What is asked of an export's files is what is counted beforehand in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
from tests.flows.night.counted.following import SHOP, follows
from tests.leaving.leaving import export_of
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Redeem
from regulars.insight.extracts.asking import cohorts, open_extract, triangle
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
    assert found == [row[1:] for row in kept.lot_month if row.wallet == kept.lot_month[0].wallet]
    assert any(cell.redeemed for cell in found)
    assert any(cell.expired for cell in found)
    came = cohorts(asked, "Europe/Berlin")
    assert came == [row[:4] for row in kept.cohort_month]
    assert len(came) > 3
