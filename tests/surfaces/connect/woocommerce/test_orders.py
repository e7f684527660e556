"""Orders of a WooCommerce shop are points of its members, whatever comes of them, in any order."""

from __future__ import annotations

from random import Random

import pytest
from tests.surfaces.connect.woocommerce.shop import Hook, WooShop
from tests.surfaces.counter import Counter


@pytest.fixture(scope="module")
def hook(counter: Counter) -> Hook:
    return Hook(counter)


def member(hook: Hook, name: str) -> str:
    """Somebody with an e-mail and a card of this name."""
    said = [{"kind": "email", "value": f"{name}@x.org"}, {"kind": "card", "value": name}]
    answer = hook.counter.post("/v1/members", {"identifiers": said})
    assert answer.status_code == 201, answer.text
    return f"{name}@x.org"


def test_a_signed_order_is_points_on_a_members_balance(hook: Hook) -> None:
    shop, email = WooShop(1000), member(hook, "ada")
    number = shop.order("12.50", email)
    shop.pays(number)
    for order in shop.told:
        assert hook.tell(order).status_code == 202
    hook.book()
    assert hook.points("ada") == 12
    assert hook.states() == [("passed", "", ""), ("booked", "", "")]


def test_the_first_call_is_answered_by_200_and_nothing_is_kept(hook: Hook) -> None:
    before = len(hook.states())
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert hook.post(b"webhook_id=5", form).status_code == 200
    assert hook.post(b"webhook_id=5&order=1", form).status_code == 401
    assert hook.post(b"webhook_id=5", form | {"x-wc-webhook-signature": "x"}).status_code == 401
    assert len(hook.states()) == before


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_the_books_are_the_same(hook: Hook, seed: int) -> None:
    name = f"shuffled-{seed}"
    shop, email = WooShop(2000 + 100 * seed), member(hook, name)
    kept, back, gone = (shop.order("30.00", email) for _ in range(3))
    for number in (kept, back, gone):
        shop.pays(number)
    shop.refunds(kept, "10.00")
    shop.refunds(back, "5.00")
    shop.becomes(gone, "cancelled")
    shop.refunds(back, "25.00")
    shop.becomes(back, "refunded")
    told = list(shop.told)
    if seed:
        Random(seed).shuffle(told)
    for at, order in enumerate(told):
        assert hook.tell(order).status_code == 202
        if at % 3 == seed % 3:
            hook.book()
    hook.book()
    assert hook.points(name) == 20
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}
