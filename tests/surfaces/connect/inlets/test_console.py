"""Sources of events in the console: added with a secret shown once, tried, looked at, run again."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


@pytest.fixture
def sender(counter: Counter) -> Sender:
    return Sender(counter)


def test_a_source_is_added_once_and_its_secret_shown_once(owner: Browser) -> None:
    told = {"name": "Web shop", "kind": "cloudevents", "mapping": MAPPING, "key": "once"}
    first, again = owner.post(PAGE, told), owner.post(PAGE, told)
    secrets = [re.findall(r"<code[^>]*>(whsec_[\w+/=]+)<", one.text) for one in (first, again)]
    assert secrets[0] == secrets[1] != []
    address = re.search(r"/v1/in/(inl_\w+)", first.text)
    assert address is not None
    assert owner.get(PAGE).text.count(address[1]) == 1
    shown = owner.get(f"{PAGE}/{address[1]}").text
    assert ("whsec_" in shown, "CloudEvents" in shown) == (False, True)
    rotated = owner.post(f"{PAGE}/{address[1]}/secret", {"key": "two"}).text
    assert "whsec_" in rotated
    assert secrets[0][0] not in rotated
    assert "The secret before is good until" in owner.get(f"{PAGE}/{address[1]}").text


def test_what_is_wrong_with_a_mapping_is_said_with_its_line(owner: Browser) -> None:
    wrong = MAPPING.replace("external_id", "extrenal_id", 1)
    answer = owner.post(PAGE, {"name": "Shop", "kind": "webhook", "mapping": wrong, "key": "k"})
    assert answer.status_code == 422
    assert "line 9" in answer.text
    assert "did you mean external_id?" in answer.text
    assert "extrenal_id: data.id" in answer.text


def test_a_payload_is_tried_by_what_is_typed(owner: Browser, sender: Sender) -> None:
    place = f"{PAGE}/{sender.made['id']}"

    def tried(payload: Any, mapping: str = sender.mapping) -> str:
        text = payload if isinstance(payload, str) else msgspec.json.encode(payload).decode()
        told = {"turn": "try", "name": "Shop", "mapping": mapping, "payload": text}
        return str(owner.post(place, told).text)

    assert "It becomes 1 activity" in tried(paid("1", email="a@x.org"))
    assert "data.total</code>" in tried(paid("1", "ten"))
    assert "It becomes 1 activity" in tried(
        paid("1", "1,50"),
        sender.mapping.replace("data.total", "{column: data.total, decimal: comma}"),
    )
    assert "There is nothing to book" in tried({"type": "order.noted"})
    assert "It does not fit" in tried("{nonsense")
    assert sender.counter.get(sender.place).json()["mapping"] == sender.mapping


def test_what_was_passed_is_looked_at_again_since_a_day(owner: Browser, sender: Sender) -> None:
    sender.send("evt-1", {"type": "order.noted"})
    sender.book()
    place = f"{PAGE}/{sender.made['id']}"
    assert "Look at these again" in owner.get(f"{place}?state=passed").text
    ran = owner.post(f"{place}/again", {"state": "passed", "since": "2026-01-01"})
    assert (ran.status_code, "Looked at again: 1" in ran.text) == (200, True)
    assert "Not booked yet: 1" in owner.get(place).text
    wrong = owner.post(f"{place}/again", {"state": "passed", "since": "sometime"})
    assert (wrong.status_code, "Say a day that is over" in wrong.text) == (422, True)
    assert "Nothing here." in owner.get(f"{place}?state=duplicate").text


def test_what_does_not_fit_is_seen_and_looked_at_again(owner: Browser, sender: Sender) -> None:
    place = f"{PAGE}/{sender.made['id']}"
    sender.send("m-1", paid("7001", "1,50", customer="con-1"))
    sender.book()
    seen = owner.get(f"{place}?state=unfit").text
    event = re.search(rf"{place}/(arr_\w+)", seen)
    assert event is not None
    assert "data.total" in seen
    page = owner.get(f"{place}/{event[1]}").text
    assert ("Look at it again" in page, "&#34;7001&#34;" in page) == (True, True)
    german = owner.get(f"{place}/{event[1]}?lang=de").text
    assert "ist keine Zahl wie" in german
    mended = sender.mapping.replace("data.total", "{column: data.total, decimal: comma}")
    kept = owner.post(place, {"turn": "keep", "name": "Shop", "mapping": mended})
    assert kept.status_code == 303
    assert owner.post(f"{place}/{event[1]}").status_code == 303
    sender.book()
    assert "What was booked" in owner.get(f"{place}/{event[1]}").text
    assert owner.post(f"{place}/again").status_code == 303
    for turn, says in (("paused", "is kept and waits"), ("active", "Active")):
        assert owner.post(place, {"turn": turn}).status_code == 303
        assert says in owner.get(place).text
    assert owner.post(place, {"turn": "deleted"}).headers["location"] == PAGE
    assert owner.get(place).status_code == 404


def test_a_source_of_letters_says_how_it_is_told_and_what_it_marks(owner: Browser) -> None:
    books = {"name": "Mail", "kind": "letters", "mapping": MAPPING, "key": "mail-0"}
    refused = owner.post(PAGE, books)
    assert (refused.status_code, "tells of letters only" in refused.text) == (422, True)
    letters = """\
mapping: mail
title: Our mail house
source: mail
events:
  failed: {letter: {email: to, kind: how}}
"""
    made = owner.post(PAGE, books | {"mapping": letters, "key": "mail-1"}).text
    assert "It sends the secret itself" in made
    assert "Everything it sends is signed" not in made
    address = re.search(r"/v1/in/(inl_\w+)", made)
    assert address is not None
    told = {"turn": "try", "name": "Mail", "mapping": letters}
    for how, says in (
        ("hard", "The address is wrong"),
        ("soft", "It failed for now"),
        ("complaint", "It was called unwanted"),
        ("sunk", "no letter fails as"),
    ):
        payload = f'{{"type": "failed", "to": "ada@a.example", "how": "{how}"}}'
        page = owner.post(f"{PAGE}/{address[1]}", told | {"payload": payload}).text
        assert (says in page, "There is nothing to book" in page) == (True, False), how
