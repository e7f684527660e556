"""An account is asked for what its events did not tell, and memberships stand as if they had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.surfaces.connect.stripe.hook import Endpoint
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.connect.stripe import catching_up


def test_what_was_lost_for_three_days_is_there_exactly_once(hook: Endpoint) -> None:
    account = hook.account
    kept = account.subscribes(hook.member("kept"))
    hook.hear()
    hook.later(minutes=10)
    hook.catch_up()
    account.waits(days=3)
    fresh = account.subscribes(hook.member("fresh"), trial=30)
    account.cancels(kept)
    hook.shop.now = account.clock
    account.down = True
    told = hook.catch_up()
    assert (told["problem"], told["found"]) == ("it refuses the connection", 1)
    hook.later(seconds=20)
    account.down = False
    told = hook.catch_up()
    assert (told["problem"], told["ahead"]) == ("", 0)
    hook.work()
    assert hook.turns(kept) == ["started", "cancelled"]
    assert hook.turns(fresh) == ["started"]
    before = hook.states()
    for event in account.told:  # all that was lost comes after all
        assert hook.tell(event).status_code == 202
    hook.work()
    assert len(hook.states()) == len(before)
    hook.later(minutes=6)
    assert hook.catch_up()["found"] == told["found"]


def test_an_event_waits_while_the_account_does_not_answer_and_no_other_does(
    hook: Endpoint,
) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("waits"))
    account.down = True
    hook.hear()
    assert {code for _, code, _ in hook.states()} == {"asks"}
    asked = len(account.asked)
    hook.work()
    assert len(account.asked) == asked  # a pause is a pause
    account.down = False
    hook.later(seconds=20)
    hook.work()
    assert {code for _, code, _ in hook.states()} == {"asked", "membership"}
    assert hook.membership(sub)["state"] == "active"


def test_before_a_key_is_entered_nothing_is_lost(counter: Counter) -> None:
    hook = Endpoint(counter, entered=False)
    hook.enter()
    sub = hook.account.subscribes(hook.member("keyless"))
    hook.account.key = "rk_test_2"
    hook.hear()
    shown = hook.counter.get(f"{hook.place}/catch-up").json()
    assert shown["problem"] == "it does not know this key and secret"
    hook.enter()
    hook.work()
    assert hook.membership(sub)["state"] == "active"
    counter.ask("DELETE", hook.place)


def test_a_back_fill_begins_what_was_begun_long_ago_with_every_payment(hook: Endpoint) -> None:
    account = hook.account
    began = account.clock
    subs = [account.subscribes(hook.member(f"old-{number}")) for number in range(3)]
    for sub in subs[1:]:
        account.renews(sub)
    account.gives_back(account.renews(subs[0]), 4900)
    hook.shop.now = account.clock = account.clock + timedelta(days=40)  # no event is kept so long
    account.cancels(subs[2], now=True)
    hook.enter(since=began.isoformat())
    told = hook.catch_up()
    assert told["problem"] == ""
    hook.work()
    assert [hook.turns(sub) for sub in subs[1:]] == [
        ["started", "paid"],
        ["started", "paid", "cancelled"],
    ]
    assert hook.turns(subs[0]) == ["started", "paid", "refunded"]
    assert hook.membership(subs[0])["state"] == "ended"


def test_whoever_brings_in_a_break_misses_nothing_of_its_beginning(hook: Endpoint) -> None:
    account = hook.account
    gone = account.subscribes(hook.member("gone"))
    hook.hear()
    hook.later(minutes=10)
    hook.catch_up()
    account.clock = hook.shop.now
    account.waits(days=1)
    account.cancels(gone, now=True)  # and nobody told it
    account.waits(days=1)
    fresh = account.subscribes(hook.member("fresh-since"))
    account.waits(hours=1)
    hook.shop.now = account.clock
    since(hook, account.clock - timedelta(hours=2))
    account.forbids = ("events",)
    told = hook.catch_up()
    assert (told["met_at"], told["read_to"]) == (told["since"],) * 2  # a list alone is not all
    account.forbids = ()
    hook.later(seconds=20)
    assert (
        hook.catch_up()["met_at"] == hook.counter.get(f"{hook.place}/catch-up").json()["asked_at"]
    )
    assert hook.turns(gone) == ["started", "cancelled"]
    assert hook.turns(fresh) == ["started"]


def test_a_mistaken_day_is_mended_and_the_day_of_another_account_stands(hook: Endpoint) -> None:
    hook.later(minutes=10)
    hook.catch_up()
    hook.later(days=3)
    launch = hook.shop.now - timedelta(hours=1)
    told = hook.enter(since=launch.isoformat()).json()  # with a key, and it may be of another one
    assert datetime.fromisoformat(told["since"]) == launch
    slip = launch.replace(year=2005)
    since(hook, slip)
    hook.account.forbids = ("events",)
    assert datetime.fromisoformat(hook.catch_up()["met_at"]) == slip
    assert datetime.fromisoformat(since(hook, launch)["since"]) == launch


def since(hook: Endpoint, day: datetime) -> dict[str, Any]:
    """Everything is brought in from then on, by the keys that are there."""
    said = {"since": day.isoformat()}
    told: dict[str, Any] = hook.counter.ask("PUT", f"{hook.place}/catch-up", said).json()
    return told


def test_a_key_that_may_not_read_disputes_holds_up_disputes_alone(hook: Endpoint) -> None:
    account = hook.account
    account.forbids = ("disputes",)
    sub = account.subscribes(hook.member("disputed"))
    last = account.renews(sub)
    account.waits(days=2)
    dispute = account.disputes(last)
    account.gives_back(last, 900)
    account.decides(dispute, "lost")
    hook.hear()
    assert hook.turns(sub) == ["started", "paid", "refunded"]
    assert "asks" in {code for _, code, _ in hook.states()}
    before = len(hook.became())
    hook.later(hours=1)
    hook.work()
    assert len(hook.became()) == before  # nothing of it changed
    account.forbids = ()
    hook.later(hours=1)
    hook.work()
    assert hook.turns(sub) == ["started", "paid", "refunded", "refunded"]
    assert hook.membership(sub)["state"] == "ended"
    assert "asks" not in {code for _, code, _ in hook.states()}


def test_a_list_that_is_longer_than_is_read_at_once_is_read_to_its_end(
    hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = hook.account
    hook.catch_up()
    hook.later(minutes=6)
    account.clock = hook.shop.now
    email = hook.member("many")
    for number in range(120):  # three events each
        account.subscribes(email if number == 77 else f"many-{number}@x.org")
        account.waits(seconds=number % 7)
    hook.shop.now = account.clock
    monkeypatch.setattr(catching_up, "PAGES", 1)
    told = hook.catch_up()
    assert (told["found"], told["problem"]) == (360, "")
    for _ in range(3):
        hook.work()
    assert sum(1 for became in hook.became() if became == ("refused", "unknown_member")) == 119
    assert ("booked", "membership") in hook.became()


def test_what_is_entered_wrong_is_said_at_its_field(hook: Endpoint) -> None:
    place = f"{hook.place}/catch-up"
    half = hook.counter.ask("PUT", place, {"secret": "whsec_2"})
    assert problem(half) == (422, "invalid", "/key")
    inside = {"address": "http://127.0.0.1:80", "key": "a", "secret": "b"}
    assert problem(hook.counter.ask("PUT", place, inside)) == (422, "invalid", "/address")
    ((kept,),) = hook.shop.rows(
        "select keys from catch_up where program_id = $1 and inlet_id = $2::text::uuid",
        hook.made["id"].removeprefix("inl_"),
    )
    assert b"rk_test" not in kept
    assert b"whsec" not in kept
