"""Lists brought as files, members taken along as files, and the segments of one member."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from tests.flows.terms.segments.test_following import follows
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.carrying import brings as sent
from tests.surfaces.counter import Counter

PATH = "/console/segments"


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    for number in ("4711", "4712", "4713"):
        opened.joined(number)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "owner").email)
    for code, kind in (("friends", "list"), ("quiet", "rule")):
        browser.post(PATH, {"name": code.title(), "code": code, "kind": kind})
    typed = {"name": "Quiet", "joint": "all", "q0-asks": "orders", "q0-high": "0"}
    browser.post(f"{PATH}/quiet", typed | {"does": "save"})
    return browser


def brings(browser: Browser, text: str, **more: str) -> tuple[int, str]:
    told = {"way": "put"} | more
    return sent(browser, f"{PATH}/friends/file", "friends.csv", text.encode(), **told)


def ids(counter: Counter) -> list[str]:
    found = counter.shop.rows(
        "select member_id from identifier where program_id = $1 and kind = 'card' order by value"
    )
    return [f"mem_{row[0].hex}" for row in found]


def test_a_list_is_brought_and_lines_that_name_nobody_stand_on_the_page(
    counter: Counter, owner: Browser
) -> None:
    status, text = brings(owner, "card\n4711\n<b>9</b>\n")
    assert status == 422
    assert "Nothing was changed, as some lines name nobody." in text
    assert "&lt;b&gt;9&lt;/b&gt;" in text
    assert "is nobody here" in text
    _, text = brings(owner, "card\n4711\n9\n", partly="yes")
    assert "1 changed; 1 are on the list now." in text
    assert "The first line must name the columns" in brings(owner, "4711\n")[1]
    assert "1 changed; 0 are on the list now." in brings(owner, "card\n4711\n", way="take")[1]
    assert "1 changed; 1 are on the list now." in brings(owner, "card\n4712\n")[1]


def test_its_members_are_taken_along_as_csv_and_parquet_and_that_is_written_down(
    counter: Counter, owner: Browser
) -> None:
    follows(counter.shop)
    sheet = owner.post(f"{PATH}/friends/members", {"as": "csv"})
    lines = sheet.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "id,number,given_name,family_name,email,phone,since"
    assert [line.split(",")[0] for line in lines[1:]] == ids(counter)[1:2]
    assert sheet.headers["cache-control"] == "no-store"
    whole = owner.post(f"{PATH}/quiet/members", {"as": "parquet"})
    frame = pl.read_parquet(BytesIO(whole.content))
    assert frame["id"].to_list() == sorted(ids(counter))
    assert owner.post(f"{PATH}/friends/members", {"as": "xls"}).status_code == 400
    acts = counter.shop.rows(
        "select after->>'file' from staff_act where program_id = $1 and did = 'members.taken'"
    )
    assert acts == [("segment=friends",), ("segment=quiet",)]


def test_the_page_of_a_member_says_in_which_and_why_and_puts_them_on_a_list(
    counter: Counter, owner: Browser
) -> None:
    follows(counter.shop)
    member = f"/console/members/{ids(counter)[0]}"
    shown = owner.get(member).text
    assert f'href="{PATH}/quiet"' in shown
    page = owner.get(f"{member}/segments").text
    assert "holds" in page
    assert "days with a purchase: at most 0" in page
    assert owner.post(f"{member}/segments", {"segment": "friends"}).status_code == 303
    follows(counter.shop)
    assert "Take off the list" in owner.get(f"{member}/segments").text
    owner.post(f"{member}/segments", {"segment": "friends", "way": "take"})
    follows(counter.shop)
    assert "Take off the list" not in owner.get(f"{member}/segments").text
    assert owner.post(f"{member}/segments", {"segment": "quiet"}).status_code == 422


def test_who_may_not_keep_segments_brings_none(counter: Counter) -> None:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "cashier").email)
    assert brings(browser, "card\n4711\n")[0] == 403
