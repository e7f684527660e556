"""A member's own matters: said once, kept, taken along, deleted; each slip under its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from tests.makers import Made, Shop
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.test_showing import words
from tests.surfaces.counter import Counter, buys

PAGES = ("", "/profile", "/benefits", "/challenges", "/choices", "/friends", "/payouts",
         "/messages", "/inbox", "/community", "/stories", "/data", "/delete")  # fmt: skip


@pytest.fixture(scope="module")
def club(database: Made) -> Iterator[Counter]:
    """A shop whose program has one of everything."""
    text = Path(__file__).with_name("everything.yaml").read_text("utf-8")
    opened = Counter(Shop.open(database, text))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ada(club: Counter) -> Pocket:
    who = club.joined("A-1")
    club.post("/v1/activities", buys("A-1", 12000, store="main"))
    return Pocket(club, who)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_whole_and_only_for_who_is_in(club: Counter, ada: Pocket, page: str) -> None:
    assert club.get(f"/card/me{page}", key="").status_code == 303
    answer = ada.get(f"/card/me{page}")
    assert answer.status_code == 200, answer.text
    assert answer.text.count("<h1") == 1
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))


def test_points_are_worth_what_they_pay(ada: Pocket) -> None:
    text = words(ada.get("/card").text)
    assert "120 Points Worth €1.20" in text
    assert "€120.00 of €500.00 to Gold" in text
    assert "Free water" in text


def test_a_birthday_is_said_once(ada: Pocket, club: Counter) -> None:
    page = "/card/me/profile"
    told = {"given_name": "Ada", "family_name": "King", "locale": "tr"}
    slip = ada.send(page, birthday="2990-01-01", **told)
    assert (slip.status_code, 'id="birthday-wrong"' in slip.text) == (422, True)
    assert 'value="King"' in slip.text
    assert ada.send(page, birthday="1815-12-10", **told).status_code == 303
    ada.send(page, birthday="1999-09-09", **told)
    text = ada.get(f"{page}?lang=en").text
    assert "1815-12-10" in text
    assert "1999" not in text
    ada.cookies.pop("lang")
    assert '<html lang="tr"' in ada.get("/card").text
    ada.send(page, **{**told, "locale": "en"})


def test_a_member_says_whether_others_may_ask_them_and_takes_it_back(club: Counter) -> None:
    who = club.joined("A-9")
    pocket, page = Pocket(club, who), "/card/me/messages"

    def agrees() -> bool:
        return bool(club.get(f"/v1/members/{who}/references").json()["agrees"])

    assert "Speaking with others about us" not in pocket.get(page).text, "this shop asks nobody"
    club.ask("POST", "/v1/reference-requests", {"prospect": "Hotel Sun", "wants": {}})
    assert "Yes, you may ask me" in pocket.get(page).text
    pocket.send(f"{page}/references", page, agrees="perhaps")
    assert not agrees()
    assert pocket.send(f"{page}/references", page, agrees="yes").status_code == 303
    assert agrees()
    assert "Do not ask me any more" in pocket.get(page).text
    assert pocket.send(f"{page}/references", page, agrees="no").status_code == 303
    assert not agrees()


def test_every_word_about_a_channel_stays_in_the_log(ada: Pocket) -> None:
    page = "/card/me/messages"
    ada.send(page, inbox="yes", earned="off", redeemed="any", notice="email")
    ada.counter.shop.now = ada.counter.shop.now.replace(minute=59)
    ada.send(page, earned="off", redeemed="any", notice="nonsense")
    text = words(ada.get(page).text)
    assert re.search(r"in this card: taken back .* in this card: agreed", text), text
    assert "By text message: " not in text


def test_what_lies_in_the_card_is_new_until_it_was_looked_at(ada: Pocket, club: Counter) -> None:
    club.shop.rows(
        """insert into card_letter
           select $1, member_id, gen_random_uuid(), gen_random_uuid(), 'ar', 'مرحبًا',
                  'سطر' || E'\\n<b>', $2::timestamptz, null
             from identifier where program_id = $1 and value = 'A-1'""",
        club.shop.now,
    )
    assert "1 new message for you" in ada.get("/card?lang=en").text
    first = ada.get("/card/me/inbox").text
    assert ('lang="ar" dir="rtl"' in first, "· <span" in first) == (True, True)
    assert "&lt;b&gt;" in first
    assert "· <span" not in ada.get("/card/me/inbox").text
    assert "new message" not in ada.get("/card").text
    (kept,) = club.shop.rows("select member_id, read_at from card_letter where program_id = $1")
    (told,) = club.get(f"/v1/members/mem_{kept[0].hex}/letters").json()["items"]
    assert (told["language"], told["opened_at"] is not None) == ("ar", True)


def test_a_friend_joins_by_the_link_and_is_seen_without_a_name(ada: Pocket, club: Counter) -> None:
    page = "/card/me/friends"
    ada.send(page)
    link = re.search(r'data-copy="http://shop.test(/join\?friend=\w+)"', ada.get(page).text)
    assert link is not None
    assert "You get 50 Points and your friend 20 Points" in ada.get(page).text
    friend = Pocket(club)
    code = link[1].rpartition("=")[2]
    told = {"given_name": "Grace", "address": "grace@example.org", "terms": "yes"}
    assert friend.send("/join", link[1], friend="WRONG", **told).status_code == 422
    assert friend.send("/join", link[1], friend=code, **told).status_code == 303
    seen = ada.get(page).text
    assert "Joined, has not bought yet" in seen
    assert "Grace" not in seen
    assert "Joined" not in friend.get(page).text


def test_a_challenge_is_entered_and_a_cause_is_chosen(ada: Pocket) -> None:
    ada.send("/card/me/challenges", challenge="five")
    assert "0 of 5" in ada.get("/card/me/challenges").text
    assert ada.send("/card/me/choices", word="cause", option="oak").status_code == 303
    chosen = ada.get("/card/me/choices").text
    assert re.search(r'value="oak" checked', chosen)
    assert "Chosen" in chosen
    refused = ada.post("/card/me/choices", word="cause", option="rock", proof=proof(ada))
    assert refused.headers["location"].endswith("done=no")


def test_an_appointment_is_cancelled_by_whose_it_is_and_in_time(ada: Pocket, club: Counter) -> None:
    page = "/card/me/benefits"
    times = club.get("/v1/benefits/stylist/slots?on=2026-03-09").json()["items"]
    soon = club.get("/v1/benefits/stylist/slots?on=2026-03-03").json()["items"]
    wish = {"member": {"card": "A-1"}, "benefit": "stylist", "guests": [{"name": "Nil"}]}
    done = club.post("/v1/benefit-uses", wish | {"from_at": times[0]["from_at"]}).json()
    club.post("/v1/benefit-uses", wish | {"from_at": soon[0]["from_at"]})
    text = ada.get(page).text
    assert "An hour with a stylist +1" in words(text)
    assert text.count("Move or cancel") == 1, "the other one begins too soon"
    mine = f"/card/me/appointments/{done['id']}"
    assert mine in text
    other = Pocket(club, club.joined("A-2"))
    assert other.post(mine, do="cancel", proof=proof(other)).status_code == 404
    assert club.get("/v1/benefits/stylist/slots?on=2026-03-09").json()["items"][0]["left"] == 0
    assert ada.send(mine, do="cancel").headers["location"].endswith("done=yes")
    assert "Cancelled." in ada.get(f"{page}?done=yes").text
    assert club.get("/v1/benefits/stylist/slots?on=2026-03-09").json()["items"][0]["left"] == 2
    kept = club.get(f"/v1/members/{done['member_id']}/benefit-uses").json()["items"]
    assert [one["state"] for one in kept] == ["used", "undone"]


def booked(club: Counter, card: str, on: str, place: int = 0) -> str:
    """An hour with the stylist; its id."""
    times = club.get(f"/v1/benefits/stylist/slots?on={on}").json()["items"]
    wish = {"member": {"card": card}, "benefit": "stylist", "from_at": times[place]["from_at"]}
    return str(club.post("/v1/benefit-uses", wish).json()["id"])


def test_the_next_appointment_is_on_the_card_and_in_a_calendar(club: Counter) -> None:
    one = Pocket(club, club.joined("K-1"))
    assert "Your next appointment" not in one.get("/card").text
    later, next_ = booked(club, "K-1", "2026-03-12"), booked(club, "K-1", "2026-03-10")
    text = one.get("/card").text
    assert text.count("An hour with a stylist") == 1
    assert f"/card/me/appointments/{next_}" in text
    assert later not in text
    entry = one.get(f"/card/me/appointments/{next_}/calendar.ics")
    assert entry.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(entry.content).walk("VEVENT")
    assert event["uid"] == f"{next_}@everything.regulars"
    assert (event.start.isoformat(), event.end.isoformat()) == (
        "2026-03-10T09:00:00+00:00", "2026-03-10T10:00:00+00:00",
    )  # fmt: skip
    assert b"\r\n" in entry.content
    assert event["sequence"] == 0
    other = Pocket(club, club.joined("K-2"))
    for path in ("", "/calendar.ics"):
        assert other.get(f"/card/me/appointments/{next_}{path}").status_code == 404
        assert club.get(f"/card/me/appointments/{next_}{path}", key="").status_code == 303
    assert other.get("/card/me/appointments/nothing").status_code == 404


def test_it_is_moved_in_time_and_stays_the_same_entry(club: Counter) -> None:
    one = Pocket(club, club.joined("V-1"))
    use = booked(club, "V-1", "2026-03-16")
    page = f"/card/me/appointments/{use}"
    seen = one.get(f"{page}?on=2026-03-17").text
    times = re.findall(r'name="time" value="([^"]+)"', seen)
    assert len(times) == 14
    slip = one.send(page, do="move", time="soon")
    assert (slip.status_code, "Choose a time" in slip.text) == (422, True)
    taken = one.send(page, do="move", time="2026-03-17T10:30:00+00:00")
    assert (taken.status_code, 'role="alert"' in taken.text) == (422, True)
    done = one.send(page, do="move", time=times[0])
    to = done.headers["location"].removesuffix("?done=moved")
    assert (done.status_code, to != page) == (303, True)
    assert one.get(page).status_code == 404
    (event,) = Calendar.from_ical(one.get(f"{to}/calendar.ics").content).walk("VEVENT")
    assert (event["uid"], event["sequence"]) == (f"{use}@everything.regulars", 1)
    assert event.start.isoformat() == times[0]
    stranger = Pocket(club, club.joined("V-2"))
    no = stranger.post(to, do="cancel", proof=proof(stranger))
    assert no.status_code == 404
    assert one.send(to, do="cancel").headers["location"].endswith("done=yes")
    assert "Your next appointment" not in one.get("/card").text


def test_too_late_it_is_neither_moved_nor_cancelled(club: Counter) -> None:
    one = Pocket(club, club.joined("L-1"))
    use = booked(club, "L-1", "2026-03-03", 1)
    page = f"/card/me/appointments/{use}"
    seen = one.get(page).text
    assert "The time to move or cancel it is over" in seen
    assert 'name="do"' not in seen
    for wish in ({"do": "cancel"}, {"do": "move", "time": "2026-03-17T09:00:00+00:00"}):
        no = one.post(page, proof=proof(one), **wish)
        assert (no.status_code, 'role="alert"' in no.text) == (422, True), wish
    assert "Your next appointment" in one.get("/card").text


def test_what_waits_for_a_birthday_says_its_days_or_asks_for_it(club: Counter) -> None:
    one = Pocket(club, club.joined("B-1"))
    asked = one.get("/card/me/benefits").text
    assert 'href="/card/me/profile">Tell us your birthday, and this is yours around it' in asked
    told = {"given_name": "Bea", "family_name": "", "locale": "en"}
    assert one.send("/card/me/profile", birthday="1990-12-31", **told).status_code == 303
    seen = words(one.get("/card/me/benefits").text)
    assert re.search(r"From 29 Dec 2026 to 2 Jan 2027, around", seen), seen[300:900]
    assert "A cookie, around your birthday (2 days before to 2 days after)" in seen


def test_benefits_say_how_many_are_left(ada: Pocket) -> None:
    assert re.search(r"A piece of cake.*2 left", words(ada.get("/card/me/benefits").text))


def test_an_account_is_checked_kept_masked_and_forgotten(ada: Pocket) -> None:
    page = "/card/me/payouts"
    slip = ada.send(page, holder="Ada King", iban="DE00 1234")
    assert (slip.status_code, 'id="iban-wrong"' in slip.text) == (422, True)
    assert 'value="DE00 1234"' in slip.text
    assert ada.send(page, holder="Ada King", iban="DE89 3704 0044 0532 0130 00").status_code == 303
    shown = ada.get(page).text
    # Codes of forms are random, and may have any digits.
    assert "3704" not in re.sub(r'value="[0-9a-f]{40}"', "", shown)
    assert "3000" in shown
    ada.send(page, drop="yes")
    assert "3000" not in ada.get(page).text


def test_everything_kept_is_a_file_of_ones_own(ada: Pocket, club: Counter) -> None:
    answer = ada.get("/card/me/data/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="my-card.json"'
    assert answer.json()["holds"]["identifiers"][0]["value"] == "A-1"
    assert club.get("/card/me/data/file", key="").status_code == 303


def test_deleting_names_what_goes_and_is_done_only_when_sure(club: Counter) -> None:
    who = club.joined("GONE-1")
    club.post("/v1/activities", buys("GONE-1", 3300))
    pocket = Pocket(club, who)
    text = words(pocket.get("/card/me/delete").text)
    for named in ("Ada", "GONE-1", "33 Points", "Your tier: Silver"):
        assert named in text, text
    slip = pocket.send("/card/me/delete")
    assert '<bdi class="break">Ada</bdi>, <bdi' in slip.text, "no gap before the comma"
    assert (slip.status_code, pocket.get("/card").status_code) == (422, 200)
    done = pocket.send("/card/me/delete", sure="yes")
    assert (done.status_code, done.headers["location"]) == (303, "/card/gone")
    assert pocket.get("/card").status_code == 303
    assert pocket.get("/card/gone").status_code == 200
    assert club.get(f"/v1/members/{who}").json()["given_name"] == ""


def proof(pocket: Pocket) -> str:
    found = re.search(r'name="proof" value="(\w+)"', pocket.get("/card/me").text)
    assert found is not None
    return found[1]
