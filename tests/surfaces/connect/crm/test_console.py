"""A CRM in the console: told of members, tried out, and whom it does not take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.surfaces.connect.crm.by_tokens import Signed, Zoho
from tests.surfaces.connect.crm.desk import Told
from tests.surfaces.connect.salesforce.force import Force
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.senders.outgoing.client import Answer

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


@pytest.fixture
def told(counter: Counter) -> Iterator[Told]:
    made = Told(counter)
    made.later(minutes=10)
    yield made
    made.ends()


def test_an_app_signs_in_by_what_is_entered_together(owner: Browser, told: Told) -> None:
    crm = Signed(told.counter, "zoho", Zoho())
    place = f"{PAGE}/{crm.made['id']}"
    page = owner.get(place).text
    assert page.count("Where tokens are fetched") == page.count("Refresh token") == 2
    wish = {f"to_{name}": value for name, value in crm.entered().items()} | {"turn": ""}
    wrong = owner.post(f"{place}/members", wish | {"to_refresh_token": ""})
    assert (wrong.status_code, "enter them together" in wrong.text) == (422, True)
    assert owner.post(f"{place}/members", wish).status_code == 303
    wish = crm.entered(since="2026-03-01")
    assert owner.post(f"{place}/asked", wish).status_code == 303
    ada = crm.joins("ada")
    crm.relay()
    assert ada in crm.there.contacts
    crm.ends()


def test_it_is_told_from_the_page_and_says_how_far_it_is(owner: Browser, told: Told) -> None:
    place = f"{PAGE}/{told.made['id']}"
    assert "Members, as it is told of them" in owner.get(place).text
    wrong = owner.post(f"{place}/members", {"to_address": "nowhere", "to_key": "t", "turn": ""})
    assert wrong.status_code == 422
    assert "Say where it is, as https://crm.example.org" in wrong.text
    wish = {"to_address": f"{told.host}/api", "to_key": told.crm.token, "turn": ""}
    assert owner.post(f"{place}/members", wish).status_code == 303
    ada = told.joins("ada")
    told.joins("bob")
    told.crm.refuses = lambda row: ("too_short", "last_name") if row["last_name"] == "Ada" else None
    told.relay()
    page = owner.get(place).text
    assert ada in page
    assert "it does not take this record" in page
    assert told.crm.token not in page
    told.crm.refuses = lambda row: None
    assert owner.post(f"{place}/members", {"turn": "again"}).status_code == 303
    told.relay()
    assert ada in told.crm.rows
    told.crm.token = "another"
    told.joins("carl")
    told.relay()
    page = owner.get(place).text
    assert "It was told, and: it does not know this key." in page
    assert "Not reached" in owner.get(PAGE).text
    assert owner.post(f"{place}/members", {"turn": "everybody"}).status_code == 303
    assert told.shown()["walk"] == "again"
    assert "Gone through" in owner.get(place).text
    assert owner.post(f"{place}/members", {"turn": "end"}).status_code == 303
    assert told.counter.get(f"{told.place}/outlet").status_code == 404


def test_it_is_tried_from_the_page(
    owner: Browser, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(_: object, sending: object) -> Answer:
        return await told.crm.answers(sending)  # type: ignore[arg-type]

    monkeypatch.setattr("regulars.surfaces.senders.outgoing.client.Client.send", send)
    place = f"{PAGE}/{told.made['id']}"
    told.tells()
    page = owner.post(f"{place}/members", {"turn": "test"}).text
    assert "It answers, and takes this key." in page
    told.crm.token = "another"
    page = owner.post(f"{place}/members", {"turn": "test"}).text
    assert "It was asked, and: it does not know this key." in page
    assert told.crm.rows == {}


def test_salesforce_has_both_halves_on_its_page(owner: Browser, counter: Counter) -> None:
    force = Force(counter)
    place = f"{PAGE}/{force.made['id']}"
    page = owner.get(place).text
    assert "Cases, as they are asked for" in page
    assert "/v1/in/" not in page  # nobody sends there
    wish = {"address": force.host, "key": force.org.key, "secret": force.org.secret}
    assert owner.post(f"{place}/asked", wish | {"turn": ""}).status_code == 303
    assert owner.post(f"{place}/members", {"turn": ""}).status_code == 303  # with the same keys
    ada = force.joins("ada")
    force.relay()
    assert ada in force.org.contacts
    force.ends()


def test_a_crm_is_asked_for_cases_once_its_mapping_says_how(owner: Browser, told: Told) -> None:
    place, wish = (
        f"{PAGE}/{told.made['id']}",
        {"address": f"{told.host}/api", "key": "t", "turn": ""},
    )
    wrong = owner.post(f"{place}/asked", wish)
    assert wrong.status_code == 422
    assert "in the mapping where its list of cases is" in wrong.text
    mapping = told.mapping + "cases: {path: cases, since: from, changed: at}\n"
    assert told.counter.ask("PATCH", told.place, {"mapping": mapping}).status_code == 200
    assert owner.post(f"{place}/asked", wish).status_code == 303
    page = owner.get(place).text
    assert "Cases that were read" in page
    assert "Consumer secret" not in page
