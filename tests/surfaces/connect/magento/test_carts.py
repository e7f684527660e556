"""What a member reserved is off their cart, within a second or not at all, and once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pytest
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.test_orders import PAPER
from tests.surfaces.counter import problem
from tests.surfaces.shop.page import HERE, ShopPage, shop_key

from regulars.flows.inlets.carts import offers as carts
from regulars.flows.inlets.carts import promises
from regulars.surfaces.app import build
from regulars.surfaces.connect.inlets import door
from regulars.surfaces.connect.inlets.door import Inlets
from regulars.surfaces.connect.magento import cart as carting

PENS = ("pen", 10, "1.00")
MUCH = ("desk", 5, "300.00", "0")


def shopper(hook: Endpoint, name: str) -> int:
    """A member with 1500 points and more, who is signed in at the shop; their number there."""
    email = hook.member(name)
    who = hook.store.customer(email)
    hook.hear()
    hook.store.sells(email, MUCH, customer=who)
    hook.hear()
    assert hook.points(name) == 1520
    return who


def reserves(hook: Endpoint, name: str, reward: str = "five-off", **more: Any) -> str:
    wish = {"member": {"card": name}, "reward": reward, "channel": "web", **more}
    done = hook.counter.post("/v1/redemptions", wish)
    assert done.status_code == 201, done.text
    return str(done.json()["id"])


def stands(hook: Endpoint, id_: str) -> str:
    return str(hook.counter.get(f"/v1/redemptions/{id_}").json()["state"])


def off(answer: Any) -> Any:
    """How much is off by an answer, as it is written; nothing where it only goes on."""
    assert answer.status_code == 200, answer.text
    found = answer.json()
    if found == {"op": "success"}:
        return None
    (one,) = found
    assert (one["op"], one["path"], one["value"]["code"]) == ("replace", "result", "discount")
    assert one["value"]["discount_type"] == "fixed"
    return answer.text.partition('"base_discount":')[2].partition(",")[0]


def test_what_was_reserved_on_the_shops_pages_is_off_and_used_by_the_paid_order(
    hook: Endpoint,
) -> None:
    shop, name = hook.store, "c-ada"
    who = shopper(hook, name)
    cart = shop.cart(who, PENS)
    assert off(hook.tell(cart)) is None
    id_ = reserves(hook, name)
    answer = hook.tell(cart)
    assert off(answer) == "5.00"
    assert answer.json()[0]["value"]["discount_description_array"] == ["5.00 off"]
    assert off(hook.tell(cart)) == "5.00"
    assert hook.types("cart") == 1, "asked again, it is one promise"
    quote = int(cart["quote"]["entity_id"])
    lines = ("pen", 10, "1.00", "0")
    order = shop.order(
        "c-ada@x.org", lines, customer=who, quote_id=quote, base_discount_amount=-5.0
    )
    shop.orders[order]["items"][0]["base_discount_amount"] = 5.0
    shop.orders[order]["base_grand_total"] = 5.0
    hook.hear()
    assert stands(hook, id_) == "held", "nobody paid yet"
    shop.pays(order)
    hook.hear()
    assert stands(hook, id_) == "captured"
    assert hook.points(name) == 1520 - 500 + 5
    assert off(hook.tell(shop.cart(who, PENS))) is None
    shop.changed(order, status="shipped")
    hook.hear()
    assert hook.points(name) == 1025


def test_nobody_else_has_it_off(hook: Endpoint) -> None:
    shop, name = hook.store, "c-else"
    who = shopper(hook, name)
    reserves(hook, name)
    guest = shop.cart(0, PENS, customer_email="c-else@x.org")
    assert off(hook.tell(guest)) is None, "anybody may type an address"
    assert off(hook.tell(shop.cart(who, PENS, customer_is_guest=1))) is None
    assert off(hook.tell(shop.cart(999_999, PENS))) is None
    assert off(hook.tell(shop.cart(who, PENS, base_currency_code="USD"))) is None
    body = msgspec.json.encode(shop.cart(who, PENS))
    assert hook.post(body, shop.headers(body + b" ")).status_code == 401
    assert off(hook.tell(shop.cart(who, PENS))) == "5.00"


def test_no_more_is_off_than_the_goods_cost_and_nothing_of_a_till(hook: Endpoint) -> None:
    shop, name = hook.store, "c-most"
    who = shopper(hook, name)
    small = ("pen", 4, "1.00")
    reserves(hook, name)
    assert off(hook.tell(shop.cart(who, small))) is None
    discounted = shop.cart(who, PENS)
    discounted["shippingAssignment"]["items"][0]["base_discount_amount"] = 6.0
    assert off(hook.tell(discounted)) is None
    reserves(hook, name, channel="store")
    cart = shop.cart(who, PENS)
    assert off(hook.tell(cart)) == "5.00"
    reserves(hook, name)
    assert off(hook.tell(cart)) == "10.00"


def test_what_lapsed_or_was_given_back_is_off_no_more(hook: Endpoint) -> None:
    shop, name = hook.store, "c-lapsed"
    who = shopper(hook, name)
    id_ = reserves(hook, name)
    cart = shop.cart(who, PENS)
    assert off(hook.tell(cart)) == "5.00"
    assert hook.counter.post(f"/v1/redemptions/{id_}/void", {}).status_code == 200
    assert off(hook.tell(cart)) is None
    reserves(hook, name)
    hook.later(days=40)
    assert off(hook.tell(cart)) is None


def test_of_several_promises_the_one_that_fits_the_order_is_used(hook: Endpoint) -> None:
    shop, name = hook.store, "c-several"
    who = shopper(hook, name)
    first = reserves(hook, name)
    cart = shop.cart(who, PENS)
    assert off(hook.tell(cart)) == "5.00"
    second = reserves(hook, name)
    assert off(hook.tell(cart)) == "10.00"
    order = shop.order(
        "c-several@x.org", PAPER, customer=who, base_discount_amount=-5.0,
        quote_id=int(cart["quote"]["entity_id"]),
    )  # fmt: skip
    shop.pays(order)
    hook.hear()
    assert (stands(hook, first), stands(hook, second)) == ("captured", "held")


def test_what_an_unpaid_order_has_off_no_other_cart_has(hook: Endpoint) -> None:
    shop, name = hook.store, "c-bank"
    who = shopper(hook, name)
    id_ = reserves(hook, name)
    first = shop.cart(who, PENS)
    assert off(hook.tell(first)) == "5.00"
    order = shop.order(
        "c-bank@x.org", PAPER, customer=who, base_discount_amount=-5.0,
        quote_id=int(first["quote"]["entity_id"]),
    )  # fmt: skip
    hook.hear()
    other = shop.cart(who, PENS)
    assert off(hook.tell(other)) is None
    hook.later(days=5)
    assert off(hook.tell(other)) is None, "a transfer takes days"
    assert hook.points(name) == 1020
    shop.clock = max(shop.clock, hook.shop.now)
    shop.changed(order, state="canceled", status="canceled")
    hook.hear()
    assert off(hook.tell(other)) == "5.00"
    assert off(hook.tell(first)) is None
    hook.later(days=2)
    assert off(hook.tell(other)) is None, "it is reserved as long as any other"
    for _ in range(3):
        reserves(hook, name)
    assert stands(hook, id_) == "lapsed"


def test_an_order_that_is_paid_weeks_later_uses_what_is_off_it(hook: Endpoint) -> None:
    shop, name = hook.store, "c-transfer"
    who = shopper(hook, name)
    id_ = reserves(hook, name)
    cart = shop.cart(who, PENS)
    assert off(hook.tell(cart)) == "5.00"
    order = shop.order(
        "c-transfer@x.org", PAPER, customer=who, base_discount_amount=-5.0,
        quote_id=int(cart["quote"]["entity_id"]),
    )  # fmt: skip
    hook.hear()
    hook.later(days=20)
    shop.clock = max(shop.clock, hook.shop.now)
    shop.pays(order)
    hook.hear()
    assert stands(hook, id_) == "captured"


def test_what_is_off_an_unpaid_order_is_not_given_back_and_gone_elsewhere_it_is_said(
    hook: Endpoint,
) -> None:
    shop, name = hook.store, "c-back"
    who = shopper(hook, name)
    page = _page(hook, f"{name}@x.org")

    def ordered() -> tuple[str, int]:
        id_, cart = reserves(hook, name), shop.cart(who, PENS)
        assert off(hook.tell(cart)) == "5.00"
        quote = int(cart["quote"]["entity_id"])
        order = shop.order(
            f"{name}@x.org", PAPER, customer=who, base_discount_amount=-5.0, quote_id=quote
        )
        hook.hear()
        assert problem(page.ask("give-back", {"code": id_}))[:2] == (409, "off_an_order")
        number = shop.orders[order]["increment_id"]
        for what in ("void", "capture"):
            no = hook.counter.post(f"/v1/redemptions/{id_}/{what}")
            assert problem(no)[:2] == (409, "off_an_order")
            assert no.json()["facts"] == {"order": number, "shop": "Web shop"}
        assert stands(hook, id_) == "held"
        return id_, order

    id_, order = ordered()
    shop.changed(order, state="canceled", status="canceled")
    hook.hear()
    assert page.told("give-back", {"code": id_}) == {}
    id_, order = ordered()
    assert hook.counter.post(f"/v1/redemptions/{reserves(hook, name)}/void").status_code == 200
    hook.later(days=31)
    shop.clock = max(shop.clock, hook.shop.now)
    assert hook.counter.post(f"/v1/redemptions/{id_}/void").status_code == 200
    shop.pays(order)
    for status in ("processing", "shipped"):
        shop.changed(order, status=status)
        hook.hear()
    assert hook.shop.rows(_REASONS, carts.OVER) == [(1,)]
    assert hook.points(name) == 1520 + 55


def test_an_order_that_went_through_without_a_reward_holds_it_not(hook: Endpoint) -> None:
    shop, name = hook.store, "c-without"
    who = shopper(hook, name)
    id_, cart = reserves(hook, name), shop.cart(who, PENS)
    assert off(hook.tell(cart)) == "5.00"
    quote = int(cart["quote"]["entity_id"])
    shop.order(f"{name}@x.org", PAPER, customer=who, quote_id=quote)
    hook.hear()
    assert hook.counter.post(f"/v1/redemptions/{id_}/capture").status_code == 200


_REASONS = "select count(*) from arrival where program_id = $1 and reason = $2::text"


def _page(hook: Endpoint, email: str) -> ShopPage:
    """A page of the shop on which they are signed in."""
    counter = hook.counter
    counter.given = msgspec.structs.replace(counter.given, channels=frozenset({"email"}))
    app: Any = build(counter.given, later=True)
    transport = httpx.ASGITransport(app)
    counter.client = httpx.AsyncClient(transport=transport, base_url="http://shop.test")
    page = ShopPage(counter, shop_key(counter, HERE))
    assert page.sign_in(email).status_code == 200
    return page


def test_a_cart_that_became_no_order_holds_a_reward_for_an_hour(hook: Endpoint) -> None:
    shop, name = hook.store, "c-left"
    who = shopper(hook, name)
    reserves(hook, name)
    left, other = shop.cart(who, PENS), shop.cart(who, PENS)
    assert off(hook.tell(left)) == "5.00"
    assert off(hook.tell(other)) is None
    hook.later(minutes=50)
    assert off(hook.tell(left)) == "5.00", "asked again, it is still a cart"
    hook.later(minutes=50)
    assert off(hook.tell(other)) is None
    hook.later(minutes=15)
    assert off(hook.tell(other)) == "5.00"
    assert off(hook.tell(left)) is None


@pytest.mark.parametrize("failure", ["slow", "broken"])
def test_a_slow_or_broken_answer_takes_nothing_off_and_stops_nobody(
    hook: Endpoint, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"c-{failure}"
    who = shopper(hook, name)
    reserves(hook, name)

    async def fails(*_: Any) -> Any:
        if failure == "broken":
            raise OSError("the database is away")
        await asyncio.sleep(8)

    monkeypatch.setattr(carting, "open_offer", fails)
    monkeypatch.setattr(carting, "BUDGET_S", 0.2)
    begun = time.monotonic()
    assert off(hook.tell(hook.store.cart(who, PENS))) is None
    assert time.monotonic() - begun < 4
    monkeypatch.undo()
    assert off(hook.tell(hook.store.cart(who, PENS))) == "5.00"


@pytest.mark.parametrize("failure", ["slow", "broken"])
def test_nobody_waits_where_nobody_can_say_whose_shop_it_is(
    hook: Endpoint, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> Any:
        if failure == "broken":
            raise OSError("the database is away")
        await asyncio.sleep(8)

    cart = hook.store.cart(999_998, PENS)
    monkeypatch.setattr(Inlets, "one", fails)
    monkeypatch.setattr(door, "CHECKOUT_S", 0.2)
    begun = time.monotonic()
    assert off(hook.tell(cart)) is None
    assert time.monotonic() - begun < 4
    monkeypatch.undo()
    body = msgspec.json.encode(cart)
    assert hook.post(body, hook.store.headers(body + b" ")).status_code == 401


def test_a_cart_that_changes_too_often_has_nothing_off(
    hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, name = hook.store, "c-often"
    who = shopper(hook, name)
    cart = shop.cart(who, PENS)
    monkeypatch.setattr(carting, "MOST_OFFERS", 1)
    first = reserves(hook, name)
    assert off(hook.tell(cart)) == "5.00"
    assert hook.counter.post(f"/v1/redemptions/{first}/void", {}).status_code == 200
    reserves(hook, name)
    assert off(hook.tell(cart)) is None, "what is not kept is not promised"
    assert promises.MOST_OFFERS > 1
