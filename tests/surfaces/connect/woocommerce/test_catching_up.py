"""A shop is asked for what its webhooks did not tell, and the books are as if they all had."""

from __future__ import annotations

import asyncio
from collections import Counter as Counted
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest
import structlog
from msgspec.structs import replace
from tests.crash.faulty import faulty
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter, problem

from regulars.flows.inlets.about_people import About
from regulars.flows.inlets.book_arrivals import BookArrival
from regulars.flows.inlets.take_arrivals import Taken
from regulars.records.inlets.catching.types import Answered, CatchUp, further
from regulars.records.inlets.types import Arrival, Inlet
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets import catcher
from regulars.runtime.working.inlets.booker import may_go_together, overtaken
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.surfaces.connect.catching.asking import OURS, NotTold, ShopClient
from regulars.surfaces.connect.woocommerce.catching_up import WooCommerceOrders
from regulars.surfaces.senders.outgoing.client import Answer


@pytest.fixture
def hook(counter: Counter) -> Iterator[Hook]:
    made = Hook(counter)
    yield made
    made.counter.ask("DELETE", made.place)


def bought(shop: WooShop, email: str, orders: int) -> None:
    for _ in range(orders):
        shop.pays(shop.order("10.00", email))


async def in_the_way(*_: Any) -> Any:
    """What cannot be booked at once is kept, and waits."""
    raise catcher._NotTogether("something is in the way")


def test_what_was_lost_for_three_days_is_there_exactly_once(hook: Hook) -> None:
    shop, email = WooShop(10_000), member(hook, "gap")
    bought(shop, email, 3)
    hook.tell(shop.told[1])  # of the first order's two states the second; then nothing for days
    shop.clock += timedelta(days=3)
    hook.later(days=4)
    bought(shop, email, 2)
    shop.refunds(10_001, "4.00", {1: 4})
    hook.asks(shop, AT)
    shop.down = True
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["met_at"]) == (
        "it refuses the connection", 0, None,
    )  # fmt: skip
    hook.later(seconds=20)
    shop.down = False
    told = hook.catch_up()
    assert (told["problem"], told["found"], told["ahead"]) == ("", 5, 0)
    hook.book()
    assert hook.points("gap") == 46
    for order in shop.told:  # all that was lost comes after all, and again
        hook.tell(order)
    hook.book()
    hook.later(minutes=6)
    assert hook.catch_up()["found"] == 5
    hook.book()
    assert hook.points("gap") == 46
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}


def test_a_back_fill_is_read_page_by_page_and_goes_on_where_it_was_cut_off(hook: Hook) -> None:
    shop, email = WooShop(20_000), member(hook, "filled")
    bought(shop, email, 220)
    hook.asks(shop, AT)
    whole = shop.answers

    async def once(sending):  # type: ignore[no-untyped-def]
        answer = await whole(sending)
        shop.down = True
        return answer

    hook.catcher._send = once
    told = hook.catch_up()
    assert (told["found"], told["ahead"]) == (100, 120)
    assert told["problem"] == "it refuses the connection"
    hook.catcher._send, shop.down = whole, False
    hook.later(seconds=20)
    told = hook.catch_up()
    assert (told["found"], told["ahead"], told["problem"]) == (220, 0, "")
    hook.book()
    assert hook.points("filled") == 2200


def test_the_next_page_is_asked_for_while_the_last_is_booked(hook: Hook) -> None:
    shop, email = WooShop(25_000), member(hook, "ahead")
    bought(shop, email, 150)
    hook.asks(shop, AT)
    take_in, asked = hook.catcher._taken_in, []

    async def taken_in(*told):  # type: ignore[no-untyped-def]
        for _ in range(400):
            if len(shop.asked) < 2:  # nothing is booked meanwhile
                await asyncio.sleep(0.005)
        asked.append(len(shop.asked))
        return await take_in(*told)

    hook.catcher._taken_in = taken_in  # type: ignore[method-assign]
    assert hook.catch_up()["found"] == 150
    assert (asked[0], len(shop.asked)) == (2, 2)


def test_what_fills_a_page_is_booked_at_once_and_what_does_not_fit_is_kept_whole(
    hook: Hook,
) -> None:
    shop, emails = WooShop(28_000), [member(hook, f"page-{one}") for one in range(10)]
    other = Hook(hook.counter)
    paused = hook.counter.ask("PATCH", other.place, {"state": "paused"})
    assert paused.status_code == 200, "another source that waits holds up none of this one's"
    for one in range(120):
        shop.pays(shop.order("many" if one == 3 else "10.00", emails[one % 10]))
    hook.asks(shop, AT)
    assert hook.catch_up()["found"] == 120
    states = Counted(hook.states())
    assert states["booked", "", ""] == 99
    assert states["unfit", "unfit", "line_items.0.total"] == 1
    assert states["waiting", "", ""] == 20
    assert hook.points("page-3") == 90
    hook.book()
    assert [hook.points(f"page-{one}") for one in range(10)] == [*[120] * 3, 110, *[120] * 6]
    hook.later(minutes=6)
    hook.asks(shop, AT)
    assert hook.catch_up()["found"] == 0, "asked for again, all of it is known"


