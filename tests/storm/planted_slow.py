"""The honest build on a slow day: a pause between deciding and writing, so that decisions overlap.

It must stay exact; `planted_no_lock` is this without the locks.
"""

import asyncio
from collections.abc import Sequence

from regulars.base.tx import Write
from regulars.runtime.serving.asgi import app
from regulars.runtime.storage.database import Transaction

__all__ = ["app"]

PAUSE_S = 0.01

_honest = Transaction.write


async def _slowly(self: Transaction, writes: Sequence[Write]) -> None:
    await asyncio.sleep(PAUSE_S)
    await _honest(self, writes)


Transaction.write = _slowly  # type: ignore[method-assign]
