"""An account is asked for what its webhooks did not tell, and the books are as if they all had."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.surfaces.connect.square_tills.account import AT, said
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.connect.square_tills.test_orders import CAKE, TEA, known

from regulars.runtime.working.inlets import looker
from regulars.runtime.working.inlets.asking import asks_of
from regulars.runtime.working.inlets.looker import MOST_ODD


def sold(hook: Endpoint, who: str, many: int) -> list[str]:
    return [hook.account.sells(TEA, customer=who) for _ in range(many)]


def test_what_was_lost_for_three_days_is_there_exactly_once(hook: Endpoint) -> None:
    who, account = known(hook, "q-gap"), hook.account
    first, *_ = sold(hook, who, 3)
    hook.tell(account.told[-1])
    account.clock += timedelta(days=3)
    hook.shop.now = account.clock + timedelta(hours=1)
    (last,) = sold(hook, who, 1)
    account.takes_back(first, {0: "1"})
    account.gives_money_back(last, 3000)
    hook.enter(since=AT.isoformat())
    account.down = True
    told = hook.catch_up()
    assert (told["problem"], told["found"]) == ("it refuses the connection", 0)
    hook.later(minutes=1)
    account.down = False
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["ahead"]) == ("", 6, 0)
    assert hook.points("q-gap") == 80
    hook.hear()  # all that was lost comes after all
    hook.later(minutes=6)
    assert hook.catch_up()["found"] == 6
    assert hook.points("q-gap") == 80
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_what_was_told_and_is_found_is_one_event(hook: Endpoint) -> None:
    who = known(hook, "q-one")
    order = hook.account.sells(TEA, CAKE, customer=who)
    hook.account.takes_back(order, {1: "1"})
    hook.hear()
    before = len(hook.became())
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["found"] == 0
    assert len(hook.became()) == before


def test_a_back_fill_goes_on_where_it_was_cut_off(hook: Endpoint) -> None:
    who, account = known(hook, "q-filled"), hook.account
    sold(hook, who, 230)
    hook.shop.now = max(hook.shop.now, account.clock)
    hook.enter(since=AT.isoformat())
    whole, searches = account.answer, []

    def once(method: str, path: str, who: str, body: bytes):  # type: ignore[no-untyped-def]
        if path.endswith("/search"):
            searches.append(path)
            account.down = len(searches) == 1
        return whole(method, path, who, body)

    account.answer = once  # type: ignore[method-assign]
    told = hook.catch_up()
    assert (told["found"], told["problem"]) == (0, "it refuses the connection")
    account.answer, account.down = whole, False  # type: ignore[method-assign]
    hook.later(minutes=1)
    told = hook.catch_up()
    assert (told["found"], told["problem"]) == (230, "")
    assert hook.points("q-filled") == 30 * 230


def test_a_moment_that_fills_pages_is_read_to_its_end(hook: Endpoint) -> None:
    who, account = known(hook, "q-bulk"), hook.account
    sold(hook, who, 230)
    for one in account.orders.values():  # somebody changed all of them at once
        one["updated_at"] = said(AT + timedelta(minutes=1))
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["found"] == 230
    assert hook.points("q-bulk") == 30 * 230


def test_of_many_places_none_is_left_behind(hook: Endpoint) -> None:
    who, account = known(hook, "q-places"), hook.account
    account.places = [f"L{number}" for number in range(1, 13)]
    for number, order in enumerate(sold(hook, who, 240)):
        account.orders[order]["location_id"] = account.places[number % 12]
    for number, order in enumerate(account.orders):  # the last places are the busiest
        account.orders[order]["location_id"] = "L12" if number > 120 else "L1"
    hook.shop.now = max(hook.shop.now, account.clock)
    hook.enter(since=AT.isoformat())
    assert hook.catch_up()["found"] == 240
    assert hook.points("q-places") == 30 * 240


def test_an_account_that_is_down_loses_no_hint(hook: Endpoint) -> None:
    who, account = known(hook, "q-down"), hook.account
    hook.hear()
    sold(hook, who, 2)
    account.down = True
    hook.hear()
    assert hook.points("q-down") == 0
    page = hook.counter.get(f"{hook.place}/catch-up").json()
    assert page["problem"] == "it refuses the connection"
    account.down = False
    hook.work()
    assert hook.points("q-down") == 0, "it is asked again after a pause"
    hook.later(minutes=2)
    hook.work()
    assert hook.points("q-down") == 60


def test_an_order_it_cannot_answer_holds_no_other_up(hook: Endpoint) -> None:
    who, account = known(hook, "q-odd"), hook.account
    hook.hear()
    bad, *_ = sold(hook, who, 3)
    whole = account.answer

    def odd(method: str, path: str, who: str, body: bytes) -> tuple[int, Any]:
        return (500, {}) if bad.encode() in body + path.encode() else whole(method, path, who, body)

    account.answer = odd  # type: ignore[method-assign]
    before = hook.counter.get(f"{hook.place}/catch-up").json()
    hook.hear()
    assert hook.points("q-odd") == 60
    after = hook.counter.get(f"{hook.place}/catch-up").json()
    assert (after["problem"], after["next_at"]) == ("", before["next_at"])
    account.answer = whole  # type: ignore[method-assign]
    hook.later(minutes=1)
    hook.work()
    assert hook.points("q-odd") == 90, "it is still asked for"


def test_odd_hints_stop_no_newer_one_and_a_forgotten_one_says_so(
    hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looker, "MOST", 2)
    who, account = known(hook, "q-behind"), hook.account
    hook.hear()
    whole, bad = account.answer, set[str]()

    def odd(method: str, path: str, by: str, body: bytes) -> tuple[int, Any]:
        about = path.rpartition("/")[2]
        return (500, {}) if about in bad else whole(method, path, by, body)

    account.answer = odd  # type: ignore[method-assign]
    before = set(account.orders)
    sold(hook, who, 4)
    bad |= set(account.orders) - before
    sold(hook, who, 1)
    hook.hear()
    for _ in range(8):
        hook.work()
    assert hook.points("q-behind") == 30
    hook.later(days=31)
    hook.shop.run(hook.booker.sweep(hook.shop.program_id))
    bad.clear()
    for _ in range(8):
        hook.work()
    assert hook.points("q-behind") == 150, "what nobody was asked about yet is not forgotten"
    bad.add(account.sells(TEA, customer=who))
    hook.hear()
    hook.later(days=91)
    hook.shop.run(hook.booker.sweep(hook.shop.program_id))
    hook.work()
    (says, *_) = [one for one in hook.states() if one[0] == "refused"]
    assert says == ("refused", "forgotten", "")


def test_a_shop_that_answers_nothing_well_is_not_asked_about_everything(hook: Endpoint) -> None:
    who, account = known(hook, "q-ill"), hook.account
    hook.hear()
    sold(hook, who, 20)
    whole, asked = account.answer, list[int]()

    def ill(*_: Any) -> tuple[int, Any]:
        asked.append(1)
        return 503, {}

    account.answer = ill  # type: ignore[method-assign]
    hook.hear()
    assert len(asked) == MOST_ODD
    hook.later(minutes=1)
    hook.catch_up()
    account.answer = whole  # type: ignore[method-assign]
    hook.later(minutes=2)
    hook.work()
    assert hook.points("q-ill") == 600


def test_hints_that_it_does_not_let_us_ask_about_hold_no_catching_up(hook: Endpoint) -> None:
    who, account = known(hook, "q-turn"), hook.account
    hook.hear()
    sold(hook, who, 1)
    hook.tell(account.told[-1])
    hook.shop.now = max(hook.shop.now, account.clock)
    hook.book()
    hook.enter(since=AT.isoformat())
    whole = account.answer

    def no(method: str, path: str, who: str, body: bytes) -> tuple[int, Any]:
        looks = path.endswith("/batch-retrieve") or (method == "GET" and "/locations" not in path)
        return (403, {}) if looks else whole(method, path, who, body)

    account.answer = no  # type: ignore[method-assign]
    shop = hook.shop
    duty = asks_of(hook.catcher, hook.looker, shop.database, shop.made.owner_dsn)
    shop.run(duty.run(shop.now))
    shop.run(duty.ended())
    told = hook.counter.get(f"{hook.place}/catch-up").json()
    assert (told["found"], told["asked_at"] is not None) == (1, True)


def test_a_pause_it_asks_for_when_asked_about_a_hint_is_kept_and_is_no_failure(
    hook: Endpoint,
) -> None:
    who, account = known(hook, "q-rest"), hook.account
    hook.hear()
    sold(hook, who, 2)
    account.pause = 40
    hook.hear()
    assert hook.counter.get(f"{hook.place}/catch-up").json()["problem"] == ""
    account.pause = 0
    hook.later(seconds=30)
    hook.work()
    assert hook.points("q-rest") == 0
    hook.later(seconds=15)
    hook.work()
    assert hook.points("q-rest") == 60


def test_a_pause_it_asks_for_is_kept_and_is_no_failure(hook: Endpoint) -> None:
    who, account = known(hook, "q-pause"), hook.account
    sold(hook, who, 1)
    hook.enter(since=AT.isoformat())
    account.pause = 40
    assert hook.catch_up()["problem"] == ""
    account.pause = 0
    hook.later(seconds=30)
    assert hook.catch_up()["found"] == 0
    hook.later(seconds=15)
    assert hook.catch_up()["found"] == 1


def test_what_is_wrong_with_keys_or_answers_is_said(hook: Endpoint) -> None:
    hook.enter(key="EAAA-other")
    assert hook.catch_up()["problem"] == "it does not know this key and secret"
    tried = hook.counter.post(f"{hook.place}/catch-up/try").json()
    assert tried["answers"] is False
    hook.enter()
    hook.later(minutes=2)
    hook.account.answer = lambda *_: (200, {"locations": "none"})  # type: ignore[method-assign]
    assert hook.catch_up()["problem"] == "it answers something that is no list"
