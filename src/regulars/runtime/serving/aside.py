"""Long thinking, such as compiling a program, beside the event loop that serves the tills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from regulars.base.faults import Outage

Told = TypeVar("Told")
Found = TypeVar("Found")

MOST_WAITING = 8


class Aside:
    """One thread for all long thinking of a process, one thing at a time.

    Five hundred rules take a quarter of a second. A thread lets the loop have its turn every few
    milliseconds; more than one would only take turns with each other.
    Faults: Outage when too many wait already.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, think: Callable[[Told], Found], told: Told) -> Found:
        if self._waiting >= MOST_WAITING:
            raise Outage("too many programs are being checked; try again in a moment")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(think, told)
        finally:
            self._waiting -= 1
