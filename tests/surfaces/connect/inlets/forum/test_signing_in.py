"""Members sign in to a forum by their card: told as little as they agreed to, and nowhere else."""

from __future__ import annotations

import re
from base64 import b64encode
from urllib.parse import urlencode

import httpx
import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.connect.inlets.forum.discourse import Forum, mapping_of
from tests.surfaces.counter import Counter


@pytest.fixture(scope="module")
def forum(counter: Counter) -> Forum:
    return Forum(counter, "[tier, clubs]")


@pytest.fixture(scope="module")
def ada(counter: Counter) -> Pocket:
    return Pocket(counter, joined(counter, "ada"))


def joined(counter: Counter, name: str, email: bool = True) -> str:
    """A member with a name and an address."""
    names = [{"kind": "card", "value": f"forum-{name}"}]
    names += [{"kind": "email", "value": f"{name}@forum.example.org"}] if email else []
    told = {"identifiers": names, "given_name": name.title(), "family_name": "Byron"}
    answer = counter.post("/v1/members", told)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def door(forum: Forum) -> str:
    return f"/card/forum/{forum.made['id']}"


def comes(pocket: Pocket, forum: Forum, **asks: str) -> httpx.Response:
    """The forum sends a browser here."""
    return pocket.get(f"{door(forum)}?{urlencode(asks or forum.asks())}")


def way(page: httpx.Response) -> str:
    """Where a page leads on to the forum."""
    found = re.search(r'href="(https://forum[^"]+sso=[^"]+)"', page.text)
    assert found is not None, page.text
    return found[1].replace("&amp;", "&")


def agreed(pocket: Pocket, forum: Forum, **form: str) -> dict[str, str]:
    ticket = comes(pocket, forum).headers["location"]
    return forum.reads(way(pocket.send(ticket, **form)))


def test_a_member_agrees_once_and_is_known_by_a_pseudonym(forum: Forum, ada: Pocket) -> None:
    first = comes(ada, forum)
    assert first.status_code == 303, first.text
    page = ada.get(first.headers["location"])
    assert ("ada@forum.example.org" in page.text, "Tell it my name" in page.text) == (True, True)
    told = forum.reads(way(ada.send(first.headers["location"])))
    assert set(told) == {"nonce", "external_id", "email", "require_activation"}
    assert (told["email"], told["require_activation"]) == ("ada@forum.example.org", "true")
    assert re.fullmatch(r"[0-9a-f]{32}", told["external_id"]), "nothing of ours stands in it"
    again = comes(ada, forum)
    straight = forum.reads(again.headers["location"])
    assert (straight["external_id"], "name" in straight) == (told["external_id"], False)
    assert agreed_name(forum) == "Bea Byron"


def agreed_name(forum: Forum) -> str:
    bea = Pocket(forum.counter, joined(forum.counter, "bea"))
    return agreed(bea, forum, name="yes")["name"]


def test_who_is_not_signed_in_comes_back_to_the_question(forum: Forum, counter: Counter) -> None:
    nobody = Pocket(counter)
    to = comes(nobody, forum).headers["location"]
    assert to.startswith(f"/card/sign-in?to={door(forum)}/")
    cleo = Pocket(counter, joined(counter, "cleo"))
    told = forum.reads(way(cleo.send(to.partition("to=")[2])))
    assert told["email"] == "cleo@forum.example.org"


def test_a_question_is_answered_once_and_to_one(forum: Forum, counter: Counter) -> None:
    dan = Pocket(counter, joined(counter, "dan"))
    agreed(dan, forum)
    asks = forum.asks()
    assert comes(dan, forum, **asks).status_code == 303
    again = comes(dan, forum, **asks)
    assert (again.status_code, "used already" in again.text) == (403, True)
    eve = Pocket(counter, joined(counter, "evi"))
    ticket = comes(eve, forum, **asks).headers["location"]
    stolen = eve.send(ticket)
    assert (stolen.status_code, "used already" in stolen.text) == (422, True)
    assert "sso=" not in stolen.text
    shown = eve.get(door(forum)).text
    assert "nothing more" not in shown, "who was not answered agreed to nothing"


