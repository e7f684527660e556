"""A shop is asked for what its webhooks did not tell, and the books are as if they all had."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.surfaces.connect.shopify.graph import COST
from tests.surfaces.connect.shopify.shop import AT, Hook
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import problem

from regulars.surfaces.connect.catching.shops_known import ASKED
from regulars.surfaces.senders.outgoing.client import Answer


def bought(hook: Hook, email: str, orders: int) -> None:
    for _ in range(orders):
        hook.store.pays(hook.store.order(email, ("tea", "10.00", 1)))


def test_what_was_lost_for_three_days_is_there_exactly_once(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-gap")
    bought(hook, email, 3)
    hook.tell(store.told[1])  # of the first order's two states the second; then nothing for days
    store.clock += timedelta(days=3)
    hook.later(days=4)
    bought(hook, email, 2)
    first = next(iter(store.orders))
    store.refunds(first, {0: 1}, "10.00")
    store.down = True
    told = hook.catch_up()
    assert (told["problem"], told["found"]) == ("it refuses the connection", 0)
    hook.later(seconds=20)
    store.down = False
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["ahead"]) == ("", 5, 0)
    hook.book()
    assert hook.points("s-gap") == 40
    for order in store.told:  # all that was lost comes after all, and again
        hook.tell(order)
    hook.book()
    hook.later(minutes=6)
    assert hook.catch_up()["found"] == 5
    hook.book()
    assert hook.points("s-gap") == 40
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_what_was_told_and_is_asked_for_is_one_event(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-same")
    number = store.order(email, ("tea", "10.00", 2), taxes_included=False, total_price="21.40")
    line = store.orders[number]["line_items"][0]
    line["discount_allocations"] = [{"amount": "1.00"}]
    line["tax_lines"] = [{"price": "2.40"}]
    store.orders[number]["discount_codes"] = [{"code": "TEA", "amount": "1.00", "type": "fixed"}]
    store.pays(number)
    store.refunds(number, {0: 1}, "10.70")
    hook.tell(store.told[-1])
    assert hook.catch_up()["found"] == 0
    assert len(hook.states()) == 1
    hook.book()
    assert hook.states() == [("booked", "", "")]


def test_a_back_fill_is_read_page_by_page_and_goes_on_where_it_was_cut_off(hook: Hook) -> None:
    ASKED["shopify"]._sizes.clear()  # type: ignore[attr-defined]
    store, email = hook.store, member(hook, "s-filled")
    bought(hook, email, 35)
    store.more = 300_000
    whole = store.answers

    async def twice(sending):  # type: ignore[no-untyped-def]
        answer = await whole(sending)
        store.down = len(store.asked) == 2
        return answer

    hook.catcher._send = twice
    told = hook.catch_up()
    # Ten cost so much of what the shop gives that the next page may have twenty-five.
    left = (34, 300_001, "it refuses the connection")
    assert (told["found"], told["ahead"], told["problem"]) == left
    hook.catcher._send, store.down = whole, False
    hook.later(seconds=20)
    told = hook.catch_up()
    assert (told["found"], told["ahead"], told["problem"]) == (35, 0, "")
    hook.book()
    assert hook.points("s-filled") == 350


def test_a_moment_that_fills_pages_is_read_to_its_end(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-bulk")
    bought(hook, email, 45)
    for one in store.orders.values():  # somebody changed all of them at once
        one["updated_at"] = "2026-03-02T12:00:00+00:00"
    assert hook.catch_up()["found"] == 45
    hook.book()
    assert hook.points("s-bulk") == 450


def test_a_pause_it_asks_for_is_kept_and_is_no_failure(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-busy")
    bought(hook, email, 1)
    store.points = COST - 100
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["asked_at"]) == ("", 0, None)
    hook.later(seconds=1)
    store.points = COST
    assert hook.catch_up()["found"] == 0, "it is not asked before the pause is over"
    hook.later(seconds=2)
    assert hook.catch_up()["found"] == 1


def test_an_order_with_more_lines_than_a_page_is_told_whole(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-long")
    number = store.order(email, *[(f"tea-{n}", "1.00", 1) for n in range(300)])
    store.pays(number)
    store.refunds(number, dict.fromkeys(range(290), 1), "290.00")
    assert hook.catch_up()["problem"] == ""
    hook.book()
    assert hook.states() == [("booked", "", "")]
    assert hook.points("s-long") == 10
    hook.tell(store.told[-1])
    assert len(hook.states()) == 1


def test_of_many_refunds_and_payments_none_is_cut(hook: Hook) -> None:
    store, email = hook.store, member(hook, "s-many")
    number = store.order(email, ("tea", "1.00", 60))
    store.pays(number)
    for _ in range(52):
        store.refunds(number, {0: 1}, "1.00")
    last = store.refunds(number, {}, "0.00")
    last["transactions"] = [
        {"id": store.number(), "kind": "refund", "status": "success", "amount": "0.50"}
        for _ in range(7)
    ]
    store.changed(number)
    told = hook.catch_up()
    assert (told["problem"], told["found"]) == ("", 1)
    hook.book()
    assert hook.points("s-many") == 8
    (body,) = hook.shop.rows(
        "select a.body from activity a where program_id = $1 and source = $2"
        " and kind = 'money-back'",
        f"web-{hook.mark}",
    )
    assert '"3.5"' in body[0]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b'{"errors":[{"message":"x","extensions":{"code":"ACCESS_DENIED"}}]}',
         "this app may not do that: give it the scope in its settings"),
        (200, b'{"errors":[{"message":"no such field"}]}',
         "it does not understand what it is asked"),
        (200, b'{"errors":"odd"}', "it does not understand what it is asked"),
        (200, b'{"data":{"orders":{"nodes":[7]}}}',
         "it answers something that is no list of orders"),
        (200, b'{"data":{"orders":null}}', "it answers something that is no list of orders"),
        (200, b'{"data":[]}', "it answers something that is no answer of its GraphQL"),
        (200, b"<html>", "it answers something that is no answer of its GraphQL"),
        (200, b"[" * 100, "it answers something that is no answer of its GraphQL"),
        (401, b"", "it does not know this key and secret"),
        (402, b"", "the shop is frozen: its bill is not paid"),
        (404, b"", "there is no Shopify at this address"),
        (500, b"", "it answers 500"),
    ],
)  # fmt: skip
def test_whatever_else_it_answers_is_said_and_nothing_is_kept(
    hook: Hook, status: int, body: bytes, why: str
) -> None:
    async def answers(_):  # type: ignore[no-untyped-def]
        return Answer(status, {}, body)

    hook.connects(AT, key="shpat_own")
    hook.catcher._send = answers
    assert hook.catch_up()["problem"] == why
    assert hook.states() == []


def test_a_token_of_the_shop_itself_is_taken_as_it_is(hook: Hook) -> None:
    bought(hook, member(hook, "s-own"), 1)
    hook.connects(AT, key="shpat_own")
    assert hook.catch_up()["found"] == 1
    assert hook.store.tokens == 0
    hook.connects(AT, key="other-app")
    assert hook.catch_up()["problem"] == (
        "it does not know this app, or the app is not installed there"
    )


def test_keys_are_kept_encrypted_and_go_with_no_other_address(hook: Hook) -> None:
    ((kept,),) = hook.shop.rows(
        "select keys from catch_up where program_id = $1 and inlet_id = $2::text::uuid",
        hook.made["id"].removeprefix("inl_"),
    )
    assert hook.store.secret.encode() not in kept
    place = f"{hook.place}/catch-up"
    other = {"address": "https://other.myshopify.com"}
    assert problem(hook.counter.ask("PUT", place, other)) == (422, "invalid", "/key")
    assert b"shpss" not in msgspec.json.encode(hook.counter.get(place).json())
