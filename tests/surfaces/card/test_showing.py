"""The card shows a member their own: what they hold, what is near, and what happened."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.tills.test_reserved import wins

PAGES = ("/card", "/card/code", "/card/kept", "/card/rewards", "/card/earn", "/card/history")


@pytest.fixture(scope="module")
def ada(counter: Counter) -> Pocket:
    who = counter.joined("A-1")
    for cups in (2, 6):
        counter.post("/v1/activities", coffee("A-1", cups, minor=900, store="main"))
    return Pocket(counter, who)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_being_in(counter: Counter, path: str) -> None:
    answer = counter.get(path, key="")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/card/sign-in")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "de", "tr", "ar"])
def test_a_page_is_whole_and_nobodys_to_keep(ada: Pocket, path: str, language: str) -> None:
    answer = ada.get(f"{path}?lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]
    text = answer.text
    assert f'<html lang="{language}"' in text
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert " onclick=" not in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    ada.cookies.pop("lang", None)


def test_the_card_says_name_number_balance_worth_and_what_is_near(ada: Pocket) -> None:
    text = words(ada.get("/card").text)
    assert "Ada" in text
    assert "72 Points" in text
    assert "8 of 9 stamps" in ada.get("/card").text
    assert "Almost" in text
    assert "28 Points to go" in text
    assert "1 Coffee stamp to go" in text


def test_the_history_names_a_store_as_people_know_it(counter: Counter) -> None:
    pocket = Pocket(counter, counter.joined("A-8"))
    named = counter.ask("PUT", "/v1/stores/pier", {"name": "At the Pier"})
    assert named.status_code in (200, 201), named.text
    counter.post("/v1/activities", coffee("A-8", 1, minor=900, store="pier"))
    counter.post("/v1/activities", coffee("A-8", 1, minor=900, store="elsewhere"))
    text = words(pocket.get("/card/history").text)
    assert "· At the Pier" in text
    assert "pier" not in text
    assert "· elsewhere" in text


def test_what_was_won_stands_on_the_card_until_it_is_fetched(counter: Counter) -> None:
    pocket = Pocket(counter, counter.joined("A-9"))
    won = wins(counter, "A-9")
    for page in ("/card", "/card/rewards"):
        text = words(pocket.get(page).text)
        assert "Won for you" in text
        assert "The tenth coffee is free" in text.partition("Won for you")[2]
    assert counter.post(f"/v1/redemptions/{won}/capture").status_code == 200
    assert "Won for you" not in pocket.get("/card").text


def test_history_tells_what_where_how_many_and_what_was_left(ada: Pocket) -> None:
    text = words(ada.get("/card/history").text)
    assert "Purchase" in text
    assert "main" in text
    assert re.search(r"\+54 Points then 72 .*\+18 Points then 18", text), text


def test_why_is_told_of_ones_own_lines_only(ada: Pocket, counter: Counter) -> None:
    page = ada.get("/card/history").text
    (line, *_) = re.findall(r"/card/history/(ent_[0-9a-f]{32})", page)
    told = ada.get(f"/card/history/{line}").text
    assert "1 point for each 1.00 you spend" in told
    other = Pocket(counter, counter.joined("B-1"))
    assert other.get(f"/card/history/{line}").status_code == 404
    for wrong in ("ent_1", "ent_" + "0" * 32, "ent_" + "f" * 32):
        assert ada.get(f"/card/history/{wrong}").status_code == 404


def test_a_newcomer_reads_what_to_do_next(counter: Counter) -> None:
    new = Pocket(counter, counter.joined("NEW-1"))
    assert "Your first points are one visit away" in new.get("/card").text
    assert "Nothing here yet" in new.get("/card/history").text


def test_what_is_kept_without_network_tells_no_balance(ada: Pocket) -> None:
    kept = ada.get("/card/kept").text
    besides = r"<svg.*?</svg>|/static/[0-9a-f]+/|[0-9]{4} [0-9]{4} [0-9]{4}"
    assert "72" not in re.sub(besides, "", kept, flags=re.S)
    assert "There is no network" in kept


def test_a_page_says_so_when_the_world_is_away(counter: Counter, ada: Pocket) -> None:
    from msgspec.structs import replace

    from regulars.base.faults import Outage
    from regulars.surfaces.app import build

    async def away() -> Any:
        raise Outage("the database is away; try again in a moment", 2)

    import httpx

    broken = replace(counter.given, shown_program=away)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(build(broken, later=True)),  # type: ignore[arg-type]
        base_url="http://shop.test",
    )
    answer = counter.shop.run(client.get("/card"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert "Nothing is lost" in answer.text


def words(page: str) -> str:
    """What can be read of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ")
