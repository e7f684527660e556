"""A device that shows what its member is told."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

MOST_DEVICES: Final = 10
"""Of one member; with one more the one that was kept first is forgotten."""
KEY_BYTES: Final = 65
"""Of a public key on P-256, uncompressed (RFC 8291, 3.1)."""
SECRET_BYTES: Final = 16
LONGEST_NAME: Final = 80
LONGEST_ENDPOINT: Final = 2000


class PushDevice(Struct, frozen=True):
    """A browser that may be told: where its push service takes messages, and with what they are
    encrypted so that it alone reads them."""

    device_id: UUID
    member_id: UUID
    endpoint: str
    receives: bytes
    secret: bytes
    name: str
    kept_at: datetime

    def __repr__(self) -> str:
        # Whoever knows the address may send to it, and the secret reads what is sent.
        return f"PushDevice({self.device_id})"

    @property
    def carried_by(self) -> str:
        """The machine that carries messages to it, as people may see it."""
        return self.endpoint.partition("://")[2].partition("/")[0]
