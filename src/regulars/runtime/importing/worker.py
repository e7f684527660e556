"""A program that books some lanes of an import and ends; its job comes on the standard input."""

from __future__ import annotations

import asyncio
import gc
import os
import sys

import msgspec
import uvloop

from regulars.runtime.importing.booking import Booker, Job
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.storage.database import Clock, Database, utc_now
from regulars.runtime.supervising.lifeline import die_with_parent

SIDE_BY_SIDE = 2
"""Lanes at a time: while one waits for the database, the other decides."""


class Order(msgspec.Struct, frozen=True):
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


def main() -> None:
    """Read the order and do it."""
    die_with_parent(int(sys.argv[1]))
    settle_memory()
    gc.disable()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    uvloop.run(book(order))


if __name__ == "__main__":
    if os.getppid() == int(sys.argv[1]):
        main()
