"""Gaps between orders are counted anew by portions, so no limit on statements is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
import pytest
from tests.flows.night.counted.following import SHOP, follows, goes_on, kept
from tests.flows.night.counted.test_portions import begins_anew, by_hands
from tests.makers import Shop, buys

from regulars.flows.membership.office import prepare_rows as flow
from regulars.insight.verify.catalogue import checks
from regulars.records.members.types import MemberRef
from regulars.records.prepared.types import EVERYBODY

Open = Callable[[str], Shop]
PATIENCE_MS = 400
OF_EACH_MS = 6
"""How long the database takes over each row of gaps in these tests."""
_SLOW = f"""
create function takes_its_time() returns trigger language plpgsql as $$
begin perform pg_sleep({OF_EACH_MS / 1000}); return coalesce(new, old); end $$;
create trigger takes_its_time before insert or update or delete on order_gap
   for each row execute function takes_its_time();
"""
_QUICK = "drop trigger takes_its_time on order_gap; drop function takes_its_time();"


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return months(open_shop)


def months(open_shop: Open) -> Shop:
    """Some months of a shop: more gaps than a statement has time for."""
    shop = open_shop(SHOP)
    chance = Random(5)
    names = [f"m{number}" for number in range(14)]
    shop.joined(*names)
    for name in names:
        for _ in range(7):
            at = shop.now - timedelta(days=chance.randrange(200))
            store = chance.choice(("", "east", "west"))
            shop.record(buys(MemberRef(external=name), 900, occurred_at=at, store=store))
    follows(shop)
    ((gaps,),) = shop.rows("select count(*) from order_gap where program_id = $1")
    assert gaps * OF_EACH_MS > 1.5 * PATIENCE_MS, gaps
    return shop


@pytest.fixture
def slow(shop: Shop) -> Iterator[None]:
    async def does(sql: str) -> None:
        await (await shop.owning()).execute(sql)

    shop.run(does(_SLOW))
    yield
    shop.run(does(_QUICK))


def impatient(shop: Shop, days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody anew by a worker whose statements end early."""
    monkeypatch.setattr(flow, "DAYS", days)

    async def round_(tx: Any, terms: Any) -> int:
        await tx.fetch(f"select set_config('statement_timeout', '{PATIENCE_MS}ms', true)")
        return await flow.prepare_rows(tx, terms, 100)

    for _ in range(300):
        if not shop.do(round_):
            return
    raise AssertionError("it never ends")


@pytest.mark.usefixtures("slow")
def test_a_small_limit_is_survived_by_portions(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(shop)
    begins_anew(shop)
    impatient(shop, 5, monkeypatch)
    assert kept(shop) == before


@pytest.mark.usefixtures("slow")
def test_all_at_once_is_stopped_by_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    begins_anew(shop)
    with pytest.raises(asyncpg.QueryCanceledError):
        impatient(shop, 1_000_000, monkeypatch)


@pytest.mark.parametrize("days", [3, 17, 1_000_000])
def test_portions_of_any_size_come_to_the_same(
    shop: Shop, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(shop)
    monkeypatch.setattr(flow, "DAYS", days)
    begins_anew(shop)
    assert follows(shop) == before


def test_gaps_by_portions_are_those_of_all(open_shop: Open) -> None:
    shop = months(open_shop)
    before = kept(shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "DAYS", 7)
        begins_anew(shop)
        assert follows(shop) == before


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_who_is_stopped_between_two_goes_on_there(
    shop: Shop, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(shop)
    monkeypatch.setattr(flow, "DAYS", 5)
    begins_anew(shop)
    while place(shop) is None:
        shop.do(lambda tx, terms: flow.prepare_rows(tx, terms, 100))
    for _ in range(cut):
        shop.do(lambda tx, terms: flow.prepare_rows(tx, terms, 100))

    async def falls(tx: Any, terms: Any) -> int:
        await flow.prepare_rows(tx, terms, 100)
        raise KeyError("stopped")

    stood = place(shop)
    with suppress(KeyError):
        shop.do(falls)
    assert place(shop) == stood
    assert counted_ties(shop) == []
    assert shop.run(by_hands(shop, lambda _: pytest.fail("all portions were there")))
    assert place(shop) is None
    assert kept(shop) == before


def test_a_first_count_is_no_fault_of_the_books_while_it_goes_on(shop: Shop) -> None:
    begins_anew(shop)
    shop.rows("delete from order_gap where program_id = $1")
    shop.do(lambda tx, terms: flow.prepare_rows(tx, terms, 1))
    assert counted_ties(shop) == []
    goes_on(shop)
    shop.rows("update order_gap set last = last + 1 where program_id = $1")
    assert counted_ties(shop) != []


def place(shop: Shop) -> Any:
    ((after_id, gaps_after),) = shop.rows(
        "select after_id, gaps_after from prepared_reach where program_id = $1"
    )
    assert gaps_after is None or after_id == EVERYBODY
    return gaps_after


def counted_ties(shop: Shop) -> list[tuple[Any, ...]]:
    (check,) = [one for one in checks() if one.name == "gaps_counted"]
    return shop.rows(f"select * from ({check.sql}) c where program_id = $1")
