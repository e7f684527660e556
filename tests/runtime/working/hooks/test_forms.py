"""Signatures, pauses and rests as they are published."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from msgspec.structs import replace

from regulars.flows.telling.hooks.settle_sendings import fared
from regulars.records.outbox.hooks.rules import MOST_TRIES, OPENS_AFTER, SCHEDULE, pause, rest
from regulars.records.outbox.hooks.types import Event, Hook, Sending, Try
from regulars.surfaces.senders.hooks.forms import FORMS, Signing, standard_headers, written_at

AT = datetime(2021, 2, 25, 20, 55, 30, tzinfo=UTC)
ONE, OTHER = UUID(int=7), UUID(int=8)
SENDING = Sending(
    ONE, 3, "standard", "waiting", "", AT, None,
    Event(OTHER, ONE, 17, "reward.captured",
          '{"reward": "cup", "redemption_id": "00000000-0000-0000-0000-00000000000a"}', AT),
)  # fmt: skip
HOOK = Hook(ONE, "W", "https://w.example/", "standard", "active", "", 1, None, AT, "x")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_the_published_vector_is_signed_whatever_zone_the_clock_is_in(zone: timezone) -> None:
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signing = Signing((secret,), "https://x", datetime.fromtimestamp(1614265330, zone))
    headers = dict(standard_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', signing
    ))  # fmt: skip
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_instant_without_a_zone_is_never_signed() -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(AssertionError):
        standard_headers("evt_1", b"{}", Signing((b"s",), "https://x", naive))
    with pytest.raises(AssertionError):
        written_at(naive)
    east = AT.astimezone(timezone(timedelta(hours=9)))
    assert written_at(east) == written_at(AT) == "2021-02-25T20:55:30.000000Z"


def test_bodies_are_these_bytes_for_ever() -> None:
    """What is retried after an upgrade must be what was sent before it."""
    data = (
        b'{"details":{"redemption_id":"red_0000000000000000000000000000000a","reward":"cup"},'
        b'"epoch":0,'
        b'"member_id":"mem_00000000000000000000000000000007","position":3,"sequence":17}'
    )
    assert FORMS["standard"].body(SENDING, "corner") == (
        b'{"data":' + data + b',"timestamp":"2021-02-25T20:55:30.000000Z","type":"reward.captured"}'
    )
    assert FORMS["cloudevents"].body(SENDING, "corner") == (
        b'{"data":' + data + b',"datacontenttype":"application/json",'
        b'"epoch":"0","id":"evt_00000000000000000000000000000008","source":"urn:regulars:corner",'
        b'"specversion":"1.0","subject":"mem_00000000000000000000000000000007",'
        b'"time":"2021-02-25T20:55:30.000000Z","type":"regulars.reward.captured"}'
    )


def test_pauses_follow_the_schedule_with_a_fifth_more_at_most() -> None:
    pauses = [pause(tries, OTHER) for tries in range(1, MOST_TRIES + 1)]
    assert pauses[-1] is None
    for usual, was in zip(SCHEDULE, pauses[:-1], strict=True):
        assert was is not None
        assert usual <= was < usual * 1.2
    assert sum(SCHEDULE, timedelta()) > timedelta(days=3, hours=12)
    assert len({pause(5, UUID(int=n)) for n in range(50)}) > 40, "they come back together"
    assert pause(5, OTHER) == pauses[4]


def tried(*statuses: int | None, rest_s: int = 0) -> list[Try]:
    return [Try(OTHER, AT, 5, one, "", rest_s) for one in statuses]


def test_a_receiver_is_left_alone_after_eight_failures_and_forgiven_after_one_success() -> None:
    seven = fared(HOOK, tried(*[500] * (OPENS_AFTER - 1)), AT)
    assert (seven.failures, seven.rest_until) == (7, None)
    eight = fared(seven, tried(None), AT)
    assert eight.rest_until is not None
    assert timedelta(seconds=5) <= eight.rest_until - AT < timedelta(seconds=6)
    assert rest(40, ONE) < timedelta(minutes=6)  # type: ignore[operator]
    assert fared(eight, tried(500, 200, 500), AT) == replace(HOOK)
    busy = fared(HOOK, tried(429, rest_s=90), AT)
    assert busy.rest_until == AT + timedelta(seconds=90)
    assert fared(HOOK, tried(429, rest_s=10**6), AT).rest_until == AT + timedelta(hours=1)


def test_a_bad_moment_costs_a_receiver_seconds_however_many_fail_in_it() -> None:
    blip = fared(HOOK, tried(*[None] * 32), AT)
    assert blip.failures == OPENS_AFTER
    assert blip.rest_until is not None
    assert blip.rest_until - AT < timedelta(seconds=6)
    next_ = fared(blip, tried(None, None), blip.rest_until)
    assert next_.failures == OPENS_AFTER + 1


def test_what_is_asked_for_once_more_says_little_of_its_receiver() -> None:
    assert fared(HOOK, [], AT, tried(500)) == HOOK
    seven = fared(HOOK, tried(*[500] * (OPENS_AFTER - 1)), AT)
    assert fared(seven, [], AT, tried(500)).failures == OPENS_AFTER
    assert fared(seven, [], AT, tried(200)) == HOOK


def test_a_receiver_that_is_gone_or_away_for_five_days_is_disabled() -> None:
    assert fared(HOOK, tried(200, 410), AT).state == "disabled"
    away = fared(HOOK, tried(*[500] * OPENS_AFTER), AT)
    for day in (1, 2, 3, 4):
        away = fared(away, tried(500), AT + timedelta(days=day))
        assert away.state == "active"
    assert fared(away, tried(500), AT + timedelta(days=5)).state == "disabled"


@pytest.mark.parametrize("before", [1, OPENS_AFTER - 1, OPENS_AFTER, 40])
def test_whoever_was_asked_nothing_for_days_was_not_away(before: int) -> None:
    failed = HOOK
    for _ in range(before):
        failed = fared(failed, tried(500), AT)
    after = fared(failed, tried(500), AT + timedelta(days=9))
    assert after.state == "active"
    assert fared(after, tried(500), AT + timedelta(days=10)).state == "active"
