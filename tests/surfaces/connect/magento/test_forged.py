"""Only what the shop or Adobe signed for this project comes in, and nothing stops a checkout."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import MagentoShop, made_key, pem, signed
from tests.surfaces.connect.magento.test_orders import PENS
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api.strict.bodies import LARGEST_OF_A_SHOP
from regulars.surfaces.connect.inlets import door
from regulars.surfaces.connect.magento.signing import public_key


def test_nothing_forged_or_changed_on_its_way_comes_in(hook: Endpoint) -> None:
    shop = hook.store
    shop.sells("nobody@x.org", PENS)
    body = msgspec.json.encode(shop.told[-1])
    good = shop.headers(body)
    name = "x-adobe-commerce-webhook-signature"
    for other in (body.replace(b"processing", b"closed"), body + b" ", b""):
        assert problem(hook.post(other, good))[:2] == (401, "bad_signature")
    as_it_is, another = signed(shop.own, body), signed(made_key(), b64encode(body))
    for header in ("", "x", good[name][:-4], good[name].lower(), as_it_is, another):
        assert problem(hook.post(body, good | {name: header}))[:2] == (401, "bad_signature")
    assert hook.states() == []
    assert hook.post(body, good).json() == {"op": "success"}


def test_what_adobe_signed_for_somebody_else_does_not_come_in(hook: Endpoint) -> None:
    shop = hook.store
    shop.sells("nobody@x.org", PENS)
    event = shop.as_io(shop.told[-1])
    other = shop.as_io(shop.told[-1], "adobe-project-2")
    for one in (other, [event, other], []):
        assert problem(hook.tell(one, by_adobe=True))[:2] == (401, "bad_signature")
    body = msgspec.json.encode(event)
    good = shop.io_headers(body)
    paths = ("x-adobe-public-key1-path", "x-adobe-public-key2-path")
    for path in ("/prod/keys/../x.pem", "//evil.test/k.pem", "/prod/keys/a.pem?x", ""):
        assert problem(hook.post(body, good | dict.fromkeys(paths, path)))[:2] == (
            401,
            "bad_signature",
        )
    assert problem(hook.post(body + b" ", good))[:2] == (401, "bad_signature")
    assert hook.states() == []
    assert hook.post(body, good).status_code == 200


def test_without_a_public_key_it_can_be_asked_and_nothing_comes_in(counter: Counter) -> None:
    hook = Endpoint(counter, MagentoShop(), entered=False)
    said = {"address": "https://shop.example.org", "key": hook.store.token}
    assert counter.ask("PUT", f"{hook.place}/catch-up", said).status_code == 200
    assert problem(hook.tell({"order": {"entity_id": 7}}))[:2] == (401, "bad_signature")
    hook.enter()
    hook.later(seconds=2)
    assert hook.tell({"order": {"entity_id": 7}}).status_code == 200
    counter.ask("PUT", f"{hook.place}/catch-up", said)  # another token; the public key stays
    hook.later(seconds=2)
    assert hook.tell({"order": {"entity_id": 7}}).status_code == 200
    counter.ask("DELETE", hook.place)


def test_what_is_no_public_key_is_said_at_its_field(hook: Endpoint) -> None:
    place = f"{hook.place}/catch-up"
    for wrong in ("nonsense", pem(hook.store.own)[:200], b64encode(b"x" * 99).decode()):
        sent = {"key": "token", "secret": wrong}
        assert problem(hook.counter.ask("PUT", place, sent)) == (422, "invalid", "/secret")
    alone = problem(hook.counter.ask("PUT", place, {"client": "project"}))
    assert alone == (422, "invalid", "/client")
    own = hook.store.own.public_key()
    bare = b64encode(own.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    assert public_key(bare) is not None
    assert public_key(pem(hook.store.own)) is not None


def test_what_is_no_event_is_refused_and_of_others_nothing_becomes(hook: Endpoint) -> None:
    assert hook.tell({"note": "x" * LARGEST_OF_A_SHOP}).status_code == 413
    assert hook.tell(b"[" * 60 + b"]" * 60).status_code == 400
    assert hook.tell(b"[]").status_code == 400
    one = {"eventName": "observer.sales_order_save_commit_after", "data": {"order": {"id": "x"}}}
    assert hook.tell([one]).status_code == 400, "a webhook of a shop is one event"
    event = hook.store.as_io(one)
    assert hook.tell([event] * 501, by_adobe=True).status_code == 400
    assert hook.states() == []
    assert hook.tell([event] * 2, by_adobe=True).status_code == 200
    assert len(hook.states()) == 1, "the same event twice is one"
    for at, odd in enumerate((
        {"hello": 1}, {"order": []}, {"order": {"entity_id": "../7"}}, {"order_id": True},
        {"data": {"order": {"increment_id": "a/b"}}}, {"asked_for": 1, "object": "x"},
    )):  # fmt: skip
        hook.later(seconds=2)
        assert hook.tell(odd | {"n": at}).status_code == 200
    hook.work()
    assert {state for state, *_ in hook.states()} <= {"passed", "unfit"}
    assert hook.store.asked == []


@pytest.mark.parametrize("failure", ["slow", "broken"])
def test_whatever_happens_here_a_checkout_goes_on(
    hook: Endpoint, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = hook.store
    shop.sells("nobody@x.org", PENS)

    class Gate:
        async def submit(self, *_: Any) -> Any:
            if failure == "broken":
                raise RuntimeError("no disk")
            await asyncio.sleep(30)

    monkeypatch.setattr(door, "CHECKOUT_S", 0.1)
    given = hook.counter.given
    monkeypatch.setattr(type(given), "__getattribute__", _with_gate(type(given), Gate()))
    answer = hook.tell(shop.told[-1])
    assert (answer.status_code, answer.json()) == (200, {"op": "success"})


def _with_gate(kind: Any, gate: Any) -> Any:
    plain = kind.__getattribute__

    def find(self: Any, name: str) -> Any:
        return gate if name == "gate" else plain(self, name)

    return find


def test_a_new_key_pair_is_good_beside_the_one_before_for_a_week(hook: Endpoint) -> None:
    old, new = hook.store.own, made_key()
    hook.enter(secret=pem(new))
    hook.later(seconds=2)
    event = {"order": {"entity_id": 7}}
    assert hook.tell(event).status_code == 200
    hook.store.own = new
    assert hook.tell(event).status_code == 200
    hook.store.own = old
    hook.later(days=8)
    assert hook.tell(event).status_code == 401
