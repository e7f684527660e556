"""Verify the books with as many connections as the machine can feed."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regulars.insight.verify import Report
    from regulars.insight.verify.run import Progress

MOST: Final = 4
"""Connections at once: more would take them from the tills that are open meanwhile."""


async def verify_books(
    owner_dsn: str, *, analyze: bool = False, progress: Progress | None = None
) -> Report:
    """Whether every invariant of the books holds, as of one instant.

    `analyze`: gather statistics first; tables that filled within seconds have none, and plans
    made without any take ten times as long.
    Faults: CannotVerify as `run_verify`; the driver's where the first connection fails.
    """
    import asyncpg

    from regulars.insight.verify import run_verify

    async with AsyncExitStack() as open_:
        first = await asyncpg.connect(owner_dsn)
        open_.push_async_callback(first.close)
        if analyze:
            await first.execute("analyze")
        others = []
        for _ in range(min(MOST, os.cpu_count() or 1) - 1):
            try:
                others.append(await asyncpg.connect(owner_dsn))
            except asyncpg.TooManyConnectionsError:
                break  # fewer take longer, and find the same
            open_.push_async_callback(others[-1].close)
        return await run_verify(first, others=others, progress=progress)