@pytest.mark.parametrize("way", ["a mistake", "cut before", "cut after"])
def test_a_page_is_booked_and_moved_over_or_neither(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, way: Any
) -> None:
    email = member(hook, name := f"whole-{way.replace(' ', '-')}")
    shop = WooShop({"a mistake": 29_000, "cut before": 29_300}.get(way, 29_600))
    bought(shop, email, 120)
    hook.asks(shop, AT)
    whole, (broken, faults) = hook.catcher, faulty(hook.shop.database, lambda: hook.shop.now)
    keyed = hook.counter.given.keyed
    hook.catcher = Catcher(broken, Programs(hook.shop.database), keyed, shop.answers)
    real = catcher._moved

    async def at_its_end(*told: Any) -> Any:
        moved = await real(*told)
        if way == "a mistake" and not faults.struck:
            faults.struck = True
            raise TypeError("a mistake of ours")
        if way != "a mistake" and not faults.struck:
            faults.arm(1, way)  # the commit
        return moved

    monkeypatch.setattr(catcher, "_moved", at_its_end)
    with structlog.testing.capture_logs() as logs:
        told = hook.catch_up()
    said = [(one["event"], type(one.get("exc_info")).__name__) for one in logs]
    if way == "a mistake":
        assert told["found"] == 120
        assert said == [("inlets.page_not_booked", "TypeError")]
    else:
        assert (told["found"], len(hook.states())) == ((0, 0), (100, 100))[way == "cut after"]
        assert "inlets.shop_broke" in dict(said)
    hook.catcher = whole
    monkeypatch.undo()
    hook.later(seconds=20)
    told = hook.catch_up()
    assert (told["found"], told["problem"]) == (120, "")
    hook.book()
    assert hook.points(name) == 1200


def test_nothing_is_booked_over_what_waits(hook: Hook) -> None:
    shop, email = WooShop(29_900), member(hook, "queue")
    bought(shop, email, 1)
    hook.tell(shop.told[-1])
    bought(shop, email, 219)
    hook.asks(shop, AT)
    calls, book, whole = [], hook.catcher._book, shop.answers

    async def booked(*told: Any) -> Any:
        calls.append(told)
        return await book(*told)

    async def once(sending: Any) -> Any:
        answer = await whole(sending)
        shop.down = True
        return answer

    hook.catcher._book, hook.catcher._send = booked, once
    assert hook.catch_up()["found"] == 99, "one was told"
    assert {state for state, *_ in hook.states()} == {"waiting"}, "what a webhook told is older"
    hook.book()
    hook.catcher._send, shop.down = whole, False
    hook.later(seconds=20)
    assert hook.catch_up()["found"] == 219
    assert Counted(hook.states())["waiting", "", ""] == 21, "what waited is booked: at once again"
    hook.book()
    assert len(calls) == 2
    assert in_order(hook) == sorted(shop.orders)


def test_a_customer_who_is_named_in_a_page_is_known_by_all_of_it(hook: Hook) -> None:
    shop, email = WooShop(28_500), member(hook, "signed-in")
    shop.customer(17, email)
    for _ in range(120):
        shop.pays(shop.order("10.00", "work@x.org", 17))
    hook.asks(shop, AT)
    hook.catch_up()
    hook.book()
    assert hook.points("signed-in") == 1200, "none of it is nobody's"
    assert in_order(hook) == sorted(shop.orders)


def in_order(hook: Hook) -> list[int]:
    """Its orders, as they were booked one after the other."""
    rows = hook.shop.rows(_BOOKED, hook.made["id"].removeprefix("inl_"))
    return [int(name) for (name,) in rows]


def test_what_waits_or_was_overtaken_meanwhile_is_not_booked_at_once(hook: Hook) -> None:
    told = Arrival(UUID(int=1), UUID(int=7), "order", "order 1", "", b"{}", AT)
    shop = UUID(int=7)
    inlet = Inlet(1, shop, "", "woocommerce", "w", "", "active", 1, None, AT, "", AT)
    other = {UUID(int=8): replace(inlet, inlet_id=UUID(int=8), state="paused")}
    going = {shop: inlet} | other
    paused = {shop: replace(inlet, state="paused")}
    forgets = BookArrival(told, about=About("forget"))
    assert may_go_together(Taken((told,), going), [BookArrival(told)])
    assert not may_go_together(Taken((told,), paused), [BookArrival(told)])
    assert not may_go_together(Taken((told,), going), [BookArrival(told), forgets])
    newer = Taken((told,), going, frozenset({told.arrival_id}))
    assert overtaken(BookArrival(told), Taken((told,), going)).ended is None
    ended = overtaken(BookArrival(told), newer).ended
    assert ended is not None
    assert (ended.state, ended.code) == ("passed", "overtaken")


