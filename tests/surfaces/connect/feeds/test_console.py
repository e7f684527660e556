"""Files in the console: a source is added, its place kept, tried, looked at and left alone."""

from __future__ import annotations

import pytest
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

PAGE = "/console/sources"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def test_a_place_is_kept_and_its_files_are_shown_with_what_was_unreadable(
    owner: Browser, counter: Counter
) -> None:
    drop = Drop(counter)
    place = f"{PAGE}/{drop.made['id']}"
    page = owner.get(place).text
    assert ("An SFTP server" in page, "/v1/in/" in page) == (True, False)
    wrong = owner.post(f"{place}/fed", {"turn": "keep", "place": "folder", "address": "../x"})
    assert (wrong.status_code, "as in the example" in wrong.text) == (422, True)
    said = {"turn": "keep", "place": "folder", "address": drop.name, "account": "left over"}
    assert owner.post(f"{place}/fed", said).status_code == 303
    assert "No file was seen there yet." in owner.get(place).text
    drop.put("sales.csv", written(sold("1"), sold("2")) + "3;too;few\n")
    tried = owner.post(f"{place}/fed", {"turn": "test"}).text
    assert ("It answers." in tried, "sales.csv" in tried) == (True, True)
    drop.look()
    german = owner.get(f"{place}?lang=de").text
    assert "Gelesen" in german
    assert "Zeile 4: diese Zeile hat 3 Werte" in german
    drop.folder.rename(drop.folder.with_name(f"{drop.name}-gone"))
    drop.glance()
    german = owner.get(f"{place}?lang=de").text
    assert f"es gibt keinen Ordner {drop.own.name}/{drop.name}" in german
    assert "Dateien nicht erreicht" in owner.get(f"{PAGE}?lang=de").text
    assert owner.post(f"{place}/fed", {"turn": "end"}).status_code == 303
    assert "Delete the place" not in owner.get(place).text
    counter.ask("DELETE", drop.place)


def test_a_server_is_kept_without_showing_its_password(owner: Browser, counter: Counter) -> None:
    drop = Drop(counter)
    place = f"{PAGE}/{drop.made['id']}"
    said = {"turn": "keep", "place": "sftp", "address": "sftp://127.0.0.1:2022/x", "account": "me"}
    assert "it goes with no other place" in owner.post(f"{place}/fed", said).text
    assert owner.post(f"{place}/fed", said | {"secret": "tea-for-two"}).status_code == 303
    page = owner.get(place).text
    assert ("sftp://127.0.0.1:2022/x" in page, "tea-for-two" in page) == (True, False)
    inside = said | {"address": "sftp://10.0.0.7/x", "secret": "s"}
    assert owner.post(f"{place}/fed", inside).status_code == 422
    counter.ask("DELETE", drop.place)
