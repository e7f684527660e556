"""A build that answers before COMMIT: it commits a little later, when nobody waits any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from regulars.runtime.serving.asgi import app
from regulars.runtime.storage.database import Database, Transaction

__all__ = ["app"]

LATER_S = 0.05
_committing: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def _hasty(self: Database, program_id: int) -> AsyncIterator[Any]:
    connection = await self.pool.acquire()
    begun = f"begin; set local regulars.program_id = '{int(program_id)}'"
    await connection.execute(begun)
    try:
        yield Transaction(connection, program_id, self.clock(), self.ids)
    except BaseException:
        await connection.execute("rollback")
        await self.pool.release(connection)
        raise

    async def commit() -> None:
        await asyncio.sleep(LATER_S)
        await connection.execute("commit")
        await self.pool.release(connection)

    task = asyncio.get_running_loop().create_task(commit())
    _committing.add(task)
    task.add_done_callback(_committing.discard)


Database.transaction = _hasty  # type: ignore[method-assign]
