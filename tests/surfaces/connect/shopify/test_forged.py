"""Only what the shop's app signed comes in, however it is changed, repeated or blown up."""

from __future__ import annotations

import gzip
from typing import Any

import msgspec
from tests.surfaces.connect.shopify.shop import Hook
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import problem

from regulars.surfaces.api.strict.bodies import LARGEST_OF_A_SHOP


def order(hook: Hook, name: str) -> dict[str, Any]:
    store = hook.store
    store.pays(store.order(member(hook, name), ("tea", "10.00", 1)))
    return store.told[-1]


def test_nothing_forged_or_changed_on_its_way_comes_in(hook: Hook) -> None:
    body = msgspec.json.encode(order(hook, "s-forged"))
    good = hook.headers(body)
    changed = body.replace(b'"total_price":"10.00"', b'"total_price":"90.00"')
    spaced = msgspec.json.format(body, indent=1)
    for other in (changed, spaced, body + b" ", b""):
        assert problem(hook.post(other, good))[:2] == (401, "bad_signature")
    made = good["x-shopify-hmac-sha256"]
    for signature in ("", "x", made[:-2], "A" * 43 + "=", made.lower()):
        wrong = good | {"x-shopify-hmac-sha256": signature}
        assert problem(hook.post(body, wrong))[:2] == (401, "bad_signature")
    assert hook.states() == []


def test_sent_again_under_any_id_and_topic_it_counts_once(hook: Hook) -> None:
    told = order(hook, "s-again")
    body = msgspec.json.encode(told)
    first = hook.tell(told)
    assert hook.tell(told).json() == first.json()
    again = hook.headers(body, "orders/paid") | {
        "x-shopify-webhook-id": "another", "x-shopify-event-id": "another",
    }  # fmt: skip
    assert hook.post(body, again).json() == first.json()
    packed = hook.headers(body) | {"content-encoding": "gzip"}
    assert hook.post(gzip.compress(body), packed).json() == first.json()
    assert hook.tell(dict(reversed(told.items()))).json() == first.json()
    assert hook.tell(told | {"note": "a note is nothing that counts"}).json() == first.json()
    hook.book()
    assert (hook.points("s-again"), len(hook.states())) == (10, 1)


def test_what_is_too_large_or_no_order_is_refused_or_kept_with_its_field(hook: Hook) -> None:
    told = order(hook, "s-large")
    assert hook.tell(told | {"note": "x" * LARGEST_OF_A_SHOP}).status_code == 413
    large = told | {"note": "x" * (LARGEST_OF_A_SHOP - 10_000)}
    assert hook.tell(large).status_code == 202
    bomb = gzip.compress(msgspec.json.encode(told | {"note": "x" * LARGEST_OF_A_SHOP}))
    assert hook.post(bomb, hook.headers(bomb) | {"content-encoding": "gzip"}).status_code == 413
    hook.book()
    assert hook.points("s-large") == 10
    assert hook.tell(b"[" * 60 + b"]" * 60).status_code == 400
    assert hook.tell(b'{"id": 1, "id": 2}').status_code == 400
    assert len(hook.states()) == 1
    line = told["line_items"][0]
    refund = {"id": 5, "refund_line_items": [{"line_item_id": 7, "quantity": 1}]}
    for wrong in (
        {"total_price": "ten"},
        {"line_items": [line | {"price": "1e99"}]},
        {"line_items": [line | {"quantity": "two"}]},
        {"line_items": {}},
        {"refunds": [refund]},
    ):
        assert hook.tell(told | wrong).status_code == 202
    for other in ({"id": 7}, {"order_id": 7, "refund_line_items": []}, {"hello": 1}):
        assert hook.tell(other).status_code == 202
    hook.book()
    assert hook.states()[1:] == [
        ("unfit", "unfit", "total_price"),
        ("unfit", "unfit", "line_items.0.price"),
        ("unfit", "unfit", "line_items.0.quantity"),
        ("unfit", "unfit", "line_items"),
        ("unfit", "unfit", "refunds.0.refund_line_items.0.line_item_id"),
        *[("passed", "", "")] * 3,
    ]
    assert hook.points("s-large") == 10


def test_both_secrets_are_good_for_a_week_after_another_was_entered(hook: Hook) -> None:
    old = hook.words
    hook.store.secret = new = "shpss_secret-2"
    hook.connects(hook.shop.now)
    assert hook.tell(order(hook, "s-rotated")).status_code == 202, "a shop signs by the old one yet"
    hook.words = new
    assert hook.tell(order(hook, "s-rotated-new")).status_code == 202
    hook.words = old
    hook.later(days=8)
    assert hook.tell(order(hook, "s-rotated-late")).status_code == 401
    hook.words = new
    assert hook.tell(order(hook, "s-rotated-good")).status_code == 202


def test_without_keys_nothing_comes_in(hook: Hook) -> None:
    told = order(hook, "s-keyless")
    hook.counter.ask("DELETE", f"{hook.place}/catch-up")
    hook.later(seconds=2)
    told_why = hook.tell(told)
    assert problem(told_why)[:2] == (401, "bad_signature")
    assert "client secret of the app" in told_why.text
    hook.words = hook.made["secret"]
    assert hook.tell(told).status_code == 401, "a secret of ours is none of the shop's"
