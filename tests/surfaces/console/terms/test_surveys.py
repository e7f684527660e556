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
