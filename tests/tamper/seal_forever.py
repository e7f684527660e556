"""A process that seals until it is killed: `python seal_forever.py DSN ROWS_OF_A_ROUND`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from tests.tamper.vault import _pool, keyring

from regulars.runtime.storage.database import Database
from regulars.runtime.working.sealing.sealer import Sealer


async def main(dsn: str, most: int) -> None:
    pool = await _pool(dsn)
    keys = keyring()
    sealer = Sealer(Database(pool), lambda: keys, timedelta(seconds=5))
    sealer.most = most
    print("ready", flush=True)
    while True:
        await sealer.round()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
