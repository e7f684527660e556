"""What a till told first comes back with a Shopify order that is cancelled while it is owed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from tests.surfaces.connect.shopify.shop import Hook, Store
from tests.surfaces.connect.shopify.test_orders import booked, tell_all
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.flows.recording.catch_up import catch_up_returns

TILL = "till-9"
_NUMBERS = count(9_000)


@pytest.fixture
def hook(counter: Counter) -> Iterator[Hook]:
    made = Hook(counter, Store(next(_NUMBERS)), told_by=TILL)
    yield made
    counter.ask("DELETE", made.place)


def test_what_is_cancelled_while_it_is_owed_is_back_whoever_told_it_first(hook: Hook) -> None:
    store, email = hook.store, member(hook, "till-first")
    number = store.order(email, ("tea", "10.00", 3))
    store.told.clear()
    till = {
        "kind": "purchase", "source": TILL, "external_id": str(number),
        "member": {"card": "till-first"}, "amount": {"minor": 3000, "currency": "EUR"},
    }  # fmt: skip
    assert hook.counter.post("/v1/activities", till).status_code == 201
    assert hook.points("till-first") == 30
    store.changed(number, financial_status="partially_paid", cancelled_at="2026-03-02T09:30:00Z")
    hook.tell(store.told[-1])
    hook.work()
    assert [state for state, *_ in hook.states()] == ["booked"]
    hook.shop.do(lambda tx, terms: catch_up_returns(tx, terms, 100))  # it waits for its receipt
    assert hook.points("till-first") == 0


def test_what_nobody_told_and_is_cancelled_while_it_is_owed_is_no_sale(hook: Hook) -> None:
    store, email = hook.store, member(hook, "nobody-told")
    number = store.order(email, ("tea", "10.00", 3))
    store.told.clear()
    store.changed(number, financial_status="partially_paid", cancelled_at="2026-03-02T09:30:00Z")
    tell_all(hook)
    assert (hook.points("nobody-told"), booked(hook)) == (0, [])
    assert [each[:2] for each in hook.states()] == [("passed", "never_paid")]


def test_an_order_of_carriage_alone_is_looked_at_by_somebody(hook: Hook) -> None:
    store, email = hook.store, member(hook, "carried")
    store.pays(store.order(email, total_price="5.00"))
    tell_all(hook)
    assert hook.points("carried") == 0
    assert "no_goods" not in [code for _, code, _ in hook.states()]
