"""A draft is edited by forms: kept, refused at its fields, guarded against another tab, planned."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.terms.test_workshop import begun, source
from tests.surfaces.counter import Counter

DRAFTS = "/console/program/drafts"
PER = "award.per"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    return signed_in(counter)


def signed_in(counter: Counter) -> Browser:
    """An owner's browser, a while after the program began."""
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    counter.shop.now += timedelta(minutes=1)  # a draft follows on what began before it
    return browser


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the form of a part, as it stands."""
    form = page[page.index('class="stack gap-5 editor"') :].partition("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") != "checkbox" or " checked" in tag:
            found[told["name"]] = told.get("value", "")
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        first = re.search(r'value="([^"]*)"', inner)
        found[name] = (chosen or first)[1] if chosen or first else ""
    return found


def opened(browser: Browser, name: str, query: str) -> dict[str, Any]:
    return fields(browser.get(f"{DRAFTS}/{name}/edit?{query}").text)


def kept(browser: Browser, name: str, typed: dict[str, Any]) -> httpx.Response:
    return browser.post(f"{DRAFTS}/{name}/edit", {"do": "keep", **typed})


def act(browser: Browser, name: str, do: str, **told: Any) -> httpx.Response:
    return browser.post(f"{DRAFTS}/{name}/parts", {"do": do, **told})


def test_a_form_changes_its_own_characters_and_is_taken_back(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "forms")
    typed = opened(owner, "forms", "at=rules.point-per-euro")
    assert typed[PER] == "1.00"
    assert kept(owner, "forms", typed).status_code == 303
    assert source(counter, "forms") == text
    assert kept(owner, "forms", typed | {PER: "2.00"}).status_code == 303
    changed = text.replace('points: 1, per: "1.00"}', 'points: 1, per: "2.00"}')
    assert source(counter, "forms") == changed != text
    page = owner.get(f"{DRAFTS}/forms").text
    assert "1 Point for each €2.00" in page
    assert "Let the examples say what the draft gives" in page
    assert act(owner, "forms", "examples", revision=2).status_code == 303
    assert "points: 3, stamps: 2}" in source(counter, "forms")
    page = owner.get(f"{DRAFTS}/forms").text
    assert "/publish" in page
    assert "worse" in page
    assert act(owner, "forms", "back", revision=3).status_code == 303
    assert source(counter, "forms") == changed
    assert act(owner, "forms", "back", revision=3).status_code == 409
    assert act(owner, "forms", "back", revision=4).status_code == 303
    assert act(owner, "forms", "down", revision=5, at="rules.point-per-euro").status_code == 303
    moved = source(counter, "forms")
    assert moved.index("stamp-per-coffee") < moved.index("point-per-euro")
    assert act(owner, "forms", "remove", revision=6, at="rules.point-per-euro").status_code == 303
    assert "point-per-euro" not in source(counter, "forms")
    for do, at in (
        ("up", "rules.stamp-per-coffee"),
        ("remove", "wallets.points"),
        ("x", "rules.y"),
    ):
        assert act(owner, "forms", do, revision=7, at=at).status_code == 409


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "slips")
    typed = opened(owner, "slips", "at=rules.point-per-euro")
    for wrong, field in (
        ({PER: "much"}, "award.per-wrong"),
        ({PER: ""}, "award.per-wrong"),
        ({PER: "0"}, "award.per-wrong"),
        ({"wallet": "nobodys"}, "wallet-wrong"),
        ({"from_on": "2027-02-30"}, "from_on-wrong"),
        ({"award.points": "1" * 40}, "award.points-wrong"),
    ):
        answer = kept(owner, "slips", typed | wrong)
        assert answer.status_code == 422, (wrong, answer.status_code)
        assert f'id="{field}"' in answer.text
        value = next(iter(wrong.values()))
        assert not value or f'value="{value}"' in answer.text or "wallet" in wrong
    for odd in (
        {"when.n": "x"},
        {"limits.n": "9" * 9},
        {"award.give": "by_magic"},
        {"_at": "no.where"},
    ):
        assert kept(owner, "slips", typed | odd).status_code in (200, 303, 422), odd
    assert source(counter, "slips") == text
    assert kept(owner, "slips", typed | {"revision": "x"}).status_code == 400


def test_conditions_and_kinds_come_and_go_before_anything_is_kept(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "rows")
    typed = opened(owner, "rows", "add=per-amount")
    more = owner.post(f"{DRAFTS}/rows/edit", typed | {"do": "more:when", "when.more": "weekday"})
    assert more.status_code == 200
    typed = fields(more.text)
    assert typed["when.0.if"] == "weekday"
    assert source(counter, "rows") == text
    answer = kept(owner, "rows", typed | {"when.0.in": "sat", "award.points": "3"})
    assert answer.status_code == 303, answer.text
    rule = source(counter, "rows").partition("id: per-amount")[2].partition("rewards:")[0]
    assert "when: {if: weekday, in: [sat]}" in rule
    assert 'award: {give: per_amount, points: 3, per: "1.00"}' in rule
    typed = opened(owner, "rows", "at=rules.per-amount")
    for what, more in (("when", "not"), ("when.1.that", "channel"), ("when.1.that", "store")):
        typed |= {"do": f"more:{what}", f"{what}.more": more}
        typed = fields(owner.post(f"{DRAFTS}/rows/edit", typed).text)
    typed |= {"when.0.in": "sat", "when.1.that.0.in": "app", "when.1.that.1.in": ""}
    answer = kept(owner, "rows", typed)
    assert answer.status_code == 422
    assert 'id="when.1.that.1.in-wrong"' in answer.text
    typed |= {"when.1.that.1.in": "quay"}
    turned = fields(kept(owner, "rows", typed | {"when.1.if": "any"}).text)
    assert (turned["when.1.if"], turned["when.1.of.1.in"]) == ("any", "quay")
    assert kept(owner, "rows", typed).status_code == 303
    neither = "{if: not, that: {if: any, of: [{if: channel, in: [app]}, {if: store, in: [quay]}]}}"
    said = source(counter, "rows")
    assert f"when: {{if: all, of: [{{if: weekday, in: [sat]}}, {neither}]}}" in said
    assert "on Saturday and unless by app or in quay" in owner.get(f"{DRAFTS}/rows").text
    typed = opened(owner, "rows", "at=rules.per-amount")
    typed |= {"award.give": "multiply"}
    turned = kept(owner, "rows", typed)
    assert turned.status_code == 200
    assert "award.by" in fields(turned.text)
    game = opened(owner, "rows", "add=challenge") | {"name": "Five", "together.there": "yes"}
    assert 'href="#joins"' in kept(owner, "rows", game).text  # a team forms by who says so
    assert kept(owner, "rows", game | {"joins": "opt_in"}).status_code == 303
    assert "together: {}" in source(counter, "rows")
    assert "Five: 5 × purchase" in owner.get(f"{DRAFTS}/rows").text
    step = opened(owner, "rows", "add=tier") | {"name": "Gold", "at": "200"}
    assert kept(owner, "rows", step).status_code == 303
    assert "tiers: {steps: [{id: tier, at: 200, name: Gold}]}" in source(counter, "rows")
    step = opened(owner, "rows", "at=tiers.steps.tier") | {"at": "250"}
    assert kept(owner, "rows", step).status_code == 303
    assert "at: 250, name: Gold" in source(counter, "rows")


def test_two_forms_of_one_part_keep_what_both_people_typed(
    counter: Counter, owner: Browser
) -> None:
    begun(counter, owner, "tabs")
    mine = opened(owner, "tabs", "at=rules.point-per-euro")
    theirs = opened(owner, "tabs", "at=rewards.free-coffee")
    assert kept(owner, "tabs", theirs | {"price.points": "150"}).status_code == 303
    late = kept(owner, "tabs", mine | {PER: "3.00"})
    assert late.status_code == 409
    assert "3.00" not in source(counter, "tabs")
    typed = fields(late.text)
    assert (typed[PER], typed["revision"]) == ("3.00", "2")
    assert kept(owner, "tabs", typed).status_code == 303
    said = source(counter, "tabs")
    assert 'per: "3.00"' in said
    assert "price: {points: 150}" in said
    gone = act(owner, "tabs", "remove", revision=3, at="rules.point-per-euro")
    assert gone.status_code == 303
    answer = kept(owner, "tabs", typed | {PER: "4.00"})
    assert answer.status_code == 409
    assert "put into the draft as a new part" in answer.text
    assert "point-per-euro" not in source(counter, "tabs")
    typed = fields(answer.text)
    assert (typed[PER], typed["_at"], typed["_add"]) == ("4.00", "", "rules.point-per-euro")
    assert kept(owner, "tabs", typed).status_code == 303
    assert "id: point-per-euro" in (once := source(counter, "tabs"))
    assert 'per: "4.00"' in once
    assert kept(owner, "tabs", typed | {PER: "6.00"}).status_code == 409  # it is there again
    assert source(counter, "tabs") == once
    assert kept(owner, "tabs", typed | {"_add": "no.where"}).headers["location"].endswith("=gone")


def test_what_was_typed_outlives_a_file_that_cannot_be_read(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "torn")
    typed = opened(owner, "torn", "at=rules.point-per-euro")
    for revision in ("1", "2"):  # twice, so that the text before it cannot be read either
        sent = {"source": ": [" * int(revision), "revision": revision}
        assert owner.post(f"{DRAFTS}/torn", sent).status_code == 303
    answer = kept(owner, "torn", typed | {PER: "7.00"})
    assert (answer.status_code, "cannot be read as it is now" in answer.text) == (409, True)
    typed = fields(answer.text)
    assert typed[PER] == "7.00"
    again = kept(owner, "torn", typed)
    assert (again.status_code, fields(again.text)[PER]) == (409, "7.00")
    sent = {"source": text, "revision": "3"}
    assert owner.post(f"{DRAFTS}/torn", sent).status_code == 303
    typed = fields(kept(owner, "torn", typed).text)  # somebody changed the draft
    assert (typed[PER], typed["_at"]) == ("7.00", "rules.point-per-euro")
    assert kept(owner, "torn", typed).status_code == 303
    assert source(counter, "torn") == text.replace('per: "1.00"', 'per: "7.00"', 1)


def test_a_version_is_planned_for_a_day_and_taken_back_before_it_begins(
    counter: Counter, owner: Browser
) -> None:
    begun(counter, owner, "later")
    typed = opened(owner, "later", "at=rewards.free-coffee")
    assert kept(owner, "later", typed | {"price.points": "90"}).status_code == 303
    publish = f"{DRAFTS}/later/publish"
    for on, at in (("2020-01-01", "09:00"), ("x", ""), ("", "09:00"), ("2031-03-30", "02:30")):
        answer = owner.post(publish, {"revision": "2", "on": on, "at": at})
        assert answer.status_code == 409, (on, at)
        assert f'value="{on}"' in answer.text
    answer = owner.post(publish, {"revision": "2", "on": "2031-06-01", "at": "06:30"})
    assert answer.status_code == 303, answer.text
    sql = "select max(version), max(effective_from) from program_version where program_id = $1"
    ((number, begins),) = counter.shop.rows(sql)
    assert begins.isoformat() == "2031-06-01T04:30:00+00:00"
    page = owner.get("/console/program").text
    assert f"/versions/{number}/back" in page
    assert "1 Jun 2031, 06:30" in page
    assert owner.post(f"/console/program/versions/{number}/back", {"reason": ""}).status_code == 409
    back = owner.post(f"/console/program/versions/{number}/back", {"reason": "Too early"})
    assert back.status_code == 303
    page = owner.get("/console/program").text
    assert "/back" not in page
    assert "taken back" in page
    assert owner.post("/console/program/versions/x/back", {"reason": "y"}).status_code == 404


def test_whom_it_moves_is_named_and_the_file_is_shown_to_who_wants_it(
    counter: Counter, owner: Browser
) -> None:
    begun(counter, owner, "whom")
    for query in ("", "?what=wins", "?what=nonsense&after=x"):
        assert owner.get(f"{DRAFTS}/whom/people{query}").status_code == 200
    assert 'id="source"' not in owner.get(f"{DRAFTS}/whom").text
    told = {"full": "yes", "back": f"{DRAFTS}/whom"}
    assert owner.post("/console/me/view", told).headers["location"] == f"{DRAFTS}/whom"
    page = owner.get(f"{DRAFTS}/whom").text
    assert 'id="source"' in page
    assert "rules.point-per-euro" in page
    assert owner.post("/console/me/view", {"full": "", "back": "//elsewhere"}).status_code == 303
    assert 'id="source"' not in owner.get(f"{DRAFTS}/whom").text
    finance = Browser(counter)
    finance.sign_in(somebody(counter, "finance").email)
    page = finance.get(f"{DRAFTS}/whom").text
    assert "1 Point for each" in page
    for only_writers in ("/edit?", "/parts", "/publish", "/delete"):
        assert only_writers not in page
    for place in ("edit", "parts"):
        assert finance.post(f"{DRAFTS}/whom/{place}", {"do": "keep"}).status_code == 403


def test_other_currencies_are_a_table_that_comes_and_goes(counter: Counter, owner: Browser) -> None:
    text = begun(counter, owner, "rates")
    assert "edit?add=currencies" in owner.get(f"{DRAFTS}/rates").text
    typed = opened(owner, "rates", "add=currencies")
    assert "when.0.in_currency.n" not in opened(owner, "rates", "add=big-basket")
    assert kept(owner, "rates", typed).status_code == 422
    one = {"currencies.0.currency": "usd", "currencies.0.counts": "0.92"}
    assert kept(owner, "rates", typed | one).status_code == 303
    page = owner.get(f"{DRAFTS}/rates").text
    assert "1 USD: counted as 0.92 EUR" in page
    assert "edit?add=currencies" not in page
    assert "when.0.in_currency.n" in opened(owner, "rates", "add=big-basket")
    typed = opened(owner, "rates", "at=currencies")
    assert typed["currencies.0.currency"] == "USD"
    # What is wrong with the file there is said in the row.
    wrong = kept(owner, "rates", typed | {"currencies.0.currency": "dollars"})
    assert wrong.status_code == 422
    assert 'id="currencies.0.currency-wrong"' in wrong.text
    gone = kept(owner, "rates", typed | {"do": "less:currencies.0"})
    assert kept(owner, "rates", fields(gone.text)).status_code == 303
    assert source(counter, "rates") == text


def test_a_budget_is_added_changed_and_taken_out_by_its_form(
    counter: Counter, owner: Browser
) -> None:
    text = begun(counter, owner, "most")
    assert "edit?add=budget" in owner.get(f"{DRAFTS}/most").text
    typed = opened(owner, "most", "add=budget")
    assert (typed["per"], typed["of"], typed["on_exceed"]) == ("month", "everyone", "clip")
    assert kept(owner, "most", typed | {"points": "0"}).status_code == 422
    assert kept(owner, "most", typed | {"points": "12000"}).status_code == 303
    page = owner.get(f"{DRAFTS}/most").text
    assert "For all members together: at most 12,000 Points a month" in page
    at = next(iter(re.findall(r"edit\?at=(budgets\.[a-z0-9-]+)", page)))
    typed = opened(owner, "most", f"at={at}")
    assert kept(owner, "most", typed | {"of": "member", "per": "day"}).status_code == 303
    page = owner.get(f"{DRAFTS}/most").text
    assert "Whatever gives them: at most 12,000 Points a day" in page
    revision = typed["revision"]
    assert act(owner, "most", "remove", revision=int(revision) + 1, at=at).status_code == 303
    left = source(counter, "most")
    assert (left.startswith(text), "12000" in left) == (True, False)
