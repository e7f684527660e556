"""Pages of a shop with much to tell are read by a hand; the books are those of any other way."""

from __future__ import annotations

import os
import signal
from collections import Counter as Counted
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psutil
import pytest
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_catching_up import bought
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.base.faults import Fault
from regulars.runtime.importing.hand import _order
from regulars.runtime.importing.paging import PageHand
from regulars.runtime.working.inlets import catcher
from regulars.surfaces.api.strict import bodies
from regulars.surfaces.connect.catching import apart
from regulars.surfaces.connect.catching.apart import NotRead, PageOrder, Readings
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.inlets.kinds import object_of, object_scanned
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.woocommerce import orders


class Here:
    """Reads as a hand does, over the same bytes, without another program."""

    def __init__(self) -> None:
        self.read = 0
        self.meanwhile: Any = None

    async def page(self, order: PageOrder, send: Send) -> Readings | None:
        told: Any = apart.said(apart.pack(await apart.read_apart(_again(order), send)))
        self.read += 1
        if self.meanwhile is not None:
            does, self.meanwhile = self.meanwhile, None
            await does()
        if isinstance(told, NotRead):
            raise NotTold(told.why, told.wait_s)
        return Readings(told)


def _again(order: PageOrder) -> PageOrder:
    read: Any = _order(apart.pack(order))
    assert read == order
    return read  # type: ignore[no-any-return]


async def changed(hook: Hook, what: str, now: str) -> None:
    """Somebody changes the source, while a hand reads."""
    sql = f"update inlet set {what} = $3 where program_id = $1 and inlet_id = $2 returning 1"
    inlet_id = UUID(hook.made["id"].partition("_")[2])
    async with hook.shop.database.transaction(hook.shop.program_id) as tx:
        rows = await tx.fetch(sql, hook.shop.program_id, inlet_id, now)
    assert len(rows) == 1


