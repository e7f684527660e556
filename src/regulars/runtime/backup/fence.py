"""The fence: from a restore on, what was waiting to be sent may have been sent already."""

from datetime import datetime

import asyncpg


async def raise_fence(owner_dsn: str, reason: str, restored_to: datetime | None) -> int:
    """Begin a further epoch; its number.

    Keeps: a row of the outbox recorded before the newest fence is never sent by itself: in the
    life that was cut off it may have gone out, and nothing here can tell.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        epoch = await connection.fetchval(
            "insert into fence (epoch, raised_at, reason, restored_to) "
            "select coalesce(max(epoch), 0) + 1, clock_timestamp(), $1, $2 from fence "
            "returning epoch",
            reason,
            restored_to,
        )
    finally:
        await connection.close()
    return int(epoch)
