"""How many signed events of other systems are taken in, and how soon they are answered.

    .venv/bin/python -m bench.sides.inbound --seconds 20

The real web server with two processes, asked by two processes that sign each event and send it over
kept connections: as fast as it goes (`open`), then at a rate (`at_rate`), for which the time of
each answer counts from when it was to be sent. Beside it the worker's duty books what came; what
is booked at the end is compared with what was answered. Sender, server, worker and PostgreSQL share
the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import multiprocessing
import os
import time
import zlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from bench import results
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from bench.sides.served import serving_ours
from regulars.base.keyed import key_from
from regulars.flows.terms.publish_program import publish_program
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate
from regulars.runtime.supervising.priority import give_way
from regulars.runtime.working.inlets.booker import Booker
from regulars.runtime.working.inlets.duty import Inlets
from regulars.surfaces.connect.inlets.examples import MAPPING

SENDERS, CONNECTIONS, MEMBERS = 2, 16, 5_000
GOAL_PER_SECOND, GOAL_P99_MS = 1_000, 100
DATABASE = "inbound"
WORDS = b"whsec_"
APP_SECRET = b"shpss_of_the_bench"


def send(wanted: Any, place: int, told: Any) -> None:
    """One process that sends; says how many were answered by 202, and how long each took."""
    address, path, secret, seconds, rate, mark = wanted
    told.put(asyncio.run(_sender(address, path, secret, seconds, rate, f"{mark}-{place}")))


async def _sender(
    address: str, path: str, secret: bytes, seconds: float, rate: int, mark: str
) -> tuple[int, int, list[float]]:
    host, _, port = address.removeprefix("http://").partition(":")
    took: list[float] = []
    failed = 0
    began = time.monotonic()
    numbers = iter(range(1 << 30))

    async def line() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection(host, int(port))
        while (now := time.monotonic()) < began + seconds:
            number = next(numbers)
            due = began + number / rate if rate else now
            if due > now:
                await asyncio.sleep(due - now)
            start = due if rate else time.monotonic()
            writer.write(_request(path, secret, mark, number))
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(size)
            if head.startswith(b"HTTP/1.1 202"):
                took.append(time.monotonic() - start)
            else:
                failed += 1
        writer.close()

    await asyncio.gather(*(line() for _ in range(CONNECTIONS)))
    return len(took), failed, took


def _request(path: str, secret: bytes, mark: str, number: int) -> bytes:
    if secret == APP_SECRET:
        return _of_shopify(path, secret, mark, number)
    if secret.startswith(WORDS):
        return _of_a_shop(path, secret, mark, number)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    order = {
        "id": f"{mark}-{number}", "paid_at": at, "customer": str(number * 7919 % MEMBERS),
        "email": "", "currency": "EUR", "total": f"{number % 90 + 1}.50",
        "lines": [{"sku": f"sku-{n}", "pieces": n + 1, "note": "as it came" * 4} for n in range(6)],
    }  # fmt: skip
    body = json.dumps({"type": "order.paid", "timestamp": at, "data": order}).encode()
    id_, seconds = f"msg-{mark}-{number}", str(int(time.time()))
    mark_ = hmac.digest(secret, f"{id_}.{seconds}.".encode() + body, "sha256")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"webhook-id: {id_}\r\nwebhook-timestamp: {seconds}\r\n"
        f"webhook-signature: v1,{b64encode(mark_).decode()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _of_a_shop(path: str, secret: bytes, mark: str, number: int) -> bytes:
    """An order as WooCommerce tells it, once it is paid."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    order = {
        "id": zlib.crc32(mark.encode()) * 10_000_000 + number, "status": "processing",
        "currency": "EUR", "date_paid_gmt": at, "date_modified_gmt": at, "refunds": [],
        "total": f"{number % 90 + 1}.50", "shipping_total": "1.00", "shipping_tax": "0.20",
        "customer_id": number * 7919 % MEMBERS, "billing": {"email": "", "phone": ""},
        "line_items": [{"id": n, "sku": f"sku-{n}", "name": "as it came" * 4} for n in range(6)],
    }  # fmt: skip
    body = json.dumps(order).encode()
    made = b64encode(hmac.digest(secret, body, "sha256")).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-WC-Webhook-Topic: order.updated\r\nX-WC-Webhook-Signature: {made}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _of_shopify(path: str, secret: bytes, mark: str, number: int) -> bytes:
    """An order as Shopify tells it, once it is paid: of six lines, with a discount."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [
        {
            "id": (1 << 60) + n, "sku": f"sku-{n}", "name": "as it came" * 4, "quantity": n + 1,
            "price": "2.50", "gift_card": False, "discount_allocations": [{"amount": "0.50"}],
            "tax_lines": [{"price": "0.40", "rate": 0.19, "title": "VAT"}],
        }
        for n in range(6)
    ]  # fmt: skip
    order = {
        "id": zlib.crc32(mark.encode()) * 10_000_000 + number, "financial_status": "paid",
        "currency": "EUR", "processed_at": at, "created_at": at, "updated_at": at, "refunds": [],
        "total_price": "52.50", "total_tip_received": "0.00", "taxes_included": True,
        "test": False, "cancelled_at": None, "source_name": "web", "email": "", "phone": None,
        "customer": {"id": number * 7919 % MEMBERS, "email": None, "phone": None},
        "discount_codes": [{"code": "TEA", "amount": "3.00"}], "line_items": lines,
    }  # fmt: skip
    body = json.dumps(order).encode()
    made = b64encode(hmac.digest(secret, body, "sha256")).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Shopify-Topic: orders/updated\r\nX-Shopify-Hmac-Sha256: {made}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _round(wanted: Any) -> dict[str, Any]:
    told: Any = multiprocessing.Queue()
    rate = wanted[4]
    each = (*wanted[:4], rate // SENDERS, wanted[5])
    processes = [
        multiprocessing.Process(target=send, args=(each, place, told)) for place in range(SENDERS)
    ]
    for process in processes:
        process.start()
    found = [told.get(timeout=wanted[3] + 60) for _ in processes]
    took = sorted(one for part in found for one in part[2])
    done = sum(part[0] for part in found)
    return {
        "accepted": done,
        "failed": sum(part[1] for part in found),
        "per_second": round(done / wanted[3]),
        "p50_ms": round(took[len(took) // 2] * 1000, 1),
        "p99_ms": round(took[len(took) * 99 // 100] * 1000, 1),
    }


async def _book(app: str, owner: str, until: Any, keyed: Any) -> None:
    """The worker's duty, for as long as it is wanted."""
    database = await Database.connect(app, size=2)
    duty = Inlets(Booker(database, Programs(database), keyed), database, owner)
    await duty.run(database.clock())
    while not until.is_set():
        await asyncio.sleep(0.1)
    await duty.stop()
    await database.close()


