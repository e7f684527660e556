"""The duties of webhooks in a process of their own, which can be killed.

`python -m tests.runtime.working.hooks.worker_process OWNER_DSN APP_DSN SECONDS_AHEAD`; its clock
goes so much ahead, so that the next one finds what a killed one held.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from tests.runtime.working.hooks.town import HOME, KEYED

from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.working.hooks.dispatcher import Dispatcher
from regulars.runtime.working.hooks.duty import Hooks
from regulars.surfaces.senders.outgoing.client import Client


async def work(owner_dsn: str, app_dsn: str, ahead: timedelta) -> None:
    """Send until somebody kills us."""
    database = await Database.connect(app_dsn, size=4, clock=lambda: utc_now() + ahead)
    dispatcher = Dispatcher(database, KEYED, lambda: Client(HOME, patience_s=5), guard=HOME)
    duty = Hooks(dispatcher, database, owner_dsn)
    print("on duty", flush=True)
    while True:
        await duty.run(database.clock())
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:3], timedelta(seconds=float(sys.argv[3]))))
