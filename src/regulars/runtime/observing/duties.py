"""Counts what the worker does by the clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import psutil

from regulars.runtime.observing.numbers import Numbers
from regulars.runtime.working.duties import Duty


class Counted:
    """A duty that is counted: how often, how long, how often in vain."""

    def __init__(self, duty: Duty, numbers: Numbers) -> None:
        self._duty = duty
        self._done = numbers.duty(duty.name)

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
        begun = time.perf_counter()
        self._done.times += 1
        try:
            await self._duty.run(now)
        except BaseException:
            self._done.failed += 1
            raise
        else:
            self._done.well_at = time.time()
        finally:
            self._done.seconds += time.perf_counter() - begun


def look(numbers: Numbers) -> None:
    """How much memory the worker holds."""
    numbers.gauges["memory_bytes"] = float(psutil.Process().memory_info().rss)
