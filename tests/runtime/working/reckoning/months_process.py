"""The duty that sends months in a process of its own, which can be killed.

`python -m tests.runtime.working.reckoning.months_process APP_DSN NOW PROGRAM PORT`
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import Any

from regulars.base.keyed import key_from
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.months import Months
from regulars.surfaces.senders.email.letters import Origin
from regulars.surfaces.senders.email.smtp import MailServer, SmtpSender

KEYED = key_from(b"k" * 32, "test")


def months(database: Database, port: int, now: Any) -> Months:
    """The duty with a mail server on loopback."""
    server = MailServer("127.0.0.1", port, "none", Origin("club@example.org"))
    sender = SmtpSender(server, now, patience_s=20)
    return Months(database, Programs(database), sender, KEYED, "https://club.test")


async def work(dsn: str, now: datetime, program_id: int, port: int) -> None:
    """Send what is due, once."""
    database = await Database.connect(dsn, size=2, clock=lambda: now)
    await months(database, port, lambda: now).go(program_id, now)


if __name__ == "__main__":
    dsn, now, program_id, port = sys.argv[1:5]
    asyncio.run(work(dsn, datetime.fromisoformat(now), int(program_id), int(port)))
