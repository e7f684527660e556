"""The smallest application there is, to try the supervisor with."""

import asyncio
import os
from typing import Any


async def app(scope: Any, protocol: Any) -> None:
    if scope.path == "/slow":
        await asyncio.sleep(1)
    protocol.response_bytes(200, [], str(os.getpid()).encode())
