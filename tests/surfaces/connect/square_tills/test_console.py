"""The page of a Square account: entered, asked, filled from a day on, and what is wrong is said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.surfaces.connect.square_tills.account import AT
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.connect.square_tills.test_orders import TEA, known
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.inlets.examples import MAPPING

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def test_an_account_is_added_with_the_mapping_that_is_made_for_it(
    owner: Browser, counter: Counter
) -> None:
    told = {"name": "Till", "kind": "square", "mapping": MAPPING, "key": "square-once"}
    page = owner.post(PAGE, told).text
    assert "signature key" in page
    assert "refund.updated" in page
    assert "whsec_" not in page, "it signs by its own key"
    address = re.search(r"/v1/in/(inl_\w+)", page)
    assert address is not None
    mapping = counter.get(f"/v1/inlets/{address[1]}").json()["mapping"]
    order = '{"object": "order", "order": {"id": "O1", "state": "COMPLETED", "closed_at": '
    order += '"2026-03-02T09:00:00Z", "total_money": {"amount": 900, "currency": "EUR"}, '
    order += '"line_items": [{"uid": "a", "quantity": "1", "total_money": {"amount": 900}}]}}'
    tried = {"turn": "try", "name": "Till", "payload": order, "mapping": mapping}
    place = f"{PAGE}/{address[1]}"
    assert "It becomes 1 activity" in owner.post(place, tried).text
    wrong = tried | {"payload": order.replace('"amount": 900}}', '"amount": "nine"}}')}
    assert "line_items.0.total_money.amount</code>" in owner.post(place, wrong).text
    counter.ask("DELETE", f"/v1/inlets/{address[1]}")


def test_an_account_is_entered_asked_and_filled_from_a_day_on(
    owner: Browser, counter: Counter
) -> None:
    hook = Endpoint(counter, entered=False)
    who = known(hook, "q-console")
    hook.account.sells(TEA, customer=who)
    place = f"{PAGE}/{hook.made['id']}"
    half = owner.post(f"{place}/asked", {"turn": "keep", "address": "https://x.org", "secret": "E"})
    assert (half.status_code, "Copy key and secret" in half.text) == (422, True)
    said = {"address": "https://connect.squareup.com", "key": "EAAA-token-1", "secret": "sig-key-1"}
    ahead = (hook.shop.now + timedelta(days=9)).date().isoformat()
    late = owner.post(f"{place}/asked", {"turn": "keep", **said, "since": ahead})
    assert "Say a day that is over" in late.text
    day = {"since": AT.date().isoformat()}
    assert owner.post(f"{place}/asked", {"turn": "keep", **said, **day}).status_code == 303
    page = owner.get(place).text
    assert ("sig-key-1" in page, "EAAA-token-1" in page) == (False, False)
    assert "0% of the time since then" in page
    hook.shop.rows(  # as after a first page of many
        "update catch_up set read_to = since + ($2::timestamptz - since) / 4 where program_id = $1 "
        "and inlet_id = $3::text::uuid returning 1",
        hook.shop.now,
        hook.made["id"].removeprefix("inl_"),
    )
    assert "25% of the time since then" in owner.get(place).text
    assert owner.post(f"{place}/asked", {"turn": "keep", **said, **day}).status_code == 303
    hook.catch_up()
    assert "of the time since then" not in owner.get(place).text
    assert hook.points("q-console") == 30
    hook.account.down = True
    hook.later(minutes=10)
    hook.catch_up()
    german = owner.get(f"{place}?lang=de").text
    assert "Square wurde gefragt, und: die Verbindung wurde abgelehnt." in german
    assert "Shop nicht erreicht" in owner.get(f"{PAGE}?lang=de").text
    tried = owner.post(f"{place}/asked", {"turn": "test"})
    assert (tried.status_code, "Square was asked, and" in tried.text) == (200, True)
    again = owner.post(f"{place}/again", {})
    assert again.status_code == 303
    assert owner.post(f"{place}/asked", {"turn": "end"}).status_code == 303
    assert "Delete its keys" not in owner.get(place).text
    counter.ask("DELETE", hook.place)
