"""An address whose letters come back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Bounce(Struct, frozen=True):
    """Of which address, by a keyed digest; whose letter came back, why, and when."""

    address: bytes
    member_id: UUID
    reason: str
    bounced_at: datetime