@pytest.fixture
def hook(counter: Counter) -> Iterator[Hook]:
    made = Hook(counter)
    yield made
    made.counter.ask("DELETE", made.place)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of each page that was booked at once: how many of its events a hand had read."""
    monkeypatch.setattr(catcher, "WORTH_A_HAND", 0)
    return count_used(monkeypatch)


def count_used(patch: pytest.MonkeyPatch) -> list[int]:
    plain, found = catcher._read_of, []

    def counted(readings: Any, new: Any, one: Any) -> Any:
        read = plain(readings, new, one)
        found.append(read is not None)
        return read

    patch.setattr(catcher, "_read_of", counted)
    return found  # type: ignore[return-value]


def asked_by(hook: Hook, shop: WooShop, hand: Any) -> Any:
    hook.asks(shop, AT)
    hook.catcher._hand = hand
    return hand


def test_a_shop_that_has_little_to_tell_gets_no_hand(hook: Hook) -> None:
    shop, email = WooShop(40_000), member(hook, "few")
    bought(shop, email, 220)
    hand = asked_by(hook, shop, Here())
    hook.catch_up()
    assert hand.read == 0


def test_what_a_hand_read_is_booked_once_and_whole(hook: Hook, used: list[int]) -> None:
    shop, email = WooShop(41_000), member(hook, "handed")
    shop.customer(7, email)
    for _ in range(220):
        shop.pays(shop.order("10.00", "", 7))
    shop.refunds(41_003, "4.00", {1: 4})
    shop.orders[41_005]["line_items"][0]["total"] = "rubbish"
    hand = asked_by(hook, shop, Here())
    told = hook.catch_up()
    assert (told["problem"], told["ahead"]) == ("", 0)
    assert (hand.read, sum(used) > 190) == (3, True)
    hook.book()
    assert hook.points("handed") == 2200 - 4 - 10
    assert hook.states().count(("unfit", "unfit", "line_items.0.total")) == 1
    assert Counted(state for state, *_ in hook.states())["unfit"] == 1
    for order in shop.told[:30]:  # webhooks tell the same as it was read
        hook.tell(order)
    hook.book()
    assert hook.points("handed") == 2200 - 4, "the one that did not fit is told well by now"


def test_a_mapping_that_changes_while_a_hand_reads_is_the_one_that_counts(
    hook: Hook, used: list[int]
) -> None:
    mapping_changed_meanwhile(hook, used)


def mapping_changed_meanwhile(hook: Hook, used: list[int]) -> None:
    shop, email = WooShop(42_000), member(hook, "mended")
    bought(shop, email, 220)
    hand = asked_by(hook, shop, Here())
    other = hook.mapping.replace("{constant: online}", "{constant: by-phone}")
    assert other != hook.mapping
    hand.meanwhile = lambda: changed(hook, "mapping", other)
    hook.catch_up()
    hook.book()
    assert hook.points("mended") == 2200
    assert not any(used), "nothing is booked as the mapping before had it"
    rows = hook.shop.rows(
        "select distinct channel from activity where program_id = $1 and external_id like '42___'"
    )
    assert rows == [("by-phone",)]


def test_a_source_that_is_paused_while_a_hand_reads_books_nothing(
    hook: Hook, used: list[int]
) -> None:
    shop, email = WooShop(43_000), member(hook, "held")
    bought(shop, email, 220)
    hand = asked_by(hook, shop, Here())
    hand.meanwhile = lambda: changed(hook, "state", "paused")
    hook.catch_up()
    hook.book()
    assert hook.points("held") == 0
    assert {state for state, *_ in hook.states()} == {"waiting"}
    hook.counter.ask("PATCH", hook.place, {"state": "active"})
    hook.later(minutes=6)
    hook.catch_up()
    hook.book()
    assert hook.points("held") == 2200


@pytest.mark.slow
def test_a_hand_that_is_killed_in_the_middle_stops_no_shop(hook: Hook, used: list[int]) -> None:
    shop, email = WooShop(44_000), member(hook, "struck")
    bought(shop, email, 420)
    others, whole, struck = set(psutil.Process().children()), shop.answers, []

    async def strikes(sending: Any) -> Any:
        hands = [
            each.pid
            for one in set(psutil.Process().children()) - others
            for each in one.children()
            if len(shop.asked) == 2 and not struck
        ]
        for pid in hands:
            os.kill(pid, signal.SIGKILL)
        struck.extend(hands)
        return await whole(sending)

    hand = asked_by(hook, shop, PageHand())
    hook.catcher._send = strikes
    told = hook.catch_up()
    while told["ahead"] and not told["problem"]:  # a turn may be over before the hand has started
        told = hook.catch_up()
    hook.shop.run(hand.close())
    assert struck
    assert (told["problem"], told["found"], told["ahead"]) == ("", 420, 0)
    assert sum(used) in (100, 199), "what comes after it fell is read here"
    hook.book()
    assert hook.points("struck") == 4200


def test_of_goods_so_much_is_read_as_a_mapping_names() -> None:
    shop = WooShop(45_000)
    shop.pays(shop.order("12.00", "a@example.org", discount_total="1.00", shipping_total="2.00"))
    (order,) = shop.orders.values()
    told = {
        "id": 1,
        "date_created_gmt": "2026-03-02T10:00:00",
        "amount": "5.00",
        "line_items": [{"of": "1", "total": "-4.00", "total_tax": "0.00", "quantity": -4}],
        "fee_lines": [],
    }
    for root in (order, order | {orders.TOLD: [told], "refunds": [{"id": 1, "total": "-5.00"}]}):
        whole = orders.seen(root)
        for name in orders._OF_GOODS:
            assert orders.seen_by(root, f"amount: {name}") == whole
        without = orders.seen_by(root, "amount: total")
        names = [one for one in whole if one not in orders._OF_GOODS]
        assert {one: without[one] for one in names} == {one: whole[one] for one in names}
    assert "goods" not in orders.seen_by(order, "amount: total")


def test_a_line_that_is_no_amount_is_no_matter_where_nothing_reads_lines() -> None:
    shop = WooShop(46_000)
    shop.pays(shop.order("12.00", "a@example.org"))
    (order,) = shop.orders.values()
    order["line_items"][0]["total"] = "rubbish"
    with pytest.raises(Wrong):
        orders.seen_by(order, "lines: {each: goods}")
    assert orders.seen_by(order, "amount: total")["state"] == "paid"


SLASHES = rb'{"a":"https:\/\/x.example\/y","b":{"a":1.50}}'


def test_slashes_as_php_writes_them_are_read_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(_: bytes) -> None:
        raise AssertionError("read slowly")

    monkeypatch.setattr(bodies, "_read_slowly", slowly)
    found = object_scanned(SLASHES)
    assert found == {"a": "https://x.example/y", "b": {"a": "1.50"}}


@pytest.mark.parametrize(
    "body",
    [
        rb'{"a":"\/","a":1}',
        rb'{"a":1,"a":2,"t":"\u0022:"}',
        rb'{"a":1,"a":2,"t":"\":\/"}',
        rb'{"a":1,"a":2,"t":"\\/"}',
        rb'{"a\/b":1,"a/b":2}',
        rb'{"t":"\u0000"}',
        rb'{"a":NaN}',
        rb"[1]",
        rb"",
        b'{"a":"\xff"}',
        b'{"a":1}}',
        b"[" * 40 + b"]" * 40,
    ],
)
def test_what_readers_disagree_about_is_refused_in_one_reading(body: bytes) -> None:
    with pytest.raises(Fault):
        object_scanned(body)


def test_a_number_that_no_machine_holds_stays_as_it_is_written() -> None:
    body = b'{"a":123456789012345678901234567890,"b":1e400,"c":19.90}'
    assert object_scanned(body) == object_of(body)
