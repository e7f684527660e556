"""Fetches one short thing from the public internet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from regulars.surfaces.senders.outgoing.client import Client, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

PATIENCE_S: Final = 10.0
Fetch = Callable[[str], Awaitable[bytes]]
"""What stands at an address. Raises NoAnswer, NotAllowed."""


async def fetched(url: str) -> bytes:
    """What stands at this public address, by TLS, without a redirect.

    Raises: NotAllowed for an address inside our own networks, NoAnswer for every other status.
    """
    client = Client(Guard(), patience_s=PATIENCE_S, wide=1)
    try:
        answer = await client.send(Sending("GET", url, (), b""))
    finally:
        await client.close()
    if answer.status != 200:
        raise NoAnswer(f"it answers {answer.status}")
    return answer.body


__all__ = ["Fetch", "NoAnswer", "NotAllowed", "fetched"]
