"""Segments in the console: begun, filled in by rows or as text, counted, saved, dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.program.changes.segments.reading import read
from regulars.surfaces.console.terms.segments.rows import rows_of

PATH = "/console/segments"


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    for number in ("4711", "4712"):
        opened.joined(number)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def marketer(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "marketer").email)
    return browser


def begun(marketer: Browser, code: str, **more: str) -> str:
    typed = {"name": code.title(), "code": code, "kind": "rule"} | more
    assert marketer.post(PATH, typed).headers["location"] == f"{PATH}/{code}"
    return f"{PATH}/{code}"


def test_a_marketer_begins_one_fills_it_in_and_saves_it(
    counter: Counter, marketer: Browser
) -> None:
    page = begun(marketer, "quiet")
    assert "A draft: nobody is in it" in marketer.get(page).text
    typed = {"name": "Quiet", "joint": "all", "q0-asks": "spent", "q0-high": "20.50",
             "q0-days": "90", "q1-asks": "tag", "q1-which": "vip, guest",
             "q1-not": "yes"}  # fmt: skip
    looked = marketer.post(page, typed | {"does": "count"})
    assert looked.status_code == 200
    assert "Everybody fits: this segment leaves nobody out." in looked.text
    assert 'value="vip, guest"' in looked.text, "what was typed stays"
    assert marketer.post(page, typed | {"does": "save"}).status_code == 303
    read = counter.get("/v1/segments/quiet").json()
    assert read["condition"] == {"if": "all", "of": [
        {"if": "spent", "at_most": "20.50", "within_days": 90},
        {"if": "not", "that": {"if": "tag", "in": ["vip", "guest"]}}]}  # fmt: skip
    shown = marketer.get(page).text
    assert (
        "money spent: at most €20.50 (in the last 90 days) and not: has the tag vip or guest"
        in shown
    )
    assert marketer.post(page, {"does": "drop"}).headers["location"] == PATH
    assert counter.get("/v1/segments/quiet").status_code == 404


def test_it_is_counted_while_it_is_filled_in(marketer: Browser) -> None:
    page = begun(marketer, "live")
    part = marketer.get(f"{page}/count?q0-asks=orders&q0-low=1").text
    assert "Nobody fits." in part
    assert "<html" not in part
    wrong = marketer.get(
        f"{page}/count?q0-asks=orders&q0-low=1&q1-asks=tier&q1-which=platinum"
    ).text
    assert "Question 2: there is no tier platinum" in wrong


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"q0-asks": "orders", "q0-low": "many"}, "Question 1"),
        ({"q0-asks": "spent", "q0-low": "5", "q0-high": "4"}, "Question 1"),
        ({}, "Ask at least one question"),
        ({"form": "text", "yaml": "if: [nothing"}, "line 2"),
        ({"form": "text", "yaml": "if: rich"}, "line 1"),
    ],
)
def test_what_is_wrong_stays_beside_what_was_typed(
    counter: Counter, marketer: Browser, typed: dict[str, str], says: str
) -> None:
    code = f"wrong-{len(str(typed))}"
    page = begun(marketer, code)
    answer = marketer.post(page, typed | {"does": "save"})
    assert answer.status_code == 422
    alert = re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)
    assert alert is not None
    assert says in alert[0]
    assert counter.get(f"/v1/segments/{code}").json()["segment"]["state"] == "draft"


def test_what_no_rows_can_say_is_written_as_text(counter: Counter, marketer: Browser) -> None:
    page = begun(marketer, "deep")
    text = (
        "if: any\nof:\n  - {if: all, of: [{if: orders, at_least: 2}, {if: visits, at_most: 9}]}\n"
    )
    assert marketer.post(page, {"does": "save", "form": "text", "yaml": text}).status_code == 303
    shown = marketer.get(page).text
    assert 'name="q0-asks"' not in shown
    assert "{if: all, of: [{if: orders, at_least: 2}" in shown
    twice = marketer.post(PATH, {"name": "Deep", "code": "deep", "kind": "rule"})
    assert (twice.status_code, "of this code already" in twice.text) == (422, True)


def test_a_list_says_how_many_are_on_it_and_asks_nothing(
    counter: Counter, marketer: Browser
) -> None:
    page = begun(marketer, "friends", kind="list")
    assert "A list with 0 members" in marketer.get(page).text
    support = Browser(counter)
    support.sign_in(somebody(counter, "support").email)
    assert "Begin a segment" not in support.get(PATH).text
    assert support.post(page, {"does": "drop"}).status_code == 403


def asked_of(page: str, at: int) -> set[str]:
    """Which fields a question of the form has."""
    return set(re.findall(rf'name="q{at}-(which|low|high|days)"', page))


def test_a_question_asks_only_what_it_needs(marketer: Browser) -> None:
    """Each row had all of "Which", "At least", "At most" and "Within days"."""
    page = begun(marketer, "needs")
    typed = {"name": "Needs", "q0-asks": "spent", "q1-asks": "tier", "q1-which": "gold",
             "q2-asks": "last_seen", "q2-low": "60", "q3-asks": "tag", "q3-which": "vip",
             "q4-asks": "points", "q5-asks": "answered", "does": "count"}  # fmt: skip
    shown = marketer.post(page, typed).text
    assert [asked_of(shown, at) for at in range(7)] == [
        {"which", "low", "high", "days"}, {"which"}, {"low", "high"}, {"which"},
        {"which", "low", "high"}, {"which", "low", "high"}, set()]  # fmt: skip
    assert re.search(r'<select[^>]* name="q1-which"', shown), "a tier is chosen, not spelled"
    assert '<option value="gold" selected>' in shown, "what was typed stays, also what is not known"
    assert '<option value="points"' in shown


def test_another_question_asks_for_its_own(marketer: Browser) -> None:
    page = begun(marketer, "other")
    part = marketer.get(f"{page}/question?at=1&q1-asks=contact&q1-which=vip&q1-low=3").text
    assert asked_of(part, 1) == {"which"}
    assert "<html" not in part
    assert "vip" not in part, "what was said to the question before means nothing to this one"
    assert asked_of(marketer.get(f"{page}/question?at=0&q0-asks=nonsense").text, 0) == set()
    assert marketer.get(f"{page}/question?at=99").status_code == 404
    assert marketer.get(f"{page}/question?at=%D9%A3").status_code == 404
    assert marketer.get(f"{PATH}/nowhere/question?at=0").status_code == 404


def test_tags_stores_and_segments_are_offered(counter: Counter, marketer: Browser) -> None:
    """They were typed as nobody could know them; what stands there already is not offered anew."""
    for code in ("loud", "loyal"):
        saved = {"name": code.title(), "q0-asks": "orders", "q0-low": "1", "does": "save"}
        marketer.post(begun(marketer, code), saved)
    page = begun(marketer, "offers")
    begun(marketer, "unfinished")

    def offers(asks: str, which: str = "") -> list[str]:
        typed = {"q0-asks": asks, "q0-which": which, "does": "count"}
        shown = re.search(
            r'<datalist id="q0-offers">(.*?)</datalist>', marketer.post(page, typed).text
        )
        return re.findall(r'value="([^"]*)"', shown[1]) if shown else []

    assert {"loud", "loyal"} <= set(offers("segment"))
    assert not {"offers", "unfinished"} & set(offers("segment")), "neither itself nor a draft"
    assert "loud, loyal" in offers("segment", "loud")
    assert "loud, loud" not in offers("segment", "loud")
    assert 'list="q0-offers"' in marketer.get(f"{page}/question?at=0&q0-asks=segment").text
    assert offers("spent") == sorted(
        one["code"] for one in counter.get("/v1/stores").json()["items"]
    )


def test_who_has_no_tiers_is_asked_for_none(counter: Counter, marketer: Browser) -> None:
    page = begun(marketer, "no-tiers")
    assert '<option value="points"' in marketer.get(page).text
    assert '<option value="tier"' not in marketer.get(page).text
    asked = marketer.post(page, {"q0-asks": "tier", "q0-which": "gold", "does": "count"}).text
    assert asked.count('<option value="tier"') == 1, "only the question that asks it already"


@pytest.mark.parametrize("typed", ["", "q0-asks=spent", "q0-asks=tag", "q0-asks=member&q0-which=a",
                                   "q0-asks=orders&q0-low=1&q1-asks=segment"])  # fmt: skip
def test_the_count_waits_while_a_question_is_half_filled_in(marketer: Browser, typed: str) -> None:
    """It said that something is missing to whoever was about to type it."""
    page = begun(marketer, f"half-{len(typed)}")
    part = marketer.get(f"{page}/count?{typed}").text
    assert "Counted as soon as every question is filled in." in part
    assert "wrong" not in part
    assert "fit at this moment" in marketer.get(f"{page}/count?q0-asks=last_seen").text


def test_new_questions_are_rows_and_whatever_uses_a_segment_stands_on_its_page(
    counter: Counter, marketer: Browser
) -> None:
    page = begun(marketer, "leaving")
    typed = {"name": "Leaving", "joint": "all", "q0-asks": "lapse", "q0-low": "601",
             "q1-asks": "did", "q1-which": "webinar", "q1-low": "2", "q1-days": "90"}  # fmt: skip
    assert marketer.post(page, typed | {"does": "save"}).status_code == 303
    read = counter.get("/v1/segments/leaving").json()
    assert read["condition"]["of"] == [
        {"if": "lapse", "at_least": 601},
        {"if": "did", "kind": "webinar", "at_least": 2, "within_days": 90},
    ]
    assert "within 90 days: at least 60.1 % and did webinar: at least 2" in read["segment"]["says"]
    shown = marketer.get(page).text
    assert ('value="webinar"' in shown, '<option value="purchase"' in shown) == (True, False)
    wrong = marketer.post(page, {"name": "L", "q0-asks": "club", "q0-which": "runners",
                                 "does": "save"})  # fmt: skip
    assert (wrong.status_code, "there is no club runners" in wrong.text) == (422, True)
    says = {"en": {"about": "Hi", "text": "Hi"}}
    sent = {"name": "Come back", "segment": "leaving", "channel": "email", "says": says}
    assert counter.ask("PUT", "/v1/campaigns/come-back", sent).is_success
    counter.ask("PUT", "/v1/segments/stands", {
        "name": "S", "condition": {"if": "segment", "in": ["leaving"]}})  # fmt: skip
    uses = counter.get("/v1/segments/leaving").json()["uses"]
    assert {kind: codes for kind, codes in uses.items() if codes} == {
        "segments": ["stands"], "campaigns": ["come-back"]}  # fmt: skip
    shown = marketer.get(page).text
    assert 'href="/console/campaigns/come-back">come-back</a>' in shown
    assert 'href="/console/segments/stands">stands</a>' in shown


def test_goods_that_rows_would_tear_apart_are_left_to_the_api() -> None:
    def bought(name: str) -> Any:
        return {"if": "category_bought", "in": [name], "at_least": 1}

    assert rows_of(bought("Tea loose"), ".") is not None
    assert [rows_of(bought(name), ".") for name in ("Tea, loose", " Tea")] == [None, None]
    condition, found = read(bought("T" * 200))
    assert (condition is not None, found) == (True, [])
    assert read(bought("T" * 201))[0] is None
