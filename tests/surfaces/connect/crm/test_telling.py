"""A CRM is told of members as they are: whoever moves, with what was reckoned and its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.surfaces.connect.crm.desk import HOSTS, Crms, Told
from tests.surfaces.counter import Counter, problem

from regulars.flows.membership.office.keep_values import end_run, keep_values
from regulars.records.standing.values.types import Run, Value
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.connect.outlets.crm.kind import Crm
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import digest_of
from regulars.surfaces.connect.outlets.telling import Record


@pytest.fixture
def told(counter: Counter) -> Iterator[Told]:
    made = Told(counter)
    made.later(minutes=10)  # whoever moved before is none of its business
    made.tells()
    yield made
    made.ends()


def test_who_moves_is_told_as_they_are_then_and_nobody_else(told: Told) -> None:
    ada, bob = told.joins("ada"), told.joins("bob")
    told.buys(ada, 2)
    shown = told.relay()
    assert (shown["known"], shown["waiting"], shown["told"]) == (2, 0, 2)
    assert told.crm.rows[ada]["points"] == told.points(ada) == 7
    assert (told.crm.rows[bob]["points"], told.crm.rows[bob]["status"]) == (0, "active")
    assert told.crm.rows[ada]["last_name"] == "Ada"
    told.crm.asked.clear()
    for _ in range(3):
        told.buys(ada)
    told.later(seconds=5)
    assert told.relay()["told"] == 3
    assert [[row["external_id"] for row in one] for one in told.crm.sent()] == [[ada]]
    assert told.crm.rows[ada]["points"] == told.points(ada)


def test_what_stands_again_as_it_did_before_is_told_again(told: Told) -> None:
    """Whoever keeps answers by their key would else keep what was in between."""
    ada = told.joins("ada")
    told.relay()
    before = dict(told.crm.rows[ada])
    for name in ("Adele", "Ada"):
        answer = told.counter.ask("PATCH", f"/v1/members/{ada}", {"given_name": name})
        assert answer.status_code == 200, answer.text
        told.later(seconds=5)
        told.relay()
        assert told.crm.rows[ada]["first_name"] == name
    assert told.crm.rows[ada] == before
    keys = {dict(one.headers)["Idempotency-Key"] for one in told.crm.asked}
    assert len(keys) == len(told.crm.asked) == 3


def test_scores_and_what_was_reckoned_come_with_their_day(told: Told) -> None:
    ada, bob = told.joins("ada"), told.joins("bob")
    told.relay()
    told.says(ada, 3)
    at = told.shop.now
    told.later(minutes=2)
    told.relay()
    assert (told.crm.rows[ada]["nps"], told.crm.rows[bob]["nps"]) == (3, None)
    assert told.crm.rows[ada]["nps_at"] == f"{at:%Y-%m-%dT%H:%M:%SZ}"
    day = date(2026, 3, 1)

    async def reckoned(tx: object, _: object) -> None:
        one = Value(
            addressed("mem", ada), 375, 120, 12_345, 9, 14, "slipping", "upper", day
        )  # fmt: skip
        await keep_values(tx, [one], [""])  # type: ignore[arg-type]
        await end_run(tx, Run(day, told.shop.now, 1, "bg", {}), 100)  # type: ignore[arg-type]

    told.shop.do(reckoned)
    told.later(minutes=2)
    told.relay()
    found = told.crm.rows[ada]
    assert (found["churn_percent"], found["clv"], found["value_on"]) == (62.5, 123.45, "2026-03-01")
    nobody = told.crm.rows[bob]
    assert (nobody["churn_percent"], nobody["clv"], nobody["value_on"]) == (None, None, None)


def test_a_night_tells_of_nobody_it_was_not_to_be_told_of(counter: Counter) -> None:
    told = Told(counter)
    old = told.joins("before")
    told.later(days=1)
    told.tells()
    known = told.joins("after")
    told.relay()
    day = told.shop.now.date() - timedelta(days=1)

    async def reckoned(tx: object, _: object) -> None:
        await end_run(tx, Run(day, told.shop.now, 0, "", {}), 100)  # type: ignore[arg-type]

    told.shop.do(reckoned)
    told.later(minutes=2)
    shown = told.relay()
    assert (shown["walk"], shown["walked_at"] is not None) == ("", True)
    assert told.crm.rows.keys() == {known}
    assert old not in told.crm.rows
    told.ends()


def test_a_back_fill_tells_whoever_moved_from_a_day_on_and_says_how_far_it_is(
    counter: Counter,
) -> None:
    told = Told(counter)
    old = told.joins("old", joined_at="2025-01-10T09:00:00Z")
    new = told.joins("new")
    told.later(days=2)
    told.tells()
    told.later(minutes=10)
    since = told.shop.now - timedelta(hours=1)
    moved = told.joins("moved")
    told.tells(since)
    before = told.shown()
    assert (before["walk"], before["walk_seen"]) == ("since", 0)
    assert before["walk_of"] >= 3
    shown = told.relay()
    assert (shown["walk"], shown["walk_seen"]) == ("", shown["walk_of"])
    assert shown["walked_at"] is not None
    assert moved in told.crm.rows
    assert not {old, new} & told.crm.rows.keys()
    told.tells(told.shop.now - timedelta(days=400))
    told.relay()
    assert {old, new, moved} <= told.crm.rows.keys()
    future = {"since": (told.shop.now + timedelta(days=1)).isoformat()}
    answer = counter.ask("PUT", f"{told.place}/outlet", future)
    assert problem(answer) == (422, "invalid", "/since")
    for since in ("2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        answer = counter.ask("PUT", f"{told.place}/outlet", {"since": since})
        assert problem(answer)[::2] == (422, "/since"), since
    told.ends()


def test_whoever_is_erased_is_to_be_forgotten_there(told: Told) -> None:
    ada, never = told.joins("ada"), told.joins("never")
    before = told.relay()["known"]
    assert told.crm.rows[ada]["email"]
    told.crm.down = True
    for one in (ada, told.joins("late")):
        answer = told.counter.ask("DELETE", f"/v1/members/{one}")
        assert answer.status_code == 200, answer.text
    told.later(minutes=1)
    told.relay()
    told.crm.down = False
    told.later(minutes=5)
    told.crm.asked.clear()
    shown = told.relay()
    row = told.crm.rows[ada]
    assert {name: value for name, value in row.items() if value is not None} == {
        "external_id": ada,
        "status": "gone",
        "last_name": "gone",
    }
    (records,) = told.crm.sent()  # nobody is told to forget whom they never knew
    assert [one["external_id"] for one in records] == [ada]
    assert shown["known"] == before - 1
    assert told.crm.rows[never]["status"] == "active"


def test_who_is_erased_before_it_says_that_it_knows_them_is_to_be_forgotten_there(
    told: Told,
) -> None:
    ada = told.joins("ada")
    told.crm.breaks = True  # it has them, and its answer is lost
    assert told.relay()["known"] == 0
    told.crm.breaks = False
    assert told.crm.rows[ada]["email"]
    answer = told.counter.ask("DELETE", f"/v1/members/{ada}")
    assert answer.status_code == 200, answer.text
    told.later(minutes=6)
    shown = told.relay()
    assert (told.crm.rows[ada]["status"], told.crm.rows[ada]["email"]) == ("gone", None)
    assert (shown["known"], shown["waiting"], shown["open"]) == (0, 0, 0)


def test_who_was_refused_and_is_erased_then_is_not_told_of(told: Told) -> None:
    told.crm.refuses = lambda row: ("required", "phone")
    ada = told.joins("ada")
    assert told.relay()["open"] == 1
    told.crm.refuses = lambda row: None
    answer = told.counter.ask("DELETE", f"/v1/members/{ada}")
    assert answer.status_code == 200, answer.text
    told.later(minutes=6)
    shown = told.relay()
    assert (told.crm.rows, shown["open"]) == ({}, 0)


def test_a_card_that_nobody_registered_is_no_person_to_tell_of(told: Told) -> None:
    told.counter.post("/v1/activities", {
        "kind": "visit", "member": {"card": f"c-{told.mark}"},
    })  # fmt: skip
    told.relay()
    assert told.crm.rows == {}
    assert told.shown()["waiting"] == 0


def test_everybody_is_told_once_more_where_somebody_asks_for_it(told: Told) -> None:
    members = [told.joins(f"m{number}") for number in range(3)]
    told.relay()
    told.crm.rows.clear()  # as where it lost what it knew
    told.later(minutes=1)
    told.relay()
    assert told.crm.rows == {}
    answer = told.counter.post(f"{told.place}/outlet/again", {"everybody": True})
    assert answer.json()["walk"] == "again"
    told.relay()
    assert set(members) <= told.crm.rows.keys()


def test_another_system_is_told_of_all_whom_the_old_one_knew(told: Told) -> None:
    ada, bob = told.joins("ada"), told.joins("bob")
    told.relay()
    assert {ada, bob} <= told.crm.rows.keys()
    told.later(minutes=1)
    new = Crms()
    told.crm, told.host = new, told.host.replace("crm-", "production-")
    HOSTS[told.host] = new
    told.tells()
    told.relay()
    assert {ada, bob} <= new.rows.keys()
    new.asked.clear()
    told.later(minutes=1)
    told.tells()
    told.relay()
    assert new.asked == [], "said once more where it is, it is told nothing anew"


def test_another_system_that_is_told_from_a_day_on_is_told_of_whom_the_old_one_knew(
    told: Told,
) -> None:
    ada = told.joins("ada")
    told.relay()
    told.later(days=3)
    new = Crms()
    told.crm, told.host = new, told.host.replace("crm-", "later-")
    HOSTS[told.host] = new
    told.tells(told.shop.now - timedelta(days=1))
    told.relay()
    assert ada in new.rows


def test_another_place_in_it_is_told_of_all_whom_the_old_one_had(told: Told) -> None:
    ada = told.joins("ada")
    told.relay()
    told.crm.rows.clear()
    told.later(minutes=1)
    mapping = told.mapping.replace("path: members", "path: people/members")
    answer = told.counter.ask("PATCH", told.place, {"mapping": mapping})
    assert answer.status_code == 200, answer.text
    told.relay()
    assert ada in told.crm.rows
    assert told.crm.asked[-1].url.endswith("/people/members")


@pytest.mark.parametrize("other", [{"path": "b"}, {"object": "Lead"}, {"key": "theirs"}])
def test_what_one_place_knows_no_other_does(other: dict[str, str]) -> None:
    by = MembersMap(key="id", fields={"id": "member"})
    record = Record(UUID(int=1), "mem_1", 1, {"id": "mem_1"})
    here = digest_of(record, by, "https://a.example")
    assert here == digest_of(record, by, "https://a.example")
    assert here != digest_of(record, replace(by, **other), "https://a.example")
    assert here != digest_of(record, by, "https://b.example")


def test_a_mapping_that_cannot_be_told_by_is_refused_with_its_line(counter: Counter) -> None:
    good = Crm().mapping
    for wrong, says in (
        (good.replace("points: points", "points: pionts"), "pionts"),
        (good.replace("external_id: member ", "external_id: email "), "for ever"),
        (good.replace("path: members", "path: ../admin"), "no path"),
    ):
        answer = counter.post("/v1/inlets", {"name": "CRM", "kind": "crm", "mapping": wrong})
        assert problem(answer) == (422, "bad_mapping", "/source")
        assert says in answer.text
    answer = counter.post("/v1/inlets", {"name": "Shop", "kind": "webhook", "mapping": good})
    assert problem(answer) == (422, "bad_mapping", "/source")


def test_keys_are_kept_encrypted_and_sent_to_no_other_system(told: Told) -> None:
    place = f"{told.place}/outlet"
    ((kept,),) = told.shop.rows(
        "select keys from outlet where program_id = $1 and inlet_id = $2::text::uuid",
        told.made["id"].removeprefix("inl_"),
    )
    assert b"token-1" not in kept
    elsewhere = told.counter.ask("PUT", place, {"address": "https://else.example.org"})
    assert problem(elsewhere) == (422, "invalid", "/key")
    inside = {"address": "http://127.0.0.1:80", "key": "token-1"}
    assert problem(told.counter.ask("PUT", place, inside)) == (422, "invalid", "/address")
    assert told.shown()["address"] == f"{told.host}/api"
    gone = told.counter.ask("DELETE", place)
    assert gone.status_code == 200
    ((left,),) = told.shop.rows(
        "select count(*) from outlet_member where program_id = $1 and inlet_id = $2::text::uuid",
        told.made["id"].removeprefix("inl_"),
    )
    assert left == 0
