"""Whoever holds a letter of ours ends what is written to its member, without signing in."""

from __future__ import annotations

import os

import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.counter import Counter

from regulars.base.ids import id_of
from regulars.records.access.members.spelling import stop_of


@pytest.fixture
def ada(counter: Counter) -> str:
    email = f"{os.urandom(6).hex()}@example.org"
    body = {"identifiers": [{"kind": "email", "value": email}], "given_name": "Ada"}
    return str(counter.post("/v1/members", body).json()["id"])


def link(counter: Counter, member: str, channel: str = "email") -> str:
    who = id_of(bytes.fromhex(member.removeprefix("mem_")))
    return f"/card/stop?link={stop_of(counter.given.keyed, who, channel)}"


def words(counter: Counter, member: str) -> list[tuple[str, str]]:
    sql = "select channel, state from consent where program_id = $1 and member_id = $2 order by 1"
    return counter.shop.rows(sql, id_of(bytes.fromhex(member.removeprefix("mem_"))))  # type: ignore


def one_click(counter: Counter, path: str) -> int:
    """As a mail program asks: no cookie, no page before, no origin."""
    sent = counter.client.post(path, data={"List-Unsubscribe": "One-Click"})
    return counter.shop.run(sent).status_code


def test_one_request_without_a_cookie_ends_it_once(counter: Counter, ada: str) -> None:
    assert one_click(counter, link(counter, ada)) == 200
    assert one_click(counter, link(counter, ada)) == 200
    assert words(counter, ada) == [("email", "withdrawn")]


def test_looking_changes_nothing_and_the_button_does(counter: Counter, ada: str) -> None:
    path = link(counter, ada, "sms")
    page = Pocket(counter).get(path)
    assert "Shall Corner Coffee stop writing to you this way?" in page.text
    assert words(counter, ada) == []
    assert one_click(counter, path) == 200
    assert words(counter, ada) == [("sms", "withdrawn")]


def test_a_link_of_somebody_else_or_another_channel_ends_nothing(
    counter: Counter, ada: str
) -> None:
    path = link(counter, ada)
    for wrong in (path[:-1], path.replace("email-", "sms-"), path + "a", "/card/stop"):
        assert one_click(counter, wrong) == 404
        assert Pocket(counter).get(wrong).status_code == 404
    assert words(counter, ada) == []
