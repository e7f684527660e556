"""Codes and benefits in the console: laid in, made, found, taken out of use, used."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.people.test_members import joined
from tests.surfaces.counter import Counter

from regulars.base.sheets import is_formula
from regulars.records.program.templates import load_template
from regulars.surfaces.console.routes import FORMS

MORE = """rewards:
  - {id: voucher, name: Voucher, worth: "3.00", price: {points: 100}, gives: {kind: code}}
  - {id: museum, name: Museum, worth: "3.00", price: {points: 100}, gives: {kind: code, from: pool}}
"""
BENEFITS = """benefits:
  - {id: parcel, name: Free parcel, allowance: {per: year, times: 2}}
  - {id: lounge, name: Lounge, by: grant}

rewards:"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    source = load_template("coffee-shop")
    source = source.replace("rewards:\n", MORE, 1).replace("rewards:", BENEFITS, 1)
    counter = Counter.open(database, source=source)
    yield counter
    counter.close()


@pytest.fixture(scope="module")
def owner(shop: Counter) -> Browser:
    browser = Browser(shop)
    browser.sign_in(somebody(shop, "owner").email)
    return browser


def keyed(browser: Browser, path: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def test_codes_are_laid_in_all_or_none(shop: Counter, owner: Browser) -> None:
    path = "/console/codes/museum"
    told = {"codes": "AB-1\nAB-2\n\n AB-3 ", "reason": "bought", "key": keyed(owner, path)}
    assert owner.post(f"{path}/pool", told | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert owner.post(f"{path}/pool", told).headers["location"] == path
    twice = {"codes": "AB-3\nAB-4", "reason": "bought", "key": keyed(owner, path)}
    refused = owner.post(f"{path}/pool", twice)
    assert (refused.status_code, "AB-4" in refused.text) == (422, True)
    assert 'data-label="In the pool">3</td>' in owner.get("/console/codes").text
    found = owner.get(f"{path}?code=ab1").text
    assert "AB-1" in found
    assert "In the pool" in found
    assert "/withdraw" not in found  # nobody has it yet
    kept = owner.post(f"{path}/withdraw", {"code": "AB1", "why": "torn"})
    assert (kept.status_code, "There is no such code" in kept.text) == (422, True)
    told = {"code": "AB1", "why": "torn"}
    kept = owner.post(f"{path}/withdraw", told, accept_language="de")
    assert (kept.status_code, "Diesen Code gibt es nicht" in kept.text) == (422, True)


def test_codes_are_made_and_taken_along_as_a_file(shop: Counter, owner: Browser) -> None:
    path = "/console/codes/voucher"
    for times in ("", "0", "many", "10001", "-1", "0" * 8 + "19"):
        wrong = owner.post(f"{path}/make", {"times": times, "reason": "x", "key": "k"})
        assert (wrong.status_code, 'id="times-wrong"' in wrong.text) == (422, True), times
    told = {"times": "5", "reason": "a leaflet", "key": keyed(owner, path)}
    assert owner.post(f"{path}/make", told).status_code == 303
    page = owner.get(path).text
    run = re.search(r"/runs/([0-9a-f]{32})", page)
    assert run is not None
    answer = owner.post(f"{path}/runs/{run[1]}")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert len({row["code"] for row in rows}) == 5
    assert "Can be used" in owner.get(f"{path}?code={rows[0]['code']}").text
    used = shop.post("/v1/code-uses", {"code": rows[0]["code"]}, idempotency_key="use")
    assert used.status_code == 201
    assert rows[0]["code"] in owner.get(path).text
    out = f"{path}/withdraw"
    assert owner.post(out, {"code": rows[1]["code"], "why": " "}).status_code == 422
    for _ in range(2):
        assert owner.post(out, {"code": rows[1]["code"], "why": "torn"}).status_code == 303
    assert "torn" in owner.get(path).text
    again = shop.post("/v1/code-uses", {"code": rows[1]["code"]}, idempotency_key="torn")
    assert again.status_code == 409


def test_who_has_a_benefit_and_who_used_it_stands_on_its_page(
    shop: Counter, owner: Browser
) -> None:
    member = joined(shop, "Uta", ("card", "99001"))
    sent = {"member": {"id": member}, "benefit": "parcel", "store": "main"}
    assert shop.post("/v1/benefit-uses", sent, idempotency_key="b").status_code == 201
    page = owner.get("/console/benefits").text
    assert "Every member" in page
    assert "Who was granted it by hand" in page
    assert f'href="/console/members/{member}"' in page
    assert f'href="/console/members/{member}"' not in owner.get("/console/benefits?of=lounge").text
    seen = owner.get(f"/console/members/{member}").text
    assert "1 left" in seen.partition('id="benefits"')[2]


def test_every_file_for_a_spreadsheet_is_free_of_formulas(shop: Counter, owner: Browser) -> None:
    """All forms of the route table whose answer is one, with texts that would be formulas."""
    bad = ("=1+1", "+1", "-1", "@x", "\t=1", " =1", "'=1", "\uff1d1")
    for place, name in enumerate(bad):
        assert is_formula(name.strip()) or name.strip() in bad
        joined(shop, name.strip("\t"), ("external", f"bad-{place}"))
    path = "/console/codes/museum"
    laid = {"codes": "=2+2\n@SUM(A1)", "reason": "bought", "key": keyed(owner, path)}
    assert owner.post(f"{path}/pool", laid).status_code == 303
    run = re.search(r"/runs/([0-9a-f]{32})", owner.get(path).text)
    assert run is not None
    member = joined(shop, "Plain", ("external", "plain"))
    places = {"member_id": member, "reward": "museum", "run_id": run[1]}
    seen = {}
    for form in FORMS:
        target = form.path
        for name, value in places.items():
            target = target.replace(f"{{{name}:str}}", value)
        if "{" in target or form.path.endswith(("/erase", "/merge", "/card", "/settings")):
            continue
        answer = owner.post(target, {})
        if answer.headers.get("content-type", "").startswith("text/csv"):
            seen[form.path] = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert set(seen) == {
        "/console/members/file", "/console/codes/{reward:str}/runs/{run_id:str}",
    }  # fmt: skip
    for rows in seen.values():
        for cell in (cell for row in rows for cell in row):
            assert not is_formula(cell) or cell.startswith("'"), cell
    cells = [cell for rows in seen.values() for row in rows for cell in row]
    assert {"'=2+2", "'@SUM(A1)", "'=1+1", "''=1"} <= set(cells)


def test_what_was_used_lately_is_short_until_somebody_asks_for_more(
    shop: Counter, owner: Browser
) -> None:
    """A coffee a day filled fifty lines of a phone before anybody had asked for them."""
    for at in range(12):
        member = joined(shop, f"Guest {at}", ("card", f"5500{at:02}"))
        sent = {"member": {"id": member}, "benefit": "parcel", "store": "main"}
        assert shop.post("/v1/benefit-uses", sent, idempotency_key=f"u{at}").status_code == 201
    lines = [
        owner.get(f"/console/benefits{asked}").text.count('class="line"')
        for asked in ("?of=parcel", "?of=parcel&all=yes", "?of=lounge")
    ]
    assert lines == [10, 13, 0]
    page = owner.get("/console/benefits?of=parcel").text
    assert 'href="/console/benefits?of=parcel&amp;all=yes#uses"' in page
    assert "Show more" not in owner.get("/console/benefits?of=parcel&all=yes").text
