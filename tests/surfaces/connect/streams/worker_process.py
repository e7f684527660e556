"""The duty that reads streams in a process of its own, which can be killed.

`python -m tests.surfaces.connect.streams.worker_process OWNER_DSN APP_DSN SECONDS_AHEAD`
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from tests.runtime.working.hooks.town import KEYED

from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.working.inlets import streamer
from regulars.runtime.working.inlets.streaming import streams_of
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of


async def work(owner_dsn: str, app_dsn: str, ahead: timedelta) -> None:
    """Read until somebody kills us, a few messages at a time."""
    streamer.AT_ONCE = 5  # type: ignore[misc]
    database = await Database.connect(app_dsn, size=4, clock=lambda: utc_now() + ahead)
    guard = Guard(networks_of(["127.0.0.0/8"]))
    reads = streamer.Streamer(database, Programs(database), KEYED, guard, wait_s=0.2)
    duty = streams_of(reads, database, owner_dsn)
    print("on duty", flush=True)
    while True:
        await duty.run(database.clock())
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:3], timedelta(seconds=float(sys.argv[3]))))
