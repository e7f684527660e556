"""What deeds left is mended while everybody else is served, whatever is published meanwhile."""

import asyncio
from typing import Any

import asyncpg
import pytest
from tests.makers import Shop, buys
from tests.planted.idle.remainders import KEEPING, differing, spoilt, walked

from regulars.runtime.checking import remainders
from regulars.runtime.checking.rebuild import rebuild

WITH_MUGS = f"{KEEPING}rewards: [{{id: mug, name: A mug, price: {{drops: 9}}, stock: 5}}]\n"
_SHELF = "select from reward_stock for update"


def test_a_repair_holds_no_shelf_and_works_out_nobody_else(
    fresh_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop.open(fresh_database, WITH_MUGS)
    _, ben, _ = walked(shop, 2)
    shop.do(spoilt("ada"))
    assert [one["value"] - one["value_should"] for one in differing(shop)] == [1]
    read, asked = remainders._terms, []

    def published_and_sold() -> None:
        shop.publish(WITH_MUGS.replace('per: "3.00"', 'per: "3.10"'))
        shop.record(buys(ben, 1234, receipt="meanwhile"))

    async def then(*whose: Any) -> Any:
        terms = await read(*whose)
        asked.append(terms)
        if len(asked) == 2:
            await asyncio.to_thread(published_and_sold)
        return terms

    async def mended() -> int:
        buyer = await asyncpg.connect(fresh_database.owner_dsn)
        async with buyer.transaction():
            assert await buyer.fetch(_SHELF)
            done = await rebuild(fresh_database.owner_dsn, repair=True)
        await buyer.close()
        return done.mended

    monkeypatch.setattr(remainders, "_terms", then)
    monkeypatch.setattr("regulars.runtime.checking.rebuild.LONGEST_LOCK_S", 2)
    assert asyncio.run(mended()) == 1
    assert differing(shop) == []
    shop.close()
