"""A WooCommerce shop in the console: added with its own mapping, asked, tried, left alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.inlets.examples import MAPPING

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def test_a_shop_is_added_with_the_mapping_that_is_made_for_it(
    owner: Browser, counter: Counter
) -> None:
    told = {"name": "Tea", "kind": "woocommerce", "mapping": MAPPING, "key": "woo-once"}
    page = owner.post(PAGE, told).text
    assert "Order updated" in page
    assert "external_id: {column: id, prefix: refund-}" in page
    address = re.search(r"/v1/in/(inl_\w+)", page)
    assert address is not None
    order = '{"id": 7, "status": "processing", "line_items": [], "total": "9.00", "refunds": '
    order += '[], "date_paid_gmt": "2026-03-02T09:00:00", "currency": "EUR", "billing": {}}'
    tried = {"turn": "try", "name": "Tea", "payload": order}
    mapping = counter.get(f"/v1/inlets/{address[1]}").json()["mapping"]
    assert (
        "It becomes 1 activity"
        in owner.post(f"{PAGE}/{address[1]}", tried | {"mapping": mapping}).text
    )
    wrong = tried | {"mapping": mapping, "payload": order.replace('"9.00"', '"nine"')}
    assert "total</code>" in owner.post(f"{PAGE}/{address[1]}", wrong).text


def test_a_shop_is_asked_from_a_day_on_and_what_is_wrong_is_said_at_its_field(
    owner: Browser, counter: Counter
) -> None:
    hook, shop = Hook(counter), WooShop(60_000)
    shop.pays(shop.order("10.00", member(hook, "console")))
    place = f"{PAGE}/{hook.made['id']}"
    half = owner.post(f"{place}/asked", {"turn": "keep", "address": "https://x.org", "key": "ck"})
    assert (half.status_code, "A key goes with its secret" in half.text) == (422, True)
    inside = {"turn": "keep", "address": "http://localhost", "key": "a", "secret": "b"}
    assert "As https://shop.example.org" in owner.post(f"{place}/asked", inside).text
    ahead = (hook.shop.now + timedelta(days=9)).date().isoformat()
    said = {"turn": "keep", "address": "https://x.org/", "key": "ck_1", "secret": "cs_1"}
    assert "Say a day that is over" in owner.post(f"{place}/asked", said | {"since": ahead}).text
    day = {"since": AT.date().isoformat()}
    assert owner.post(f"{place}/asked", said | day).status_code == 303
    page = owner.get(place).text
    assert ("cs_1" in page, "ck_1" in page, "not known yet" in page) == (False, False, True)
    hook.asks(shop, AT)
    hook.catch_up()
    hook.book()
    assert hook.points("console") == 10
    shop.down = True
    hook.later(minutes=10)
    hook.catch_up()
    german = owner.get(f"{place}?lang=de").text
    assert "Der Shop wurde gefragt, und: die Verbindung wurde abgelehnt." in german
    assert "Shop nicht erreicht" in owner.get(f"{PAGE}?lang=de").text
    tried = owner.post(f"{place}/asked", {"turn": "test"})
    assert (tried.status_code, "The shop was asked, and" in tried.text) == (200, True)
    assert owner.post(f"{place}/asked", {"turn": "end"}).status_code == 303
    assert "Delete its keys" not in owner.get(place).text
    counter.ask("DELETE", hook.place)
