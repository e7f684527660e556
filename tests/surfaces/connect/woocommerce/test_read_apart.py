"""Pages of a shop with much to tell are read by a hand; the books are those of any other way."""

from __future__ import annotations

import os
import signal
from collections import Counter as Counted
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_catching_up import bought
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.runtime.importing.paging import PageHand
from regulars.runtime.working.inlets import catcher
from regulars.surfaces.connect.catching import apart
from regulars.surfaces.connect.catching.apart import NotRead, PageOrder, Readings
from regulars.surfaces.connect.catching.asking import NotTold, Send


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
            does()
        if isinstance(told, NotRead):
            raise NotTold(told.why, told.wait_s)
        return Readings(told)


def _again(order: PageOrder) -> PageOrder:
    from regulars.runtime.importing.hand import _order

    read: Any = _order(apart.pack(order))
    assert read == order
    return read  # type: ignore[no-any-return]


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
    assert hook.points("handed") == 2200 - 4 - 10


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
    changed = {"mapping": other}
    hand.meanwhile = lambda: hook.counter.ask("PATCH", hook.place, changed)
    hook.catch_up()
    hook.book()
    assert hook.points("mended") == 2200
    assert not any(used), "nothing is booked as the mapping before had it"
    rows = hook.shop.fetch(
        "select distinct a.channel from activity a where a.external_id like '42___'"
    )
    assert [row["channel"] for row in rows] == ["by-phone"]


def test_a_source_that_is_paused_while_a_hand_reads_books_nothing(
    hook: Hook, used: list[int]
) -> None:
    shop, email = WooShop(43_000), member(hook, "held up")
    bought(shop, email, 220)
    hand = asked_by(hook, shop, Here())
    hand.meanwhile = lambda: hook.counter.ask("PATCH", hook.place, {"state": "paused"})
    hook.catch_up()
    hook.book()
    assert hook.points("held up") == 0
    assert {state for state, *_ in hook.states()} == {"waiting"}
    hook.counter.ask("PATCH", hook.place, {"state": "active"})
    hook.later(minutes=6)
    hook.catch_up()
    hook.book()
    assert hook.points("held up") == 2200


@pytest.mark.slow
def test_a_hand_that_is_killed_in_the_middle_stops_no_shop(hook: Hook, used: list[int]) -> None:
    shop, email = WooShop(44_000), member(hook, "struck")
    bought(shop, email, 420)
    others, whole, struck = set(psutil.Process().children()), shop.answers, []

    async def strikes(sending: Any) -> Any:
        if "page=1&" in sending.url or len(shop.asked) == 1:
            pass
        for one in set(psutil.Process().children()) - others:
            if len(shop.asked) == 2 and not struck:
                struck.extend(each.pid for each in one.children())
                for pid in struck:
                    os.kill(pid, signal.SIGKILL)
        return await whole(sending)

    hand = asked_by(hook, shop, PageHand())
    hook.catcher._send = strikes
    told = hook.catch_up()
    hook.shop.run(hand.close())
    assert struck
    assert (told["problem"], told["found"], told["ahead"]) == ("", 420, 0)
    assert sum(used) == 200, "two pages by the hand, the others here"
    hook.book()
    assert hook.points("struck") == 4200
