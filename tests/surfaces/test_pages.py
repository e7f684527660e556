"""Pages and signs of life: safe headers, nothing from elsewhere, nobody's name."""

import re
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, coffee, problem

from regulars.records.program.templates import load_template

PAGES = ("/", "/docs", "/docs/problems", "/docs/problems/invalid")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_nothing_from_elsewhere(counter: Counter, path: str) -> None:
    answer = counter.get(path, key="")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    text = answer.text
    assert "<script" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert address.startswith(("/", "#")), address
        if address.startswith("/"):
            assert counter.get(address, key="").status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_for_readers_of_all_kinds(counter: Counter, path: str) -> None:
    text = counter.get(path, key="").text
    assert '<html lang="en" dir="ltr"' in text
    assert 'name="viewport"' in text
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', text):
        assert target in ids


def test_the_landing_page_shows_the_program_without_anybodys_name(counter: Counter) -> None:
    body = {
        "identifiers": [{"kind": "card", "value": "SECRET-CARD"}],
        "given_name": "Secretname",
    }
    member = counter.post("/v1/members", body).json()
    counter.post("/v1/activities", coffee("SECRET-CARD", 2, source="SECRET", store="main"))
    text = Counter(counter.shop).get("/", key="").text  # one that has not looked before
    assert "Corner Coffee" in text
    assert "1 point for each 1.00 you spend" in text
    assert "€7.00" in text
    assert "7 Points, 2 Coffee stamps" in text
    for secret in ("SECRET", "Secretname", member["id"], member["number"]):
        assert secret not in text


def test_a_strange_host_is_not_repeated(counter: Counter) -> None:
    assert "evil" not in counter.get("/", key="", host='evil"><b>').text
    assert "http://shop.test/v1/activities" in counter.get("/", key="").text


def test_signs_of_life(counter: Counter) -> None:
    assert counter.get("/healthz", key="").text == "ok\n"
    ready = counter.get("/readyz", key="")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert ready.headers["cache-control"] == "no-store"


def test_not_ready_before_there_is_a_program(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none_yet() -> None:
        return None

    monkeypatch.setattr(Counter, "_shown", lambda self: none_yet())
    monkeypatch.setattr(counter.shop, "program_id", None)
    answer = counter.get("/readyz", key="")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_head_is_get_without_the_body(counter: Counter) -> None:
    for path in ("/", "/healthz", "/openapi.json"):
        answer = counter.ask("HEAD", path, key="")
        assert answer.status_code == 200
        assert answer.content == b""
        assert int(answer.headers["content-length"]) > 0


def test_a_style_sheet_may_be_kept_for_ever_and_an_old_edition_may_not(counter: Counter) -> None:
    sheets = set(re.findall(r'href="(/static/[^"]+css)"', counter.get("/", key="").text))
    assert len(sheets) == 5
    for address in sheets:
        answer = counter.get(address, key="")
        assert answer.headers["content-type"].startswith("text/css")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert "http" not in answer.text
    older = re.sub(r"/static/\w+/", "/static/000000000000/", min(sheets))
    assert counter.get(older, key="").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/v1", "/v1/nothing", "/docs/problems/luck", "/static/luck.css", "/favicon.ico",
     "/v1/activities/", "//v1/activities", "/static/..%2f..%2fapp.py"],
)  # fmt: skip
def test_nothing_is_there(counter: Counter, path: str) -> None:
    status, code, _ = problem(counter.get(path))
    assert (status, code) in ((404, "not_found"), (405, "method_not_allowed"))


METHODS: list[tuple[str, str, str]] = [
    ("GET", "/v1/activities", "OPTIONS, POST"),
    ("DELETE", "/v1/activities/batch", "OPTIONS, POST"),
    ("PUT", "/v1/members", "GET, HEAD, OPTIONS, POST"),
    ("POST", "/v1/rewards", "GET, HEAD, OPTIONS"),
    ("TRACE", "/v1/members", "GET, HEAD, OPTIONS, POST"),
    ("LUCK", "/v1/activities", "OPTIONS, POST"),
    ("TRACE", "/", "GET, HEAD, OPTIONS"),
    ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ("POST", "/", "GET, HEAD, OPTIONS"),
]


@pytest.mark.parametrize(("method", "path", "allow"), METHODS)
def test_other_methods_are_told_which_ones_work(
    counter: Counter, method: str, path: str, allow: str
) -> None:
    answer = counter.ask(method, path)
    assert problem(answer)[:2] == (405, "method_not_allowed")
    assert {one.strip() for one in answer.headers["allow"].split(",")} == set(allow.split(", "))


def test_personal_answers_are_nobodys_to_keep(counter: Counter) -> None:
    member = counter.joined("P-1")
    answers: list[Any] = [
        counter.get(f"/v1/members/{member}"),
        counter.get("/v1/members/mem_" + "1" * 32),
        counter.post("/v1/activities", coffee("P-1")),
        counter.post("/v1/activities", {}),
        counter.post("/v1/activities/batch", {"activities": [coffee("P-1")]}),
        counter.get("/v1/nothing"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_single_one_is_named_as_such_and_numbers_are_written_as_read_there(
    database: Any,
) -> None:
    text = load_template("coffee-shop").partition("\ntranslations:")[0] + "\n"
    text = text.replace("locale: en", "locale: de")
    counter = Counter(Shop.open(database, text))
    try:
        counter.post("/v1/activities", coffee("C-1", 1, minor=123_450, source="t"))
        page = Counter(counter.shop).get("/", key="").text
        assert "1.234 Points, 1 Coffee stamp<" in page
        assert "1.234,50\xa0€" in page
    finally:
        counter.close()
