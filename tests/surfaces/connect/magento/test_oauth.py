"""A shop that takes no token alone is asked by signed requests, and says which key is wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.letting_in import Integration
from tests.surfaces.connect.magento.shop import AT, CLIENT, MagentoShop
from tests.surfaces.connect.magento.test_orders import PENS
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.catching.asking import Shop
from regulars.surfaces.connect.catching.codes import CodeThere
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.magento.codes import MagentoCodes
from regulars.surfaces.senders.outgoing.client import Answer, Sending

ADDRESS = "https://shop.example.org"


def closed_shop() -> MagentoShop:
    store = MagentoShop()
    store.integration = Integration(store.token)
    return store


def signing(store: MagentoShop) -> Shop:
    assert store.integration is not None
    keys = store.integration.keys
    return Shop(ADDRESS, ShopKeys(secret="", **keys))


def test_orders_customers_hints_and_a_back_fill_are_asked_for_by_signed_requests(
    counter: Counter,
) -> None:
    hook = Endpoint(counter, closed_shop())
    store, email = hook.store, hook.member("m-signed")
    who = store.customer(email)
    store.sells("gift@x.org", PENS, customer=who)
    hook.hear()
    store.sells("gift@x.org", PENS, customer=who)
    store.told.clear()
    hook.shop.now = max(hook.shop.now, store.clock + timedelta(hours=1))
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["problem"] == ""
    assert hook.points("m-signed") == 20
    assert store.integration is not None
    assert len(store.integration.heard) == len(store.asked) > 3
    hook.counter.ask("DELETE", hook.place)


def test_what_is_heard_on_its_way_is_no_good_a_second_time() -> None:
    store, heard = closed_shop(), list[Sending]()

    async def over(sending: Sending) -> Answer:
        heard.append(sending)
        return await store.answers(sending)

    code = CodeThere("C", "Regulars C", "2.50", AT, AT + timedelta(days=9), currency="EUR")
    asyncio.run(MagentoCodes().make(over, signing(store), code))
    assert [one.method for one in heard] == ["GET", "GET", "GET", "POST", "POST"]
    assert len(store.promotions.coupons) == 1
    for sending in heard:
        answer = asyncio.run(store.answers(sending))
        assert (answer.status, b"nonce" in answer.body) == (401, True)
    assert len(store.promotions.rules) == 1


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("consumer", "it does not know this consumer key"),
        ("consumer_secret", "a secret is wrong"),
        ("key", "it does not know this access token, or it is not of this consumer"),
        ("token_secret", "a secret is wrong"),
    ],
)
def test_which_of_the_four_keys_is_wrong_is_said(counter: Counter, key: str, says: str) -> None:
    hook = Endpoint(counter, closed_shop())
    hook.enter(**{key: "another"})
    assert says in hook.catch_up()["problem"]
    hook.counter.ask("DELETE", hook.place)


def test_the_four_are_entered_together_or_the_token_alone(counter: Counter) -> None:
    hook = Endpoint(counter, closed_shop())
    store, place = hook.store, f"{hook.place}/catch-up"
    assert store.integration is not None
    for missing in ("consumer", "consumer_secret", "token_secret", "key"):
        some = {name: key for name, key in store.integration.keys.items() if name != missing}
        answer = counter.ask("PUT", place, some)
        assert problem(answer)[1:] == ("invalid", f"/{missing}")
    woo = counter.post("/v1/inlets", {"name": "Woo", "kind": "woocommerce"}).json()["id"]
    other = {"address": ADDRESS, "key": "ck_1", "secret": "cs_1", "consumer": "c"}
    refused = counter.ask("PUT", f"/v1/inlets/{woo}/catch-up", other)
    assert problem(refused)[1:] == ("invalid", "/consumer")
    counter.ask("DELETE", f"/v1/inlets/{woo}")
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    page = f"/console/sources/{hook.made['id']}"
    half = browser.post(f"{page}/asked", {"turn": "keep", "key": "t", "consumer": "c"})
    assert (half.status_code, "all four keys of the integration" in half.text) == (422, True)
    counter.ask("PUT", place, {"key": store.token, "client": CLIENT})
    hook.later(minutes=6)
    assert hook.catch_up()["problem"] == "", "beside the same token what signs stays"
    counter.ask("PUT", place, {"key": "another"})
    hook.later(minutes=6)
    assert "takes none that stands alone" in hook.catch_up()["problem"]
    typed = {"turn": "keep", **store.integration.keys}
    assert browser.post(f"{page}/asked", typed).status_code == 303
    hook.later(minutes=10)
    assert hook.catch_up()["problem"] == ""
    text = browser.get(page).text
    assert not any(key in text for key in store.integration.keys.values())
    hook.counter.ask("DELETE", hook.place)
