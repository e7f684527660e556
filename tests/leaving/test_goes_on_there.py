"""Who moves is refused there what they would be refused here, and gets what they would get."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.leaving.leaving import export_of
from tests.leaving.test_moves_in import MOVING, brought, wrong_books
from tests.makers import Shop, brings_back, buys
from tests.planted.leaving.going_on import GOES_ON, deeds, kinds, lives

from regulars.flows.commands import Adjust
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.insight.rebuild import compare

COUNTED = ("limits.", "progress.", "stock.", "codes.")
USED = (*MOVING, "limits", "progress", "budgets", "stock", "codes")


@pytest.fixture
def there(make_database: Callable[[], Any], cluster: Any) -> Iterator[Callable[..., Shop]]:
    """Opens a fresh installation with the same program."""
    made, shops = make_database(), []

    def opened(source: str, now: datetime) -> Shop:
        shops.append(Shop.open(made, source, now=now))
        return shops[0]

    yield opened
    for shop in shops:
        shop.close()
    cluster.drop_database(made.name)


def differs(shop: Shop) -> list[Any]:
    async def look() -> list[Any]:
        import asyncpg

        owner = await asyncpg.connect(shop.made.owner_dsn)
        try:
            return await compare(owner)
        finally:
            await owner.close()

    return asyncio.run(look())


def test_what_was_used_here_is_used_there(
    fresh_database: Any, there: Callable[..., Shop], tmp_path: Path
) -> None:
    shop = Shop.open(fresh_database, GOES_ON, now=datetime.now(UTC))
    codes = lives(shop)
    export_of(shop, tmp_path / "x")
    other = there(GOES_ON, shop.now)
    done = brought(other, tmp_path / "x" / "canonical", USED)
    assert (done.refusals, done.left_out) == ([], 0)
    assert kinds(other) == kinds(shop)
    counted = {name: n for name, n in done.before.items() if name.startswith(COUNTED)}
    assert {name: str(n) for name, n in done.arrived["used"].items()} == counted
    assert {"limits.limit", "progress.credit", "stock.cup", "codes.film.free"} <= counted.keys()
    assert wrong_books(other) == {}
    assert [one for one in differs(other) if one.cache != "lots"] == []
    assert brought(other, tmp_path / "x" / "canonical", USED[:-1]).taken == 0
    shop.now = other.now = shop.now + timedelta(minutes=1)
    assert deeds(other, codes) == deeds(shop, codes)
    assert wrong_books(other) == {}
    assert differs(other) == []
    shop.close()


OWES = GOES_ON.replace("points: {}", "points: {negative: debt, write_off_after: 90 days}")


def test_a_debt_is_forgiven_when_it_would_have_been(
    fresh_database: Any, there: Callable[..., Shop], tmp_path: Path
) -> None:
    assert OWES != GOES_ON
    shop = Shop.open(fresh_database, OWES, now=datetime.now(UTC) - timedelta(days=80))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 5_000, receipt="r1"))
    shop.adjust(Adjust(ada, "points", -shop.balances("ada")["points"][0], "spent", "Olga"))
    shop.record(brings_back("r1", receipt="b1"))
    shop.now += timedelta(days=80)
    export_of(shop, tmp_path / "x")
    other = there(OWES, shop.now)
    assert not brought(other, tmp_path / "x" / "canonical", (*MOVING, "debts")).refusals
    moved_on = shop.now
    for each in (shop, other):
        each.now = moved_on + timedelta(days=9)
        each.do(lambda tx, terms: write_off_old_debts(tx, terms, 10))
        assert each.balances("ada")["points"][2] == 5
        each.now += timedelta(days=2)
        each.do(lambda tx, terms: write_off_old_debts(tx, terms, 10))
        assert "points" not in each.balances("ada")
    assert wrong_books(other) == {}
    shop.close()


def test_what_was_gathered_is_not_counted_twice(
    fresh_database: Any, there: Callable[..., Shop], tmp_path: Path
) -> None:
    shop = Shop.open(fresh_database, GOES_ON, now=datetime.now(UTC))
    lives(shop)
    export_of(shop, tmp_path / "x")
    other = there(GOES_ON, shop.now)
    done = brought(other, tmp_path / "x" / "canonical", (*USED, "activities"))
    assert any("Leave out `progress`" in one for one in done.refusals), done.refusals
    assert other.counts()["counter"] == 0
    shop.close()