def test_nothing_but_what_the_forum_signed_is_answered_and_nowhere_else(
    forum: Forum, ada: Pocket
) -> None:
    good = forum.asks()
    for wrong in (
        good | {"sig": "0" * 64},
        good | {"sig": good["sig"].upper()},
        good | {"sig": ""},
        good | {"sso": good["sso"][:-4]},
        good | {"sso": b64encode(b"nonce=12345678").decode()},
        forum.asks(back="https://evil.example.org/session/sso_login"),
        forum.asks(back="https://forum.example.org.evil.org/session/sso_login"),
        forum.asks(back="https://forum.example.org@evil.org/session/sso_login"),
        forum.asks(back="https://forum.example.org/session/sso_login?to=evil"),
        forum.asks(back="http://forum.example.org/session/sso_login"),
        forum.asks(back="https://forum.example.org/"),
        forum.asks(nonce="short"),
        forum.asks(nonce="a b c d e f g h"),
        forum.asks(return_sso_url="https://evil.example.org/session/sso_login"),
    ):
        answer = comes(ada, forum, **wrong)
        assert (answer.status_code, "location" in answer.headers) == (403, False), wrong
    signed = "x" * 64
    odd = b64encode(b"\xff\xfe").decode()
    for sso in ("%%%", odd, ""):
        asked = {"sso": sso or "=", "sig": forum.sign(sso or "=")}
        assert comes(ada, forum, **asked).status_code == 403
    assert ada.get(f"{door(forum)}/{signed}.{signed}").status_code == 403
    assert ada.get(f"/card/forum/inl_{'0' * 32}?{urlencode(good)}").status_code == 404


def test_groups_are_ours_by_their_names_and_follow_tier_and_clubs(
    forum: Forum, counter: Counter
) -> None:
    club = {"name": "Runners", "says": {"en": "We run."}, "joins": "open"}
    assert counter.ask("PUT", "/v1/clubs/runners", club).status_code == 200
    flo = Pocket(counter, joined(counter, "flo"))
    before = agreed(flo, forum)
    assert "club-runners" in before["remove_groups"].split(",")
    flo.send("/card/me/clubs/runners", do="join")
    after = forum.reads(comes(flo, forum).headers["location"])
    assert after["add_groups"].split(",")[-1] == "club-runners"
    assert "club-runners" not in after.get("remove_groups", "").split(",")


def test_who_stops_is_asked_again_and_keeps_the_account(forum: Forum, counter: Counter) -> None:
    gus = Pocket(counter, joined(counter, "gus"))
    told = agreed(gus, forum)
    assert "Forum" in gus.get("/card/me/community").text
    assert gus.send(door(forum)).status_code == 303
    assert gus.post(door(forum), proof="").status_code == 403
    back = comes(gus, forum).headers["location"]
    assert back.startswith(door(forum)), "asked again"
    assert forum.reads(way(gus.send(back)))["external_id"] == told["external_id"]


def test_without_an_address_nothing_is_told(forum: Forum, counter: Counter) -> None:
    hal = Pocket(counter, joined(counter, "hal", email=False))
    ticket = comes(hal, forum).headers["location"]
    page = hal.get(ticket).text
    assert ("needs an e-mail address" in page, "sso=" in page) == (True, False)


def test_what_one_writes_after_signing_in_counts(forum: Forum, counter: Counter) -> None:
    ivy = Pocket(counter, joined(counter, "ivy"))
    told = agreed(ivy, forum)
    user = forum.user(told["external_id"])
    forum.tell("user_created", user=user)
    forum.tell("topic_created", topic=forum.topic(501, user["id"]))
    forum.book()
    kinds = forum.shop.rows(
        "select a.kind from activity a join identifier i using (program_id, member_id)"
        " where a.program_id = $1 and i.value = $2::text", "forum-ivy",
    )  # fmt: skip
    assert kinds == [("forum-topic",)]


def test_a_paused_forum_and_another_secret(counter: Counter, ada: Pocket) -> None:
    other = Forum(counter, address="https://forum2.example.org")
    old = other.asks()
    other.counter.post(f"{other.place}/secret", {"overlap_hours": 0})
    other.later(seconds=2)
    assert comes(ada, other, **old).status_code == 403
    other.counter.ask("PATCH", other.place, {"state": "paused"})
    assert ada.get(door(other)).status_code == 404
    assert "forum2" not in mapping_of()
