"""What leaves after a wrong file and the right one goes in elsewhere as the right one would."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import ADA, BOB, CYD, brought, undone

from regulars.insight.export.run import Order, export

_FILES = ("members", "identifiers", "activities")


def _exported(house: House, folder: Path) -> None:
    async def leave() -> None:
        owner = await asyncpg.connect(house.database.owner_dsn)
        app = await asyncpg.connect(house.database.app_dsn)
        try:
            await export(owner, app, folder, Order(house.slug, "csv", None))
        finally:
            await app.close()
            await owner.close()

    asyncio.run(leave())


def test_a_receipt_that_was_taken_back_does_not_hide_the_right_one(
    house: House, other_house: House, tmp_path: Path
) -> None:
    undone(house, brought(house, ADA, BOB, CYD))
    brought(house, ADA.replace("300", "30"), BOB, CYD)
    _exported(house, tmp_path / "left")
    files = [str(tmp_path / "left" / "canonical" / f"{name}.csv") for name in _FILES]
    out = other_house.bring(*files, leave_out=True)
    assert out.refusals == []
    assert [slip for slip in other_house.slips() if "nobody is known" not in slip] == []
    receipts = "select count(*)::int from activity"
    ((gone,),) = house.rows(f"{receipts} where member_id in (select member_id from import_undone)")
    assert other_house.rows(receipts)[0][0] == house.rows(receipts)[0][0] - gone
    assert other_house.wrong_books() == {}
