"""How fast the orders of a shop are brought in from a date, and whether the books are the same.

    .venv/bin/python -m bench.sides.backfilling --orders 100000

A shop of our own on loopback answers as WooCommerce does; the worker's own duties ask it page by
page and book what came, both in one process, as in a worker, which has a hand that reads pages;
what that one uses is counted as ours. Then the same orders come once more
into a second program, by webhook and shuffled: of an order that was given back in part both states,
in either order. Every balance, lot and tier must be the same in both, and the books are verified.
Shop, worker and PostgreSQL share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
import psutil
import uvloop
from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.keyed import key_from
from regulars.flows.inlets.keep_arrivals import KeepArrivals, keep_arrivals
from regulars.flows.inlets.keep_catch_ups import AskShop, ask_shops
from regulars.flows.inlets.keep_inlets import MakeInlet, make_inlets
from regulars.flows.terms.publish_program import publish_program
from regulars.records.access.staff.types import By
from regulars.records.program.templates import load_template
from regulars.runtime.importing.paging import PageHand
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate
from regulars.runtime.working.inlets.booker import Booker
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.surfaces.connect.catching.asking import ShopClient
from regulars.surfaces.connect.catching.keys import NONCE, ShopKeys, sealed
from regulars.surfaces.connect.woocommerce.events import event_of
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

GOAL_PER_SECOND: Final = 5_000
DATABASE: Final = "backfilling"
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN_S: Final = 20
"""From one order to the next; a shop is asked by the second."""
EVERY_BACK: Final = 20
"""So many orders for each of which something was given back."""
BY: Final = By(words="bench")
KEYED: Final = key_from(b"of the bench, which marks no address", "bench")
MAPPING: Final = """mapping: woocommerce
title: WooCommerce
source: woocommerce
unknown: card
events:
  order:
    gives:
      - kind: {constant: purchase}
        external_id: id
        occurred_at: paid_at
        card: {column: customer_id, prefix: c-}
        channel: {constant: online}
        currency: currency
        amount: total
        shipping: shipping_paid
        skip: [{column: state, values: [unpaid]}]
      - each: returns
        kind: {constant: return}
        external_id: {column: id, prefix: refund-}
        occurred_at: at
        sale_id: order
        returned: {each: pieces, line: line, quantity: quantity}
  customer: {says: Nothing to book}
  other: {says: Nothing to book}
"""
"""By what an order says of itself: which pieces came back would be asked for one order at a time,
and what is measured is how many orders are brought in."""
_STANDS: Final = """
select i.value, b.wallet, b.available, b.debt, b.pending, s.tier,
       (select json_agg((l.remaining, l.expires_at) order by l.expires_at, l.remaining)::text
          from lot l where l.program_id = b.program_id and l.member_id = b.member_id
                       and l.wallet = b.wallet and l.remaining > 0) as lots
  from identifier i
  join balance b on b.program_id = i.program_id and b.member_id = i.member_id
  left join standing s on s.program_id = i.program_id and s.member_id = i.member_id
 where i.kind = 'card' and i.program_id = {program} order by 1, 2
