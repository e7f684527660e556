"""What owners do in the console: drafts, keys, stores and tills, staff; with what goes wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.surfaces.console.browser import PASSWORD, Browser, somebody
from tests.surfaces.counter import Counter

from regulars.runtime.storage.database import Database

DRAFTS = "/console/program/drafts"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def source(counter: Counter, name: str) -> str:
    ((text,),) = counter.shop.rows(
        "select source from program_draft where program_id = $1 and name = $2", name
    )
    return str(text)


def begun(counter: Counter, browser: Browser, name: str) -> str:
    answer = browser.post(DRAFTS, {"name": name})
    assert answer.headers["location"] == f"{DRAFTS}/{name}"
    return source(counter, name)


def kept(browser: Browser, name: str, text: str, revision: int) -> httpx.Response:
    return browser.post(f"{DRAFTS}/{name}", {"source": text, "revision": str(revision)})


def test_a_wrong_file_is_kept_and_says_line_and_mend(counter: Counter, owner: Browser) -> None:
    text = begun(counter, owner, "wrong")
    ill = text.replace("wallet: points", "wallet: pointz", 1)
    line = ill[: ill.index("wallet: pointz")].count("\n") + 1
    assert kept(owner, "wrong", ill.replace("\n", "\r\n"), 1).status_code == 303
    assert source(counter, "wrong") == ill
    page = owner.get(f"{DRAFTS}/wrong").text
    assert f"Line {line}" in page
    assert "/publish" not in page
    answer = owner.post(f"{DRAFTS}/wrong/publish", {"revision": "2"})
    assert answer.status_code == 409
    kept(owner, "wrong", ": [", 2)
    assert "Line 1" in owner.get(f"{DRAFTS}/wrong").text
    begin_again = owner.post(DRAFTS, {"name": "wrong"})
    assert begin_again.status_code in (400, 409)
    assert source(counter, "wrong") == ": ["


@pytest.mark.parametrize("name", ["", "with space", "../x", "x" * 200, "Ü"])
def test_a_draft_has_a_name_that_fits_an_address(owner: Browser, name: str) -> None:
    assert owner.post(DRAFTS, {"name": name}).status_code in (400, 409)


def test_two_who_write_at_once_do_not_overwrite_each_other(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "both")
    assert kept(owner, "both", text + "# mine\n", 1).status_code == 303
    late = kept(owner, "both", text + "# yours\n", 1)
    assert late.status_code == 409
    assert "# yours" in late.text
    assert "# mine" in source(counter, "both")
    assert owner.post(f"{DRAFTS}/both/delete", {"revision": "1"}).status_code == 409
    assert owner.post(f"{DRAFTS}/both/publish", {"revision": "1"}).status_code == 409
    for revision in ("", "x", "9" * 30):
        answer = owner.post(f"{DRAFTS}/both", {"source": "", "revision": revision})
        assert answer.status_code == 400
    assert owner.post(f"{DRAFTS}/both/delete", {"revision": "2"}).status_code == 303
    assert owner.get(f"{DRAFTS}/both").status_code == 404


def test_a_draft_is_published_and_what_it_warns_of_is_accepted_by_name(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "dearer")
    dearer = text.replace("price: {points: 100}", "price: {points: 120}", 1)
    assert dearer != text
    kept(owner, "dearer", dearer, 1)
    page = owner.get(f"{DRAFTS}/dearer").text
    assert "120" in page
    accepts = re.findall(r'name="accept" value="([^"]+)"', page)
    if accepts:
        no = owner.post(f"{DRAFTS}/dearer/publish", {"revision": "2"})
        assert no.status_code == 409
        assert "version 1" in owner.get("/console/program").text.lower()
    told: dict[str, str] = {"revision": "2"}
    if accepts:
        told["accept"] = accepts[0]
    answer = owner.post(f"{DRAFTS}/dearer/publish", told)
    assert answer.status_code == 303, answer.text
    assert "120" in owner.get("/console/rewards").text
    assert owner.get("/console/program/versions/2").status_code == 200


def test_whatever_a_draft_adds_is_compared_with_how_many_it_touches(
    counter: Counter, owner: Browser
) -> None:
    """Reviews, pay-outs and memberships had no words, and answered with 500."""
    text = begun(counter, owner, "more")
    text += "advocacy: [{on: review, name: A review}]\nspending_proof: {card_above: '5.00'}\n"
    kept(owner, "more", text, 1)
    counter.shop.now += timedelta(minutes=1)
    page = owner.get(f"{DRAFTS}/more")
    assert page.status_code == 200
    assert "Reviews and the like: " in page.text
    assert "For what the card is shown" in page.text
    assert re.search(r'Everybody</span> <span class="soft small">(One|\d+) member', page.text)


@pytest.mark.parametrize(
    ("language", "part", "prior", "mend"),
    [
        ("de", "Wofür die Karte gezeigt wird: ", "vorher nichts", "ergänze eine Regel mit "),
        ("tr", "Kartın ne için gösterileceği: ", "önce hiçbir şey", ""),
        ("ar", "متى تُعرض البطاقة: ", "وكان لا شيء", "أضف قاعدة فيها "),
    ],
)
def test_what_no_sentence_says_is_told_in_the_reader_s_language(
    counter: Counter, owner: Browser, language: str, part: str, prior: str, mend: str
) -> None:
    text = begun(counter, owner, f"shown-{language}")
    text += "spending_proof: {card_above: '5.00'}\nadvocacy: [{on: review, name: A review}]\n"
    kept(owner, f"shown-{language}", text, 1)
    counter.shop.now += timedelta(minutes=1)
    page = owner.get(f"{DRAFTS}/shown-{language}", **{"accept-language": language}).text
    assert f"{part}card_above 5.00" in page, page
    assert prior in page
    assert f"{mend}<code>on: review</code>" in page, "how it is mended"
    assert " before nothing" not in page


def test_a_key_is_shown_once_and_opens_nothing_from_the_moment_it_is_revoked(
    counter: Counter, owner: Browser
) -> None:
    for told in ({"name": "shop"}, {"name": "", "scope": "all"}, {"name": "x", "scope": "no:way"}):
        answer = owner.post("/console/keys", told)
        assert answer.status_code == 422, answer.text
    once = re.search(r'name="key" value="([^"]+)"', owner.get("/console/keys").text)
    assert once is not None
    told = {"name": "shop", "scope": "members:read", "mode": "live", "key": once[1]}
    made, twice = (owner.post("/console/keys", told) for _ in range(2))
    assert "reg_live_" not in twice.text
    assert "sent twice" in twice.text
    found = re.search(r"<code[^>]*>(reg_live_[^<]+)</code>", made.text)
    assert found is not None
    assert found[1] not in owner.get("/console/keys").text

    def asks() -> int:
        said = {"authorization": f"Bearer {found[1]}"}
        return owner.run(owner.http.get("/v1/members", headers=said)).status_code

    assert asks() == 200
    named = "select key_id from api_key where program_id = $1 and name = 'shop'"
    ((key_id,),) = counter.shop.rows(named)
    mine = f"key_{key_id.hex}"
    audit = owner.get("/console/audit").text
    assert audit.count(mine) == 1
    assert f"/console/keys/{mine}/revoke" in owner.get("/console/keys").text
    for _ in range(2):
        assert owner.post(f"/console/keys/{mine}/revoke").status_code == 303
    assert asks() == 401


def test_a_web_shop_is_connected_moved_and_disconnected(counter: Counter, owner: Browser) -> None:
    page = "/console/web-shop"
    for told in (
        {"name": "", "origins": "https://a.example"},
        {"name": "x", "origins": "http://a"},
    ):
        assert owner.post(page, told).status_code == 422, told
    key = owner.get(page).text.split('name="key" value="')[1].split('"')[0]
    told = {"name": "Ours", "origins": "https://a.example\r\n", "key": key}
    for _ in range(2):  # a double click connects it once
        assert owner.post(page, told).status_code == 303
    shown = owner.get(page).text
    found = re.search(r"http://shop.test/shop/regulars.js&#34; data-key=&#34;(reg_shop_\w+)", shown)
    assert found is not None, shown
    assert found[1] not in owner.get("/console/keys").text
    ((key_id,),) = counter.shop.rows(
        "select key_id from api_key where program_id = $1 and name = 'Ours'"
    )

    def asks(origin: str) -> int:
        path, said = f"/shop/v1/{found[1]}/hello", {"origin": origin}
        return owner.run(owner.http.post(path, json={}, headers=said)).status_code

    mine = f"{page}/key_{key_id.hex}"
    assert (asks("https://a.example"), asks("https://b.example")) == (200, 403)
    assert owner.post(mine, {"origins": "https://b.example/path"}).status_code == 422
    for _ in range(2):  # said twice it is written down once
        assert owner.post(mine, {"origins": "https://b.example"}).status_code == 303
    told = "select before::text, after::text from staff_act where program_id = $1 and did = $2"
    assert [tuple(row) for row in counter.shop.rows(told, "key.shown_at")] == [
        ('{"origins": ["https://a.example"]}', '{"origins": ["https://b.example"]}')
    ]
    assert (asks("https://a.example"), asks("https://b.example")) == (403, 200)
    assert owner.post(mine, {"end": "yes", "origins": ""}).status_code == 303
    assert asks("https://b.example") == 403


def test_a_store_is_opened_and_its_till_paired_suspended_and_unpaired(
    counter: Counter, owner: Browser
) -> None:
    for told in (
        {"code": "", "name": "X"},
        {"code": "a b", "name": "X"},
        {"code": "ok", "name": "x" * 81},
    ):
        answer = owner.post("/console/stores", told)
        assert answer.status_code == 422, told
        assert "-wrong" in answer.text
    assert owner.post("/console/stores", {"code": "harbour", "name": "Harbour"}).status_code == 303
    again = owner.post("/console/stores", {"code": "harbour", "name": "Another"})
    assert again.status_code == 422
    assert "Harbour" in owner.get("/console/stores").text
    ready = "/console/stores/harbour/offline"
    assert owner.post(ready, {"reward": "moon", "most": "3"}).status_code == 422
    assert owner.post(ready, {"reward": "tenth-coffee-free", "most": "x"}).status_code == 422
    assert owner.post(ready, {"reward": "tenth-coffee-free", "most": "3"}).status_code == 303
    assert 'value="tenth-coffee-free" checked' in owner.get("/console/stores").text
    made = owner.post("/console/stores/harbour/code")
    code = re.search(r'class="pairing number">([^<]+)<', made.text)
    assert code is not None
    assert "<svg" in made.text
    assert code[1] not in owner.get("/console/stores").text
    assert owner.post("/console/stores/nowhere/code").status_code in (400, 404)


def test_staff_are_taken_on_by_a_link_that_is_shown_once(counter: Counter, owner: Browser) -> None:
    for told in (
        {"name": "", "email": "new@beans.example.org", "role": "cashier"},
        {"name": "New", "email": "nonsense", "role": "cashier"},
        {"name": "New", "email": "new@beans.example.org", "role": "emperor"},
    ):
        assert owner.post("/console/team/add", told).status_code == 422
    told = {"name": "New", "email": "new@beans.example.org", "role": "cashier", "every": "yes"}
    made = owner.post("/console/team/add", told)
    link = re.search(r"/console/welcome/[^<\"]+", made.text)
    assert link is not None
    assert owner.post("/console/team/add", told).status_code == 422
    fresh = Browser(counter)
    fresh.get(link[0])
    assert fresh.post(link[0], {"password": PASSWORD}).status_code == 303
    assert fresh.sign_in("new@beans.example.org").status_code == 303
    assert fresh.get("/console").status_code == 200


def test_a_purchase_is_tried_on_the_draft_beside_what_is_promised(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "generous")
    kept(
        owner,
        "generous",
        text.partition("\ncases:")[0].replace("points: 1, per:", "points: 3, per:", 1),
        1,
    )
    path = f"{DRAFTS}/generous/try"
    assert owner.get(path).status_code == 200
    counter.joined("99001")
    before = counter.shop.counts()
    for lang, amount in (("en", "7.80"), ("de", "7,80")):
        told = f"{path}?amount={amount}&category=coffee&pieces=2&member=99001&lang={lang}"
        page = owner.get(told).text
        found = [set(re.findall(r"\d+", part)) for part in page.split("<h2>")[1:]]
        assert len(found) == 2
        assert "7" in found[0], page
        assert "23" in found[1], page  # 3 for each 1.00 of 7.80, rounded down
    assert counter.shop.counts() == before
    for wrong in (
        "amount=x",
        "amount=-1",
        "amount=5&category=tea&pieces=0",
        "amount=5&category=tea&pieces=0000000019",
        "amount=5&member=nobody",
    ):
        assert owner.get(f"{path}?{wrong}").status_code == 422
    kept(owner, "generous", ": [", 2)
    assert "mend them first" in owner.get(f"{path}?amount=5").text


PLUS = """rules:
  - {id: plus-doubles, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: plan, runs: plus}}
