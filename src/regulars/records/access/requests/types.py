"""One request that changed something, or wanted to: what came of it, and nothing of what it said."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

SHOWN: Final = 8
"""So many first characters of an idempotency key are kept: enough to know one's own again."""


class Noted(NamedTuple):
    """A request to change something. `made` is the id of what it made; `code` says why not."""

    at: datetime
    key_id: UUID | None
    operation: str
    key: str
    """Its idempotency key, of which the first letters alone are kept; empty where it had none."""
    status: int
    code: str
    took_ms: int
    made: str = ""


def digest_of(key: str) -> bytes:
    """By what an idempotency key is looked up: the key itself may name somebody.

    Example: a key that ends in a telephone number is found by who knows it, and read by nobody.
    """
    return sha256(key.encode()).digest()[:16] if key else b""
