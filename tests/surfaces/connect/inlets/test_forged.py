"""T10: what is forged, stale, huge or garbled is not taken in; what is sent again counts once."""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter, problem

BODY = msgspec.json.encode(paid("2001", customer="f-1"))


@pytest.fixture(scope="module")
def sender(counter: Counter) -> Sender:
    return Sender(counter)


@pytest.fixture(scope="module")
def other(counter: Counter) -> Sender:
    """Another source of the same program."""
    return Sender(counter)


def bit_flipped(headers: dict[str, str], at: int) -> dict[str, str]:
    raw = bytearray(b64decode(headers["webhook-signature"].removeprefix("v1,")))
    raw[at // 8] ^= 1 << at % 8
    return headers | {"webhook-signature": f"v1,{b64encode(bytes(raw)).decode()}"}


def forgeries(sender: Sender, other: Sender) -> list[tuple[bytes, dict[str, str]]]:
    """Everything nobody may be fooled by: bodies with their headers."""
    good, now = sender.signed("msg-f", BODY), sender.shop.now
    signature = good["webhook-signature"]
    stale = [sender.signed("msg-f", BODY, now + timedelta(seconds=s)) for s in (-301, 301)]
    again = msgspec.json.format(BODY, indent=2)
    said: list[tuple[bytes, dict[str, str]]] = [
        *((BODY, bit_flipped(good, at)) for at in range(256)),
        *((BODY, one) for one in stale),
        (again, good),
        (BODY.replace(b"10.00", b"99.00"), good),
        (BODY + b" ", good),
        (BODY, other.signed("msg-f", BODY)),
        (BODY, good | {"webhook-id": "msg-g"}),
        (BODY, good | {"webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)}),
        (BODY, good | {"webhook-signature": ""}),
        (BODY, good | {"webhook-signature": signature.replace("v1,", "v1a,")}),
        (BODY, good | {"webhook-signature": signature.removeprefix("v1,")}),
        (BODY, good | {"webhook-signature": "v1,"}),
        (BODY, good | {"webhook-signature": " ".join(["v1,AAAA"] * 10) + f" {signature}"}),
        (BODY, good | {"webhook-timestamp": "1e9"}),
        (BODY, good | {"webhook-timestamp": "-1"}),
        (BODY, {"content-type": "application/json"}),
    ]
    return said


def test_nothing_forged_comes_in(sender: Sender, other: Sender) -> None:
    attempts = forgeries(sender, other)
    before = sender.shop.counts()
    answers = [problem(sender.post(body, headers))[:2] for body, headers in attempts]
    accepted = [one for one in answers if one != (401, "bad_signature")]
    assert (len(attempts), accepted) == (272, [])
    assert sender.shop.counts() == before


def test_three_hundred_seconds_either_way_are_fresh(sender: Sender) -> None:
    for number, seconds in enumerate((-300, 300)):
        at = sender.shop.now + timedelta(seconds=seconds)
        assert sender.send(f"msg-edge-{number}", paid(f"edge-{number}"), at).status_code == 202


def test_the_secret_of_another_program_opens_nothing(sender: Sender) -> None:
    shop = sender.shop
    answers = []
    for address in (sender.address.replace("inl_", "inl_f"), "/v1/in/web-shop"):
        sending = sender.counter.client.post(
            address, content=BODY, headers=sender.signed("msg-o", BODY)
        )
        answers.append(problem(shop.run(sending))[:2])
    assert answers == [(404, "not_found")] * 2


def test_large_bombs_and_garbled_are_refused_and_kept_nowhere(sender: Sender) -> None:
    before = sender.shop.counts()
    deep = b'{"type":"order.paid","data":' + b"[" * 40 + b"]" * 40 + b"}"
    bomb, whole = gzip.compress(b"0" * 10_000_000), gzip.compress(BODY)
    packed = {"content-encoding": "gzip"}
    tries: list[tuple[bytes, dict[str, str], tuple[int, str]]] = [
        (b" " * 10_000_000, {}, (413, "body_too_large")),
        (bomb, packed, (413, "body_too_large")),
        (whole[:-4], packed, (400, "malformed_json")),
        (whole + whole, packed, (400, "malformed_json")),
        (b"no gzip", packed, (400, "malformed_json")),
        (whole, {"content-encoding": "br"}, (415, "unsupported_media_type")),
        (deep, {}, (400, "too_deep")),
        (b'{"type":"a","type":"b"}', {}, (400, "duplicate_name")),
        (b'{"type":NaN}', {}, (400, "malformed_json")),
        (b'{"type":"\\u0000"}', {}, (400, "malformed_json")),
        (b'\xff{"type":"a"}', {}, (400, "malformed_json")),
        (b"[]", {}, (400, "malformed_json")),
        (b"", {}, (400, "malformed_json")),
        (BODY, {"content-type": "text/plain"}, (415, "unsupported_media_type")),
    ]
    for number, (body, more, wanted) in enumerate(tries):
        headers = sender.signed(f"msg-b-{number}", body) | more
        assert problem(sender.post(body, headers))[:2] == wanted, (number, wanted)
    assert sender.shop.counts() == before


def test_gzip_is_taken_whichever_of_the_two_was_signed(sender: Sender) -> None:
    for number, signs_packed in enumerate((True, False)):
        body = msgspec.json.encode(paid(f"gz-{number}"))
        packed = gzip.compress(body)
        headers = sender.signed(f"msg-gz-{number}", packed if signs_packed else body)
        answer = sender.post(packed, headers | {"content-encoding": "gzip"})
        assert answer.status_code == 202, answer.text


def test_the_library_of_the_standard_signs_what_we_take(sender: Sender) -> None:
    signing = Webhook(sender.made["secret"])
    body = msgspec.json.encode(paid("lib-1"))
    mark = signing.sign("msg-lib", sender.shop.now, body.decode())
    headers = sender.signed("msg-lib", body) | {"webhook-signature": mark}
    assert sender.post(body, headers).status_code == 202


def test_sent_a_hundred_times_it_counts_once_and_is_answered_alike(sender: Sender) -> None:
    answers = []
    for turn in range(100):
        answers.append(sender.send("msg-r", paid("3001", customer=f"r-{sender.mark}")))
        if turn == 50:
            sender.book()
    sender.book()
    assert {one.text for one in answers} == {answers[0].text}
    assert {one.status_code for one in answers} == {202}
    assert answers[-1].headers["idempotent-replayed"] == "true"
    assert sender.points(f"shop-r-{sender.mark}") == 10
    other = sender.send("msg-r", paid("3001", "99.00"))
    assert problem(other)[:2] == (409, "event_reused")


def test_one_receipt_by_two_events_is_booked_once(sender: Sender) -> None:
    for number in range(3):
        sender.send(f"msg-two-{number}", paid("4001", customer=f"t-{sender.mark}"))
    sender.book()
    assert sender.points(f"shop-t-{sender.mark}") == 10
    assert sender.states()[-3:] == [("booked", "", "")] * 3


def test_both_secrets_are_good_while_they_overlap(counter: Counter) -> None:
    sender = Sender(counter)
    old = sender.secret
    assert sender.send("o-0", paid("o-0")).status_code == 202  # the first secret is remembered
    sender.later(seconds=0.2)
    made = counter.post(f"{sender.place}/secret", {"overlap_hours": 1}).json()
    new = b64decode(made["secret"].removeprefix("whsec_"))

    def status(secret: bytes, id_: str) -> Any:
        sender.secret = secret
        return sender.send(id_, paid(id_)).status_code

    assert [status(new, "o-1"), status(old, "o-2")] == [202, 202]
    sender.later(hours=1)
    assert [status(old, "o-3"), status(new, "o-4")] == [401, 202]