"""


def order_of(number: int, orders: int, *, back: bool) -> dict[str, Any]:
    """One order as the shop tells it; `back`: after something of it was given back."""
    paid = FIRST + timedelta(seconds=number * BETWEEN_S)
    changed = paid + timedelta(days=1) if back else paid
    refunds = [{"id": 5_000_000 + number, "reason": "", "total": "-1.50"}] if back else []
    return {
        "id": 1_000_000 + number, "status": "processing", "currency": "EUR", "refunds": refunds,
        "date_paid_gmt": f"{paid:%Y-%m-%dT%H:%M:%S}",
        "date_modified_gmt": f"{changed:%Y-%m-%dT%H:%M:%S}",
        "total": f"{number % 90 + 2}.50", "shipping_total": "1.00", "shipping_tax": "0.20",
        "customer_id": number * 7919 % max(orders // 20, 10), "billing": {"email": "", "phone": ""},
        "line_items": [{"id": n, "sku": f"sku-{n}", "name": "as it came" * 4} for n in range(6)],
    }  # fmt: skip


class OpenShop(NamedTuple):
    """A shop that answers."""

    address: str
    pid: int


class Used(NamedTuple):
    """Seconds by the clock, and of processors."""

    wall: float
    worker: float
    hands: float
    database: float


def came_back(number: int) -> bool:
    return number % EVERY_BACK == 0


async def _answer(
    told: list[tuple[str, bytes]], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        asked = urlsplit(head.split(b" ", 2)[1].decode())
        query = parse_qs(asked.query)
        if not asked.path.endswith("/orders"):  # of customers it says nothing
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            writer.write(b"Content-Length: 2\r\n\r\n[]")
            await writer.drain()
            continue
        after, size = query["modified_after"][0], int(query["per_page"][0])
        first = _first_after(told, after) + size * (int(query["page"][0]) - 1)
        body = b"[" + b",".join(one for _, one in told[first : first + size]) + b"]"
        left = max(0, len(told) - first)
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            + f"X-WP-Total: {left}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()


def _first_after(told: list[tuple[str, bytes]], after: str) -> int:
    low, high = 0, len(told)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if told[middle][0] > after else (middle + 1, high)
    return low


def shop(orders: int, port: Any) -> None:
    """A shop that answers for its orders, in a process of its own, until it is ended."""
    made = [order_of(one, orders, back=came_back(one)) for one in range(orders)]
    made.sort(key=lambda one: (one["date_modified_gmt"], one["id"]))
    told = [(one["date_modified_gmt"], json.dumps(one).encode()) for one in made]

    async def serve() -> None:
        async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await _answer(told, reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(each, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def open_shop(orders: int) -> Iterator[OpenShop]:
    """Its address and its process, for as long as the block lasts."""
    port: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=shop, args=(orders, port), daemon=True)
    process.start()
    try:
        yield OpenShop(f"http://127.0.0.1:{port.get(timeout=120)}", process.pid or 0)
    finally:
        process.terminate()
        process.join()


def used_of(ground: Ground, shop: int) -> Used:
    """What was used so far: by this program as the worker, by all it started but the shop, and by
    PostgreSQL."""
    me = psutil.Process()
    server = psutil.Process(int(next(ground.folder.rglob("postmaster.pid")).read_text().split()[0]))
    database = [server, *server.children(recursive=True)]
    known = {me.pid, shop, *(one.pid for one in database)}
    hands = [one for one in me.children(recursive=True) if one.pid not in known]
    return Used(time.perf_counter(), time.process_time(), _busy(hands), _busy(database))


def _busy(processes: Iterable[psutil.Process]) -> float:
    found = 0.0
    for one in processes:
        with suppress(psutil.NoSuchProcess):  # it ended just now: its parent has its times
            times = one.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
    return found


class Side:
    """One program with a source of such orders, and the worker that books them."""

    def __init__(self, database: Database, program_id: int) -> None:
        self.database, self.program_id = database, program_id
        self.programs = Programs(database)
        self.booker = Booker(database, self.programs, KEYED)

    async def open(self) -> Any:
        """The source; whoever buys collects on a card of their number there."""
        async with self.database.transaction(self.program_id) as tx:
            wish = MakeInlet("Shop", "woocommerce", "woocommerce", MAPPING, BY)
            (made,) = await make_inlets(tx, [wish])
        return made.inlet  # type: ignore[union-attr]

    async def all_booked(self, *, until: asyncio.Task[None] | None = None) -> None:
        """Book until nothing waits, and nothing comes any more."""
        while True:
            over = until is None or until.done()
            if not await self.booker.book(self.program_id):
                if over:
                    return
                await asyncio.sleep(0.05)


async def _founded(owner: str, app: str) -> Database:
    await migrate(owner)
    return await Database.connect(app, size=4)


async def _side(owner: str, database: Database, slug: str) -> Side:
    program_id = await found_program(owner, slug)
    async with database.transaction(program_id) as tx:
        program = load_template("coffee-shop").replace("program: coffee-shop", f"program: {slug}")
        await publish_program(tx, program, effective_from=None, by="bench")
    return Side(database, program_id)


async def _asked(
    side: Side, address: str, used: Callable[[], Used], hand: PageHand | None = None
) -> Used:
    """Bring in everything of the shop from its first day on; seconds until all of it is booked, and
    of processors."""
    inlet = await side.open()
    keys = sealed(KEYED, (side.program_id, inlet.inlet_id), ShopKeys("ck", "cs"), bytes(NONCE))
    async with side.database.transaction(side.program_id) as tx:
        await ask_shops(tx, [AskShop(inlet.inlet_id, BY, address, keys, FIRST)])
    client = ShopClient(Guard(networks_of(["127.0.0.0/8"])), patience_s=60, wide=4)
    catcher = Catcher(side.database, side.programs, KEYED, client.send, hand=hand)

    async def ask() -> None:
        while True:
            await catcher.catch_up(side.program_id)
            async with side.database.transaction(side.program_id) as tx:
                (row,) = await tx.fetch("select met_at, problem from catch_up")
            assert not row["problem"], row["problem"]
            if row["met_at"] is not None:
                return

    began = used()
    asking = asyncio.create_task(ask())
    await side.all_booked(until=asking)
    await asking
    took = Used(*(now - then for now, then in zip(used(), began, strict=True)))
    if hand is not None:
        await hand.close()
    await client.close()
    return took


async def _told(side: Side, orders: int) -> float:
    """The same orders by webhook, shuffled, each state of them; seconds until all are booked."""
    inlet = await side.open()
    states = [(one, False) for one in range(orders)]
    states += [(one, True) for one in range(orders) if came_back(one)]
    Random(20260301).shuffle(states)
    began = time.perf_counter()
    for first in range(0, len(states), 2_000):
        events = tuple(
            event_of(json.dumps(order_of(one, orders, back=back)).encode(), "order.updated")
            for one, back in states[first : first + 2_000]
        )
        async with side.database.transaction(side.program_id) as tx:
            terms = await side.programs.terms(side.program_id)
            await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, events)])
        await side.all_booked()
    return time.perf_counter() - began


async def _both(
    ground: Ground, orders: int, open_: OpenShop, profile: Any, *, alone: bool
) -> dict[str, Any]:
    address, shop_pid = open_
    app, owner = (ground.cluster.dsn(role, DATABASE) for role in (APP_ROLE, OWNER_ROLE))
    database = await _founded(owner, app)
    first, second = [await _side(owner, database, slug) for slug in ("asked", "told")]
    with profile:
        hand = None if alone else PageHand()
        asked = await _asked(first, address, lambda: used_of(ground, shop_pid), hand)
    told = await _told(second, orders)
    await database.close()
    return {
        "orders": orders,
        "asked_per_second": round(orders / asked.wall),
        "asked_s": round(asked.wall, 1),
        "ours_us": round((asked.worker + asked.hands) / orders * 1e6),
        "worker_us": round(asked.worker / orders * 1e6),
        "hands_us": round(asked.hands / orders * 1e6),
        "database_us": round(asked.database / orders * 1e6),
        "told_shuffled_per_second": round((orders + orders // EVERY_BACK) / told),
        "programs": [first.program_id, second.program_id],
    }


def measure(
    ground: Ground, orders: int, profile: Any = None, *, alone: bool = False
) -> dict[str, Any]:
    """Both orders of arrival, and that they came to the same; `alone`: without a hand."""
    ground.cluster.create_database(DATABASE)
    with open_shop(orders) as open_:
        settle_memory()  # as the worker does
        found = uvloop.run(_both(ground, orders, open_, profile or nullcontext(), alone=alone))
    other = "select state, code, reason, count(*) from arrival group by 1, 2, 3"
    became = {
        f"{row['state']} {row['code']}".strip(): row["count"]
        for row in ground.rows(DATABASE, other)
    }
    assert set(became) <= {"booked", "passed overtaken"}, ground.rows(DATABASE, other)
    books = [
        [tuple(row) for row in ground.rows(DATABASE, _STANDS.format(program=one))]
        for one in found.pop("programs")
    ]
    assert books[0], "somebody bought something"
    differ = [pair for pair in zip(*books, strict=False) if pair[0] != pair[1]]
    assert len(books[0]) == len(books[1]), (len(books[0]), len(books[1]))
    assert not differ, differ[:3]
    return found | {
        "events": became,
        "members": len({row[0] for row in books[0]}),
        "same_books": True,
        "verified": audit.verify_ours(ground, DATABASE),
    }


def main() -> int:
    """Measure, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--orders", type=int, default=100_000)
    wants.add_argument("--profile", type=Path, help="a file for where the time of asking goes")
    wants.add_argument("--alone", action="store_true", help="the worker reads pages by itself")
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    profile = cProfile.Profile() if wanted.profile else None
    with running_ground() as ground:
        figures = measure(ground, wanted.orders, profile, alone=wanted.alone)
        found = {
            "what": "orders of a shop brought in from a date: asked for, kept and booked",
            "wanted": f"{GOAL_PER_SECOND} a second, and the same books whatever the order",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": figures,
            "machine": machine_of(ground, load),
            "versions": versions_of(ground),
            "settings": settings_of(ground),
        }
    if profile is not None:
        profile.dump_stats(wanted.profile)
    if wanted.out:
        results.keep({"backfill": found}, wanted.out)
    console.print_json(msgspec.json.encode(figures).decode())
    return 0 if figures["asked_per_second"] >= GOAL_PER_SECOND else 1


if __name__ == "__main__":
    raise SystemExit(main())
