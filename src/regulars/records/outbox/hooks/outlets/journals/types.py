"""What an organization may hear as a journal."""

from __future__ import annotations

from typing import Final

TYPES: Final = (
    "points.adjusted", "points.earned", "points.expired", "points.refunded", "points.returned",
    "reward.captured", "reward.voided",
)  # fmt: skip
"""What a journal may be about."""
