"""`soonest_first` knows wallets that spend the oldest or newest points first."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.books import assert_books_right, look_at_books
from tests.insight.verify.scenario import CORNER, Shop

from regulars.flows.commands import History
from regulars.flows.importing.commands import OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.runtime.serving.programs import Programs

ENDS = "expiry: {after: 1 month, round_up_to: day}\n"


def spending(order: str) -> str:
    """The corner shop whose points go out in this order."""
    assert ENDS in CORNER
    return CORNER.replace(ENDS, f"{ENDS}    spends: {order}\n")


async def three_lots_and_two_takes(database: Any, order: str) -> None:
    """A redemption and a correction, each from a lot that is not the soonest to lapse."""
    shop = await Shop.open(database.owner_dsn, database.app_dsn, spending(order), "corner")
    ann = await shop.join("ann@example.org")
    for points in (70, 90, 80):
        await shop.adjust(ann, "points", points)
        shop.later(days=1)
    await shop.redeem(ann, "mug")
    await shop.adjust(ann, "points", -5)
    await shop.close()


async def ask(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def owes_beside_points(database: Any) -> None:
    """Thirty owed beside three lots; the first of them pays, and the second a mug."""
    shop = await Shop.open(database.owner_dsn, database.app_dsn, spending("newest"), "corner")
    ann, history = await shop.join("ann@example.org"), History(UUID(int=7))
    lots = [
        OpenLot(ann, "points", units, "old", str(days), shop.now, shop.now + timedelta(days))
        for days, units in ((20, 30), (25, 190), (22, 180))
    ]
    owed = OpenLot(ann, "points", 30, "old", "owed", shop.now, owed=True)
    terms = await Programs(shop.database).terms(shop.program_id)
    async with shop.database.transaction(shop.program_id) as tx:
        await open_balances(tx, terms, [*lots, owed], history)
    shop.later(days=1)
    await shop.redeem(ann, "mug")
    await shop.close()


def test_what_is_owed_is_paid_by_what_ends_first_whatever_is_spent_first(
    fresh_database: Any,
) -> None:
    asyncio.run(owes_beside_points(fresh_database))
    report = asyncio.run(look_at_books(fresh_database.owner_dsn))
    assert "soonest_first" not in {one.check for one in report.findings if one.violations}
    later = "update lot set expires_at = expires_at + interval '4 days' where amount = 30"
    asyncio.run(ask(fresh_database.owner_dsn, later))
    report = asyncio.run(look_at_books(fresh_database.owner_dsn))
    assert "soonest_first" in {one.check for one in report.findings if one.violations}


@pytest.mark.parametrize("order", ["oldest", "newest", "soonest_expiring"])
def test_points_may_be_spent_in_the_order_the_wallet_says(fresh_database: Any, order: str) -> None:
    asyncio.run(three_lots_and_two_takes(fresh_database, order))
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_the_other_end_is_noticed_where_a_wallet_has_an_order(
    fresh_database: Any, order: str
) -> None:
    asyncio.run(three_lots_and_two_takes(fresh_database, order))
    turned = "max" if order == "oldest" else "min"
    # The age of the lot that was skipped is moved past the one that was taken.
    away = "- interval '9 days'" if order == "oldest" else "+ interval '9 days'"
    asyncio.run(
        ask(
            fresh_database.owner_dsn,
            f"update lot set earned_at = earned_at {away} "
            f"where earned_at = (select {turned}(earned_at) from lot)",
        )
    )
    report = asyncio.run(look_at_books(fresh_database.owner_dsn))
    wrong = {finding.check for finding in report.findings if finding.violations}
    assert wrong == {"soonest_first"}
