"""What one round of one side came to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Round(NamedTuple):
    """A round of one side: what was acknowledged as durable, and how long that took."""

    acknowledged: int
    failed: int
    seconds: float
    p50_ms: float
    p99_ms: float
    before: int = 0
    """Acknowledged while warming up; not measured, but in the books all the same."""
    in_flight: int = 0
    """At most so many were asked for and done, but their answer was no longer waited for."""

    @property
    def per_second(self) -> float:
        return self.acknowledged / self.seconds


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
