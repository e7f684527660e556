"""What the night answered to a usual question of a report."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class ReportTold(Struct, frozen=True):
    """A report as it was told on a day of the shop; without `told` where that took no time.

    Shape: `question` as an address writes it, `basis` the terms it was asked by, `told` as JSON.
    """

    report: str
    question: str
    day: date
    basis: str
    looked_at: datetime | None
    took_ms: int
    told: str | None
