"""A shop is asked for what its webhooks did not tell, and the books are as if they all had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import AT, gmt
from tests.surfaces.connect.magento.test_orders import PENS

A_PAGE = "regulars.surfaces.connect.magento.catching_up.A_PAGE"


def sold(hook: Endpoint, email: str, many: int) -> list[int]:
    return [hook.store.sells(email, PENS) for _ in range(many)]


def test_what_was_lost_for_three_days_is_there_exactly_once(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-gap")
    first, *_ = sold(hook, email, 3)
    hook.tell(shop.told[-1])
    shop.clock += timedelta(days=3)
    hook.shop.now = max(hook.shop.now, shop.clock + timedelta(hours=1))
    sold(hook, email, 1)
    shop.takes_back(first, {0: 4})
    hook.enter(since=AT.isoformat())
    shop.down = True
    told = hook.catch_up()
    assert (told["problem"], told["found"]) == ("it refuses the connection", 0)
    hook.later(minutes=1)
    shop.down = False
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["ahead"]) == ("", 4, 0)
    assert hook.points("m-gap") == 36
    hook.hear()  # all that was lost comes after all
    hook.later(minutes=6)
    assert hook.catch_up()["found"] == 4
    assert hook.points("m-gap") == 36
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_a_back_fill_says_how_much_is_ahead_and_goes_on_where_it_was_cut_off(
    hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(A_PAGE, 50)
    shop, email = hook.store, hook.member("m-filled")
    sold(hook, email, 120)
    hook.shop.now = max(hook.shop.now, shop.clock)
    hook.enter(since=AT.isoformat())
    whole = shop.answers

    async def once(sending):  # type: ignore[no-untyped-def]
        answer = await whole(sending)
        shop.down = True
        return answer

    hook.catcher._send = once
    told = hook.catch_up()
    assert (told["found"], told["ahead"], told["problem"]) == (50, 70, "it refuses the connection")
    hook.catcher._send, shop.down = whole, False
    hook.later(minutes=1)
    told = hook.catch_up()
    assert (told["found"], told["ahead"], told["problem"]) == (120, 0, "")
    assert hook.points("m-filled") == 1200


def test_a_page_behind_the_last_is_the_end_and_a_full_second_is_read_to_it(
    hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(A_PAGE, 50)
    shop, email = hook.store, hook.member("m-bulk")
    sold(hook, email, 100)  # two whole pages: a third one would be the second once more
    for one in shop.orders.values():
        one["updated_at"] = gmt(AT + timedelta(minutes=1))
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["found"] == 100
    assert hook.points("m-bulk") == 1000
    # The page it begins with, two of the second, and these once more: nothing moved up meanwhile.
    assert len([one for one in shop.asked if one.endswith("/orders")]) == 5


def test_credit_memos_of_many_orders_are_asked_for_together(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-memos")
    for order in sold(hook, email, 40):
        for _ in range(3):
            shop.takes_back(order, {0: 2})
    hook.shop.now = max(hook.shop.now, shop.clock)
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["found"] == 40
    assert hook.points("m-memos") == 160
    assert len([one for one in shop.asked if one.endswith("/creditmemos")]) == 2


def test_a_shop_that_is_down_loses_no_hint(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-down")
    sold(hook, email, 2)
    shop.down = True
    hook.hear()
    assert hook.points("m-down") == 0
    shop.down = False
    hook.later(minutes=2)
    hook.work()
    assert hook.points("m-down") == 20


def test_a_pause_it_asks_for_is_no_failure_and_wrong_keys_are_said(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-pause")
    sold(hook, email, 1)
    hook.enter(since=AT.isoformat())
    shop.pause = 40
    assert hook.catch_up()["problem"] == ""
    shop.pause = 0
    hook.later(seconds=45)
    assert hook.catch_up()["found"] == 1
    hook.enter(key="another")
    hook.later(minutes=6)
    assert "access token" in hook.catch_up()["problem"]
    tried = hook.counter.post(f"{hook.place}/catch-up/try").json()
    assert tried["answers"] is False


def test_who_bought_is_told_with_the_orders_where_their_address_is_sure(hook: Endpoint) -> None:
    shop = hook.store
    sure = shop.customer(hook.member("m-sure"))
    unsure = shop.customer(hook.member("m-open"), confirmation="not-yet")
    for who in (sure, unsure):
        shop.sells("a-gift@x.org", PENS, customer=who)
    shop.told.clear()  # and nothing of it was heard
    hook.shop.now = max(hook.shop.now, shop.clock + timedelta(hours=1))
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["problem"] == ""
    assert (hook.points("m-sure"), hook.points("m-open")) == (10, 0)
