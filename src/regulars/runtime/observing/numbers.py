"""What one process counts: requests by operation, duties, and how full it is."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from msgspec import Struct, field

BOUNDS_S: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip
"""Up to so many seconds a request counts into a bucket; what took longer, into one more."""


class Timed(Struct):
    """How often something took how long."""

    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))

    def add(self, seconds: float) -> None:
        """Once more, this long."""
        self.seconds += seconds
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1

    def take(self, other: Timed) -> None:
        """Add what another process counted."""
        self.seconds += other.seconds
        self.buckets = [ours + its for ours, its in zip(self.buckets, other.buckets, strict=True)]


class Done(Struct):
    """A duty: how often, how often in vain, how long in all, and when it last went well."""

    times: int = 0
    failed: int = 0
    seconds: float = 0.0
    well_at: float = 0.0

    def take(self, other: Done) -> None:
        """Add what another process counted."""
        self.times += other.times
        self.failed += other.failed
        self.seconds += other.seconds
        self.well_at = max(self.well_at, other.well_at)


class Numbers(Struct):
    """Everything one process counts; what only grows goes on after it has ended."""

    pid: int = 0
    part: str = ""
    requests: dict[str, Timed] = field(default_factory=dict)
    """By `operation status`."""
    duties: dict[str, Done] = field(default_factory=dict)
    batches: int = 0
    commands: int = 0
    gauges: dict[str, float] = field(default_factory=dict)
    """How it stands now; gone with the process."""
    strangers: dict[str, int] = field(default_factory=dict)
    """Who said for whom they ask and is not believed as a proxy, and how often; for the doctor."""

    def request(self, operation: str, status: int, seconds: float) -> None:
        """One request was answered."""
        name = f"{operation} {status}"
        timed = self.requests.get(name)
        if timed is None:
            timed = self.requests[name] = Timed()
        timed.add(seconds)

    def duty(self, name: str) -> Done:
        """What is counted of one duty."""
        return self.duties.setdefault(name, Done())

    def take(self, other: Numbers) -> None:
        """Add what another process counted; its gauges are not sums, so they stay out."""
        for name, timed in other.requests.items():
            self.requests.setdefault(name, Timed()).take(timed)
        for name, done in other.duties.items():
            self.duty(name).take(done)
        self.batches += other.batches
        self.commands += other.commands
