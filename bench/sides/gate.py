"""Our side without the network: the real gate and flow, asked by so many at once."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from random import Random

import uvloop

from bench.field.ground import Ground
from bench.rounds import Round, percentile
from bench.sides.shopping import purchase
from regulars.flows.commands import Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database


class InProcess:
    """The gate on one database; requests are made up before the clock starts."""

    def __init__(self, ground: Ground, database: str, members: int) -> None:
        self._dsn = ground.cluster.dsn(APP_ROLE, database)
        self._members = members
        self._random = Random(20260701)
        self._keys = 0
        self.batch = 0.0
        """Commands per batch in the last round."""

    def round(self, clients: int, warm_up: float, seconds: float) -> Round:
        return uvloop.run(self._round(clients, warm_up, seconds))

    async def _round(self, clients: int, warm_up: float, seconds: float) -> Round:
        database = await Database.connect(self._dsn, size=4)
        gate = Gate(database, Programs(database), width=4)
        try:
            before, _ = await self._load(gate, clients, warm_up)
            gate.batches = gate.commands = 0
            started = time.perf_counter()
            latencies, failed = await self._load(gate, clients, seconds)
            took = time.perf_counter() - started
        finally:
            await database.close()
        self.batch = gate.commands / max(gate.batches, 1)
        ordered = sorted(latencies)
        return Round(
            acknowledged=len(ordered),
            failed=failed,
            seconds=took,
            p50_ms=percentile(ordered, 0.50),
            p99_ms=percentile(ordered, 0.99),
            before=len(before),
        )

    async def _load(self, gate: Gate, clients: int, seconds: float) -> tuple[list[float], int]:
        latencies: list[float] = []
        failed = 0
        until = time.perf_counter() + seconds

        async def client() -> None:
            nonlocal failed
            while (started := time.perf_counter()) < until:
                self._keys += 1
                command = purchase(
                    self._random, self._members, f"in-{self._keys}", datetime.now(UTC)
                )
                outcome = await gate.submit(1, record_activities, command)
                if isinstance(outcome, Recorded):
                    latencies.append((time.perf_counter() - started) * 1000)
                else:
                    failed += 1

        await asyncio.gather(*(client() for _ in range(clients)))
        return latencies, failed
