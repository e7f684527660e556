"""Nobody is written to at an address that was never proved to be theirs: they are asked there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.counter import Counter

from regulars.base.faults import Fault, NotFound
from regulars.flows.telling.settle_deliveries import forget_settled
from regulars.records.access.members.spelling import code_of
from regulars.records.program.templates import load_template
from regulars.surfaces.card.desk import Desk

PAGE = "/card/me/messages"
_GIVEN = """
select channel, source from consent c where program_id = $1 and member_id = $2::uuid
   and state = 'given' order by channel
"""
_QUESTIONS = """
select code_id, about from sign_in_code where program_id = $1 and member_id = $2::uuid
   and purpose = 'consent' order by recorded_at, code_id
"""


@pytest.fixture(scope="module")
def post(counter: Counter) -> Iterator[Counter]:
    """The same shop, where letters and text messages can be sent."""
    other = Counter(counter.shop, channels=frozenset({"email", "sms"}))
    yield other
    counter.shop.run(other.client.aclose())


def member(counter: Counter, nth: int) -> UUID:
    names = [
        {"kind": "email", "value": f"asked-{nth}@example.org"},
        {"kind": "phone", "value": f"+49 151 7654{nth:04}"},
    ]
    body = {"identifiers": names, "given_name": "Ada"}
    return UUID(counter.post("/v1/members", body).json()["id"][4:])


def inside(counter: Counter, nth: int, agrees: str = "", leads: str = "/card") -> Pocket:
    """Somebody who came in by the digits of a letter."""
    pocket = Pocket(counter)
    where = pocket.send("/card/sign-in", address=f"asked-{nth}@example.org").headers["location"]
    found = re.search("id=([0-9a-f]{32})", where)
    assert found is not None
    digits = code_of(counter.given.keyed, UUID(found[1]))
    told = {"id": found[1], "code": digits, "agrees": agrees}
    answer = pocket.send("/card/sign-in/code", where, **told)
    assert (answer.status_code, answer.headers["location"]) == (303, leads)
    return pocket


def rows(counter: Counter, sql: str, who: UUID) -> list[tuple[Any, ...]]:
    return counter.shop.rows(sql, str(who))


def test_only_the_address_that_was_proved_is_agreed_to_at_once(post: Counter) -> None:
    who, pocket = member(post, 1), None
    pocket = inside(post, 1)
    assert pocket.send(PAGE, email="yes", sms="yes").headers["location"] == f"{PAGE}?done=yes"
    assert rows(post, _GIVEN, who) == [("email", "the member's card")]
    ((code_id, about),) = rows(post, _QUESTIONS, who)
    assert about == "sms"
    shown = pocket.get(f"{PAGE}?lang=en").text
    assert ("We asked you at ··01" in shown, "Waits for your yes" in shown) == (True, True)
    # Kept once more, and asked again at once, nothing further is sent.
    pocket.send(PAGE, email="yes", sms="yes")
    again = pocket.send("/card/me/messages/again", PAGE, channel="sms").headers["location"]
    assert re.search('class="notice good"[^§]{0,400}We asked you at ··01', pocket.get(again).text)
    assert len(rows(post, _QUESTIONS, who)) == 1
    digits = code_of(post.given.keyed, code_id)
    wrong = "000000" if digits != "000000" else "111111"
    told = {"channel": "sms", "code-sms": wrong}
    slip = pocket.send("/card/me/messages/word", PAGE, **told)
    assert (slip.status_code, 'id="code-sms-wrong"' in slip.text) == (422, True)
    told["code-sms"] = digits
    assert pocket.send("/card/me/messages/word", PAGE, **told).status_code == 303
    assert rows(post, _GIVEN, who)[1] == ("sms", "confirmed by code")
    assert "We asked you at" not in pocket.get(PAGE).text
    assert pocket.send("/card/me/messages/word", PAGE, **told).status_code == 422


def test_a_question_comes_again_but_not_too_often_and_ends(post: Counter) -> None:
    who = member(post, 2)
    pocket = inside(post, 2)
    pocket.send(PAGE, sms="yes")
    for _ in range(3):
        post.shop.now += timedelta(minutes=11)
        pocket.send("/card/me/messages/again", PAGE, channel="sms")
    assert len(rows(post, _QUESTIONS, who)) == 4
    for _ in range(9):
        post.shop.now += timedelta(minutes=11)
        told = pocket.send("/card/me/messages/again", PAGE, channel="sms")
    assert len(rows(post, _QUESTIONS, who)) == 10
    assert "several times just now" in pocket.get(told.headers["location"]).text
    post.shop.now += timedelta(days=3)
    assert "We asked you at" not in pocket.get(PAGE).text
    assert rows(post, _GIVEN, who) == []


def test_who_typed_wrong_digits_too_often_is_asked_again_at_once(post: Counter) -> None:
    who = member(post, 8)
    pocket = inside(post, 8)
    pocket.send(PAGE, sms="yes")
    ((code_id, _),) = rows(post, _QUESTIONS, who)
    wrong = "000000" if code_of(post.given.keyed, code_id) != "000000" else "111111"
    for _ in range(5):
        told = {"channel": "sms", "code-sms": wrong}
        slip = pocket.send("/card/me/messages/word", PAGE, **told)
    assert "These digits do not work any more" in slip.text
    assert "code-sms" not in slip.text, "none are asked for that cannot be right"
    post.shop.now += timedelta(seconds=20)
    pocket.send("/card/me/messages/again", PAGE, channel="sms")
    code_id = rows(post, _QUESTIONS, who)[1][0]
    told["code-sms"] = code_of(post.given.keyed, code_id)
    assert pocket.send("/card/me/messages/word", PAGE, **told).status_code == 303
    assert [one[0] for one in rows(post, _GIVEN, who)] == ["sms"]


def test_a_telephone_that_changes_hands_is_asked_about_by_each_of_them(post: Counter) -> None:
    (one, ada), (other, bea) = [(member(post, nth), inside(post, nth)) for nth in (9, 10)]
    gone = "delete from identifier where program_id = $1 and value = '+4915176540010' returning 1"
    moves = "update identifier set member_id = $2::uuid where program_id = $1 "
    moves += "and value = '+4915176540009' returning 1"
    assert (post.shop.rows(gone), ada.send(PAGE, sms="yes").status_code) == ([(1,)], 303)
    for who, pocket in ((other, bea), (one, ada)):
        assert rows(post, moves, who) == [(1,)]
        post.shop.now += timedelta(seconds=5)
        pocket.send(PAGE, sms="yes")
        assert "We asked you at ··09" in pocket.get(f"{PAGE}?lang=en").text
    assert [len(rows(post, _QUESTIONS, who)) for who in (one, other)] == [1, 1]


def test_a_form_that_names_another_channel_than_the_digits_came_by_is_asked(post: Counter) -> None:
    who = member(post, 3)
    inside(post, 3, agrees="sms")
    assert rows(post, _GIVEN, who) == []
    assert [about for _, about in rows(post, _QUESTIONS, who)] == ["sms"]


def test_what_became_of_a_yes_while_signing_in_is_said(
    post: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = member(post, 11)
    post.shop.now += timedelta(days=1)  # of one machine so many codes are asked for in a day
    gone = "delete from identifier where program_id = $1 and value = '+4915176540011' returning 1"
    assert post.shop.rows(gone) == [(1,)]
    pocket = inside(post, 11, agrees="sms", leads=f"{PAGE}?no-sms=sms")
    assert "We cannot write to you by text message" in pocket.get(f"{PAGE}?no-sms=sms").text

    async def wants(*_: Any) -> Fault:
        return NotFound("gone")

    desk = Desk(post.given)
    monkeypatch.setattr(desk.door, "want", wants)
    with pytest.raises(NotFound):
        post.shop.run(desk.agree(post.shop.program_id, who, "sms"))


def test_where_nobody_can_be_asked_the_page_says_so(post: Counter) -> None:
    who = member(post, 4)
    pocket = inside(post, 4)
    pocket.counter = Counter(post.shop, keyed=post.given.keyed)  # no sender is set up any more
    told = pocket.send(PAGE, email="yes", sms="yes").headers["location"]
    assert told == f"{PAGE}?done=yes&no-sms=sms"
    assert "We cannot write to you by text message" in pocket.get(told).text
    assert rows(post, _GIVEN, who) == [("email", "the member's card")]


def test_what_proved_an_address_is_known_for_half_a_year(post: Counter) -> None:
    who = member(post, 5)
    for _ in range(2):
        pocket = inside(post, 5)
        post.shop.now += timedelta(days=4)
    post.shop.do(lambda tx, _: forget_settled(tx))
    left = "select count(*) from sign_in_code where program_id = $1 and member_id = $2::uuid"
    assert rows(post, left, who) == [(1,)]
    pocket.send(PAGE, email="yes")
    assert rows(post, _GIVEN, who) == [("email", "the member's card")]
    post.shop.now += timedelta(days=180)
    post.shop.do(lambda tx, _: forget_settled(tx))
    assert rows(post, left, who) == [(0,)]


def test_whoever_asks_for_them_gives_nothing(post: Counter) -> None:
    who, other = member(post, 6), member(post, 7)
    path = f"/v1/members/mem_{who.hex}/consent-confirmations"
    asked = post.post(path, {}, idempotency_key="may-6")
    assert (asked.status_code, asked.json()["state"], asked.json()["hint"]) == (
        201,
        "asked",
        "··06",
    )
    assert asked.json()["channel"] == "sms"
    again = post.post(path, {}, idempotency_key="may-6")
    assert (again.json(), len(rows(post, _QUESTIONS, who))) == (asked.json(), 1)
    no = post.post(path.replace(who.hex, other.hex), {}, idempotency_key="may-6")
    assert (no.status_code, no.json()["code"]) == (422, "key_reused")
    assert "/channel" in post.post(path, {"channel": "fax"}).text
    assert rows(post, _GIVEN, who) == []
    pocket = inside(post, 6)
    pocket.send(PAGE, email="yes")
    assert post.post(path, {"channel": "email"}).json()["state"] == "given"
    # Who took it back is left alone; they may still change their mind themself.
    post.shop.now += timedelta(minutes=1)
    pocket.send(PAGE)
    no = post.post(path, {"channel": "email"})
    assert (no.status_code, no.json()["code"]) == (409, "no_consent")


def test_who_joins_where_nothing_is_sent_agrees_by_their_word_unless_the_program_asks_for_more(
    post: Counter,
) -> None:
    bare = Counter(post.shop, keyed=post.given.keyed)

    def joins(nth: int) -> list[tuple[Any, ...]]:
        address = f"bare-{nth}@example.org"
        told = {"given_name": "Ada", "address": address, "terms": "yes", "agrees": "yes"}
        where = Pocket(bare).send("/join", **told).headers["location"]
        assert where == ("/card" if nth == 1 else f"{PAGE}?no-email=email")
        sql = "select member_id from identifier where program_id = $1 and value = $2"
        return rows(post, _GIVEN, post.shop.rows(sql, address)[0][0])

    assert joins(1) == [("email", "joining, the address not proved")]
    strict = load_template("coffee-shop") + "\njoin: {double_opt_in: true}\n"
    post.shop.now += timedelta(minutes=1)
    post.shop.publish(strict)
    bare.given.programs.forget(post.shop.program_id)
    post.shop.now += timedelta(minutes=1)
    assert joins(2) == []
