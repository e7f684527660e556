"""When something happened, by our time and not by the device's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

SLACK: Final = timedelta(minutes=10)
"""So far a corrected clock may be beside ours."""
LARGEST_OFFSET_MS: Final = 100 * 366 * 86_400_000


class Told(NamedTuple):
    """What a record says of time: the device's clock, by how much it was off when the device
    last heard us (`offset_ms`, ours less its own), and when that was by our time."""

    device_at: datetime | None
    offset_ms: int = 0
    heard_at: datetime | None = None


class Decided(NamedTuple):
    """When it happened, and why the device's clock was not believed, if it was not."""

    occurred_at: datetime
    clock: str = ""


def decide(told: Told, paired_at: datetime, now: datetime) -> Decided:
    """The device's clock put right by the offset it measured, where that can be true.

    A till hears us before it records, so nothing happened before it last heard us; and nothing
    that is told happened later than now. Else the record happened when it came to us.
    Units: ten minutes either way are forgiven (`SLACK`), but nothing lies ahead.
    Order: decided from the record alone, so that it does not matter in which upload it came.
    Source: semantics I1, ADR 0367.
    Example: a clock a year behind with an offset of a year is as good as any.
    """
    if told.device_at is None or abs(told.offset_ms) > LARGEST_OFFSET_MS:
        return Decided(now, "no_clock")
    heard = told.heard_at or paired_at
    if heard > now + SLACK or heard < paired_at - SLACK:
        return Decided(now, "heard_never")
    at = told.device_at + timedelta(milliseconds=told.offset_ms)
    if at < heard - SLACK:
        return Decided(now, "clock_behind")
    if at > now + SLACK:
        return Decided(now, "clock_ahead")
    return Decided(min(at, now))
