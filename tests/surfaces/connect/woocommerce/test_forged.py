"""Only what the shop signed comes in, however it is changed, repeated or blown up on its way."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.woocommerce.shop import Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api.strict.bodies import LARGEST_OF_A_SHOP


@pytest.fixture
def hook(counter: Counter) -> Hook:
    return Hook(counter)


def order(hook: Hook, name: str, first: int) -> dict[str, Any]:
    shop = WooShop(first)
    shop.pays(shop.order("10.00", member(hook, name)))
    return shop.told[-1]


def test_nothing_forged_or_changed_on_its_way_comes_in(hook: Hook) -> None:
    body = msgspec.json.encode(order(hook, "forged", 70_000))
    good = hook.headers(body)
    changed = body.replace(b'"total":"10.00"', b'"total":"90.00"')
    spaced = msgspec.json.format(body, indent=1)
    for other in (changed, spaced, body + b" ", b""):
        assert problem(hook.post(other, good))[:2] == (401, "bad_signature")
    for signature in ("", "x", good["x-wc-webhook-signature"][:-2], "A" * 43 + "="):
        wrong = good | {"x-wc-webhook-signature": signature}
        assert problem(hook.post(body, wrong))[:2] == (401, "bad_signature")
    assert hook.states() == []


def test_sent_again_or_with_another_topic_it_counts_once(hook: Hook) -> None:
    told = order(hook, "again", 71_000)
    body = msgspec.json.encode(told)
    first = hook.tell(told)
    assert hook.tell(told).json() == first.json()
    assert hook.tell(body, "customer.created").json() == first.json()
    packed = hook.headers(body) | {"content-encoding": "gzip"}
    assert hook.post(gzip.compress(body), packed).json() == first.json()
    other_order = dict(reversed(told.items()))
    assert hook.tell(other_order).json() == first.json()
    hook.book()
    assert (hook.points("again"), len(hook.states())) == (10, 1)


def test_what_is_too_large_or_no_order_is_refused_or_kept_with_its_field(hook: Hook) -> None:
    told = order(hook, "large", 72_000)
    assert hook.tell(told | {"note": "x" * LARGEST_OF_A_SHOP}).status_code == 413
    assert hook.tell(b"[" * 60 + b"]" * 60).status_code == 400
    assert hook.states() == []
    assert hook.tell(told | {"total": "ten"}).status_code == 202
    assert hook.tell(told | {"refunds": [{"id": 9, "total": "-1.005"}]}).status_code == 202
    assert hook.tell({"id": 7}, "order.deleted").status_code == 202
    hook.book()
    assert hook.states() == [
        ("unfit", "unfit", "total"),
        ("unfit", "unfit", "refunds.0.total"),
        ("passed", "", ""),
    ]
    assert hook.points("large") == 0


def test_both_secrets_are_good_while_they_overlap(hook: Hook) -> None:
    old = hook.words
    rotated = hook.counter.post(f"{hook.place}/secret", {"overlap_hours": 1})
    hook.words = rotated.json()["secret"]
    assert hook.tell(order(hook, "rotated", 73_000)).status_code == 202
    hook.words, new = old, hook.words
    assert hook.tell(order(hook, "rotated-too", 74_000)).status_code == 202
    hook.later(hours=2)
    assert hook.tell(order(hook, "rotated-late", 75_000)).status_code == 401
    hook.words = new
    assert hook.tell(order(hook, "rotated-good", 76_000)).status_code == 202
