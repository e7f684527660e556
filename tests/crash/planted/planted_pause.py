"""The honest application, which dawdles between COMMIT and the answer: a wide window to kill in."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from regulars.runtime.serving.asgi import app
from regulars.runtime.storage.database import Database

__all__ = ["app"]

LONGEST_PAUSE_S = 0.05

_honest = Database.transaction


@asynccontextmanager
async def _dawdling(self: Database, program_id: int) -> AsyncIterator[Any]:
    async with _honest(self, program_id) as tx:
        yield tx
    await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_S))


Database.transaction = _dawdling  # type: ignore[method-assign]
