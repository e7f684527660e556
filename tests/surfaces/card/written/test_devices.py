"""Leave to show notices is given on the page of messages and over the API, and taken back there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.senders.push_service import Browser, plain
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.test_showing import words
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.senders.push.vapid import vapid_from

KEY = vapid_from("s" * 40, "mailto:club@example.org").public
SERVICE = "https://push.example.org"
PAGE = "/card/me/messages"
SOURCE = """
regulars: 1
program: told
name: Corner
currency: EUR
zone: Europe/Berlin
wallets: {points: {name: Points}}
"""


@pytest.fixture(scope="module")
def club(database: Any) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, SOURCE), push_key=KEY)
    yield opened
    opened.close()


def sent(browser: Browser) -> dict[str, Any]:
    keys = {"p256dh": plain(browser.receives), "auth": plain(browser.secret)}
    return {"endpoint": browser.endpoint, "keys": keys, "name": "Android"}


def at(club: Counter, who: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = club.get(f"/v1/members/{who}/devices").json()["items"]
    return items


def test_a_device_is_kept_shown_and_removed(club: Counter) -> None:
    who = club.joined("A-1")
    ada, browser = Pocket(club, who), Browser(SERVICE)
    page = ada.get(PAGE).text
    assert f'data-key="{KEY}"' in page
    assert 'data-proof="' in page
    assert " hidden" in page.split("data-tells")[1].split(">")[0]  # shown where there is a script
    kept = ada.send("/card/me/devices", PAGE, **browser.subscription(), name="Android")
    assert kept.status_code == 303
    text = words(ada.get(PAGE).text)
    assert "Android" in text
    assert "As a notice on my devices: agreed" in text
    (shown,) = at(club, who)
    assert (shown["carried_by"], shown["name"]) == ("push.example.org", "Android")
    assert browser.endpoint not in str(shown)
    removed = ada.send("/card/me/devices/forget", PAGE, device=shown["id"])
    assert removed.status_code == 303
    assert at(club, who) == []


def test_a_device_of_somebody_else_is_not_removed(club: Counter) -> None:
    ada, ben = club.joined("B-1"), club.joined("B-2")
    device = club.post(f"/v1/members/{ada}/devices", sent(Browser(SERVICE))).json()["id"]
    assert Pocket(club, ben).send("/card/me/devices/forget", PAGE, device=device).status_code == 404
    assert problem(club.ask("DELETE", f"/v1/members/{ben}/devices/{device}"))[0] == 404
    assert len(at(club, ada)) == 1
    assert club.ask("DELETE", f"/v1/members/{ada}/devices/{device}").status_code == 200
    assert at(club, ada) == []


def test_nobody_is_kept_without_our_own_page(club: Counter) -> None:
    who = club.joined("C-1")
    ada, fields = Pocket(club, who), Browser(SERVICE).subscription()
    assert ada.post("/card/me/devices", proof="0" * 40, **fields).status_code == 403
    assert Pocket(club).post("/card/me/devices", **fields).status_code == 303
    assert at(club, who) == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/a", "https://127.0.0.1/a", "https://[::1]/a", "https://10.0.0.7/a",
     "https://169.254.169.254/latest", "https://me:you@push.example.org/", "ftp://x/", "x"],
)  # fmt: skip
def test_an_address_that_is_not_called_is_refused_at_its_field(
    club: Counter, endpoint: str
) -> None:
    who = club.joined(f"D-{len(endpoint)}")
    body = {**sent(Browser(SERVICE)), "endpoint": endpoint}
    assert problem(club.post(f"/v1/members/{who}/devices", body))[::2] == (422, "/endpoint")
    fields = {**Browser(SERVICE).subscription(), "endpoint": endpoint}
    assert Pocket(club, who).send("/card/me/devices", PAGE, **fields).status_code == 400
    assert at(club, who) == []


@pytest.mark.parametrize(
    ("name", "value"), [("p256dh", "abc"), ("p256dh", "é"), ("auth", "AAAA"), ("auth", "A")]
)
def test_keys_that_are_none_are_refused_at_their_field(
    club: Counter, name: str, value: str
) -> None:
    who = club.joined(f"E-{name}-{len(value)}{value[:1].isascii()}")
    body = sent(Browser(SERVICE))
    body["keys"][name] = value
    assert problem(club.post(f"/v1/members/{who}/devices", body))[::2] == (422, f"/keys/{name}")
    assert at(club, who) == []


def test_nobody_is_told_of_a_key_where_nothing_is_sent(database: Any) -> None:
    alone = Counter(Shop.open(database, SOURCE))
    try:
        ada = Pocket(alone, alone.joined("F-1"))
        assert "data-tells" not in ada.get(PAGE).text
        fields = Browser(SERVICE).subscription()
        assert ada.send("/card/me/devices", PAGE, **fields).status_code == 404
    finally:
        alone.close()