"""


def test_a_purchase_is_tried_while_a_paid_plan_of_the_draft_runs(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "paying").partition("\ncases:")[0]
    plans = '\nplans: [{id: plus, name: Plus for a year, fee: "49.00"}]\n'
    kept(owner, "paying", text.replace("rules:\n", PLUS, 1) + plans, 1)
    gave = []
    for plan in ("", "plus"):
        told = f"{DRAFTS}/paying/try?amount=7.80&category=coffee&pieces=2&plan={plan}"
        page = owner.get(told).text
        assert re.search(r"<option value=\"plus\"[^>]*>Plus for a year<", page)
        says = page.split("<h2>")[-1]
        gave.append([int(one) for one in re.findall(r"In all: (\d+)", says)])
    without, runs = gave
    assert (without, runs[0]) == ([7, 2], 15), "points, and stamps besides"


def test_who_publishes_too_late_waits_for_no_second_connection(
    counter: Counter, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(counter, owner, "late")
    kept(owner, "late", source(counter, "late") + "# more\n", 1)
    real, held = Database.transaction, [0]

    @asynccontextmanager
    async def alone(database: Database, program_id: int) -> AsyncIterator[Any]:
        assert not held[0], "this request holds a connection already"
        async with real(database, program_id) as tx:
            held[0] += 1
            try:
                yield tx
            finally:
                held[0] -= 1

    monkeypatch.setattr(Database, "transaction", alone)
    answer = owner.post(f"{DRAFTS}/late/publish", {"revision": "1"})
    assert answer.status_code == 409
    assert "Somebody changed this draft" in answer.text


def test_a_draft_says_whose_points_keep_their_worth(counter: Counter, owner: Browser) -> None:
    counter.shop.now += timedelta(minutes=1)  # a file follows on what ruled before it
    text = begun(counter, owner, "worth")
    dearer = re.sub(r"price: \{stamps: (\d+)", lambda m: f"price: {{stamps: {int(m[1]) * 2}", text)
    assert dearer != text
    keeps = "\nchangeover: {worth: keep, worth_until_on: 2027-01-01}\n"
    assert kept(owner, "worth", dearer + keeps, 1).status_code == 303
    page = owner.get(f"{DRAFTS}/worth").text
    assert re.search(r"what their points \(.+\) are worth now\. That is over on .*2027", page)
    kept(owner, "worth", dearer, 2)
    assert "are worth now" not in owner.get(f"{DRAFTS}/worth").text
