"""The duty that sends campaigns in a process of its own, which can be killed.

`python -m tests.runtime.working.letters.campaigns_process OWNER_DSN APP_DSN NOW PORT`; its clock
stands at NOW, so that the next one finds what a killed one held.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from tests.runtime.working.senders.test_messages import KEYED

from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.letters.campaigns import Campaigner, campaigns_of
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender


async def work(owner_dsn: str, app_dsn: str, now: datetime, port: int) -> None:
    """Send until somebody kills us."""
    database = await Database.connect(app_dsn, size=4, clock=lambda: now)
    server = MailServer("127.0.0.1", port, "none", Origin("club@example.org"))
    mail = SmtpSender(server, lambda: now, patience_s=5)
    campaigner = Campaigner(database, Programs(database), [mail], KEYED, "https://club.test")
    duty = campaigns_of(campaigner, owner_dsn)
    print("on duty", flush=True)
    while True:
        await duty.run(now)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    owner, app, at, there = sys.argv[1:5]
    asyncio.run(work(owner, app, datetime.fromisoformat(at), int(there)))
