"""What was committed reaches another system: signed, in order, again until it is there."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tests.makers import NOON, Shop
from tests.runtime.working.hooks.receiver import Came, Receiver, receiver
from tests.runtime.working.hooks.town import BY, HOME, KEYED, Town
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.flows.telling.hooks.keep_hooks import (
    ReplayHook,
    RotateSecret,
    SendOnceMore,
    replay_hooks,
    rotate_secrets,
    send_once_more,
)
from regulars.flows.telling.hooks.take_sendings import RESTORED
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.rules import LEASE, MOST_TRIES, OPENS_AFTER
from regulars.records.outbox.hooks.types import secrets_of
from regulars.runtime.working.hooks.duty import Hooks
from regulars.runtime.working.hooks.tidying import Tidies
from regulars.surfaces.senders.hooks.forms import secret_shown
from regulars.surfaces.senders.outgoing.client import BROKEN, NO_HTTP


@pytest.fixture(scope="module")
def house() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop, house: Receiver) -> Iterator[Town]:
    house.came.clear()
    house.answers()
    house.more = ()
    opened.begin(SOURCE, slug=f"h{os.urandom(4).hex()}", now=NOON)
    opened.joined("ada", "ben")
    made = Town(opened)
    yield made
    made.close()


def bodies(house: Receiver) -> list[Any]:
    return [json.loads(one.body) for one in house.came]


def test_an_event_goes_out_signed_and_is_delivered(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.go(hook)
    (came,) = house.came
    (told,) = bodies(house)
    assert (told["type"], told["timestamp"]) == ("points.earned", "2026-03-02T12:00:00.000000Z")
    assert told["data"]["position"] == 1
    assert told["data"]["details"]["earned"] == {"points": 10}
    assert told["data"]["details"]["activity_id"].startswith("act_")
    assert (came.path, came.headers["content-type"]) == ("/hook", "application/json")
    # The library's own judgement; it compares times with its own clock, so it is told ours.
    assert verified(town.secret(hook), came) == told
    assert town.sendings() == [("points.earned", 1, "delivered", "")]
    assert town.tries() == [(204, "")]
    town.go(hook)
    assert len(house.came) == 1


def verified(secret: str, came: Came) -> Any:
    """What the reference library makes of it, at the time it was sent."""
    judge = Webhook(secret)
    signed = judge.sign(
        came.headers["webhook-id"],
        NOON.fromtimestamp(int(came.headers["webhook-timestamp"]), NOON.tzinfo),
        came.body.decode(),
    )
    if signed not in came.headers["webhook-signature"].split():
        raise WebhookVerificationError("No matching signature found")
    return json.loads(came.body)


def test_what_happened_before_a_hook_was_made_is_sent_only_if_asked_for(
    town: Town, house: Receiver
) -> None:
    town.buys("ada", "r1")
    plain = town.hook(house.url)
    early = town.hook(house.url, since=NOON - timedelta(hours=1))
    town.go(plain)
    assert house.came == []
    town.go(early)
    assert [one["type"] for one in bodies(house)] == ["member.joined"] * 2 + ["points.earned"]


def test_each_member_hears_in_order_and_a_failure_holds_their_line_alone(
    town: Town, house: Receiver
) -> None:
    hook = town.hook(house.url)
    for receipt in ("r1", "r2", "r3"):
        town.buys("ada", receipt)
    town.buys("ben", "b1")
    first: list[str] = []

    def refuse_first(came: Came) -> int:
        told = json.loads(came.body)["data"]
        first.append(told["member_id"]) if not first else None
        return 500 if told["position"] == 2 and told["member_id"] == adas else 204

    adas = town.shop.rows(
        "select 'mem_' || replace(member_id::text, '-', '') from identifier "
        "where program_id = $1 and kind = 'external' and value = 'ada'"
    )[0][0]
    house.acts = refuse_first
    town.go(hook)
    states = [one[1:3] for one in town.sendings()]
    assert sorted(states) == [(1, "delivered"), (1, "delivered"), (2, "waiting"), (3, "waiting")]
    town.go(hook)  # not due yet
    assert len(house.came) == 3
    house.answers()
    town.later(seconds=7)
    town.go(hook)
    mine = [one["data"]["position"] for one in bodies(house) if one["data"]["member_id"] == adas]
    assert mine == [1, 2, 2, 3]
    assert {one[2] for one in town.sendings()} == {"delivered"}


@pytest.mark.parametrize(
    ("act", "status", "reason"),
    [
        (500, 500, "it answered 500"),
        (404, 404, "it answered 404"),
        (302, 302, "302: it sends us elsewhere, and redirects are not followed"),
        ("reset", None, NO_HTTP),
        ("garbage", None, NO_HTTP),
    ],
)  # fmt: skip
def test_what_a_receiver_does_wrong_is_kept_and_tried_again(
    town: Town, house: Receiver, act: Any, status: Any, reason: str
) -> None:
    house.more = (("Location", "http://127.0.0.1:9/elsewhere"),)
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    house.answers(act)
    town.go(hook)
    ((was, why),) = town.tries()
    assert was == status
    assert why in (reason, BROKEN)
    town.later(seconds=7)
    town.go(hook)
    assert town.sendings() == [("points.earned", 1, "delivered", "")]
    one, other = house.came
    assert (one.id, one.body) == (other.id, other.body)


def test_who_does_not_answer_in_time_or_never_stops_is_cut_off(town: Town, house: Receiver) -> None:
    quick = Town(town.shop, patience_s=0.2)
    hook = quick.hook(house.url)
    quick.buys("ada", "r1")
    house.answers("late")
    quick.go(hook)
    assert quick.tries() == [(None, "no answer within 0.2 seconds")]
    house.answers("endless")
    town.later(seconds=7)
    town.go(hook)  # it says 200 and then does not end: it has it
    assert [status for status, _ in town.tries()] == [None, 200]
    quick.close()


def test_a_receiver_that_is_gone_is_not_called_again_and_nothing_is_lost(
    town: Town, house: Receiver
) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    house.answers(410)
    town.go(hook)
    town.buys("ada", "r2")
    town.later(days=1)
    town.go(hook)
    assert len(house.came) == 1
    (kept,) = town.shop.do(lambda tx, _: read.hooks(tx))
    assert (kept.state, kept.reason) == ("disabled", "it answered 410 Gone")
    town.change(hook, state="active")
    town.go(hook)
    assert [one["data"]["position"] for one in bodies(house)] == [1, 1, 2]


def test_a_receiver_that_is_down_for_three_days_misses_nothing(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    for number in range(12):
        town.buys(("ada", "ben")[number % 2], f"r{number}")
    house.acts = lambda _: 503
    for _ in range(72):
        town.later(hours=1)
        town.go(hook)
    asked = len(house.came)
    assert asked < 80, "a receiver that is down is left alone"
    house.answers()
    town.later(minutes=6)  # the longest rest, and what the jitter adds
    for _ in range(26):  # its next probe comes by the schedule, and wakes the others
        town.later(hours=1)
        town.go(hook)
    assert [one[2] for one in town.sendings()] == ["delivered"] * 12


def test_what_a_receiver_refuses_to_the_end_is_dead_and_the_line_goes_on(
    town: Town, house: Receiver
) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.buys("ada", "r2")
    house.acts = lambda came: 422 if json.loads(came.body)["data"]["position"] == 1 else 204
    for _ in range(MOST_TRIES):
        town.later(hours=29)
        town.change(hook, state="paused")  # as if others had arrived meanwhile
        town.change(hook, state="active")
        town.go(hook)
    assert town.sendings() == [
        ("points.earned", 1, "dead", "tried 13 times; the last time: it answered 422"),
        ("points.earned", 2, "delivered", ""),
    ]
    dead = town.shop.do(lambda tx, _: read.page(tx, hook.hook_id, "dead", None, 10))
    again = SendOnceMore(hook.hook_id, dead[0].event.event_id, BY)
    town.shop.do(lambda tx, _: send_once_more(tx, [again]))
    house.answers()
    town.go(hook)
    assert [one[2] for one in town.sendings()] == ["delivered", "delivered"]
    assert {one.body for one in house.came if one.id == house.came[-1].id} == {house.came[-1].body}


def test_two_secrets_are_good_during_the_overlap(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    old = town.secret(hook)
    wish = RotateSecret(hook.hook_id, BY, timedelta(hours=2))
    after = town.shop.do(lambda tx, _: rotate_secrets(tx, [wish]))[0].hook
    town.buys("ada", "r1")
    town.go(after)
    (no,) = town.shop.do(lambda tx, _: rotate_secrets(tx, [RotateSecret(hook.hook_id, BY)]))
    assert (no.code, no.field) == ("invalid", "/overlap_hours")
    told = verified(old, house.came[0])
    assert told == verified(town.secret(after), house.came[0])
    town.later(hours=2)
    town.buys("ada", "r2")
    town.go(after)
    assert verified(town.secret(after), house.came[1])
    with pytest.raises(WebhookVerificationError):
        verified(old, house.came[1])
    # Of another program, or another hook, it is another one.
    there = secrets_of(KEYED, town.shop.program_id + 1, after, town.shop.now)[0]
    assert secret_shown(there) not in (old, town.secret(after))


def test_a_line_of_who_was_killed_is_free_after_its_lease(town: Town, house: Receiver) -> None:
    from regulars.flows.telling.hooks.take_sendings import take_sendings

    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.shop.run(town.dispatcher.plan(town.shop.program_id))
    assert town.shop.do(lambda tx, _: take_sendings(tx, hook.hook_id))  # and is killed
    town.go(hook)
    assert house.came == []
    town.later(seconds=LEASE.total_seconds())
    town.go(hook)
    assert [one[2] for one in town.sendings()] == ["delivered"]


def test_a_replay_sends_the_same_bytes_in_the_same_order(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.later(minutes=1)
    since = town.shop.now
    town.buys("ada", "r2")
    town.buys("ada", "r3")
    town.go(hook)
    wish = ReplayHook(hook.hook_id, BY, since=since)
    town.later(minutes=1)
    town.shop.do(lambda tx, _: replay_hooks(tx, [wish]))
    town.go(hook)
    first, again = house.came[1:3], house.came[3:]
    assert [(one.id, one.body) for one in first] == [(one.id, one.body) for one in again]


def test_what_was_not_planned_before_a_restore_is_seen_and_can_be_replayed(
    town: Town, house: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.later(minutes=1)
    raised_at = town.shop.now

    async def restored(_: object) -> Any:
        return raised_at

    monkeypatch.setattr(following, "raised_at", restored)
    town.later(minutes=1)
    town.buys("ada", "r2")
    town.go(hook)
    town.go(hook)
    assert [one[1:] for one in town.sendings()] == [(1, "dead", RESTORED), (2, "delivered", "")]
    later = town.hook(house.url, since=NOON - timedelta(hours=1))
    town.go(later)
    assert len(house.came) == 1 + 4, "it asked for what was before, and had nothing yet"
    town.shop.do(lambda tx, _: replay_hooks(tx, [ReplayHook(hook.hook_id, BY, since=NOON)]))
    town.go(hook)
    assert [one["data"]["position"] for one in bodies(house)[-2:]] == [1, 2]


def test_a_hook_that_waits_goes_on_where_it_was(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    town.change(hook, state="paused")
    town.buys("ada", "r1")
    town.go(hook)
    assert (house.came, town.sendings()) == ([], [])
    town.change(hook, state="active", types=("points.earned", "tier.changed"))
    town.go(hook)
    assert [one["type"] for one in bodies(house)] == ["points.earned"]
    town.change(hook, types=("tier.changed",))
    town.buys("ada", "r2")
    town.go(hook)
    assert len(house.came) == 1


def test_cloudevents_are_what_they_say(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url, form="cloudevents")
    town.buys("ada", "r1")
    town.go(hook)
    (came,) = house.came
    (told,) = bodies(house)
    assert came.headers["content-type"].startswith("application/cloudevents+json")
    assert (told["specversion"], told["type"]) == ("1.0", "regulars.points.earned")
    assert told["id"] == came.id
    assert told["source"].startswith("urn:regulars:h")
    assert verified(town.secret(hook), came)


def test_a_private_receiver_is_not_called_unless_the_house_allows_it(
    town: Town, house: Receiver
) -> None:
    from regulars.surfaces.senders.outgoing.guard import Guard

    strict = Town(town.shop, Guard())
    hook = strict.hook(house.url)
    strict.buys("ada", "r1")
    strict.go(hook)
    assert (house.came, strict.tries()) == (
        [], [(None, "not called: only https addresses are called")],
    )  # fmt: skip
    strict.close()
    assert HOME.allowed


def test_what_is_long_over_is_forgotten(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.go(hook)
    town.later(days=91)
    town.buys("ada", "r2")
    town.go(hook)
    tidies = Tidies(town.shop.database, town.shop.made.owner_dsn)
    town.shop.run(tidies.sweep(town.shop.program_id))
    assert [(one[1], one[2]) for one in town.sendings()] == [(2, "delivered")]
    assert len(town.tries()) == 1
    early = ReplayHook(hook.hook_id, BY, since=NOON)
    (no,) = town.shop.do(lambda tx, _: replay_hooks(tx, [early]))
    assert no.field == "/since"
    assert OPENS_AFTER > 1


def test_the_duty_sends_by_itself_and_a_receiver_that_hangs_delays_no_other(
    town: Town, house: Receiver
) -> None:
    with receiver() as stuck:
        stuck.acts = lambda _: "hang"
        town.hook(stuck.url)
        town.hook(house.url)
        duty = Hooks(town.dispatcher, town.shop.database, town.shop.made.owner_dsn)

        async def until_it_came() -> None:
            await duty.run(town.shop.now)
            for _ in range(200):
                if house.came and stuck.came:
                    break
                await asyncio.sleep(0.05)
            await duty.stop()

        town.buys("ada", "r1")
        town.shop.run(until_it_came())
        assert (len(house.came), len(stuck.came)) == (1, 1)
        assert sorted(one[2] for one in town.sendings()) == ["delivered", "waiting"]


def test_what_is_sent_once_more_is_tried_until_it_is_there(town: Town, house: Receiver) -> None:
    from regulars.flows.telling.hooks.take_sendings import take_sendings

    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.go(hook)
    town.later(minutes=1)
    again = SendOnceMore(hook.hook_id, town.event(), BY)
    town.shop.do(lambda tx, _: send_once_more(tx, [again]))
    assert town.shop.do(lambda tx, _: take_sendings(tx, hook.hook_id))  # and is killed
    town.later(seconds=LEASE.total_seconds())
    house.answers(500, 500)
    for seconds in (0, 7, 37, 999):
        town.later(seconds=seconds)
        town.go(hook)
    assert [status for status, _ in town.tries()] == [204, 500, 500, 204]
    assert town.shop.rows("select again_at from hook_sending where program_id = $1") == [(None,)]


def test_a_line_with_nothing_in_it_holds_nobody_up(town: Town, house: Receiver) -> None:
    hook = town.hook(house.url)
    town.buys("ada", "r1")
    town.buys("ben", "r2")
    town.shop.run(town.dispatcher.plan(town.shop.program_id))
    town.shop.rows("delete from hook_sending where program_id = $1 and event_id = $2", town.event())
    town.go(hook)
    assert len(house.came) == 1
    assert town.shop.rows("select 1 from hook_line where program_id = $1 and done < planned") == []
