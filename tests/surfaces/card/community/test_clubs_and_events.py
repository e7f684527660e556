"""Clubs and events from all sides: the API, the console and the card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.surfaces.api.strict.ids import addressed


@pytest.fixture
def mia(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "manager").email)
    return browser


def clock(counter: Counter, **later: int) -> str:
    """An instant as a form of the console has it."""
    at = counter.shop.now + timedelta(**later)
    return at.astimezone(counter.shop.zone).strftime("%Y-%m-%dT%H:%M")


def planned(counter: Counter, mia: Browser, code: str, **more: str) -> None:
    form = {
        "code": code, "name": f"Evening {code}", "says_en": "Eight coffees.\n\nBring a <b>friend</b>.",
        "begins_at": clock(counter, minutes=20), "ends_at": clock(counter, hours=3),
        "capacity": "1", "at_place": "Roastery", **more,
    }  # fmt: skip
    done = mia.post("/console/gatherings", form)
    assert done.status_code == 303, done.text[-2000:]


def test_a_club_is_planned_joined_on_the_card_and_left(counter: Counter, mia: Browser) -> None:
    form = {"code": "runners", "name": "Runners", "says_en": "We run.", "joins": "open"}
    assert mia.post("/console/clubs", form).status_code == 303
    again = mia.post("/console/clubs", form)
    assert (again.status_code, "choose another" in again.text) == (422, True)
    ada, bea = (counter.joined(card) for card in ("R-1", "R-2"))
    pocket = Pocket(counter, ada)
    assert "Clubs and events" in pocket.get("/card/me").text
    assert "You may join" in pocket.get("/card/me/community").text
    joined = pocket.send("/card/me/clubs/runners", do="join", shows="yes", told_of="yes")
    assert joined.status_code == 303
    page = pocket.get("/card/me/clubs/runners").text
    assert "Leave the club" in page
    assert "Ada" not in page, "one does not meet oneself"
    other = Pocket(counter, bea)
    other.send("/card/me/clubs/runners", do="join", shows="yes")
    assert "New here" in pocket.get("/card/me/clubs/runners").text
    assert "New here" not in other.get("/card/me/clubs/runners").text, "who did not ask for it"
    shown = mia.get("/console/clubs/runners").text
    assert ada in shown
    assert "shown to the others" in shown
    told = counter.get("/v1/clubs/runners").json()
    assert (told["members"], told["shown"]) == (2, 2)
    assert pocket.send("/card/me/clubs/runners", do="leave").status_code == 303
    assert counter.get("/v1/clubs/runners").json()["members"] == 1


def test_who_was_not_asked_does_not_hear_of_a_club_by_invitation(
    counter: Counter, mia: Browser
) -> None:
    form = {"code": "cellar", "name": "Cellar", "says_en": "We taste.", "joins": "invited"}
    assert mia.post("/console/clubs", form).status_code == 303
    pocket = Pocket(counter, counter.joined("R-3"))
    assert "Cellar" not in pocket.get("/card/me/community").text
    assert pocket.get("/card/me/clubs/cellar").status_code == 404
    wrong = mia.post("/console/clubs/cellar/invitations", {"who": "nobody-has-it", "key": "a"})
    assert wrong.status_code == 422
    assert 'id="who-wrong"' in wrong.text
    asked = mia.post("/console/clubs/cellar/invitations", {"who": "R-3", "key": "b"})
    assert asked.status_code == 303, asked.text
    assert "You are invited" in pocket.get("/card/me/community").text
    assert pocket.send("/card/me/clubs/cellar", do="join").status_code == 303


def test_a_seat_is_taken_waited_for_and_shown_at_the_door(counter: Counter, mia: Browser) -> None:
    planned(counter, mia, "tasting")
    people = [counter.joined(card) for card in ("E-1", "E-2")]
    one, two = (Pocket(counter, who) for who in people)
    page = one.get("/card/me/events/tasting").text
    assert "Take a seat" in page
    assert "&lt;b&gt;friend&lt;/b&gt;" in page, "what is written is text and nothing else"
    one.send("/card/me/events/tasting", do="take")
    two.send("/card/me/events/tasting", do="take")
    assert "You have a seat." in one.get("/card/me/events/tasting").text
    assert "Your next event" in one.get("/card").text
    assert "The next one is yours" in two.get("/card/me/events/tasting").text
    assert two.get("/card/me/events/tasting/calendar.ics").status_code == 404
    entry = Calendar.from_ical(one.get("/card/me/events/tasting/calendar.ics").content)
    assert str(entry.walk("VEVENT")[0]["location"]) == "Roastery"
    planned(
        counter, mia, "later", begins_at=clock(counter, hours=30), ends_at=clock(counter, hours=31)
    )
    early = mia.post("/console/gatherings/later/seats", {"who": "E-1", "key": "c"})
    assert (early.status_code, "It is on another day" in early.text) == (422, True)
    assert one.send("/card/me/events/tasting", do="give_up").status_code == 303
    assert "You have a seat." in two.get("/card/me/events/tasting").text
    counter.shop.now += timedelta(minutes=20)
    code = square_of(counter, people[1])
    came = mia.post("/console/gatherings/tasting/seats", {"who": code, "key": "d", "does": "came"})
    assert came.status_code == 303, came.text
    used = mia.post("/console/gatherings/tasting/seats", {"who": code, "key": "e", "does": "came"})
    assert (used.status_code, "taken already" in used.text) == (422, True)
    (told,) = counter.get("/v1/gatherings/tasting/seats?state=held").json()["items"]
    assert (told["member_id"], told["came_at"] is None) == (people[1], False)
    recap = {"does": "recap", "recap_en": "It was full."}
    assert mia.post("/console/gatherings/tasting", recap).status_code == 303
    assert "It was full." in two.get("/card/me/events/tasting").text
    assert counter.get("/v1/gatherings/tasting").json()["came"] == 1
    belongs = counter.get(f"/v1/members/{people[1]}/community").json()
    assert [one["gathering"] for one in belongs["seats"]] == ["tasting"]


def square_of(counter: Counter, member: str) -> str:
    """What the square of a member's card says now."""
    holder = Holder(counter.shop.program_id, addressed("mem", member))
    return code_at(counter.given.keyed, holder, step_of(counter.shop.now))


