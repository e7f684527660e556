"""The duty that moves clocks in a process of its own, which can be killed.

`python -m tests.runtime.working.clock_process OWNER_DSN APP_DSN NOW`; our own clock stands at NOW.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from regulars.base.keyed import key_from
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.messages import Teller
from regulars.runtime.working.night import Night
from regulars.runtime.working.sandboxes import SandboxClocks


async def work(owner_dsn: str, app_dsn: str, now: datetime) -> None:
    """Move clocks until somebody kills us."""
    database = await Database.connect(app_dsn, size=2, clock=lambda: now)
    programs = Programs(database)
    teller = Teller(database, programs, (), key_from(b"k" * 32, "test"), "https://club.test")
    clocks = SandboxClocks(Night(database, programs), programs, database, owner_dsn, teller.tell)
    print("on duty", flush=True)
    while True:
        await clocks.run(now)


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:3], datetime.fromisoformat(sys.argv[3])))
