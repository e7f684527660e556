"""Who stands where as a day ended is counted by portions of members, each whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from tests.flows.night.counted.following import SHOP, goes_on
from tests.makers import Shop, buys

from regulars.flows.membership.office import prepare_rows as flow
from regulars.records.members.types import MemberRef
from regulars.records.prepared import read

Open = Callable[[str], Shop]
Found = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]
TIERS = 'tiers: {steps: [{id: silver, at: "20.00"}]}\n'
DAY = date(2026, 3, 2)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return evening(open_shop)


def evening(open_shop: Open) -> Shop:
    """Nine members as their day has ended: ann has most lots, half of them are on silver."""
    shop = open_shop(SHOP + TIERS)
    names = [f"m{number}" for number in range(9)]
    shop.joined(*names)
    shop.at("2026-03-02 12:00")
    for number, name in enumerate(names):
        for again in range(6 if number == 4 else 1):
            at = shop.now - timedelta(days=again)
            shop.record(buys(MemberRef(external=name), 500 * number + 100, occurred_at=at))
    goes_on(shop)
    shop.at("2026-03-03 00:05")
    return shop


def counted(shop: Shop) -> Found:
    found: Found = shop.do(looked)
    return found


async def looked(tx: Any, _terms: Any) -> Found:
    year = date(2026, 1, 1), date(2027, 1, 1)
    days = [one for one in await read.tier_days(tx, *year) if one.day == DAY]
    stood = [(one.tier, one.members) for one in days if one.members is not None]
    return stood, [tuple(one) for one in await read.owed_days(tx, *year) if one.day == DAY]


def place(shop: Shop) -> Any:
    reach = shop.do(lambda tx, _: read.begun(tx))
    return reach.counting and reach.counting.after_id


def round_(shop: Shop) -> int:
    left: int = shop.do(lambda tx, terms: flow.prepare_rows(tx, terms, 100))
    return left


def exact(shop: Shop) -> None:
    stood, owed = counted(shop)
    assert stood == [("", 4), ("silver", 5)]
    assert {wallet: sum(row[3] for row in owed if row[1] == wallet) for wallet in (1, 2)} == {
        1: 294, 2: 882,
    }  # fmt: skip


@pytest.mark.parametrize("lots", [1, 2, 5, 200_000])
def test_portions_of_any_size_come_to_the_same(
    shop: Shop, lots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "LOTS", lots)
    rounds = 1
    while round_(shop):
        rounds += 1
        assert counted(shop) == ([], []), "half of a day would be taken for the whole of it"
    assert rounds == {1: 10, 2: 6, 5: 4, 200_000: 1}[lots]
    exact(shop)
    assert place(shop) is None


def test_a_days_end_by_portions_is_that_of_all(open_shop: Open) -> None:
    shop = evening(open_shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "LOTS", 2)
        goes_on(shop)
    exact(shop)


def test_who_is_stopped_between_two_goes_on_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "LOTS", 2)
    assert round_(shop)
    assert round_(shop)
    stood = place(shop)

    async def falls(tx: Any, terms: Any) -> int:
        await flow.prepare_rows(tx, terms, 100)
        raise KeyError("stopped")

    with suppress(KeyError):
        shop.do(falls)
    assert place(shop) == stood
    # Meanwhile the books are followed: nothing waits until everybody is counted.
    shop.record(buys(MemberRef(external="m0"), 100, occurred_at=shop.now))
    shop.now += timedelta(minutes=1)
    assert round_(shop)
    bought = "select sum(sales) from member_day where program_id = $1 and day = '2026-03-03'"
    assert shop.rows(bought) == [(1,)]
    assert place(shop) > stood
    goes_on(shop)
    exact(shop)


def test_what_was_not_counted_in_time_is_left_out_and_the_next_day_begins_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "LOTS", 2)
    assert round_(shop)
    shop.at("2026-03-04 00:05")
    goes_on(shop)
    assert counted(shop) == ([], []), "of the second of March only some were counted"
    days = shop.do(lambda tx, _: read.tier_days(tx, date(2026, 3, 3), date(2026, 3, 4)))
    assert [(one.tier, one.members) for one in days] == [("", 4), ("silver", 5)]
    shop.at("2026-03-05 00:05")
    assert round_(shop)
    shop.at("2026-03-05 03:00")
    goes_on(shop)
    assert place(shop) is None
    assert shop.do(lambda tx, _: read.owed_days(tx, date(2026, 3, 4), date(2026, 3, 5))) == []
