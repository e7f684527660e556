"""The peer that does nothing but call one function: pgbench, PostgreSQL's own load generator."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bench.field.ground import PEERS, Ground
from bench.rounds import Round, percentile
from regulars.runtime.installation.addresses import OWNER_ROLE

# The same as our own connections have (runtime/storage/database.py).
SETTINGS = {
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "regulars.program_id": "1",
}
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


class Pgbench:
    """One script against one database."""

    def __init__(
        self,
        ground: Ground,
        database: str,
        script: str,
        variables: Mapping[str, object],
        role: str = OWNER_ROLE,
    ) -> None:
        self._ground = ground
        self._database = database
        self._script = PEERS / script
        self._variables = variables
        self._role = role

    def round(self, clients: int, warm_up: float, seconds: float) -> Round:
        before = self._run(clients, warm_up)
        measured = self._run(clients, seconds)
        return measured._replace(before=before.acknowledged)

    def _run(self, clients: int, seconds: float) -> Round:
        logs = self._ground.folder / "pgbench"
        logs.mkdir(exist_ok=True)
        command = [self._ground.program("pgbench"), "-n", "-M", "prepared", "-c", str(clients)]
        command += ["-j", str(min(clients, 2)), "-T", str(max(1, round(seconds)))]
        command += ["-l", "--log-prefix", str(logs / "log"), "-f", str(self._script)]
        for name, value in self._variables.items():
            command += ["-D", f"{name}={value}"]
        ran = subprocess.run(
            [*command, self._ground.cluster.dsn(self._role, self._database)],
            env=os.environ | {"PGOPTIONS": " ".join(f"-c {k}={v}" for k, v in SETTINGS.items())},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise RuntimeError(f"pgbench failed: {ran.stderr[:800]}")
        done = int(_found(_DONE, ran.stdout))
        latencies = _latencies(logs)
        if not done:
            return Round(0, 0, seconds, 0.0, 0.0)  # all of a short warm-up went into connecting
        return Round(
            acknowledged=done,
            failed=int(_found(_FAILED, ran.stdout)),
            # Without the time it took to connect, for which a server has its pool.
            seconds=done / float(_found(_TPS, ran.stdout)),
            p50_ms=percentile(latencies, 0.50),
            p99_ms=percentile(latencies, 0.99),
        )


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise RuntimeError(f"pgbench said something unexpected: {text}")
    return match[1]


def _latencies(logs: Path) -> list[float]:
    """Milliseconds of every transaction, shortest first; the third word of a line is its time."""
    found: list[float] = []
    for log in logs.iterdir():
        with log.open() as lines:
            found += [int(line.split(" ", 3)[2]) / 1000 for line in lines]
        log.unlink()
    return sorted(found)
