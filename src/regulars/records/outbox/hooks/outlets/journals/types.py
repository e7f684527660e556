"""What an organization may hear as a journal."""

from __future__ import annotations

from typing import Final

TYPES: Final = (
    "points.adjusted", "points.cancelled", "points.earned", "points.expired", "points.pooled",
    "points.refunded", "points.reinstated", "points.restated", "points.returned",
    "points.transferred", "reward.captured", "reward.voided",
)  # fmt: skip
"""What a journal may be about."""
