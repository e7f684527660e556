"""Figures in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

import regulars
from regulars.runtime.observing.figures import Figures
from regulars.runtime.observing.numbers import BOUNDS_S, Numbers, Timed
from regulars.runtime.observing.seal import SealState

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_GAUGES: Final = {
    "gate_waiting": "Commands that wait at the gate for the next batch.",
    "gate_in_flight": "Batches that are being written.",
    "pool_connections": "Database connections a web worker holds.",
    "pool_idle": "Database connections that nobody uses at the moment.",
    "memory_bytes": "Memory a process holds.",
}
_DATABASE: Final = {
    "lock_waits": "Transactions that wait for a lock of another one.",
    "connections": "Connections to the database.",
    "bytes": "Size of the database.",
    "epoch": "How often the installation was restored.",
}
_DATABASE_TOTALS: Final = {
    "commits": "Transactions that were committed.",
    "rollbacks": "Transactions that were taken back.",
    "deadlocks": "Transactions that stood in each other's way for ever, and one had to give way.",
}
_COMES_IN: Final = {
    "inlets_waiting": ("waiting", "Events that came in and are not booked yet."),
    "inlets_oldest_seconds": ("oldest", "Since when the first of those has been due."),
    "inlets_unreached": ("unreached", "Sources whose shop, files, broker or CRM do not answer."),
}
_ARCHIVE: Final = {
    "archived_count": ("archived", "Pieces of the log that were archived."),
    "failed_count": ("archive_failures", "Attempts to archive a piece that failed."),
}


def text_of(processes: Iterable[tuple[Numbers, bool]], figures: Figures) -> bytes:
    """All figures as one page of text."""
    told = CollectorRegistry(auto_describe=False)
    told.register(_All(list(processes), figures))
    return generate_latest(told)


class _All(Collector):
    def __init__(self, processes: list[tuple[Numbers, bool]], figures: Figures) -> None:
        self._processes = processes
        self._figures = figures

    def collect(self) -> Iterator[Any]:
        release = InfoMetricFamily("regulars", "The release that runs.")
        release.add_metric([], {"version": regulars.__version__})
        yield release
        total = Numbers()
        for numbers, _ in self._processes:
            total.take(numbers)
        yield _requests(total.requests)
        yield _counter("gate_batches", "Batches that were committed.", total.batches)
        yield _counter("gate_commands", "Commands that were committed.", total.commands)
        yield from _gauges([numbers for numbers, alive in self._processes if alive])
        yield from _duties(total)
        yield from _of_database(self._figures)


def _requests(requests: dict[str, Timed]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(
        "regulars_request_seconds",
        "Requests by operation and status, and how long they took.",
        labels=["operation", "status"],
    )
    for name, timed in sorted(requests.items()):
        sums, so_far = [], 0
        for bound, count in zip([*map(str, BOUNDS_S), "+Inf"], timed.buckets, strict=True):
            so_far += count
            sums.append((bound, so_far))
        family.add_metric(name.rsplit(" ", 1), sums, timed.seconds)
    return family


def _gauges(alive: list[Numbers]) -> Iterator[GaugeMetricFamily]:
    for name, says in _GAUGES.items():
        family = GaugeMetricFamily(f"regulars_{name}", says, labels=["part", "pid"])
        for numbers in alive:
            if name in numbers.gauges:
                family.add_metric([numbers.part, str(numbers.pid)], numbers.gauges[name])
        yield family


def _duties(total: Numbers) -> Iterator[Any]:
    times = CounterMetricFamily("regulars_duty", "Rounds of a duty.", labels=["duty", "outcome"])
    seconds = CounterMetricFamily("regulars_duty_seconds", "Time spent on a duty.", labels=["duty"])
    well = GaugeMetricFamily(
        "regulars_duty_done_timestamp_seconds", "When a duty last went well.", labels=["duty"]
    )
    for name, done in sorted(total.duties.items()):
        times.add_metric([name, "done"], done.times - done.failed)
        times.add_metric([name, "failed"], done.failed)
        seconds.add_metric([name], done.seconds)
        if done.well_at:
            well.add_metric([name], done.well_at)
    yield from (times, seconds, well)


def _of_database(figures: Figures) -> Iterator[Any]:
    yield _gauge("database_up", "Whether the database answers.", float(figures.up))
    for kind, ended_at in sorted(figures.backups.items()):
        family = GaugeMetricFamily(
            "regulars_backup_timestamp_seconds",
            "When the newest backup of its kind ended.",
            labels=["kind"],
        )
        family.add_metric([kind], ended_at.timestamp())
        yield family
    if not figures.up:
        return
    for name, says in _DATABASE.items():
        yield _gauge(f"database_{name}", says, figures.one[name])
    for name, says in _DATABASE_TOTALS.items():
        yield _counter(f"database_{name}", says, figures.one[name])
    if figures.one["archives"]:
        for column, (name, says) in _ARCHIVE.items():
            yield _counter(name, says, figures.one[column])
        last = figures.one["last_archived_time"]
        says = "When a piece of the log was last archived."
        yield _gauge("archived_timestamp_seconds", says, last.timestamp() if last else 0.0)
    yield from _nights(figures.nights)
    if figures.seal is not None:
        yield from _seal(figures.seal)
    for name, (column, says) in _COMES_IN.items():
        family = GaugeMetricFamily(f"regulars_{name}", says, labels=["program"])
        for one in figures.comes_in:
            family.add_metric([one["slug"]], one[column])
        yield family


def _seal(seal: SealState) -> Iterator[GaugeMetricFamily]:
    waiting = ("seal_waiting", "Activities that are not sealed yet.", seal.waiting)
    broken = ("seal_broken", "Programs whose chain is broken, so that it is left alone.",
              len(seal.broken))  # fmt: skip
    for name, says, value in (waiting, broken):
        yield GaugeMetricFamily(f"regulars_{name}", says, value=value)
    untold = GaugeMetricFamily(
        "regulars_anchor_untold_seconds",
        "For how long something has waited to be told to a place outside.",
        labels=["place"],
    )
    now = datetime.now(UTC)
    for place, since in seal.untold.items():
        late_s = (now - since).total_seconds() if since else 0.0
        untold.add_metric([place], max(0.0, late_s))
    yield untold


def _nights(nights: list[dict[str, Any]]) -> Iterator[GaugeMetricFamily]:
    done = GaugeMetricFamily(
        "regulars_midnight_done_timestamp_seconds",
        "When a step of the night was last done to its end.",
        labels=["program", "step"],
    )
    still = GaugeMetricFamily(
        "regulars_midnight_open_nights",
        "Nights of which a step was begun and is not done.",
        labels=["program", "step"],
    )
    for night in nights:
        if night["done_at"] is not None:
            done.add_metric([night["slug"], night["step"]], night["done_at"].timestamp())
        still.add_metric([night["slug"], night["step"]], night["open"])
    yield from (done, still)


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"regulars_{name}", says, value=value)


def _counter(name: str, says: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"regulars_{name}", says, value=value)
