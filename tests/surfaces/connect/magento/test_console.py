"""The page of a shop on Adobe Commerce: entered, asked, filled, and what is wrong is said."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import AT, CLIENT, MagentoShop, pem
from tests.surfaces.connect.magento.test_orders import PENS
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

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
    told = {"name": "Shop", "kind": "magento", "mapping": MAPPING, "key": "magento-once"}
    page = owner.post(PAGE, told).text
    assert "get_total_modifications.execute" in page
    assert "whsec_" not in page, "it signs by its own key"
    address = re.search(r"/v1/in/(inl_\w+)", page)
    assert address is not None
    mapping = counter.get(f"/v1/inlets/{address[1]}").json()["mapping"]
    order = '{"asked_for": 1, "object": "order", "order": {"entity_id": 5, "state": "complete", '
    order += '"base_currency_code": "EUR", "created_at": "2026-03-02 09:00:00", "updated_at": '
    order += '"2026-03-02 09:00:00", "base_grand_total": "9.000000", "items": []}}'
    tried = {"turn": "try", "name": "Shop", "payload": order, "mapping": mapping}
    place = f"{PAGE}/{address[1]}"
    assert "It becomes 1 activity" in owner.post(place, tried).text
    wrong = tried | {"payload": order.replace('"9.000000"', '"nine"')}
    assert "order.base_grand_total</code>" in owner.post(place, wrong).text
    twin = owner.post(f"{PAGE}?lang=de", told | {"name": "Twin", "key": "magento-twin"})
    assert (twin.status_code, "Kunde 17 von Shop hießen beide" in twin.text) == (422, True)
    assert "Schreib ein anderes" in twin.text
    counter.ask("DELETE", f"/v1/inlets/{address[1]}")


def test_a_shop_is_entered_asked_and_filled_from_a_day_on(owner: Browser, counter: Counter) -> None:
    hook = Endpoint(counter, MagentoShop(), entered=False)
    hook.store.sells(hook.member("m-console"), PENS)
    place = f"{PAGE}/{hook.made['id']}"
    said = {"turn": "keep", "address": "https://shop.example.org", "key": hook.store.token}
    wrong = owner.post(f"{place}/asked", said | {"secret": "-----BEGIN PUBLIC KEY-----"})
    assert (wrong.status_code, "from BEGIN to END" in wrong.text) == (422, True)
    alone = owner.post(f"{place}/asked", {"turn": "keep", "client": CLIENT})
    assert "Enter it together with the access token" in alone.text
    good = {"secret": pem(hook.store.own), "client": CLIENT, "since": AT.date().isoformat()}
    assert owner.post(f"{place}/asked", said | good).status_code == 303
    page = owner.get(place).text
    assert (hook.store.token in page, "BEGIN PUBLIC" in page) == (False, False)
    hook.catch_up()
    assert hook.points("m-console") == 10
    hook.store.token = "another"
    hook.later(minutes=10)
    hook.catch_up()
    german = owner.get(f"{place}?lang=de").text
    assert "Adobe Commerce wurde gefragt, und: er kennt diesen Zugriffstoken nicht" in german
    tried = owner.post(f"{place}/asked", {"turn": "test"})
    assert (tried.status_code, "Adobe Commerce was asked, and" in tried.text) == (200, True)
    assert owner.post(f"{place}/asked", {"turn": "end"}).status_code == 303
    assert "Delete its keys" not in owner.get(place).text
    counter.ask("DELETE", hook.place)


def test_adobe_is_said_its_word_back_and_nobody_else_anything(
    hook: Endpoint, counter: Counter
) -> None:
    def asked(query: str, address: str = hook.address) -> object:
        return counter.shop.run(counter.client.get(f"{address}?{query}"))

    answer: object = asked("challenge=8ec8d794-e0ab-42df")
    assert answer.json() == {"challenge": "8ec8d794-e0ab-42df"}  # type: ignore[attr-defined]
    for odd in ("", "challenge=", "challenge=%3Cscript%3E", "challenge=a&challenge=b"):
        assert problem(asked(odd)) == (422, "invalid", "/challenge")  # type: ignore[arg-type]
    made = counter.post("/v1/inlets", {"name": "Woo", "kind": "woocommerce"}).json()
    other = asked("challenge=x", made["inlet"]["address"])
    assert problem(other)[:2] == (404, "not_found")  # type: ignore[arg-type]
    counter.ask("DELETE", f"/v1/inlets/{made['id']}")
