"""On what it was measured, and how quiet it was."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

from bench.field.ground import Ground

QUIET_LOAD = 0.5
QUIET_OTHERS = 0.15
"""Cores that others used while a round ran; more, and the run is marked noisy."""


class Quiet(NamedTuple):
    """How much of the machine others had during one round, in cores."""

    others: float
    stolen: float
    """Taken by the host this machine is a guest of."""


class Meter:
    """Counts processor time of ourselves and of everybody, round by round."""

    def __init__(self) -> None:
        self.rounds: list[Quiet] = []
        self._begun: tuple[float, float, float, float] | None = None

    def begin(self) -> None:
        self._begun = _times()

    def end(self) -> None:
        assert self._begun is not None
        spans = [now - then for now, then in zip(_times(), self._begun, strict=True)]
        wall, busy, stolen, ours = spans
        self.rounds.append(Quiet(max(busy - ours, 0.0) / wall, stolen / wall))

    @property
    def others(self) -> float:
        """Cores others used, in the middle round."""
        return median(one.others for one in self.rounds) if self.rounds else 0.0

    @property
    def stolen(self) -> float:
        return median(one.stolen for one in self.rounds) if self.rounds else 0.0


def _times() -> tuple[float, float, float, float]:
    all_ = psutil.cpu_times()
    me = psutil.Process()
    ours = 0.0
    for one in (me, *me.children(recursive=True)):
        try:
            used = one.cpu_times()
        except psutil.Error:
            continue  # it ended; its time is now in its parent's
        ours += used.user + used.system + used.children_user + used.children_system
    busy = all_.user + all_.system + getattr(all_, "nice", 0.0)
    return time.perf_counter(), busy, getattr(all_, "steal", 0.0), ours


def machine_of(ground: Ground, load_before: float) -> dict[str, object]:
    """Processor, memory, disk and who runs where."""
    memory = psutil.virtual_memory().total / 2**30
    return {
        "cpu": _cpu(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.release()}",
        "disk": _disk(ground.folder),
        "commit_to_disk_ms": round(_sync_ms(ground.folder), 3),
        "load_before": round(load_before, 2),
        "where": "nothing is pinned: load generator, web server and PostgreSQL share all cores",
    }


def versions_of(ground: Ground) -> dict[str, str]:
    """What was measured with, and which state of the source it was."""
    (server,) = ground.rows("postgres", "show server_version")
    packages = ("regulars", "asyncpg", "granian", "msgspec", "uvloop")
    return {
        "git": _git(),
        "python": platform.python_version(),
        "postgresql": server[0],
        "wrk": _first_line("wrk", "-v").split(" [")[0],
        "peers": _peers(),
        **{name: importlib.metadata.version(name) for name in packages},
    }


def settings_of(ground: Ground) -> dict[str, str]:
    """The settings of PostgreSQL that were not left at their default."""
    rows = ground.rows(
        "postgres",
        "select name, current_setting(name) as value from pg_settings "
        "where source = 'configuration file' and name !~ '(_file|director|log_|locale|lc_)' "
        "order by name",
    )
    return {row["name"]: row["value"] for row in rows}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _disk(folder: Path) -> str:
    best = max(
        (one for one in psutil.disk_partitions(all=True) if folder.is_relative_to(one.mountpoint)),
        key=lambda one: len(one.mountpoint),
    )
    return f"{best.fstype} on {best.device}"


def _sync_ms(folder: Path) -> float:
    """What a commit waits for: 8 kB written and forced to disk, the middle of fifty."""
    took = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno()) if sys.platform == "linux" else os.fsync(file.fileno())
            took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def _git() -> str:
    here = Path(__file__).parent
    commit = _first_line("git", "-C", str(here), "rev-parse", "HEAD")
    changed = _first_line("git", "-C", str(here), "status", "--porcelain", "-uno", "--", "../src")
    return f"{commit} with changes" if changed else commit


def _peers() -> str:
    lock = (Path(__file__).parent / "requirements.lock").read_text("utf-8")
    pins = [line.split(" ")[0] for line in lock.splitlines() if "==" in line]
    return ", ".join(pin for pin in pins if pin.split("==")[0] in ("fastapi", "sqlalchemy"))


def _first_line(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter(ran.stdout.splitlines()), "").strip()
