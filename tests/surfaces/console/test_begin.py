"""A shop is set up from nothing: by its link, step by step, in two tabs, and only once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.surfaces.console.browser import PASSWORD, Browser

from regulars.records.access.staff.tokens import program_of
from regulars.runtime.serving.asgi import FirstProgram, Readable, given_with
from regulars.runtime.storage.database import Database
from regulars.surfaces.console.begin.link import begin_link

SHOP = {"name": "Kissa Momo", "country": "JP", "locale": "en", "currency": "JPY",
        "zone": "Asia/Tokyo"}  # fmt: skip
POINTS = {"rate": "6", "usual": "900", "visits": "4"}
OWNER = {"name": "Momo", "email": "momo@example.org"}


class Empty:
    """An installation without anything, as its server and a browser see it."""

    def __init__(self, database: Any, runner: asyncio.Runner) -> None:
        self.run = runner.run
        kept = self.run(Database.connect(database.app_dsn, size=4))
        self.database = kept
        given = given_with(kept, FirstProgram(Readable(kept.pool)), width=2)
        self.given = given
        self.shop = SimpleNamespace(run=self.run)
        self.program_id = 0
        self.link = begin_link(given.keyed)

    def rows(self, sql: str, program_id: int | None = None) -> list[Any]:
        async def look() -> list[Any]:
            number = self.program_id if program_id is None else program_id
            async with self.database.transaction(number) as tx:
                return [tuple(row.values()) for row in await tx.fetch(sql)]

        return self.run(look())


@pytest.fixture
def empty(fresh_database: Any) -> Iterator[Empty]:
    with asyncio.Runner() as runner:
        house = Empty(fresh_database, runner)
        yield house
        runner.run(house.given.gate.drain())
        runner.run(house.database.close())


def tab(empty: Empty) -> Browser:
    browser: Any = Browser(empty)  # type: ignore[arg-type]
    return browser  # type: ignore[no-any-return]


def fills(browser: Browser, link: str, step: str, told: dict[str, str]) -> Any:
    browser.get(f"{link}/{step}")
    return browser.post(f"{link}/{step}", told)


def test_a_shop_opens_with_points_that_suit_its_money(empty: Empty) -> None:
    browser, link = tab(empty), empty.link
    page = browser.get("/console/sign-in")
    assert (page.status_code, "No shop here yet" in page.text) == (404, True)
    assert browser.get("/console/begin/AAAA").status_code == 410
    assert browser.get(link).headers["location"] == f"{link}/program"
    # Nobody skips ahead of what is not typed yet.
    assert browser.get(f"{link}/owner").headers["location"] == link
    assert fills(browser, link, "program", {"template": "coffee-shop"}).status_code == 303
    wrong = fills(browser, link, "shop", SHOP | {"name": "Kissa", "zone": "Mars/Base"})
    assert (wrong.status_code, 'value="Kissa"' in wrong.text) == (422, True)
    # Left and taken up again, by another browser: what was typed is there.
    other = tab(empty)
    assert other.get(link).headers["location"] == f"{link}/shop"
    assert 'value="Kissa"' in other.get(f"{link}/shop").text
    assert fills(other, link, "shop", SHOP).headers["location"] == f"{link}/points"
    page = browser.get(f"{link}/points").text
    assert "1 Point for each JP¥100" in page
    assert "JP¥112,213" in page  # 33,600 points at 0.8 yen, 9,600 stamps at 80 for nine
    less = browser.get(link.replace("begin", "begin-cost") + "?rate=0&usual=900&visits=4").text
    assert "1.9 % of what they spend" in less
    for bad in ({"rate": "99"}, {"rate": "²"}, {"usual": "lots"}, {"usual": "-1"},
                {"usual": "9" * 30}, {"visits": "0"}, {"visits": "1e3"},
                {"rate": "0" * 9 + "6999"}, {"visits": "0004" + "9" * 200}):  # fmt: skip
        assert fills(browser, link, "points", POINTS | bad).status_code == 422, bad
        # Whoever comes back meets what is right of it, and nothing that stops the way.
        assert other.get(link).headers["location"] == f"{link}/points"
        assert other.get(f"{link}/points").status_code == 200, bad
    assert other.post(f"{link}/owner", OWNER | {"password": PASSWORD}).headers["location"] == link
    assert fills(browser, link, "points", POINTS).headers["location"] == f"{link}/owner"
    short = fills(browser, link, "owner", OWNER | {"password": "short"})
    assert (short.status_code, 'value="Momo"' in short.text) == (422, True)
    assert "short" not in str(empty.rows("select answers::text from setup_step", 0))
    odd = fills(browser, link, "owner", OWNER | {"email": "momo", "password": PASSWORD})
    assert (odd.status_code, 'id="email-wrong"' in odd.text) == (422, True)
    assert other.get(f"{link}/owner").status_code == 200  # nothing was founded
    opened = browser.post(f"{link}/owner", OWNER | {"password": PASSWORD})
    assert opened.headers["location"] == "/console/start/look"
    assert browser.get("/console/start/look").status_code == 200
    empty.program_id = program_of(browser.token) or 0
    # The other tab sends the same: there is a shop, and it is signed in to.
    late = other.post(f"{link}/owner", OWNER | {"password": PASSWORD})
    assert late.headers["location"] == "/console/sign-in"
    assert other.get(link).headers["location"] == "/console/sign-in"
    assert empty.rows("select slug, made_up from program") == [("kissa-momo", False)]
    ((source, by),) = empty.rows("select source, published_by from program_version")
    assert 'name: "Kissa Momo"' in source
    assert 'per: "100"' in source
    assert by.startswith("staff_")
    assert empty.rows("select role, state from staff") == [("owner", "active")]
    assert empty.rows("select count(*) from setup_step", 0) == [(0,)]
    first_days(browser, empty)


def first_days(browser: Browser, empty: Empty) -> None:
    """On inside: a store, the sheet for its counter, somebody with points."""
    browser.get("/console/start/store")
    assert browser.post("/console/start/store", {"name": " "}).status_code == 422
    for _ in range(2):  # sent twice, it is one store
        assert browser.post("/console/start/store", {"name": "Kissa Momo"}).status_code == 303
    assert empty.rows("select code from store") == [("kissa-momo",)]
    sheet = browser.get("/console/stores/kissa-momo/counter?size=a6&sheet=de")
    assert sheet.status_code == 200
    assert "shop.test/join" in sheet.text
    assert "Wiederkommen lohnt sich" in sheet.text
    assert browser.get("/console/stores/nowhere/counter").status_code == 404
    assert "2 of 8 done" in browser.get("/console").text
    browser.get("/console/start/code")
    browser.post("/console/start/code", {"up": "yes"})
    page = browser.get("/console/start/member").text
    key = page.split('name="key" value="')[1].split('"')[0]
    told = {"given_name": "Ada", "address": "090 1234 5678", "amount": "1,250", "key": key}
    wrong = browser.post("/console/start/member", told | {"address": "hello", "amount": "x"})
    assert (wrong.status_code, wrong.text.count('class="wrong"')) == (422, 2)
    for _ in range(2):
        done = browser.post("/console/start/member", told)
        assert (done.status_code, "+12" in done.text) == (200, True)
    assert empty.rows("select count(*) from activity") == [(1,)]
    taken = browser.post("/console/start/member", told | {"key": "another"})
    assert taken.status_code == 422
    assert "4 of 8 done" in browser.get("/console").text