def test_what_is_typed_wrong_is_said_at_its_field(counter: Counter, mia: Browser) -> None:
    form = {"code": "bad", "name": "Bad", "says_en": "x", "begins_at": "soon", "ends_at": "",
            "capacity": "many"}  # fmt: skip
    page = mia.post("/console/gatherings", form)
    assert page.status_code == 422
    assert page.text.count("This is no date with a time") >= 2
    assert "A whole number of seats" in page.text
    form |= {"begins_at": clock(counter, hours=9), "ends_at": clock(counter, hours=8),
             "capacity": "3"}  # fmt: skip
    page = mia.post("/console/gatherings", form)
    assert (page.status_code, 'id="ends_at-wrong"' in page.text) == (422, True)
    assert counter.get("/v1/gatherings/bad").status_code == 404


def test_an_event_that_was_called_off_is_seen_by_who_had_a_seat(
    counter: Counter, mia: Browser
) -> None:
    planned(counter, mia, "picnic")
    one, two = (Pocket(counter, counter.joined(card)) for card in ("P-1", "P-2"))
    one.send("/card/me/events/picnic", do="take")
    assert mia.post("/console/gatherings/picnic", {"does": "cancel"}).status_code == 303
    assert "It was called off." in one.get("/card/me/events/picnic").text
    assert two.get("/card/me/events/picnic").status_code == 404
    assert "called off" in mia.get("/console/gatherings").text


