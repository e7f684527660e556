"""A Shopify shop in the console: added, connected by its app, its webhooks made there."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.connect.shopify.shop import Hook
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.catching import shops
from regulars.surfaces.connect.inlets.examples import MAPPING

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


class Called:
    """In place of the client that goes out: the shop of our own making."""

    def __init__(self, hook: Hook) -> None:
        self.send = hook.store.answers

    async def close(self) -> None:
        """Nothing is open."""


def test_a_shop_is_added_without_a_secret_of_ours(owner: Browser, counter: Counter) -> None:
    told = {"name": "Tea", "kind": "shopify", "mapping": MAPPING, "key": "shop-once"}
    page = owner.post(PAGE, told).text
    assert "whsec_" not in page
    assert "Shopify signs by the secret of your app there" in page
    assert "each: returns" in page
    address = re.search(r"/v1/in/(inl_\w+)", page)
    assert address is not None
    typed = {"turn": "keep", "address": "https://x.myshopify.com", "key": "id", "secret": "shh"}
    assert owner.post(f"{PAGE}/{address[1]}/asked", typed).status_code == 303
    page = owner.get(f"{PAGE}/{address[1]}").text
    assert ("shh" in page, "Make its webhooks" in page) == (False, True)
    counter.ask("DELETE", f"/v1/inlets/{address[1]}")


def test_its_webhooks_are_made_once_and_what_is_wrong_is_said(
    owner: Browser, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shops, "ShopClient", lambda *_, **__: Called(hook))
    place = f"{PAGE}/{hook.made['id']}/asked"
    assert "The shop answers. Orders to read: 0" in owner.post(place, {"turn": "test"}).text
    page = owner.post(place, {"turn": "hooks"}).text
    assert "It made 4 webhooks that send here." in page
    assert set(hook.store.hooks) == {
        "ORDERS_CREATE", "ORDERS_UPDATED", "CUSTOMERS_CREATE", "CUSTOMERS_UPDATE",
    }  # fmt: skip
    (address,) = set(hook.store.hooks.values())
    assert address.endswith(f"/v1/in/{hook.made['id']}")
    assert "Its webhooks send here already." in owner.post(place, {"turn": "hooks"}).text
    hook.store.hooks_refused = "Address is not allowed"
    refused = owner.post(place, {"turn": "hooks"}).text
    assert "it does not make the webhook: Address is not allowed" in refused
    hook.store.down = True
    assert "it refuses the connection" in owner.post(place, {"turn": "hooks"}).text
