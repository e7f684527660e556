"""Where the time of one earn goes, stage by stage, in microseconds.

One process, one batch after the other, no network between client and server: what is shown as
ours is processor time of this thread, the rest is waiting for PostgreSQL. Run
`.venv/bin/python -m bench.profile --batch 64 --batches 200 --members 100000`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import uvloop
from rich.console import Console
from rich.table import Table

from bench.field.ground import Ground, running_ground
from bench.field.seed import LEAN, finish, seed
from bench.sides.shopping import as_sent, purchase
from regulars.base.tx import Write
from regulars.engine.terms import Terms
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.types import Asked
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, Transaction
from regulars.surfaces.api.answers import encode
from regulars.surfaces.api.operations.recording import replied
from regulars.surfaces.api.strict.bodies import read_body
from regulars.surfaces.api.wire.activities import ActivitySent, command_of

# Timed inside the flow; a name that went away is left out.
INSIDE = (
    "regulars.flows.batch.askings:askings",
    "regulars.flows.recording.decide_one:decide_one",
    "regulars.engine.deciding.earn:earn",
    "regulars.engine.deciding.earn:scene_of",
    "regulars.engine.deciding.earn:room_of",
    "regulars.engine.deciding.tiering:climb",
    "regulars.flows.recording.decided:writes",
    "regulars.flows.batch.append:writes_of",
    "regulars.flows.batch.askings:kept",
)
WARM_UP = 20
_NAMED = re.compile(r"(?:insert into|update|from)\s+(\w+)")


class Clock:
    """Wall and processor time per stage."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = defaultdict(float)
        self.ours: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        wall, ours = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.wall[name] += time.perf_counter() - wall
            self.ours[name] += time.thread_time() - ours


class TimedTx:
    """A transaction that notes how long each statement took, under the tables it names."""

    def __init__(self, tx: Transaction, clock: Clock) -> None:
        self._tx, self._clock = tx, clock
        self.program_id, self.now = tx.program_id, tx.now
        self.new_id, self.new_number = tx.new_id, tx.new_number

    async def fetch(self, sql: str, *args: Any) -> Sequence[Mapping[str, Any]]:
        locks = " (lock)" if "for update" in sql else ""
        tables = list(dict.fromkeys(_NAMED.findall(sql)))
        with self._clock.stage(f"  ask {', '.join(tables[:3])}{locks}"):
            return await self._tx.fetch(sql, *args)

    async def write(self, writes: Sequence[Write]) -> None:
        if writes:
            with self._clock.stage("  write"):
                await self._tx.write(writes)


def main() -> None:
    """Seed, run the batches, show where the time went."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--batch", type=int, default=64)
    wants.add_argument("--batches", type=int, default=200)
    wants.add_argument("--members", type=int, default=100_000)
    wanted = wants.parse_args()
    with running_ground() as ground:
        seed(ground, wanted.members, databases=(LEAN,))
        finish(ground, LEAN)
        clock = measure(ground, wanted.members, wanted.batch, wanted.batches)
    _show(clock, wanted.batch * wanted.batches)


def measure(ground: Ground, members: int, batch: int, batches: int) -> Clock:
    """Send so many batches of so many sales through the stream, and note where the time went."""
    with patched(clock := Clock()):
        uvloop.run(_run(ground, clock, (members, batch, batches)))
    return clock


async def _run(ground: Ground, clock: Clock, sizes: tuple[int, int, int]) -> None:
    members, batch, batches = sizes
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    terms = await Programs(database).terms(1)
    random = Random(1)
    settle_memory()
    for number in range(-WARM_UP, batches):
        if number == 0:
            clock.wall.clear()
            clock.ours.clear()
        sales = [purchase(random, members, "", datetime.now(UTC)) for _ in range(batch)]
        bodies = [json.dumps(as_sent(sale)).encode() for sale in sales]
        keyed = [(f"profile-{number}-{place}", body) for place, body in enumerate(bodies)]
        await _batch(database, terms, clock, keyed)
    await database.close()


async def _batch(
    database: Database, terms: Terms, clock: Clock, asked: Sequence[tuple[str, bytes]]
) -> None:
    decoder = msgspec.json.Decoder(ActivitySent)
    with clock.stage("read the body"):
        sent = [(key, read_body(body, decoder)) for key, body in asked]
    with clock.stage("make the command"):
        commands = [command_of(one, terms, Asked("key_bench", key)) for key, one in sent]
    with clock.stage("transaction"):
        begin = time.perf_counter(), time.thread_time()
        async with database.transaction(1) as tx:
            clock.wall["  begin"] += time.perf_counter() - begin[0]
            clock.ours["  begin"] += time.thread_time() - begin[1]
            with clock.stage("  flow (all of it)"):
                outcomes = await record_activities(TimedTx(tx, clock), terms, commands)
            commit = time.perf_counter(), time.thread_time()
        clock.wall["  commit"] += time.perf_counter() - commit[0]
        clock.ours["  commit"] += time.thread_time() - commit[1]
    with clock.stage("write the answer"):
        for outcome in outcomes:
            reply = replied(outcome, "key", receipt=False)
            assert reply.status == 201, outcome
            encode(reply.body)


@contextmanager
def patched(clock: Clock) -> Iterator[None]:
    """Time the functions of INSIDE wherever in Regulars they are called."""
    put_back: list[tuple[Any, str, Any]] = []
    for place in INSIDE:
        module_name, _, name = place.partition(":")
        function = getattr(importlib.import_module(module_name), name, None)
        if function is None:
            continue
        timed = _timed(function, f"    {name}", clock)
        for module in [m for n, m in sys.modules.items() if n.startswith("regulars.")]:
            if getattr(module, name, None) is function:
                put_back.append((module, name, function))
                setattr(module, name, timed)
    try:
        yield
    finally:
        for module, name, function in put_back:
            setattr(module, name, function)


def _timed(function: Callable[..., Any], label: str, clock: Clock) -> Callable[..., Any]:
    def timed(*args: Any, **more: Any) -> Any:
        began = time.perf_counter()
        answer = function(*args, **more)
        took = time.perf_counter() - began
        clock.wall[label] += took
        clock.ours[label] += took
        return answer

    return timed


def _show(clock: Clock, earns: int) -> None:
    table = Table(title=f"µs per earn, {earns:,} earns")
    for heading in ("stage", "in all", "ours", "PostgreSQL and waiting"):
        table.add_column(heading, justify="left" if heading == "stage" else "right")
    for name, wall in clock.wall.items():
        all_, ours = (1e6 * value / earns for value in (wall, clock.ours[name]))
        table.add_row(name, f"{all_:.1f}", f"{ours:.1f}", f"{all_ - ours:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
