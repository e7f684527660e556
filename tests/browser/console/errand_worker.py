"""The duty of errands in a process of its own, as a worker has it, which can be killed.

`python -m tests.browser.console.errand_worker OWNER_DSN APP_DSN UPLOADS`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.storage.database import Database
from regulars.runtime.working.errands.duty import errands


async def work(owner_dsn: str, app_dsn: str, uploads: Path) -> None:
    """See to errands until somebody kills us."""
    database = await Database.connect(app_dsn, size=2)
    async with errands(database, Addresses(owner_dsn, app_dsn), uploads) as duty:
        while True:
            await duty.run(database.clock())
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:3], Path(sys.argv[3])))
