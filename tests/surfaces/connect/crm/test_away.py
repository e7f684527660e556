"""A CRM that is away, busy or choosy: nothing is lost, and one member holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from tests.crash.faulty import Way, faulty
from tests.surfaces.connect.crm.desk import Told
from tests.surfaces.connect.inlets.test_killed import WAYS
from tests.surfaces.counter import Counter
from tests.turns import NIGHTLY

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.relayer import Relayer
from regulars.surfaces.senders.outgoing.client import Answer


@pytest.fixture
def told(counter: Counter) -> Iterator[Told]:
    made = Told(counter)
    made.later(minutes=10)
    made.tells()
    yield made
    made.ends()


def test_after_three_days_away_it_knows_what_it_would_know_had_it_never_been(
    counter: Counter, told: Told
) -> None:
    never = Told(counter)  # one that is there all the time
    never.tells()
    members = [told.joins(f"away{number}") for number in range(7)]
    told.buys(members[0])
    told.relay()
    told.crm.down = True
    asked = len(told.crm.asked)
    for day in range(3):
        told.later(hours=23, minutes=59)
        for member in members[day : day + 3]:
            told.buys(member, day + 1)
        members.append(told.joins(f"day{day}"))
        for _ in range(20):
            told.later(seconds=3)
            told.relay()
    counter.ask("PATCH", f"/v1/members/{members[1]}", {"given_name": "Grace"})
    shown = told.relay()
    assert shown["problem"] == "it refuses the connection"
    assert shown["waiting"] >= 7
    assert told.shop.now - told.since(shown) > timedelta(days=2)
    assert 3 <= len(told.crm.asked) - asked < 30  # ever later, and not each time
    told.crm.down = False
    told.crm.asked.clear()
    told.later(hours=1)
    shown = told.relay()
    assert (shown["waiting"], shown["problem"], shown["open"]) == (0, "", 0)
    never.relay()
    assert {one: told.crm.rows[one] for one in members} == {
        one: never.crm.rows[one] for one in members
    }
    sent = [row["external_id"] for one in told.crm.sent() for row in one]
    assert len(sent) == len(set(sent))  # whoever moved ten times is told once
    for member in members:
        assert told.crm.rows[member]["points"] == told.points(member)
    never.ends()


def test_who_asks_for_a_pause_has_it_to_the_second(told: Told) -> None:
    ada = told.joins("ada")
    now = told.shop.now
    told.crm.says = [Answer(429, {"retry-after": "120"}, b"")]
    shown = told.relay()
    assert (shown["problem"], shown["waiting"]) == ("", 1)
    assert shown["next_at"] == f"{now + timedelta(seconds=120):%Y-%m-%dT%H:%M:%SZ}"
    told.later(seconds=119)
    assert told.relay()["waiting"] == 1
    assert len(told.crm.asked) == 1
    told.later(seconds=2)
    told.relay()
    assert ada in told.crm.rows
    told.joins("bob")
    told.later(seconds=5)
    until = told.shop.now + timedelta(seconds=300)
    told.crm.says = [Answer(503, {"retry-after": format_datetime(until, usegmt=True)}, b"")]
    told.relay()
    asked = len(told.crm.asked)
    told.later(seconds=200)
    told.relay()
    assert len(told.crm.asked) == asked


def test_one_member_whom_it_does_not_take_holds_up_no_other(told: Told) -> None:
    members = [told.joins(f"many{number}") for number in range(12)]
    poison = members[5]
    told.crm.chokes_on = lambda row: 422 if row["external_id"] == poison else 0
    for _ in range(3):
        shown = told.relay()
        told.later(seconds=5)
    assert told.crm.rows.keys() == set(members) - {poison}
    assert (shown["open"], shown["waiting"], shown["problem"]) == (1, 0, "")
    (row,) = told.counter.get(f"{told.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["code"]) == (poison, "not_taken")
    asked = len(told.crm.asked)
    told.later(hours=3)
    told.relay()
    assert len(told.crm.asked) == asked  # it is not asked again and again
    told.crm.chokes_on = lambda row: 0
    told.counter.post(f"{told.place}/outlet/again", {"everybody": False})
    assert told.relay()["open"] == 0
    assert poison in told.crm.rows


def test_it_may_say_which_field_it_does_not_take_and_is_told_by_a_mended_mapping(
    told: Told,
) -> None:
    ada, bob = told.joins("ada"), told.joins("bob")
    told.crm.refuses = lambda row: ("too_short", "last_name") if row["last_name"] == "Ada" else None
    told.relay()
    (row,) = told.counter.get(f"{told.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["code"], row["field"]) == (ada, "too_short", "last_name")
    assert bob in told.crm.rows
    mended = told.mapping.replace("last_name: family_name", "last_name: number")
    answer = told.counter.ask("PATCH", told.place, {"mapping": mended})
    assert answer.status_code == 200, answer.text
    told.later(seconds=5)
    shown = told.relay()
    assert (shown["open"], shown["waiting"]) == (0, 0)
    assert told.crm.rows[ada]["last_name"] == told.crm.rows[ada]["number"]
    assert told.crm.rows[bob]["last_name"] == told.crm.rows[bob]["number"]


def test_one_that_falls_over_a_member_is_not_lost_for_everybody_else(told: Told) -> None:
    members = [told.joins(f"fell{number}") for number in range(6)]
    poison = members[0]
    told.crm.chokes_on = lambda row: 500 if row["external_id"] == poison else 0
    for _ in range(80):
        told.later(minutes=2)
        told.relay()
        told.joins(f"x{told.shop.now.timestamp():.0f}")
    assert set(members) - {poison} <= told.crm.rows.keys()
    (row,) = told.counter.get(f"{told.place}/outlet/members").json()["items"]
    assert (row["member_id"], row["code"]) == (poison, "failed")


def test_where_everything_fails_nobody_is_given_up(told: Told) -> None:
    members = [told.joins(f"all{number}") for number in range(4)]
    told.crm.chokes_on = lambda row: 500
    for _ in range(60):
        told.later(hours=1, minutes=1)
        shown = told.relay()
    assert (shown["open"], shown["waiting"]) == (0, 4)
    assert shown["problem"] == "it answers 500"
    told.crm.chokes_on = lambda row: 0
    told.later(hours=1, minutes=1)
    told.relay()
    assert set(members) <= told.crm.rows.keys()


def test_what_arrived_and_was_not_confirmed_is_sent_again_under_the_same_key(told: Told) -> None:
    ada = told.joins("ada")
    told.crm.breaks = True
    assert told.relay()["problem"] == "the connection broke off"
    told.crm.breaks = False
    told.later(minutes=1)
    told.relay()
    first, second = told.crm.asked
    assert dict(first.headers)["Idempotency-Key"] == dict(second.headers)["Idempotency-Key"]
    assert first.body == second.body
    assert ada in told.crm.rows


def test_a_key_it_does_not_know_loses_nothing(told: Told) -> None:
    ada = told.joins("ada")
    told.crm.token = "token-2"
    shown = told.relay()
    assert (shown["problem"], shown["open"]) == ("it does not know this key", 0)
    told.tells()
    shown = told.relay()
    assert (shown["problem"], shown["waiting"]) == ("", 0)
    assert ada in told.crm.rows


def test_who_moves_while_they_are_told_is_told_once_more(told: Told) -> None:
    ada = told.joins("ada")
    answers = told.crm.answers

    async def slowly(sending: object) -> Answer:
        answer = await answers(sending)  # type: ignore[arg-type]
        told.crm.answers = answers  # type: ignore[method-assign]
        line = {"sku": "latte", "category": "coffee", "amount": {"minor": 350, "currency": "EUR"}}
        wish = {"kind": "purchase", "member": {"id": ada}, "lines": [line | {"quantity": 1}]}
        await told.counter.send("POST", "/v1/activities", wish)
        other = Relayer(
            told.shop.database, Programs(told.shop.database), told.counter.given.keyed, answers
        )
        await other.relay(told.shop.program_id)
        return answer

    told.crm.answers = slowly  # type: ignore[assignment]
    told.relay()
    told.later(seconds=5)
    told.relay()
    assert told.crm.rows[ada]["points"] == told.points(ada) > 0
    assert told.shown()["waiting"] == 0


STEP = 1 if NIGHTLY else 7
"""By day every seventh statement fails, each way in another place."""


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_leaves_nobody_out(told: Told, way: Way) -> None:
    broken, faults = faulty(told.shop.database, lambda: told.shop.now)
    relayer = Relayer(
        broken, Programs(told.shop.database), told.counter.given.keyed, told.crm.answers
    )
    members, number = [told.joins("first")], 1 + WAYS.index(way)
    while True:
        told.later(minutes=6)  # so long a member belongs to who was cut off
        members.append(told.joins(f"cut{number}"))
        faults.arm(number, way)
        try:
            told.shop.run(relayer.relay(told.shop.program_id))
        except Exception:
            assert faults.struck
        if not faults.struck:
            break
        number += STEP
    told.later(minutes=10)
    told.relay()
    assert number > 20, "there is more to fail than that"
    assert set(members) <= told.crm.rows.keys()
    assert told.shown()["waiting"] == 0


def test_two_workers_at_once_leave_nobody_out(told: Told) -> None:
    members = [told.joins(f"two{number}") for number in range(30)]
    small = told.mapping.replace("  list: members  ", "  at_once: 3\n  list: members  ")
    assert told.counter.ask("PATCH", told.place, {"mapping": small}).status_code == 200
    other = Relayer(
        told.shop.database, Programs(told.shop.database), told.counter.given.keyed,
        told.crm.answers,
    )  # fmt: skip

    async def both() -> None:
        await asyncio.gather(*(one.relay(told.shop.program_id) for one in (told.relayer, other)))

    told.shop.run(both())
    told.relay()
    assert set(members) <= told.crm.rows.keys()
    assert all(len(one) <= 3 for one in told.crm.sent())
    sent = [row["external_id"] for one in told.crm.sent() for row in one]
    assert len(sent) == len(set(sent))
