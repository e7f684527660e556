"""Salesforce is told of members: two hundred at once, each result read, tokens renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.surfaces.connect.salesforce.force import Force
from tests.surfaces.connect.salesforce.org import KEY
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.outlets.salesforce.members import MOST
from regulars.surfaces.senders.outgoing.client import Answer


@pytest.fixture
def force(counter: Counter) -> Iterator[Force]:
    made = Force(counter)
    made.later(minutes=10)
    made.tells()
    yield made
    made.ends()


def test_contacts_show_what_members_have(force: Force) -> None:
    ada, bob = force.joins("ada"), force.joins("bob")
    force.buys(ada, 2)
    force.says(ada, 9)
    force.later(minutes=2)
    shown = force.relay()
    assert (shown["known"], shown["waiting"], shown["open"]) == (2, 0, 0)
    row = force.org.contacts[ada]
    assert (row["LastName"], row["Regulars_Points__c"]) == ("Ada", force.points(ada))
    assert (row["Regulars_NPS__c"], row["Regulars_State__c"]) == (9, "active")
    assert force.org.contacts[bob]["Regulars_NPS__c"] is None
    assert len(force.org.tokens) == 1
    patches = [one for one in force.org.asked if one[0] == "PATCH"]
    assert len(patches) == 1
    assert patches[0][1].endswith(f"/composite/sobjects/Contact/{KEY}")


def test_no_request_has_more_than_two_hundred(force: Force) -> None:
    commands = [
        {"identifiers": [{"kind": "card", "value": f"{force.mark}-{n}"}], "family_name": f"N{n}"}
        for n in range(MOST + 5)
    ]
    for body in commands:
        assert force.counter.post("/v1/members", body).status_code == 201
    wide = force.mapping.replace("at_once: 200", "at_once: 500")
    assert force.counter.ask("PATCH", force.place, {"mapping": wide}).status_code == 200
    force.relay()
    sizes = [len(wish["records"]) for method, _, wish in force.org.asked if method == "PATCH"]
    assert sizes == [MOST, 5]
    assert len(force.org.contacts) == MOST + 5


def test_a_200_in_which_a_record_failed_is_no_yes_for_it(force: Force) -> None:
    ada, bob = force.joins("ada"), force.joins("bob")
    force.org.rules = [("LastName", "Ada")]
    shown = force.relay()
    assert (shown["open"], shown["waiting"]) == (1, 0)
    assert force.org.contacts.keys() >= {bob}
    assert ada not in force.org.contacts
    (row,) = force.counter.get(f"{force.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["code"]) == (ada, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert row["field"] == "LastName"
    assert "not for us" not in row["problem"]  # what it says may name somebody
    force.org.rules = []
    force.counter.post(f"{force.place}/outlet/again", {"everybody": False})
    assert force.relay()["open"] == 0
    assert ada in force.org.contacts


def test_a_row_that_somebody_holds_is_tried_again_in_a_moment(force: Force) -> None:
    ada, bob = force.joins("ada"), force.joins("bob")
    force.org.locked = {ada}
    shown = force.relay()
    assert (shown["open"], shown["waiting"], shown["problem"]) == (0, 1, "")
    assert bob in force.org.contacts
    asked = len(force.org.asked)
    force.relay()
    assert len(force.org.asked) == asked
    force.org.locked = set()
    force.later(seconds=16)
    assert force.relay()["waiting"] == 0
    assert ada in force.org.contacts


def test_a_token_that_is_over_is_renewed_once(force: Force) -> None:
    force.joins("ada")
    force.relay()
    force.org.good.clear()  # as after its session's end
    bob = force.joins("bob")
    shown = force.relay()
    assert (shown["problem"], len(force.org.tokens)) == ("", 2)
    assert bob in force.org.contacts
    force.org.says = [(401, [{"errorCode": "INVALID_SESSION_ID", "message": "no"}], {})] * 2
    force.joins("carl")
    shown = force.relay()
    assert shown["problem"] == "it does not take the token it gave"
    assert len(force.org.tokens) == 3  # and not again and again


def test_a_wrong_secret_loses_nothing_and_is_said(force: Force) -> None:
    force.org.secret, before = "other", force.org.secret
    ada = force.joins("ada")
    shown = force.relay()
    assert "consumer key and secret" in shown["problem"]
    force.org.secret = before
    force.later(minutes=1)
    assert force.relay()["problem"] == ""
    assert ada in force.org.contacts


def test_requests_of_a_day_that_are_used_up_are_waited_for_and_some_are_left(
    force: Force,
) -> None:
    ada = force.joins("ada")
    now = force.shop.now
    force.org.used = force.org.most
    shown = force.relay()
    assert (shown["problem"], shown["waiting"]) == ("", 1)
    assert shown["next_at"] == f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    force.org.used = force.org.most * 95 // 100
    force.later(hours=1, seconds=1)
    shown = force.relay()
    assert ada in force.org.contacts
    bob = force.joins("bob")
    force.later(seconds=5)
    asked = len(force.org.asked)
    assert force.relay()["waiting"] == 1  # nine tenths are used: the rest is for others
    assert len(force.org.asked) == asked
    force.org.used = 100
    force.later(hours=1)
    force.relay()
    assert bob in force.org.contacts


def test_a_field_it_has_not_is_said_and_nobody_is_given_up(force: Force) -> None:
    ada = force.joins("ada")
    wrong = force.mapping.replace("Regulars_CLV__c", "Regulars_Worth__c")
    force.counter.ask("PATCH", force.place, {"mapping": wrong})
    shown = force.relay()
    assert "has not all of these fields" in shown["problem"]
    assert (shown["open"], shown["waiting"]) == (0, 1)
    force.counter.ask("PATCH", force.place, {"mapping": force.mapping})
    force.later(minutes=1)
    assert force.relay()["waiting"] == 0
    assert ada in force.org.contacts


def test_who_is_erased_is_emptied_though_it_needs_a_last_name(force: Force) -> None:
    ada = force.joins("ada")
    force.relay()
    force.counter.ask("DELETE", f"/v1/members/{ada}")
    force.later(minutes=1)
    assert force.relay()["open"] == 0
    row = {name: value for name, value in force.org.contacts[ada].items() if value is not None}
    assert row.pop("Id")
    assert row == {KEY: ada, "Regulars_State__c": "gone", "LastName": "gone"}


def test_it_is_tried_out_before_anybody_is_told(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(_: object, sending: object) -> Answer:
        return await force.org.answers(sending)  # type: ignore[arg-type]

    monkeypatch.setattr("regulars.surfaces.senders.outgoing.client.Client.send", send)
    place = f"{force.place}/outlet/try"
    assert force.counter.post(place).json() == {"answers": True, "problem": ""}
    wrong = force.mapping.replace("Regulars_CLV__c", "Regulars_Worth__c")
    force.counter.ask("PATCH", force.place, {"mapping": wrong})
    answer = force.counter.post(place).json()
    assert answer == {"answers": False, "problem": "Contact has no field Regulars_Worth__c"}
    assert force.org.contacts == {}


def test_nobody_sends_to_its_address(force: Force) -> None:
    answer = force.send("id-1", {"type": "Case"})
    assert problem(answer)[:2] == (401, "bad_signature")