def test_over_the_api_the_same_is_said_by_codes(counter: Counter) -> None:
    sent: dict[str, Any] = {"name": "Gold", "says": {"en": "x"}, "joins": "tier"}
    assert problem(counter.ask("PUT", "/v1/clubs/gold", sent)) == (422, "invalid", "/tiers")
    counter.joined("A-9")
    who = {"member": {"card": "A-9"}}
    assert problem(counter.post("/v1/clubs/none/members", who)) == (404, "not_found", "/club")
    at = counter.shop.now + timedelta(hours=2)
    meet = {
        "name": "Later", "says": {"en": "x"}, "begins_at": at.isoformat(), "capacity": 5,
        "ends_at": (at + timedelta(hours=1)).isoformat(),
        "opens_at": (at - timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    for _ in range(2):  # and what is read may be sent back
        assert counter.ask("PUT", "/v1/gatherings/much-later", meet).status_code == 200
        read = counter.get("/v1/gatherings/much-later").json()
        meet |= {name: read[name] for name in ("club", "store", "at_place", "recap", "state")}
    no = counter.post("/v1/gatherings/much-later/seats", who)
    assert problem(no)[:2] == (409, "gathering_not_open")
    assert no.json()["facts"]["opens_at"].startswith(meet["opens_at"][:16])
    counter.shop.now += timedelta(hours=1)
    key = {"idempotency_key": "seat-1"}
    first, again = (counter.post("/v1/gatherings/much-later/seats", who, **key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_a_lesson_that_is_held_is_found_by_whoever_came_to_its_class(
    counter: Counter, mia: Browser
) -> None:
    form = {"code": "cupping", "name": "Cupping", "says_en": "Slurp.", "held": "held",
            "questions": "How hot?\n* 93\n- 50", "needed": "1"}  # fmt: skip
    assert mia.post("/console/lessons", form).status_code == 303
    page = mia.get("/console/lessons/cupping").text
    assert 'value="held" selected' in page
    assert "No event teaches it, so nobody can read it yet." in page
    planned(counter, mia, "monday", lesson="cupping", sort="class")
    assert 'href="/console/gatherings/monday"' in mia.get("/console/lessons/cupping").text
    told = counter.get("/v1/gatherings/monday").json()
    assert (told["lesson"], told["sort"]) == ("cupping", "class")
    pocket = Pocket(counter, counter.joined("H-1"))
    assert "Cupping" not in pocket.get("/card/me/community").text
    assert pocket.get("/card/me/lessons/cupping").status_code == 404
    answers = {"member": {"card": "H-1"}, "answers": [0]}
    no = counter.post("/v1/lessons/cupping/answers", answers)
    assert problem(no)[:2] == (409, "came_only")
    counter.post("/v1/gatherings/monday/arrivals", {"member": {"card": "H-1"}})
    assert 'href="/card/me/lessons/cupping"' in pocket.get("/card/me/events/monday").text
    done = pocket.send("/card/me/lessons/cupping", **{"answer-0": "0"})
    assert done.status_code == 303
    assert mia.post("/console/lessons/cupping", {"does": "close"}).status_code == 303
    kept = counter.get("/v1/lessons/cupping").json()
    assert (kept["passed"], kept["held"], kept["state"]) == (1, True, "closed")


def test_a_lesson_is_typed_read_and_passed_once(counter: Counter, mia: Browser) -> None:
    form = {
        "code": "filter", "name": "Filter coffee", "says_en": "Sixty grams for a litre.",
        "questions": "How much?\n- 20 g\n* 60 g\n\nHow hot?\n* 93 °C\n- 40 °C", "needed": "2",
    }  # fmt: skip
    bad = mia.post(
        "/console/lessons", form | {"questions": "How much?\n- 20 g\n- 60 g", "needed": "1"}
    )
    assert (bad.status_code, 'id="questions-wrong"' in bad.text) == (422, True)
    assert mia.post("/console/lessons", form).status_code == 303
    shown = mia.get("/console/lessons/filter").text
    assert "How much?\n- 20 g\n* 60 g" in shown
    pocket = Pocket(counter, counter.joined("L-1"))
    assert "Worth knowing" in pocket.get("/card/me/community").text
    page = pocket.get("/card/me/lessons/filter").text
    assert "How hot?" in page
    assert "right" not in page.partition("<form")[2], "what is right is told to nobody"
    short = pocket.send("/card/me/lessons/filter", **{"answer-0": "1"})
    assert (short.status_code, "Answer every question" in short.text) == (422, True)
    pocket.send("/card/me/lessons/filter", **{"answer-0": "0", "answer-1": "0"})
    page = pocket.get("/card/me/lessons/filter").text
    assert "1 right so far, 2 are needed." in page
    assert "Read it once more." in page
    counter.shop.now += timedelta(minutes=10)
    done = pocket.send("/card/me/lessons/filter", **{"answer-0": "1", "answer-1": "0"})
    assert done.status_code == 303
    assert "Passed on" in pocket.get("/card/me/lessons/filter").text
    told = counter.get("/v1/lessons/filter").json()
    assert (told["tried"], told["passed"]) == (1, 1)
    assert mia.post("/console/lessons/filter", {"does": "close"}).status_code == 303
    assert "Passed on" in pocket.get("/card/me/lessons/filter").text, "who passed may read it"
    other = Pocket(counter, counter.joined("L-2"))
    assert other.get("/card/me/lessons/filter").status_code == 404


def test_a_review_is_written_read_first_and_reported(counter: Counter, mia: Browser) -> None:
    one, two = (Pocket(counter, counter.joined(card)) for card in ("W-1", "W-2"))
    told = {"do": "write", "kind": "review", "about": "House blend", "rating": "2",
            "title": "Too dark", "text": "A <script>bit</script> less.\nPlease."}  # fmt: skip
    bad = one.send("/card/me/stories", **(told | {"rating": ""}))
    assert (bad.status_code, 'id="rating-wrong"' in bad.text) == (422, True)
    assert "Too dark" in bad.text, "what was typed is still there"
    assert one.send("/card/me/stories", **told).status_code == 303
    again = one.send("/card/me/stories", **told)
    assert (again.status_code, "reviewed already" in again.text) == (422, True)
    assert "Too dark" not in two.get("/card/me/stories").text, "nobody has read it yet"
    page = mia.get("/console/posts").text
    assert "&lt;script&gt;" in page
    assert "<script>bit" not in page
    (which,) = {part[:36] for part in page.split("/console/posts/")[1:]}
    no = mia.post(f"/console/posts/{which}", {"does": "refuse", "reason": ""})
    assert (no.status_code, "why it is refused" in no.text) == (422, True)
    assert mia.post(f"/console/posts/{which}", {"does": "publish"}).status_code == 303
    shown = two.get("/card/me/stories").text
    assert "Too dark" in shown
    assert "<script>bit" not in shown
    sent = two.send("/card/me/stories", do="report", post=which, why="It is rude")
    assert sent.status_code == 303
    assert "It is rude" in mia.get("/console/posts").text
    assert mia.post(
        f"/console/posts/{which}", {"does": "refuse", "reason": "offensive"}
    ).status_code == 303  # fmt: skip
    assert "Too dark" not in two.get("/card/me/stories").text
    assert "Not published" in one.get("/card/me/stories").text
    assert one.send("/card/me/stories", do="withdraw", post=which).status_code == 303
    told_of = counter.get("/v1/posts?state=withdrawn").json()["items"]
    assert [each["id"] for each in told_of] == [which]


def test_an_event_of_a_closed_club_stays_its_and_does_not_hide_what_is_next(
    counter: Counter, mia: Browser
) -> None:
    form = {"code": "shut", "name": "Shut club", "says_en": "We run.", "joins": "open"}
    assert mia.post("/console/clubs", form).status_code == 303
    for n in range(20):
        planned(counter, mia, f"shut-{n}", club="shut")
    planned(counter, mia, "for-all", begins_at=clock(counter, hours=1))
    pocket = Pocket(counter, counter.joined("S-1"))
    assert "Evening for-all" in pocket.get("/card/me/community").text
    assert mia.post("/console/clubs/shut", {"does": "close"}).status_code == 303
    page = mia.get("/console/gatherings/shut-1").text
    assert "Shut club" in page.split("<form", 1)[1]
    assert 'value="shut" selected' in page
    assert "Shut club" not in mia.get("/console/lessons").text
