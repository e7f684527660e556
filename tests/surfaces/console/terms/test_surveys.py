"""Surveys in the console: begun with our words, a score with its bounds, and whom to look after."""

from __future__ import annotations

import re

from tests.surfaces.card.test_surveys import invited, says
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter


def test_a_survey_is_begun_answered_and_looked_after(counter: Counter) -> None:
    mia = Browser(counter)
    mia.sign_in(somebody(counter, "manager").email)
    form = {"name": "After a visit", "code": "visit", "kind": "nps"}
    assert mia.post("/console/surveys", form).status_code == 303
    again = mia.post("/console/surveys", form)
    assert (again.status_code, "choose another" in again.text) == (422, True)
    kept = counter.get("/v1/surveys/visit").json()["survey"]
    assert set(kept["asks"]) == {"en", "de", "tr", "ar"}
    assert len(set(kept["asks"].values())) == 4, "each in its own words"
    for score in (2, 9, 10):
        done = says(counter, invited(counter, survey="visit")["link"], score)
        assert done.status_code == 200, done.text[-300:]
    page = mia.get("/console/surveys/visit").text
    assert "may as well lie between" in page
    assert "Somebody should look after them" in page
    assert "To the member" not in page, "the name stands there"
    assert "Ask them to bring a friend" in page
    taken = re.findall(r'name="answer" value="(inv_[0-9a-f]{32})"', page)[0]
    assert (
        mia.post("/console/surveys/visit/answers", {"answer": taken, "does": "take"}).status_code
        == 303
    )
    assert "Taken on by" in mia.get("/console/surveys/visit").text
    members = set(re.findall(r'href="(/console/members/mem_[0-9a-f]{32})"', page))
    assert all("What they said" in mia.get(one).text for one in members)
    (which,) = set(re.findall(r'name="answer" value="(inv_[0-9a-f]{32})"', page))
    ended = {"answer": which, "does": "end", "outcome": "solved", "note": "Called"}
    assert mia.post("/console/surveys/visit/answers", ended).status_code == 303
    page = mia.get("/console/surveys/visit").text
    assert "Somebody should look after them" not in page
    assert "Called" in page
    assert mia.post("/console/surveys/visit", {"does": "close"}).status_code == 303
    assert counter.get("/v1/surveys/visit").json()["survey"]["state"] == "closed"


ROW = {"q0-id": "low", "q0-from": "0", "q0-to": "6", "q0-asks-en": "What broke?"}
WRITTEN = ROW | {
    "does": "write", "name": "After", "asks-en": "Would you?", "asks-de": "Würdest du?",
    "thanks-en": "Thanks.", "q1-id": "", "q1-asks-en": "Which one?", "q1-asks-de": "Welcher?",
    "q1-choices-en": "Red\n\nBlue", "q1-choices-de": "Rot\n\nBlau",
    "review_url": "https://reviews.test/us", "review_site": "Reviews",
}  # fmt: skip


def test_questions_are_written_by_branch_and_language_and_read_as_a_member_does(
    counter: Counter,
) -> None:
    mia, ann = Browser(counter), Browser(counter)
    mia.sign_in(somebody(counter, "marketer").email)
    ann.sign_in(somebody(counter, "auditor").email)
    mia.post("/console/surveys", {"name": "After", "code": "written", "kind": "nps"})
    page = "/console/surveys/written"
    assert mia.post(page, WRITTEN).status_code == 303
    kept = counter.get("/v1/surveys/written").json()["survey"]
    assert kept["asks"] == {"en": "Would you?", "de": "Würdest du?"}
    assert (kept["review_url"], kept["review_site"]) == ("https://reviews.test/us", "Reviews")
    assert 'href="/console/campaigns?survey=written#begin"' in mia.get(page).text
    assert [(one["id"], one.get("from_score"), one.get("to_score")) for one in kept["questions"]] == [
        ("low", 0, 6), ("q1", None, None),
    ]  # fmt: skip
    assert kept["questions"][1]["choices"] == {
        "c1": {"en": "Red", "de": "Rot"}, "c3": {"en": "Blue", "de": "Blau"},
    }  # fmt: skip
    read = ann.get(f"{page}?in=de&score=9").text
    assert "Würdest du?" in read
    assert "Welcher?" in read
    assert "Blau" in read
    assert "What broke?" not in read, "nobody asks that of a 9"
    assert "What broke?" in ann.get(f"{page}?in=de&score=3").text, "not written in German"
    assert 'name="asks-en"' not in read, "an auditor writes nothing"
    assert ann.post(page, WRITTEN).status_code == 403
    # Kept again as the page shows it, nothing changes: choices keep their short names.
    assert mia.post(page, WRITTEN | {"q1-id": "q1", "q1-choices-en": "Red\nBlue",
                                     "q1-choices-de": "Rot\nBlau"}).status_code == 303  # fmt: skip
    again = counter.get("/v1/surveys/written").json()["survey"]
    assert (again["questions"], again["version"]) == (kept["questions"], kept["version"])


