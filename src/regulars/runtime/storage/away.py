"""What the driver raises when the database does not answer, or goes away amid an answer."""

from typing import Final

import asyncpg

AWAY: Final = (
    OSError,  # of which a timeout is one kind
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    # The driver loses its thread when a server is killed between two halves of a statement.
    asyncpg.InternalClientError,
)