def work(app: str, owner: str, until: Any) -> None:
    give_way()  # as the worker does
    asyncio.run(
        _book(app, owner, until, key_from(b"of the bench, which marks no address", "bench"))
    )


async def _founded(owner: str, app: str) -> None:
    await migrate(owner)
    program_id = await found_program(owner, "coffee-shop")
    database = await Database.connect(app, size=1)
    async with database.transaction(program_id) as tx:
        await publish_program(tx, load_template("coffee-shop"), effective_from=None, by="bench")
    await database.close()


def measure(ground: Ground, wanted: argparse.Namespace) -> dict[str, Any]:
    """Both rounds, and what of it was booked."""
    ground.cluster.create_database(DATABASE)
    app, owner = (ground.cluster.dsn(role, DATABASE) for role in (APP_ROLE, OWNER_ROLE))
    asyncio.run(_founded(owner, app))
    found: dict[str, Any] = {}
    with serving_ours(ground, DATABASE, MEMBERS, "purchases.lua") as served:
        headers = {"authorization": f"Bearer {served.key}"}
        wish = {"name": "Shop", "kind": wanted.kind}
        if wanted.kind == "webhook":
            wish["mapping"] = MAPPING
        made = httpx.post(f"{served.address}/v1/inlets", json=wish, headers=headers).json()
        path, secret = made["inlet"]["address"], made["secret"].encode()
        if wanted.kind == "webhook":
            secret = b64decode(secret.removeprefix(WORDS))
        if wanted.kind == "shopify":
            secret = APP_SECRET
            keys = {"key": "bench", "secret": secret.decode()}
            wish = {"address": "https://bench.myshopify.com", **keys}
            place = f"{served.address}/v1/inlets/{made['id']}/catch-up"
            assert httpx.put(place, json=wish, headers=headers).status_code == 200
        until = multiprocessing.Event()
        worker = multiprocessing.Process(target=work, args=(app, owner, until))
        for name, rate, booking in (
            ("warm", 0, False), ("open", 0, False), ("at_rate", GOAL_PER_SECOND, False),
            ("at_rate_while_booking", GOAL_PER_SECOND, True),
        ):  # fmt: skip
            seconds = 4 if name == "warm" else wanted.seconds
            if booking:
                worker.start()
            found[name] = _round((served.address, path, secret, seconds, rate, name))
        found["booking"] = _booked(ground)
        until.set()
        worker.join()
        accepted = sum(found[name]["accepted"] for name in ("warm", "open", "at_rate"))
        accepted += found["at_rate_while_booking"]["accepted"]
        kept = ground.rows(DATABASE, "select count(*) as n from arrival")[0]["n"]
        found["kept"] = {"accepted": accepted, "kept": kept}
        assert kept >= accepted, found
    return found


def _booked(ground: Ground) -> dict[str, Any]:
    """How fast what waits is booked once nothing comes any more, for some seconds."""
    count = "select count(*) filter (where state = 'booked') as n from arrival"
    began, before = time.monotonic(), ground.rows(DATABASE, count)[0]["n"]
    time.sleep(8)
    after = ground.rows(DATABASE, count)[0]["n"]
    other = ground.rows(DATABASE, "select count(*) as n from arrival where code <> ''")[0]["n"]
    assert other == 0, "every event of the bench fits"
    return {"events": after, "per_second": round((after - before) / (time.monotonic() - began))}


def main() -> int:
    """Measure, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--seconds", type=int, default=20)
    wants.add_argument("--kind", choices=("webhook", "woocommerce", "shopify"), default="webhook")
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        figures = measure(ground, wanted)
        found = {
            "what": "signed events of another system, kept durably before they are answered",
            "wanted": f"{GOAL_PER_SECOND} a second with p99 of at most {GOAL_P99_MS} ms",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": figures,
            "machine": machine_of(ground, load),
            "versions": versions_of(ground),
            "settings": settings_of(ground),
        }
    if wanted.out:
        results.keep({f"events_in_{wanted.kind}": found}, wanted.out)
    console.print_json(data=figures)
    good = figures["open"]["per_second"] >= GOAL_PER_SECOND
    return 0 if good and figures["at_rate"]["p99_ms"] <= GOAL_P99_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
