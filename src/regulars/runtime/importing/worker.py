"""Some lanes of an import are booked, two at a time."""

from __future__ import annotations

import asyncio
import gc

import msgspec

from regulars.runtime.importing.booking import Booker, Job
from regulars.runtime.storage.database import Clock, Database, utc_now

SIDE_BY_SIDE = 2
"""Lanes at a time: while one waits for the database, the other decides."""


class Order(msgspec.Struct, frozen=True, tag="book"):
    """A job, the lanes that are this program's, and the address to book at."""

    job: Job
    lanes: list[int]
    dsn: str
    side_by_side: int = SIDE_BY_SIDE


async def book(order: Order, clock: Clock = utc_now) -> None:
    """Book these lanes, some side by side."""
    database = await Database.connect(order.dsn, size=order.side_by_side, clock=clock)
    try:
        booker = Booker(database, order.job)
        waiting = list(reversed(order.lanes))

        async def one_after_the_other() -> None:
            while waiting:
                await booker.lane(waiting.pop())
                if not gc.isenabled():  # a program of its own, where nothing else looks
                    gc.collect()

        await asyncio.gather(*(one_after_the_other() for _ in range(order.side_by_side)))
    finally:
        await database.close()
