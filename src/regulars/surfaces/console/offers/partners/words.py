"""What the console calls contracts with partners, lines of their accounts, and how often."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

CONTRACTS: Final = MappingProxyType(
    {
        "accrual": N("Its customers collect"),
        "redemption": N("Members spend there"),
    }
)
LINES: Final = MappingProxyType(
    {
        "payment": N("Payment"),
        "accrual": N("Collected"),
        "redemption": N("Spent"),
        "return": N("Came back"),
        "correction": N("Corrected"),
    }
)
EVERY: Final = MappingProxyType(
    {"day": N("Every day"), "week": N("Every week"), "month": N("Every month")}
)
