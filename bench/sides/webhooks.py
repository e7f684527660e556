"""How many events reach other systems, and what one slow receiver costs the others.

    .venv/bin/python -m bench.sides.webhooks --seconds 15

Twenty receivers in a process of their own, each a webhook that wants one type of event; the
worker's duty as it runs in an installation sends to them. First all that was written beforehand is
sent as fast as it goes; then events come at a rate, and it is measured how long each is on its way
from its commit to its receiver, once with twenty quick receivers and once with one of them that
takes two seconds for each answer. What arrived is compared with what was written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import results
from bench.field.ground import Ground, running_ground
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.ids import id_of
from regulars.base.keyed import key_from
from regulars.flows.telling.hooks.keep_hooks import MakeHook, make_hooks
from regulars.records.access.staff.types import By
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.write import Told, tell
from regulars.runtime.serving.programs import found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.storage.migrator import migrate
from regulars.runtime.working.hooks.dispatcher import Dispatcher, opens
from regulars.runtime.working.hooks.duty import Hooks
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

RECEIVERS, MEMBERS, SLOW_S = 20, 1000, 2.0
GOAL_PER_SECOND, GOAL_DELAY_MS = 500, 1000
TYPES = sorted(EVENTS)[:RECEIVERS]
_ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


def receive(ports: Any, slow: Any, asked: Any) -> None:
    """Twenty receivers; when asked, they say how long each event was on its way, in seconds."""
    delays: list[list[float]] = [[] for _ in range(RECEIVERS)]

    async def take(place: int, reader: Any, writer: Any) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                at = json.loads(await reader.readexactly(size))["timestamp"]
                delays[place].append(time.time() - datetime.fromisoformat(at).timestamp())
                if place == 0 and slow.value:
                    await asyncio.sleep(SLOW_S)
                writer.write(_ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        made = [
            await asyncio.start_server(lambda r, w, n=n: take(n, r, w), "127.0.0.1", 0)
            for n in range(RECEIVERS)
        ]
        ports.put([one.sockets[0].getsockname()[1] for one in made])
        while True:
            await asyncio.sleep(0.05)
            if asked.poll():
                asked.recv()
                asked.send([list(some) for some in delays])
                for some in delays:
                    some.clear()

    asyncio.run(serve())


async def measure(ground: Ground, name: str, wanted: argparse.Namespace) -> dict[str, Any]:
    """All three rounds; what each came to."""
    await migrate(ground.cluster.owner_dsn)
    ports, slow = multiprocessing.Queue(), multiprocessing.Value("b", 0)
    asking, asked = multiprocessing.Pipe()
    process = multiprocessing.Process(target=receive, args=(ports, slow, asked), daemon=True)
    process.start()
    database = await Database.connect(ground.cluster.app_dsn, size=6)
    program_id = await found_program(ground.cluster.owner_dsn, name)
    async with database.transaction(program_id) as tx:
        wishes = [
            MakeHook(kind, f"http://127.0.0.1:{port}/in", (kind,), By(words="bench"))
            for kind, port in zip(TYPES, ports.get(timeout=20), strict=True)
        ]
        await make_hooks(tx, wishes)
    guard = Guard(networks_of(["127.0.0.1"]))
    dispatcher = Dispatcher(database, key_from(os.urandom(32), "bench"), opens(guard))
    duty = Hooks(dispatcher, database, ground.cluster.owner_dsn)
    teller = Teller(database, program_id)
    found: dict[str, Any] = {}
    try:
        for _ in range(wanted.seconds * 10):
            await teller.tell(100)
        began = time.monotonic()
        await duty.run(database.clock())
        backlog = await _arrived(asking, teller.written)
        found["backlog"] = {
            "events": sum(map(len, backlog)),
            "per_second": round(teller.written / (time.monotonic() - began)),
        }
        for round_name, is_slow in (("all_quick", 0), ("one_slow", 1)):
            slow.value, teller.written = is_slow, 0
            await teller.at_a_rate(wanted.rate, wanted.seconds)
            others = teller.written * (RECEIVERS - 1) // RECEIVERS
            delays = await _arrived(asking, others, but_first=True)
            quick = sorted(one for some in delays[1:] for one in some)
            assert len(quick) == others, (len(quick), others)
            found[round_name] = {
                "events": teller.written,
                "per_second": round(teller.written / wanted.seconds),
                "p50_ms": round(quick[len(quick) // 2] * 1000),
                "p95_ms": round(quick[len(quick) * 95 // 100] * 1000),
            }
    finally:
        await duty.stop()
        await database.close()
        process.kill()
    return found


class Teller:
    """Writes events as flows do: some at a time, each kind as often as any other."""

    def __init__(self, database: Database, program_id: int) -> None:
        self._database, self._program_id = database, program_id
        self._members = [id_of(os.urandom(16)) for _ in range(MEMBERS)]
        self._sequence = 0
        self.written = 0

    async def tell(self, count: int) -> None:
        """So many in one transaction; a multiple of the receivers."""
        told = []
        for place in range(count):
            self._sequence += 1
            who, kind = self._members[self._sequence % MEMBERS], TYPES[place % RECEIVERS]
            told.append(Told(who, self._sequence, kind, '{"reward": "free-coffee"}'))
        async with self._database.transaction(self._program_id) as tx:
            await tx.write(tell(tx, told))
        self.written += count

    async def at_a_rate(self, per_second: int, seconds: int) -> None:
        """Twenty at a time, evenly."""
        began = time.monotonic()
        for number in range(per_second * seconds // RECEIVERS):
            await self.tell(RECEIVERS)
            ahead = began + (number + 1) * RECEIVERS / per_second - time.monotonic()
            await asyncio.sleep(max(0.0, ahead))


async def _arrived(asking: Any, wanted: int, *, but_first: bool = False) -> list[list[float]]:
    """What arrived, once it is at least as much; the slow receiver left out of the count."""
    found: list[list[float]] = [[] for _ in range(RECEIVERS)]
    until = time.monotonic() + 60
    while sum(map(len, found[but_first:])) < wanted:
        assert time.monotonic() < until, (list(map(len, found)), wanted)
        await asyncio.sleep(0.1)
        asking.send("now")
        while not asking.poll():
            await asyncio.sleep(0.01)
        for some, more in zip(found, asking.recv(), strict=True):
            some.extend(more)
    return found


def main() -> int:
    """Measure, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--seconds", type=int, default=15)
    wants.add_argument("--rate", type=int, default=GOAL_PER_SECOND)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        figures = asyncio.run(measure(ground, "bench", wanted))
        found = {
            "what": "events to twenty receivers, one of which takes two seconds",
            "wanted": f"{GOAL_PER_SECOND} a second, the others' p95 later by "
            f"{GOAL_DELAY_MS} ms at most",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": figures,
            "machine": machine_of(ground, load),
            "versions": versions_of(ground),
            "settings": settings_of(ground),
        }
    if wanted.out:
        results.keep({"webhooks": found}, wanted.out)
    console.print_json(data=figures)
    later = figures["one_slow"]["p95_ms"] - figures["all_quick"]["p95_ms"]
    good = figures["backlog"]["per_second"] >= GOAL_PER_SECOND and later <= GOAL_DELAY_MS
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
