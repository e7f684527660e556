"""Only what Stripe signed comes in: its own library agrees with every yes and with every no."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import stripe
from tests.surfaces.connect.stripe.account import signed
from tests.surfaces.connect.stripe.hook import Endpoint
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api.strict.bodies import LARGEST_OF_A_SHOP
from regulars.surfaces.connect.inlets.signing import BadSignature
from regulars.surfaces.connect.stripe.signing import SIGNATURE, check_stripe

BODY = b'{"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}'


def theirs(body: bytes, header: str, secret: str) -> bool:
    """What the library of the vendor says of it, now."""
    try:
        stripe.Webhook.construct_event(body, header, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


def ours(body: bytes, header: str, *secrets: str) -> bool:
    now = datetime.now(UTC)
    try:
        told = {SIGNATURE: header.encode()}
        check_stripe([one.encode() for one in secrets], told, [body], now)
    except BadSignature:
        return False
    return True


def test_its_own_library_agrees_with_ours() -> None:
    now = datetime.now(UTC)
    good = signed(BODY, now, "whsec_a")
    assert theirs(BODY, good, "whsec_a")
    for body, header, secret in (
        (BODY, good, "whsec_a"),
        (BODY, signed(BODY, now, "whsec_old", "whsec_a"), "whsec_a"),
        (BODY, signed(BODY, now - timedelta(seconds=290), "whsec_a"), "whsec_a"),
        (BODY, signed(BODY, now - timedelta(seconds=310), "whsec_a"), "whsec_a"),
        (BODY + b" ", good, "whsec_a"),
        (BODY, good, "whsec_b"),
        (BODY, good.replace("v1=", "v0="), "whsec_a"),
        (BODY, good.replace("t=", "t=1"), "whsec_a"),
        (BODY, good.split(",", 1)[1], "whsec_a"),
        (BODY, "", "whsec_a"),
        (BODY, "t=,v1=", "whsec_a"),
        (BODY, "nonsense", "whsec_a"),
    ):
        assert ours(body, header, secret) is theirs(body, header, secret), header
    assert ours(BODY, good, "whsec_b", "whsec_a")
    assert not ours(BODY, good)


def test_what_was_signed_ahead_of_us_is_refused() -> None:
    ahead = signed(BODY, datetime.fromtimestamp(time.time() + 400, UTC), "whsec_a")
    assert not ours(BODY, ahead, "whsec_a")


def test_nothing_forged_old_or_changed_on_its_way_comes_in(hook: Endpoint) -> None:
    hook.account.subscribes("nobody@x.org")
    event = hook.account.told[0]
    body = msgspec.json.encode(event)
    good = signed(body, hook.shop.now, hook.account.secret)
    for other in (body.replace(b"eur", b"usd"), body + b" ", b""):
        assert problem(hook.post(other, hook.headers(good)))[:2] == (401, "bad_signature")
    for header in ("", "x", good[:-10], signed(body, hook.shop.now, "whsec_other")):
        assert problem(hook.post(body, hook.headers(header)))[:2] == (401, "bad_signature")
    old = hook.shop.now - timedelta(seconds=301)
    assert problem(hook.tell(event, old))[:2] == (401, "bad_signature")
    assert hook.states() == []


def test_sent_again_it_is_one_event_however_it_is_written(hook: Endpoint) -> None:
    hook.account.subscribes("nobody@x.org")
    event = hook.account.told[0]
    first = hook.tell(event)
    assert first.status_code == 202
    assert hook.tell(event | {"pending_webhooks": 0}).json() == first.json()
    assert hook.tell(dict(reversed(event.items()))).json() == first.json()
    assert len(hook.states()) == 1


def test_what_is_too_large_or_no_event_is_refused(hook: Endpoint) -> None:
    assert hook.tell({"id": "evt_1", "note": "x" * LARGEST_OF_A_SHOP}).status_code == 413
    assert hook.tell({"id": "evt_1", "object": "charge", "type": "x"}).status_code == 400
    assert hook.tell({"id": "../x", "object": "event", "type": "x"}).status_code == 400
    assert hook.tell({"id": 7, "object": "event", "type": "invoice.paid"}).status_code == 400
    assert hook.states() == []


def test_of_other_events_nothing_becomes(hook: Endpoint) -> None:
    strange = {"id": "evt_s", "object": "event", "type": "customer.created", "data": None}
    assert hook.tell(strange).status_code == 202
    wrong = {"id": "evt_w", "object": "event", "type": "invoice.paid", "data": {"object": []}}
    assert hook.tell(wrong).status_code == 202
    path = {"id": "evt_p", "object": "event", "type": "charge.refunded"}
    assert hook.tell(path | {"data": {"object": {"id": "../v1/keys"}}}).status_code == 202
    hook.work()
    assert {state for state, *_ in hook.states()} == {"passed"}
    assert hook.account.asked == []


def test_a_secret_is_rolled_without_a_gap(hook: Endpoint) -> None:
    account = hook.account
    account.subscribes("nobody@x.org")
    first, other, third = account.told
    hook.enter(secret="whsec_new")
    hook.later(seconds=2)
    assert hook.tell(first, None, "whsec_stripes", "whsec_new").status_code == 202
    assert hook.tell(other, None, "whsec_stripes").status_code == 202  # still on its way
    hook.later(days=8)
    assert problem(hook.tell(third, None, "whsec_stripes"))[:2] == (401, "bad_signature")
    assert hook.tell(third, None, "whsec_new").status_code == 202


def test_before_a_secret_is_entered_nothing_comes_in_and_right_after_it_does(
    counter: Counter,
) -> None:
    hook = Endpoint(counter, entered=False)
    hook.account.subscribes("nobody@x.org")
    event = hook.account.told[0]
    refused = hook.tell(event)
    assert problem(refused)[:2] == (401, "bad_signature")
    assert "signing secret" in refused.text
    hook.enter()
    hook.later(seconds=0.5)
    assert hook.tell(event).status_code == 202


@pytest.mark.parametrize("field", ["t", "v1"])
def test_a_header_of_thousands_of_parts_costs_nothing(hook: Endpoint, field: str) -> None:
    header = ",".join([f"{field}={number}" for number in range(5_000)])
    assert problem(hook.post(BODY, hook.headers(header)))[:2] == (401, "bad_signature")
