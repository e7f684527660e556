"""A category by the type of a product, which no order tells: asked for before it is booked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.shopify.shop import AT, Hook, Store
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.runtime.working.inlets import looker
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Shop
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.shopify.kind import Shopify
from regulars.surfaces.connect.shopify.product_types import (
    QUERY,
    ProductTypes,
    products_of,
    reads_types,
)
from regulars.surfaces.senders.outgoing.client import Answer

_NUMBERS = count(300)
BY_TYPE = '{column: product_type, values: {Hot drinks: coffee, gift-card: gift-card, "*": ""}}'


def opened_hook(counter: Counter) -> Hook:
    """A shop whose mapping asks for types; of two products one is a hot drink. They are one where
    their numbers go through a float."""
    first = next(_NUMBERS)
    hook, beans = Hook(counter, Store(first), BY_TYPE), (1 << 60) + 10_000 * first
    hook.store.products = {"beans": beans, "latte": beans + 1}
    hook.store.types = {beans: "Beans", beans + 1: "Hot drinks"}
    return hook


@pytest.fixture
def hook(counter: Counter) -> Iterator[Hook]:
    made = opened_hook(counter)
    yield made
    counter.ask("DELETE", made.place)


def stamps(hook: Hook, card: str) -> int:
    return hook.shop.balances(card).get("stamps", (0, 0, 0))[0]


def questions(hook: Hook) -> list[list[str]]:
    return [one["variables"]["ids"] for one in hook.store.asked if one["query"] == QUERY]


def test_a_rule_by_category_waits_for_the_type_and_then_gives(hook: Hook) -> None:
    store, email = hook.store, member(hook, "t-waits")
    number = store.order(email, ("latte", "4.00", 2), ("beans", "9.00", 1), ("tip", "1.00", 3))
    store.pays(number)
    store.down = True
    for told in store.told:
        assert hook.tell(told).status_code == 202
    hook.work()
    assert (stamps(hook, "t-waits"), hook.points("t-waits")) == (0, 0), "nothing is half booked"
    store.down = False
    hook.later(minutes=5)
    hook.work()
    assert stamps(hook, "t-waits") == 2
    assert questions(hook) == [[f"gid://shopify/Product/{one}" for one in store.types]]
    hook.tell(store.told[-1])
    store.pays(store.order(email, ("latte", "4.00", 1)))
    hook.tell(store.told[-1])
    hook.work()
    assert (stamps(hook, "t-waits"), len(questions(hook))) == (3, 1), "it is known for a while"
    hook.later(hours=2)
    store.types[store.products["beans"]] = "Hot drinks"
    store.pays(store.order(email, ("beans", "9.00", 1)))
    hook.tell(store.told[-1])
    hook.work()
    assert (stamps(hook, "t-waits"), len(questions(hook))) == (4, 2)


def test_of_several_states_the_newest_counts_and_asked_for_it_is_the_same(hook: Hook) -> None:
    store, email = hook.store, member(hook, "t-order")
    number = store.order(email, ("latte", "4.00", 3))
    store.pays(number)
    store.refunds(number, {0: 1}, "4.00")
    for told in reversed(store.told):
        hook.tell(told)
    hook.work()
    assert stamps(hook, "t-order") == 2
    hook.later(days=1)
    hook.connects(AT)
    assert hook.catch_up()["problem"] == ""
    hook.work()
    assert stamps(hook, "t-order") == 2
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}
    assert hook.catch_up()["found"] == 0


def test_a_back_fill_asks_for_the_types_of_a_page_together(hook: Hook) -> None:
    store, email = hook.store, member(hook, "t-filled")
    lines = [(f"latte-{at}", "1.00", 1) for at in range(300)]
    first = store.products["latte"]
    store.products |= {sku: first + at for at, (sku, *_) in enumerate(lines)}
    store.types |= {first + at: "Hot drinks" for at in range(299)}  # the last one is deleted
    for some in (lines[:100], lines[100:200], lines[200:]):
        store.pays(store.order(email, *some))
    hook.later(days=2)
    hook.connects(AT - timedelta(days=1))
    assert hook.catch_up()["found"] == 3
    hook.work()
    assert stamps(hook, "t-filled") == 299
    assert [len(some) for some in questions(hook)] == [250, 50]


def test_a_mapping_that_only_speaks_of_types_asks_for_none() -> None:
    shipped = Shopify().mapping
    assert "product_type" in shipped
    assert not reads_types(shipped)
    assert reads_types(shipped.replace("category: category}", f"category: {BY_TYPE}}}"))


def test_an_app_that_may_not_read_products_says_so_and_nothing_is_booked(hook: Hook) -> None:
    store, email = hook.store, member(hook, "t-denied")
    store.denies = True
    store.pays(store.order(email, ("latte", "4.00", 1)))
    hook.tell(store.told[-1])
    hook.work()
    page = hook.counter.get(f"{hook.place}/catch-up").json()
    assert page["problem"] == "this app may not do that: give it the scope in its settings"
    assert (stamps(hook, "t-denied"), hook.points("t-denied")) == (0, 0)
    store.denies = False
    hook.later(minutes=5)
    hook.work()
    assert stamps(hook, "t-denied") == 1


SHOP = Shop("https://odd.example", ShopKeys("shpat_own", ""))


@pytest.mark.parametrize(
    ("said", "odd"),
    [
        ({"errors": [{"message": "Variable $ids was provided invalid value"}]}, True),
        ({"data": {"nodes": [{"productType": "Beans"}]}}, True),
        ({"data": {"nodes": []}}, True),
        ({"errors": [{"extensions": {"code": "ACCESS_DENIED"}}]}, False),
    ],
)
def test_what_is_wrong_with_one_question_is_said_of_that_one_alone(said: Any, odd: bool) -> None:
    async def answers(_: Any) -> Answer:
        return Answer(200, {}, msgspec.json.encode(said))

    with pytest.raises(NotTold) as why:
        asyncio.run(ProductTypes().of(answers, SHOP, [7], AT))
    assert isinstance(why.value, Odd) is odd
    lines = [{"product_id": one} for one in (7, 2**63, 0)]
    assert products_of({"financial_status": "paid", "line_items": lines}) == {7}


def test_what_is_forgotten_while_others_ask_is_told_all_the_same() -> None:
    types = ProductTypes()

    async def answers(_: Any) -> Answer:
        said = {"id": "gid://shopify/Product/1", "productType": "Beans"}
        types._known.clear()
        return Answer(200, {}, msgspec.json.encode({"data": {"nodes": [said]}}))

    assert asyncio.run(types.of(answers, SHOP, [1], AT)) == {"1": "Beans"}
    types._known[SHOP.address, 2] = ("Tea", AT)
    types._known.pop((SHOP.address, 1))
    assert asyncio.run(types.of(answers, SHOP, [1, 2], AT)) == {"1": "Beans", "2": "Tea"}


def test_a_mistake_of_ours_about_one_order_ends_no_round(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any) -> Any:
        raise RuntimeError("as our own mistake does it")

    store, email = hook.store, member(hook, "t-broke")
    store.pays(store.order(email, ("latte", "4.00", 1)))
    hook.tell(store.told[-1])
    monkeypatch.setattr(looker, "COMPLETED", {"shopify": breaks})
    hook.work()
    assert stamps(hook, "t-broke") == 0
    monkeypatch.undo()
    hook.later(minutes=5)
    hook.work()
    assert stamps(hook, "t-broke") == 1
