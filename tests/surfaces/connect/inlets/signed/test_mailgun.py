"""Mailgun signs time and token: nothing else comes in, and a token is good for one event."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.inlets.test_letters import SHOWN, joins, marks, tell
from tests.surfaces.counter import Counter, problem

KEY = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0"
MAPPING = (SHOWN / "signed/mailgun.yaml").read_text("utf-8")


@pytest.fixture
def mailgun(counter: Counter) -> Sender:
    return Sender(signing(counter), MAPPING, "letters")


def signing(counter: Counter, key: str = KEY) -> Counter:
    """The same shop, where Mailgun's key is this one."""
    given = replace(counter.given, mailgun_key=key)
    return Counter(counter.shop, ticks=given.ticks, mailgun_key=key)


def failed(
    sender: Sender, mail: str, token: str = "t1", ago: timedelta = timedelta(0), **more: Any
) -> dict[str, Any]:
    at = str(int((sender.shop.now - ago).timestamp()))
    made = hmac.new(KEY.encode(), f"{at}{token}".encode(), "sha256").hexdigest()
    event = {"event": "failed", "severity": "permanent", "recipient": mail, "timestamp": int(at)}
    event |= {"delivery-status": {"message": "550 nobody"}}
    return {
        "signature": {"timestamp": at, "token": token, "signature": made} | more,
        "event-data": event,
    }


def test_the_signature_of_the_provider_is_made_as_it_says() -> None:
    # Mailgun's own example of its guide: key, time and token, and what comes out.
    made = hmac.new(
        b"key", b"1529006854a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0", "sha256"
    )
    assert len(made.hexdigest()) == 64


def test_what_mailgun_signed_marks_the_address_once_however_often(mailgun: Sender) -> None:
    mail = joins(mailgun.shop, mailgun.mark)
    told = failed(mailgun, mail)
    answers = [tell(mailgun, told) for _ in range(5)]
    assert [one.status_code for one in answers] == [202] * 5
    assert answers[-1].headers["idempotent-replayed"] == "true"
    mailgun.book()
    assert marks(mailgun, mail) == [("hard", 1, "550 nobody")]


def test_a_token_that_was_used_carries_no_other_event(mailgun: Sender) -> None:
    """The signature covers nothing of the event: whoever read one could else tell anything."""
    mail, victim = joins(mailgun.shop, mailgun.mark), joins(mailgun.shop, f"v{mailgun.mark}")
    told = failed(mailgun, mail)
    assert tell(mailgun, told).status_code == 202
    forged = told | {"event-data": told["event-data"] | {"recipient": victim}}
    assert problem(tell(mailgun, forged))[:2] == (409, "event_reused")
    mailgun.book()
    assert marks(mailgun, victim) == []


def test_nothing_forged_old_or_garbled_comes_in(mailgun: Sender, counter: Counter) -> None:
    mail = joins(mailgun.shop, mailgun.mark)
    good, before = failed(mailgun, mail), mailgun.shop.counts()
    signed = good["signature"]
    wrong: list[Any] = [
        {},
        [],
        "x",
        None,
        signed | {"signature": signed["signature"][:-1] + "x"},
        signed | {"signature": signed["signature"].upper()},
        signed | {"signature": ""},
        signed | {"signature": "ü"},
        signed | {"signature": 5},
        signed | {"token": "t2"},
        signed | {"token": ""},
        signed | {"token": ["t1"]},
        signed | {"token": "t" * 101},
        signed | {"timestamp": str(int(signed["timestamp"]) + 1)},
        signed | {"timestamp": "now"},
        signed | {"timestamp": True},
        signed | {"timestamp": "9" * 40},
        failed(mailgun, mail, ago=timedelta(days=1, seconds=1))["signature"],
        failed(mailgun, mail, ago=timedelta(seconds=-301))["signature"],
    ]
    answers = [problem(tell(mailgun, good | {"signature": one}))[:2] for one in wrong]
    assert answers == [(401, "bad_signature")] * len(wrong)
    bodies: list[tuple[bytes, tuple[int, str]]] = [
        (msgspec.json.encode([good]), (400, "malformed_json")),
        (b"{", (400, "malformed_json")),
        (b'{"signature":' + b"[" * 40 + b"]" * 40 + b"}", (400, "too_deep")),
        (b'{"signature":1,"signature":2}', (400, "duplicate_name")),
        (b" " * 10_000_000, (413, "body_too_large")),
    ]
    for body, said in bodies:
        assert problem(tell(mailgun, body))[:2] == said
    no = tell(mailgun, good, authorization="Bearer whsec_x")
    assert problem(no)[:2] == (401, "bad_signature")
    assert no.headers["www-authenticate"] == 'Basic realm="regulars"'
    assert mailgun.shop.counts() == before
    assert tell(mailgun, good).status_code == 202


def test_without_a_key_nothing_of_mailgun_comes_in(counter: Counter) -> None:
    sender = Sender(signing(counter, ""), MAPPING, "letters")
    at = str(int(sender.shop.now.timestamp()))
    made = hmac.new(b"", f"{at}t".encode(), "sha256").hexdigest()
    told = {"signature": {"timestamp": at, "token": "t", "signature": made}, "event-data": {}}
    assert problem(tell(sender, told))[:2] == (401, "bad_signature")


def test_tried_again_for_eight_hours_it_still_comes_in(mailgun: Sender) -> None:
    mail = joins(mailgun.shop, mailgun.mark)
    late = failed(mailgun, mail, "late", timedelta(hours=8))
    assert tell(mailgun, late).status_code == 202
