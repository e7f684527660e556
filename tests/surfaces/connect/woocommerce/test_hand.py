"""A hand reads pages of a shop as they are read here; whatever becomes of it, they are read."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psutil
import pytest
import structlog
from tests.surfaces.connect.woocommerce.shop import AT, WooShop

from regulars.flows.commands import RecordActivity
from regulars.flows.recording.before.told_elsewhere import NOTHING_BESIDE
from regulars.records.inlets.catching.types import Answered
from regulars.records.inlets.types import Arrival, Inlet
from regulars.runtime.importing import crew, pages, paging
from regulars.runtime.importing.messages import LENGTH, framed
from regulars.runtime.importing.paging import PageHand
from regulars.surfaces.connect.catching import apart
from regulars.surfaces.connect.catching.apart import PageOrder, Readings
from regulars.surfaces.connect.catching.asking import NotTold, Since
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.catching.shops_known import asker
from regulars.surfaces.connect.catching.told import told_by
from regulars.surfaces.connect.inlets.reading import Place
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.woocommerce.kind import WooCommerce
from regulars.surfaces.senders.outgoing.client import Answer, Sending

PLACE = Place("EUR", "Europe/Berlin", ("USD",))
SECRET = "cs_that_nobody_sees"
SAYS = """
import socket, sys, time
with socket.socket(fileno=int(sys.argv[2])) as line:
    line.recv(1 << 20)
    {what}
"""
KILLED = """
import asyncio, psutil
from tests.surfaces.connect.woocommerce.test_hand import PageHand, a_shop, order

async def begin():
    shop, hand = a_shop(3), PageHand()
    await hand.page(order(), shop.answers)
    print(*(one.pid for one in psutil.Process().children(recursive=True)), flush=True)
    await asyncio.sleep(60)

asyncio.run(begin())
"""


def read_of(key: bytes, *tells: apart.Tell) -> str:
    """What a hand says that read one event, which has this key and tells these."""
    came = apart.Came(key, bytes(16), "order", "7", "", b"{}", None, apart.Reading(tells))
    return repr(framed(apart.pack(apart.PageRead(Answered(None, 1, True, None), [came], []))))


TELL = apart.Tell(
    RecordActivity("purchase", source="shop", external_id="7", occurred_at=AT),
    (),
    "card",
    places=0,
    beside=NOTHING_BESIDE,
)


def a_shop(orders: int, first: int = 700) -> WooShop:
    shop = WooShop(first)
    shop.lets_in = f"ck_1:{SECRET}"
    for at in range(orders):
        shop.pays(shop.order("10.00", f"b{at}@example.org", 7))
    return shop


def order(mapping: str = WooCommerce.mapping, since: datetime = AT) -> PageOrder:
    inlet = Inlet(1, UUID(int=7), "Shop", "woocommerce", "woocommerce", mapping, "active", 1, None,
                  AT, "", AT)  # fmt: skip
    keys = ShopKeys("ck_1", SECRET)
    at, came = Since(since, 1, is_first=True), AT + timedelta(days=30)
    return PageOrder(
        "https://tea.example.org", keys, at, came, inlet, PLACE, is_asked=True, came_at=came
    )


def run(do: Callable[[PageHand], Awaitable[Any]]) -> Any:
    async def within() -> Any:
        hand = PageHand()
        try:
            return await do(hand)
        finally:
            await hand.close()

    others = set(psutil.Process().children(recursive=True))
    found = asyncio.run(within())
    left = set(psutil.Process().children(recursive=True)) - others
    assert not left, "no hand is left behind"
    return found


def says(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    code = SAYS.format(what=what)
    monkeypatch.setattr(crew, "_COMMAND", (sys.executable, "-c", code))


def mixed_shop() -> WooShop:
    """Orders of all sorts: given back in part and whole, not paid, a customer, one that fits not,
    lines with fees, another currency, texts that are written with backslashes."""
    shop = a_shop(100)
    shop.customer(7, "b1@example.org")
    shop.refunds(701, "4.00", {1: 4})
    shop.refunds(702, "3.00")
    shop.becomes(703, "refunded")
    shop.becomes(704, "cancelled")
    shop.order("3.00", "late@example.org")
    shop.orders[705]["line_items"][0]["total"] = "rubbish"
    shop.orders[706] |= {"currency": "USD", "fee_lines": [{"id": 3, "total": "1.00"}]}
    shop.orders[707]["billing"]["first_name"] = 'A "\\ ü /'
    shop.orders[708]["currency"] = "GBP"
    return shop


async def both(hand: Any, mapping: str) -> tuple[Readings, list[Any], list[Any]]:
    """What a hand read, and what each event tells: as it read it, and as it is read here."""
    shop, asks = mixed_shop(), order(mapping)
    found = await hand.page(asks, shop.answers)
    page = await asker("woocommerce", mapping).page(
        shop.answers, apart.Shop(asks.address, asks.keys, asks.now), asks.since
    )
    assert (found.page.events, found.page.answered) == (page.events, page.answered)
    theirs, ours = [], []
    for number, sent in enumerate(page.events):
        told = (sent.type, sent.name, sent.beside, sent.body, asks.came_at)
        one = Arrival(UUID(int=number + 1), UUID(int=7), *told, told_at=sent.told_at)
        theirs.append(found.of(sent.key, one))
        try:
            ours.append(told_by(one, asks.inlet, PLACE, is_asked=True))
        except Wrong as wrong:
            ours.append(wrong)
    return found, theirs, ours


ONE_AMOUNT = """mapping: woocommerce
title: WooCommerce
source: woocommerce
unknown: card
zone: America/New_York
events:
  order:
    gives:
      - kind: {constant: purchase}
        external_id: id
        occurred_at: date_modified_gmt
        card: {column: customer_id, prefix: c-}
        currency: currency
        amount: total
        details: {state: state, paid: paid_at}
  "*": {says: Nothing to book}
