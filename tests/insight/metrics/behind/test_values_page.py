"""Members' value in the console and by API: the grid, who is in a cell, and a draft for them."""

from __future__ import annotations

import html
import re

import pytest
from tests.insight.metrics.books import lay
from tests.insight.metrics.pictured import valued
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.program.changes.read import draft
from regulars.records.program.reading import read_program

PAGE = "/console/reports/values"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    counter.shop.at("2026-06-01 12:00")
    lay(counter)
    valued(counter)
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    browser.post("/console/me/view", {"full": "yes"})
    return browser


def test_the_page_says_when_and_how_and_opens_who_is_in_each_cell(owner: Browser) -> None:
    text = owner.get(PAGE).text
    assert "by the model MBG/NBD" in text
    assert "Chances were off by 2.0% on average." in text
    assert "slipping: 10 to 40 %" in text
    cells = re.findall(r'<td class="number heat-\d+"><a href="([^"]+)">.*?</span>(\d+)</a>', text)
    assert len(cells) > 1
    for href, members in cells:
        page = owner.get(html.unescape(href)).text
        assert page.count('<th scope="row">') == int(members), href
    rows = re.findall(r'<th scope="row"><a href="(/console/reports/rows\?[^"]+)"', text)
    assert {re.findall("group=([a-z]+)", one)[0] for one in rows} == {
        "health", "part", "chance", "tier", "store",
    }  # fmt: skip
    for href in rows:
        assert owner.get(html.unescape(href)).status_code == 200
    assert owner.get(f"{PAGE}?as=csv&table=rfm").text[1:].startswith("recency,frequency,members")
    assert owner.get("/console/reports/rows?metric=valued_members&group=size:1").status_code == 404


def test_a_cell_is_taken_into_a_draft_and_nothing_is_published(
    owner: Browser, counter: Counter
) -> None:
    before = counter.shop.terms.at(counter.shop.now).number
    answer = owner.post(f"{PAGE}/draft", {"group": "rfm:52"})
    assert answer.headers["location"] == "/console/program/drafts/rfm-5-2"
    kept = counter.shop.do(lambda tx, _: draft(tx, "rfm-5-2"))
    assert read_program(kept.source).rules[-1].id == "rfm-5-2"
    assert "5" in kept.source
    assert counter.shop.terms.at(counter.shop.now).number == before
    for none in ("rfm:99", "tier:gold", "", "health:" + "x" * 3_000):
        assert owner.post(f"{PAGE}/draft", {"group": none}).status_code == 404


def test_simple_view_has_no_grid_and_who_may_not_write_gets_no_form(
    owner: Browser, counter: Counter
) -> None:
    auditor = Browser(counter)
    auditor.sign_in(somebody(counter, "auditor").email)
    assert "heat-" not in auditor.get(PAGE).text
    auditor.post("/console/me/view", {"full": "yes"})
    text = auditor.get(PAGE).text
    assert "heat-" in text
    assert "values/draft" not in text
    assert auditor.post(f"{PAGE}/draft", {"group": "rfm:52"}).status_code in (403, 404)


def test_the_api_answers_the_report_its_files_and_its_rows(
    owner: Browser, counter: Counter
) -> None:
    found = counter.get("/v1/insight/values").json()
    figure = next(one for one in found["figures"] if one["metric"] == "health_share")
    some = counter.get(figure["rows"]).json()["items"]
    assert [one["counted"] for one in some].count(True) == figure["part"]
    assert len(some) == figure["whole"]
    assert counter.get("/v1/insight/values?format=csv&table=by_health").status_code == 200
    assert counter.get("/v1/insight/values?format=parquet&table=nights").status_code == 200
    wrong = counter.get("/v1/insight/rows?metric=valued_members&group=chance:12")
    assert wrong.status_code == 400
    assert "group" in wrong.text
    away = counter.get("/v1/insight/rows?metric=lapsed_members&store=mitte")
    assert away.status_code == 400
    assert "leave the store out" in away.text
