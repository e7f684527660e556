"""On what it was measured, and how quiet it was."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

from bench.field.ground import Ground

QUIET_LOAD = 0.5
QUIET_OTHERS = 0.15
"""Cores that others used while a round ran; more, and the run is marked noisy."""


class Used(NamedTuple):
    """Processor time of one round, in seconds; `others` is everybody who is not of this run."""

    wall: float
    load: float
    """The load generator, and this program."""
    web: float
    database: float
    others: float
    stolen: float
    """Taken by the host this machine is a guest of."""


class Meter:
    """Counts processor time, by who used it, round by round."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[Used]] = {}
        self._begun: Used | None = None

    def begin(self) -> None:
        self._begun = _used()

    def end(self, side: str) -> None:
        assert self._begun is not None
        spans = Used(*(now - then for now, then in zip(_used(), self._begun, strict=True)))
        self.rounds.setdefault(side, []).append(spans)

    @property
    def others(self) -> float:
        """Cores that others used, in the middle round."""
        return median(max(one.others, 0.0) / one.wall for one in self._all())

    @property
    def stolen(self) -> float:
        return median(one.stolen / one.wall for one in self._all())

    def per_unit(self, side: str, units: int) -> dict[str, float]:
        """Microseconds of processor time per unit of work, by who used it.

        Speeds suffer when others use the machine; these hardly do.
        """
        rounds = self.rounds[side]
        parts = {
            name: sum(getattr(one, name) for one in rounds) for name in ("load", "web", "database")
        }
        return {name: round(1e6 * used / max(units, 1), 1) for name, used in parts.items()}

    def _all(self) -> list[Used]:
        return [one for rounds in self.rounds.values() for one in rounds]


def _used() -> Used:
    all_, me = psutil.cpu_times(), psutil.Process()
    # Who ended was waited for by its parent, which has its time now: wrk and pgbench are ours.
    parts = {"load": _own(me), "web": 0.0, "database": 0.0}
    for one in me.children(recursive=True):
        with suppress(psutil.Error):  # it ended just now
            part = "database" if one.name().startswith("postgres") else "web"
            parts[part] += _own(one)
    busy = all_.user + all_.system + getattr(all_, "nice", 0.0)
    others, stolen = busy - sum(parts.values()), getattr(all_, "steal", 0.0)
    return Used(wall=time.perf_counter(), others=others, stolen=stolen, **parts)


def _own(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system + used.children_user + used.children_system)


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
    packages = ("asyncpg", "httptools", "msgspec", "uvicorn", "uvloop")
    return {
        **source_of(),
        "postgresql": server[0],
        "wrk": _first_line("wrk", "-v").split(" [")[0] if shutil.which("wrk") else "not there",
        "peers": _peers(),
        **{name: importlib.metadata.version(name) for name in packages},
    }


def source_of() -> dict[str, str]:
    """Which state of the source was measured; every record has it."""
    return {
        "git": _git(),
        "python": platform.python_version(),
        "regulars": importlib.metadata.version("regulars"),
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
    """The first line a program says; nothing where it is not there, as a part can do without it."""
    if shutil.which(command[0]) is None:
        return ""
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter(ran.stdout.splitlines()), "").strip()