"""


@pytest.mark.slow
@pytest.mark.parametrize("mapping", [WooCommerce.mapping, ONE_AMOUNT], ids=["lines", "amount"])
def test_what_a_hand_reads_is_what_is_read_here(mapping: str) -> None:
    _, theirs, ours = run(lambda hand: both(hand, mapping))
    read = [(one, two) for one, two in zip(theirs, ours, strict=True) if one is not None]
    assert len(read) > 90
    for one, two in read:
        assert one == two
        assert [msgspec.msgpack.encode(tell.command) for tell in one.tells] == [
            msgspec.msgpack.encode(tell.command) for tell in two.tells
        ]  # by these bytes a receipt that comes again is known
    left = [two for one, two in zip(theirs, ours, strict=True) if one is None]
    assert all(isinstance(two, Wrong) or two.ended for two in left)
    assert any(isinstance(two, Wrong) for two in left)


@pytest.mark.slow
def test_a_hand_sends_nothing_itself_and_its_secrets_stand_nowhere() -> None:
    async def page(hand: PageHand) -> tuple[list[str], list[str], str]:
        shop, others = a_shop(3), set(psutil.Process().children(recursive=True))
        await hand.page(order(), shop.answers)
        ours = set(psutil.Process().children(recursive=True)) - others
        hands = [one for one in ours if "regulars.runtime.importing.entry" in one.cmdline()]
        assert len(hands) == 2
        lines = [" ".join(one.cmdline()) + str(one.environ()) for one in hands]
        net = [str(each) for one in hands for each in one.net_connections("inet")]
        return shop.asked, net, " ".join(lines) + repr(order())

    asked, net, seen = run(page)
    assert [one.split("?")[0].rpartition("/")[2] for one in asked] == ["orders", "customers"]
    assert (net, SECRET in seen) == ([], False)


@pytest.mark.slow
def test_a_hand_that_is_killed_leaves_the_page_to_who_asked_and_rests() -> None:
    async def page(hand: PageHand) -> list[Any]:
        shop, kills = a_shop(3), []
        before = set(psutil.Process().children())
        assert await hand.page(order(), shop.answers) is not None
        (first,) = set(psutil.Process().children()) - before

        async def answers(sending: Sending) -> Answer:
            (one,) = first.children()
            os.kill(one.pid, signal.SIGKILL)
            kills.append(one.pid)
            return await shop.answers(sending)

        found = [await hand.page(order(), answers) for _ in range(3)]
        assert len(kills) == 1, "it is not started again at once"
        return found

    with structlog.testing.capture_logs() as logs:
        assert run(page) == [None, None, None]
    assert [one["event"] for one in logs] == ["inlets.hand_fell"]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("line.sendall((4).to_bytes(8, 'big') + b'what')", "something else"),
        ("line.sendall((2).to_bytes(8, 'big') + b'\\x81\\xc0')", "something else"),
        ("line.sendall(b'\\xff' * 100)", "something else"),
        ("line.sendall((900).to_bytes(8, 'big') + b'half')", "IncompleteRead"),
        ("line.sendall(b'')", "IncompleteRead"),
        ("time.sleep(60)", "it says nothing"),
        (f"line.sendall({framed(apart.pack(apart.Broke('MemoryError')))!r})", "it broke: Memory"),
        (f"line.sendall({read_of(b'key')})", "something else"),
        (f"line.sendall({read_of(bytes(16), TELL)})", "places that are not there"),
    ],
    ids=["a word", "a shape", "a length", "half", "nothing", "silence", "broke", "key", "places"],
)
def test_a_hand_that_says_rubbish_leaves_the_page_to_who_asked(
    monkeypatch: pytest.MonkeyPatch, what: str, why: str
) -> None:
    says(monkeypatch, what)
    monkeypatch.setattr(paging, "SILENT_S", 1.0 if "sleep" in what else 60.0)

    async def page(hand: PageHand) -> Any:
        return await hand.page(order(), a_shop(1).answers)

    with structlog.testing.capture_logs() as logs:
        assert run(page) is None
    assert [(one["event"], why in one["why"]) for one in logs] == [("inlets.hand_fell", True)]


def test_where_there_is_no_memory_for_a_hand_the_page_is_left_to_who_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(crew.subprocess, "Popen", none)

    async def page(hand: PageHand) -> Any:
        return await hand.page(order(), a_shop(1).answers)

    with structlog.testing.capture_logs() as logs:
        assert run(page) is None
    assert [one["event"] for one in logs] == ["inlets.hand_fell"]


@pytest.mark.parametrize("wrong", [MemoryError(), KeyError("a mistake of ours")])
def test_a_hand_that_cannot_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    async def breaks(*_: Any) -> Any:
        raise wrong

    monkeypatch.setattr(apart, "read_apart", breaks)
    line = io.BytesIO()
    pages.read_page(order(), line)  # type: ignore[arg-type]
    assert apart.said(line.getvalue()[LENGTH:]) == apart.Broke(type(wrong).__name__)


def test_a_hand_whose_asker_is_gone_ends_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            return b""

    line = Gone()
    pages.read_page(order(), line)  # type: ignore[arg-type]
    asked = apart.said(line.getvalue()[LENGTH:])
    assert isinstance(asked, apart.Asks)
    assert len(line.getvalue()) == len(framed(line.getvalue()[LENGTH:])), "it asked once"


@pytest.mark.slow
def test_what_a_shop_answers_instead_is_told_and_the_hand_goes_on() -> None:
    async def page(hand: PageHand) -> tuple[str, int, str, int]:
        shop = a_shop(2)
        shop.down = True
        with pytest.raises(NotTold) as no:
            await hand.page(order(), shop.answers)
        shop.down, shop.lets_in = False, "else"
        with pytest.raises(NotTold) as keys:
            await hand.page(order(), shop.answers)
        shop.lets_in = f"ck_1:{SECRET}"
        read = await hand.page(order(), shop.answers)
        assert read is not None
        return no.value.why, no.value.wait_s, keys.value.why, len(read.page.events)

    assert run(page) == (
        "it refuses the connection", 0, "it does not know this key and secret", 2,
    )  # fmt: skip


@pytest.mark.slow
def test_a_mistake_of_ours_in_sending_is_raised_and_the_next_page_is_read() -> None:
    async def page(hand: PageHand) -> int:
        shop = a_shop(2)
        shop.chokes = True
        with pytest.raises(RuntimeError, match="our own mistake"):
            await hand.page(order(), shop.answers)
        shop.chokes = False
        read = await hand.page(order(), shop.answers)
        assert read is not None
        return len(read.page.events)

    assert run(page) == 2


@pytest.mark.slow
def test_while_a_page_is_read_another_waits_for_nobody() -> None:
    async def page(hand: PageHand) -> tuple[Any, int]:
        shop, reached, held = a_shop(2), asyncio.Event(), asyncio.Event()

        async def slow(sending: Sending) -> Answer:
            reached.set()
            await held.wait()
            return await shop.answers(sending)

        going = asyncio.create_task(hand.page(order(), slow))
        await reached.wait()
        other = await asyncio.wait_for(hand.page(order(), a_shop(1).answers), 20)
        held.set()
        read = await going
        assert read is not None
        return other, len(read.page.events)

    assert run(page) == (None, 2)


def test_who_asks_no_more_leaves_the_hand_in_step() -> None:
    async def page(hand: PageHand) -> list[int]:
        second, reached, ended = a_shop(3, 900), asyncio.Event(), asyncio.Event()
        others = set(psutil.Process().children(recursive=True))

        async def slow(sending: Sending) -> Answer:
            reached.set()
            try:
                await asyncio.sleep(600)
            finally:
                ended.set()
            raise AssertionError(sending)

        going = asyncio.create_task(hand.page(order(), slow))
        await reached.wait()
        hands = set(psutil.Process().children(recursive=True)) - others
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        await asyncio.wait_for(ended.wait(), 30)  # the shop is asked no more for nobody
        while (read := await hand.page(order(), second.answers)) is None:
            await asyncio.sleep(0.01)
        assert len(hands) == 2
        assert all(one.is_running() for one in hands)
        return [msgspec.json.decode(one.body)["id"] for one in read.page.events]

    assert run(page) == [901, 902, 903]


@pytest.mark.slow
def test_a_hand_that_nobody_needs_is_ended_and_started_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "IDLE_S", 0.2)

    async def page(hand: PageHand) -> bool:
        shop, before = a_shop(2), set(psutil.Process().children())
        assert await hand.page(order(), shop.answers) is not None
        (first,) = set(psutil.Process().children()) - before
        for _ in range(200):
            if not first.is_running():
                break
            await asyncio.sleep(0.05)
        return not first.is_running() and await hand.page(order(), shop.answers) is not None

    assert run(page)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is seen half a second later")
def test_a_worker_that_is_killed_takes_its_hand_with_it() -> None:
    root = Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, cwd=root, text=True
    ) as worker:
        assert worker.stdout is not None
        hands = [psutil.Process(int(one)) for one in worker.stdout.readline().split()]
        worker.kill()
    assert len(hands) == 2
    gone, alive = psutil.wait_procs(hands, timeout=10)
    assert (len(gone), alive) == (2, [])


@pytest.mark.parametrize("asks", ["sched_getaffinity", "cpu_count"])
def test_on_one_processor_there_is_no_hand(monkeypatch: pytest.MonkeyPatch, asks: str) -> None:
    """By those we may use, where the system says so, and not by those there are."""
    if asks == "cpu_count":
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    for count in (1, 2):
        may: Any = count if asks == "cpu_count" else set(range(count))
        monkeypatch.setattr(os, asks, lambda *_, may=may: may, raising=False)
        assert (paging.page_hand() is None) == (count == 1)