def test_what_is_wrong_with_a_question_is_said_beside_it_and_nothing_is_kept(
    counter: Counter,
) -> None:
    mia = Browser(counter)
    mia.sign_in(somebody(counter, "marketer").email)
    mia.post("/console/surveys", {"name": "Wrong", "code": "wrongly", "kind": "csat"})
    page, before = "/console/surveys/wrongly", counter.get("/v1/surveys/wrongly").json()
    for typed, field in (
        ({"q0-from": "4", "q0-to": "9"}, "q0-from"),
        ({"q0-to": "2", "q0-asks-en": "", "q0-asks-de": "Was?"}, "q0-asks-en"),
        ({"asks-en": ""}, "asks-en"),
        ({"q0-to": "2", "thanks-en": "x" * 301}, "thanks-en"),
        ({"q0-to": "2", "q1-choices-en": ""}, "q1-choices-en"),
        ({"name": " "}, "name"),
        ({"q0-to": "2", "review_url": "reviews.test"}, "review_url"),
        ({"q0-to": "2", "review_site": ""}, "review_site"),
    ):
        answer = mia.post(page, WRITTEN | {"q0-from": "1"} | typed)
        assert answer.status_code == 422, typed
        told = re.search(rf'<(?:input|textarea)[^>]* name="{field}"[^>]*>', answer.text)
        assert told is not None, field
        assert 'aria-invalid="true"' in told[0], (field, told[0])
    assert counter.get("/v1/surveys/wrongly").json() == before


def test_a_campaign_that_asks_is_begun_from_its_survey(counter: Counter) -> None:
    mia, chosen = Browser(counter), 'value="segment-asked" selected'
    mia.sign_in(somebody(counter, "marketer").email)
    mia.post("/console/surveys", {"name": "Asked", "code": "segment-asked", "kind": "nps"})
    condition = {"if": "orders", "at_least": 0}
    counter.ask("PUT", "/v1/segments/asked", {"name": "Asked", "condition": condition})
    assert chosen not in mia.get("/console/campaigns").text
    assert chosen in mia.get("/console/campaigns?survey=segment-asked").text
    form = {"name": "Ask", "code": "ask", "segment": "asked", "channel": "email"}
    wrong = mia.post("/console/campaigns", form | {"survey": "none"})
    assert (wrong.status_code, 'id="survey-wrong"' in wrong.text) == (422, True)
    page = "/console/campaigns/ask"
    begun = mia.post("/console/campaigns", form | {"survey": "segment-asked"})
    assert begun.headers["location"] == page, begun.text[-400:]
    kept = counter.get("/v1/campaigns/ask").json()
    assert (kept["survey"], "survey.link" in kept["says"]["en"]["text"]) == ("segment-asked", True)
    assert chosen in mia.get(page).text
    written = {"name": "Ask", "segment": "asked", "en-about": "Hi", "en-text": "Hi", "survey": ""}
    assert mia.post(page, written).status_code == 303
    assert counter.get("/v1/campaigns/ask").json()["survey"] == ""
