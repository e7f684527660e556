"""The program things are brought into, as far as files must know it.

Whoever reads is told it in an order, so this file is never compiled: what is compiled forgets the
types of its fields, by which an order is understood (ADR 0909).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Place(NamedTuple):
    """The program things are brought into, as far as files must know it."""

    wallets: dict[str, int]
    """Per wallet its decimals."""
    tiers: tuple[str, ...]
    currency: str
    decimals: int
    zone: str
    country: str | None
    now: datetime
    counters: frozenset[str] = frozenset()
    """What is counted there, by name."""
    shelves: frozenset[str] = frozenset()
    """Rewards that run out there."""
    rewards: frozenset[str] = frozenset()
