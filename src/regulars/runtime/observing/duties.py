"""Counts what the worker does by the clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import psutil

from regulars.runtime.observing.numbers import Numbers
from regulars.runtime.working.duties import Beside, Duty


class Counted:
    """A duty that is counted: how often, how long, how often in vain.

    Keeps: of one that goes on beside the others a round counts when it has ended, not when it was
    begun, so that one that hangs is seen.
    """

    def __init__(self, duty: Duty, numbers: Numbers) -> None:
        self._duty = duty
        self._done = numbers.duty(duty.name)
        self._beside = isinstance(duty, Beside)
        if isinstance(duty, Beside):
            duty.told = self._ended

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self._duty.name

    @property
    def every(self) -> timedelta:
        """How long after one round the next is due."""
        return self._duty.every

    async def run(self, now: datetime) -> None:
        """Do it, and note how it went."""
        if self._beside:
            return await self._duty.run(now)
        begun = time.perf_counter()
        try:
            await self._duty.run(now)
        except BaseException:
            self._ended(False, time.perf_counter() - begun)
            raise
        return self._ended(True, time.perf_counter() - begun)

    def _ended(self, well: bool, seconds: float) -> None:
        self._done.times += 1
        self._done.seconds += seconds
        if well:
            self._done.well_at = time.time()
        else:
            self._done.failed += 1


def look(numbers: Numbers) -> None:
    """How much memory the worker holds."""
    numbers.gauges["memory_bytes"] = float(psutil.Process().memory_info().rss)
