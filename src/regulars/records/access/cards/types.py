"""A code that was taken, and a telephone with a pass, as data."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

STEP_S: Final = 30
"""A code is good for so many seconds, and as long again while the next one is shown."""
STEPS_GOOD: Final = 2


SHOWN_GOOD: Final = timedelta(minutes=10)
"""So long after it was taken a showing is good for what its member takes there."""


GOOGLE: Final = "google"
"""Stands for a telephone where a card was put into Google Wallet: which ones have it, Google alone
knows."""


class UsedCode(Struct, frozen=True):
    """The code of a member in one half minute was taken, by whoever asked under this number."""

    member_id: UUID
    step: int
    asked: UUID
    used_at: datetime
    taken_by: str = ""
    redemption_id: UUID | None = None
    """What its member took by it; each is good for one thing."""


class PassDevice(Struct, frozen=True):
    """A telephone that has the pass of a member."""

    device: str
    member_id: UUID
    push_token: str
    registered_at: datetime


class PassDue(Struct, frozen=True):
    """A telephone that is to be told that a pass of it changed.

    `changed` counts its changes: one that comes while it is told makes another telling. `tries` is
    how often it was told in vain.
    """

    device: str
    member_id: UUID
    push_token: str
    changed: int
    tries: int
    registered_at: datetime
