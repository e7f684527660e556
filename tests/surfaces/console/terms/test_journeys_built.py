"""A journey built in the console from nothing, step by step, by forms alone."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

PAGE = "/console/journeys/mine"
_GIVES = {"give": "bonus", "wallet": "points", "points": 50}
_OFFER = {"name": "Coffee", "gives": _GIVES, "says": {"en": "50 more"}, "days": 14}
_ASKS = {
    "name": "How was it",
    "kind": "nps",
    "asks": {"en": "Would you?"},
    "thanks": {"en": "Thanks"},
}


class Shown(HTMLParser):
    """What the form of a page holds, as a browser sends it when nothing is pressed but Save."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.form: dict[str, str] = {}
        self.chosen: set[str] = set()
        self._in = ""
        self.feed(page.partition("Change it</h2>")[2].partition("</form>")[0])
        self.form["order"] = page.partition('name="order" value="')[2].partition('"')[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in ("textarea", "select"):
            self._in = told["name"]
            self.form[self._in] = ""
        elif tag == "option" and ("selected" in told or self._in not in self.chosen):
            self.form[self._in] = told["value"]
            self.chosen.add(self._in)
        elif tag == "input" and told.get("name"):
            self.form[told["name"]] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self._in:
            self.form[self._in] += data.replace("\n", "\r\n")

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag in ("textarea", "select") else self._in


def test_a_marketer_builds_one_with_each_kind_of_step(counter: Counter) -> None:
    there = _marketer(counter)
    begun = there.post("/console/journeys", {
        "ready": "own", "name": "Mine", "code": "mine", "begins": "entered:buyers",
    })  # fmt: skip
    assert begun.headers["location"] == PAGE, begun.text[-800:]
    form = Shown(there.get(PAGE).text).form
    assert form["order"] == "end:stop"
    for kind in ("letter", "wait", "branch", "split", "offer", "task", "tell", "sms", "go"):
        shown = there.post(PAGE, form | {"adds": kind, "does": "add"})
        assert (shown.status_code, "This is not saved yet." in shown.text) == (200, True), kind
        assert f'id="at-{kind}" tabindex="-1" autofocus' in shown.text
        form = Shown(shown.text).form
    assert form["order"].endswith("sms:message,go:go,end:stop"), "one more stands before the end"
    assert counter.get("/v1/journeys/mine").json()["plan"]["steps"] == [_END], "nothing is kept"

    wrong = there.post(PAGE, form)
    assert wrong.status_code == 422
    assert 'id="letter-en-about-wrong"' in wrong.text, "said at its field"
    form |= {
        "begins": "activity:purchase", "ends-0": "event:tier.changed", "only_in": "buyers",
        "letter-en-about": "Hi", "letter-en-text": "Hi {{ survey.link }}", "letter-survey": "visit",
        "branch-segment": "buyers", "branch-otherwise": "sms", "split-percent": "30",
        "split-otherwise": "go", "offer-offer": "coffee", "task-en-task": "Call them",
        "tell-note": "hi", "sms-en-text": "Hi", "go-to": "end",
    }  # fmt: skip
    assert 'id="go-to-wrong"' in there.post(PAGE, form | {"go-to": ""}).text
    assert there.post(PAGE, form).status_code == 303
    kept = counter.get("/v1/journeys/mine").json()["plan"]
    assert kept["begins"] == {"on": "activity", "kind": "purchase"}
    assert kept["ends_on"] == [{"on": "event", "event": "tier.changed"}]
    assert (kept["only_in"], kept["held_percent"]) == ("buyers", 5)
    assert [_said(one) for one in kept["steps"]] == _BUILT

    form = Shown(there.get(PAGE).text).form
    assert there.post(PAGE, form).status_code == 303
    same = counter.get("/v1/journeys/mine").json()
    assert (same["plan"], same["journey"]["version"]) == (kept, 2), "as shown, so kept"
    for does in ("remove:sms", "up:task", "down:letter"):
        form = Shown(there.post(PAGE, form | {"does": does}).text).form
    assert there.post(PAGE, form | {"ends-0": "", "letter-channel": "inbox"}).status_code == 303
    moved = counter.get("/v1/journeys/mine").json()["plan"]
    assert [one["id"] for one in moved["steps"]] == [
        "wait", "letter", "branch", "split", "task", "offer", "tell", "go", "end",
    ]  # fmt: skip
    assert moved["steps"][2]["otherwise"] == "go", "the one behind the step that is gone"
    assert (moved["ends_on"], moved["steps"][1]["channel"]) == ([], "inbox")


def test_what_a_colleague_saved_meanwhile_is_not_dropped_unseen(counter: Counter) -> None:
    there = _marketer(counter)
    begin = {"ready": "own", "name": "Two", "code": "two", "begins": "joined"}
    there.post("/console/journeys", begin)
    page, api = "/console/journeys/two", "/v1/journeys/two"
    stale = Shown(there.get(page).text).form
    ways = [{"en": {"about": name, "text": name, "preview": "P"}} for name in "AB"]
    hello = {"does": "message", "id": "hello", "channel": "email", "says": ways[0],
             "variants": ways[1:]}  # fmt: skip
    plan = {"begins": {"on": "joined"}, "steps": [hello, _END]}
    assert counter.ask("PUT", api, {"name": "Two", "plan": plan}).is_success
    told = there.post(page, stale | {"name": "Mine"})
    assert (told.status_code, "Somebody else changed this" in told.text) == (422, True)
    assert 'value="Mine"' in told.text
    assert len(counter.get(api).json()["plan"]["steps"]) == 2

    form = Shown(there.get(page).text).form
    assert there.post(page, form | {"hello-channel": "inbox"}).status_code == 303
    (step, _) = counter.get(api).json()["plan"]["steps"]
    assert (step["channel"], step["variants"][0]["en"]["about"]) == ("inbox", "B")
    form = Shown(there.get(page).text).form
    form["order"] = ",".join(f"w{at}:wait" for at in range(50))
    full = there.post(page, form | {"adds": "wait", "does": "add"})
    assert (full.status_code, "A journey has 50 steps at most." in full.text) == (422, True)


def test_what_no_page_of_ours_sends_is_refused_at_its_place(counter: Counter) -> None:
    there = _marketer(counter)
    bad = {"ready": "own", "name": "Mine", "code": "bad", "begins": "dance:x"}
    refused = there.post("/console/journeys", bad)
    assert (refused.status_code, 'id="begins-wrong"' in refused.text) == (422, True)
    there.post("/console/journeys", bad | {"begins": "joined"})
    page = "/console/journeys/bad"
    for form, place in (
        ({"order": "end:stop,end:stop"}, "This is not what it must be"),
        ({"order": "a:dance"}, 'id="adds-wrong"'),
        ({"order": "end:stop", "ends-0": "event:none"}, 'id="ends-0-wrong"'),
        ({"order": "end:stop", "only_in": "none"}, 'id="only_in-wrong"'),
    ):
        refused = there.post(page, {"name": "Mine", "held": "5", **form})
        assert refused.status_code == 422, form
        assert place in refused.text or "Another step has this name" in refused.text, form
    assert counter.get("/v1/journeys/bad").json()["journey"]["version"] == 1


def _marketer(counter: Counter) -> Browser:
    condition = {"if": "orders", "at_least": 1}
    counter.ask("PUT", "/v1/segments/buyers", {"name": "Buyers", "condition": condition})
    assert counter.ask("PUT", "/v1/offers/coffee", _OFFER).is_success
    counter.post("/v1/offers/coffee/open", {"version": 1})
    assert counter.ask("PUT", "/v1/surveys/visit", _ASKS).is_success
    one = Browser(counter)
    one.sign_in(somebody(counter, "marketer").email)
    return one


_END = {"does": "stop", "id": "end"}
_BUILT = [
    ("letter", "email", "visit", "Hi"), ("wait", 1), ("branch", "buyers", "sms"),
    ("split", 30, "go"), ("offer", "coffee"), ("task", "Call them"), ("tell", "hi"),
    ("sms", "sms", "", ""), ("go", "end"), ("end",),
]  # fmt: skip


def _said(step: dict[str, Any]) -> tuple[Any, ...]:
    """A step by its name and what was typed into it."""
    said = step.get("says", {}).get("en")
    names = {
        "message": ("channel", "survey"), "wait": ("days",), "branch": ("segment", "otherwise"),
        "split": ("percent", "otherwise"), "offer": ("offer",), "tell": ("note",), "go": ("to",),
    }  # fmt: skip
    typed = [step.get(name, "") for name in names.get(step["does"], ())]
    if step["does"] == "message":
        typed.append(said.get("about", ""))
    return (step["id"], *typed, *([said] if step["does"] == "task" else []))