def test_it_is_not_asked_for_more_than_is_booked_meanwhile(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, email = WooShop(26_000), member(hook, "brake")
    bought(shop, email, 150)
    hook.asks(shop, AT)
    hook.catcher._most_waiting = 100
    hook.catcher._book = in_the_way
    monkeypatch.setattr("regulars.runtime.working.inlets.catcher.TURN_S", 0.3)
    assert hook.catch_up()["found"] == 100
    assert hook.counter.get(hook.place).json()["waiting"] == 100
    hook.later(minutes=2)
    hook.book()
    assert hook.catch_up()["found"] == 150


def test_where_no_webhook_tells_for_a_day_it_is_said(hook: Hook) -> None:
    shop, email = WooShop(27_000), member(hook, "silent")
    hook.asks(shop, AT)
    assert hook.catch_up()["webhooks_silent"] is False
    shop.clock = hook.shop.now
    bought(shop, email, 1)
    hook.later(minutes=6)
    assert hook.catch_up()["webhooks_silent"] is True
    bought(shop, email, 1)
    hook.tell(shop.told[-1], "order.updated")
    assert hook.catch_up()["webhooks_silent"] is False


def test_a_moment_that_fills_pages_is_read_to_its_end(hook: Hook) -> None:
    shop, email = WooShop(30_000), member(hook, "bulk")
    bought(shop, email, 130)
    for one in shop.orders.values():  # somebody changed all of them at once
        one["date_modified_gmt"] = "2026-03-02T12:00:00"
    hook.asks(shop, AT)
    assert hook.catch_up()["found"] == 130
    hook.book()
    assert hook.points("bulk") == 1300


def test_what_changes_while_a_moment_is_read_hides_no_other(hook: Hook) -> None:
    shop, email = WooShop(31_000), member(hook, "moved-up")
    bought(shop, email, 210)
    for one in shop.orders.values():
        one["date_modified_gmt"] = "2026-03-02T12:00:00"
    hook.asks(shop, AT)
    first = min(shop.orders)

    async def meanwhile(sending: Any) -> Any:
        answer = await shop.answers(sending)
        if "11%3A59%3A59" in sending.url and sending.url.endswith("page=1"):
            shop.orders[first]["date_modified_gmt"] = "2026-03-02T14:00:00"
        return answer

    hook.catcher._send = meanwhile
    assert hook.catch_up()["found"] == 211, "each, and the one that changed as it is by then"
    hook.book()
    assert hook.points("moved-up") == 2100
    asked = len(shop.asked)
    hook.later(minutes=6)
    hook.catch_up()
    assert len(shop.asked) - asked == 1, "a moment that was read twice is done with"


def test_a_pause_is_no_failure_and_what_was_read_is_not_ahead() -> None:
    orders = WooCommerceOrders()
    with pytest.raises(NotTold) as told:
        orders.page_told(Answer(429, {"retry-after": "30"}, b""))
    assert told.value.wait_s == 30
    shop = WooShop(32_000)
    body = msgspec.json.encode([shop.orders[shop.order("1.00", "x@x.org")]])
    page = orders.page_told(Answer(200, {"x-wp-total": "250"}, body), 3)
    assert page.answered.ahead == 49


def test_a_sandbox_that_is_ahead_asks_by_the_clock_of_whoever_is_asked(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead, program_id = hook.shop.database.ahead, hook.shop.program_id
    asked: list[datetime] = []

    async def looked(self: Any, _: Any, number: int) -> timedelta:
        return self.of(number)  # type: ignore[no-any-return]

    async def ask(*told: Any) -> Any:
        asked.append(told[4])
        raise NotTold("not now")

    monkeypatch.setattr(type(ahead), "look", looked)
    monkeypatch.setitem(ahead._of, program_id, timedelta(days=40))
    monkeypatch.setattr(catcher, "ask", ask)
    said = {"address": "https://tea.example.org", "key": "ck_1", "secret": "cs_1"}
    answer = hook.counter.ask("PUT", f"{hook.place}/catch-up", said)
    assert datetime.fromisoformat(answer.json()["since"]) == hook.shop.now
    hook.asks(WooShop(33_000), AT)
    hook.catch_up()
    assert asked == [hook.shop.now]


def test_keys_are_kept_encrypted_and_go_with_no_other_address(hook: Hook) -> None:
    shop = WooShop(40_000)
    hook.asks(shop, AT)
    ((kept,),) = hook.shop.rows(
        "select keys from catch_up where program_id = $1 and inlet_id = $2::text::uuid",
        hook.made["id"].removeprefix("inl_"),
    )
    assert b"ck_1" not in kept
    assert b"cs_1" not in kept
    other = {"address": "https://other.example.org"}
    place = f"{hook.place}/catch-up"
    assert problem(hook.counter.ask("PUT", place, other)) == (422, "invalid", "/key")
    half = problem(hook.counter.ask("PUT", place, {"key": "ck_2"}))
    assert half == (422, "invalid", "/secret")
    inside = {"address": "http://127.0.0.1:80", "key": "a", "secret": "b"}
    assert problem(hook.counter.ask("PUT", place, inside)) == (422, "invalid", "/address")
    ahead = {"since": (hook.shop.now + timedelta(days=2)).isoformat()}
    assert problem(hook.counter.ask("PUT", place, ahead)) == (422, "invalid", "/since")
    for since in ("2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        answer = hook.counter.ask("PUT", place, {"since": since})
        assert problem(answer)[::2] == (422, "/since"), since
    shop.lets_in = "ck_1:other"
    assert hook.catch_up()["problem"] == "it does not know this key and secret"
    assert hook.counter.ask("DELETE", place).status_code == 200
    assert problem(hook.counter.get(place))[:2] == (404, "not_found")


def test_whoever_does_not_answer_is_asked_ever_later(hook: Hook) -> None:
    shop = WooShop(50_000)
    hook.asks(shop, AT)
    shop.down, pauses = True, []
    for _ in range(10):
        hook.later(hours=2)
        told = hook.catch_up()
        pauses.append(datetime.fromisoformat(told["next_at"]) - hook.shop.now)
    assert len(shop.asked) == 10
    assert pauses[0] == timedelta(seconds=15)
    assert all(one <= other for one, other in pairwise(pauses))
    assert pauses[-1] == timedelta(hours=1)


def test_a_mistake_in_one_shop_holds_up_no_other_and_is_tried_ever_later(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, fine = Hook(counter), Hook(counter)
    shop, other, email = WooShop(51_000), WooShop(52_000), member(fine, "next")
    bought(other, email, 1)
    hosts = {"odd.example.org": shop, "fine.example.org": other}
    shop.chokes = True

    async def send(sending):  # type: ignore[no-untyped-def]
        return await hosts[sending.url.split("/")[2]].answers(sending)

    for host, hook in zip(hosts, (odd, fine), strict=True):
        hook.asks(shop, AT, f"https://{host}")
        hook.catcher._send = send
    told = odd.catch_up()
    assert told["problem"] == OURS
    assert datetime.fromisoformat(told["next_at"]) > odd.shop.now
    assert counter.get(f"{fine.place}/catch-up").json()["found"] == 1
    monkeypatch.setattr(ShopClient, "send", lambda _, sending: send(sending))
    answer = counter.post(f"{odd.place}/catch-up/try")
    assert (answer.status_code, answer.json()["problem"]) == (200, OURS)
    for hook in (odd, fine):
        counter.ask("DELETE", hook.place)


def test_no_moment_an_odd_shop_says_breaks_how_far_it_is() -> None:
    at, first = AT, datetime.min.replace(tzinfo=AT.tzinfo)
    one = CatchUp(UUID(int=1), "", b"", at, at, 1, 0, None, at, None, None, 0, "", 1)
    moved = further(one, Answered(first, 1, True, None), at)
    assert (moved.read_to, moved.page) == (at, 2)


def test_refunds_that_are_not_told_hold_up_no_order(hook: Hook) -> None:
    shop, email = WooShop(53_000), member(hook, "held")
    for place in range(4):
        bought(shop, email, 1)
        shop.refunds(max(shop.orders), "4.00", {1: 4})
        if place < 2:
            shop.refunds_fail[max(shop.orders)] = 404 + 96 * place
    shop.most_refunds = 3
    hook.asks(shop, AT)
    told = hook.catch_up()
    assert (told["found"], told["problem"], told["ahead"]) == (4, "", 0)
    hook.book()
    assert hook.points("held") == 6  # of the third; of the others is asked one by one
    shop.refunds_fail, shop.most_refunds = {}, 9
    hook.look()
    assert hook.points("held") == 24


_BOOKED = """
select v.external_id from arrival a
  join arrival_activity g on g.program_id = a.program_id and g.arrival_id = a.arrival_id
  join activity v on v.program_id = g.program_id and v.activity_id = g.activity_id
 where a.program_id = $1 and a.inlet_id = $2::text::uuid order by g.activity_id
"""
