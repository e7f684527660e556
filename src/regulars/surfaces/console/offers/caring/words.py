"""What the console calls priorities of cases, how they end, and states of references."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

PRIORITY_WORDS: Final = (
    (N("first"), "bad", "flame"),
    (N("soon"), "warn", "clock"),
    (N("in turn"), "", "clock"),
)
"""Of 1, 2 and 3."""
CASE_OUTCOMES: Final = MappingProxyType(
    {
        "solved": N("Solved"),
        "answered": N("Answered"),
        "unsolved": N("Not solved"),
        "withdrawn": N("Taken back by the member"),
    }
)
REFERENCE_STATES: Final = MappingProxyType(
    {
        "open": (N("looks for somebody"), "", "search"),
        "asked": (N("asked"), "warn", "clock"),
        "given": (N("given"), "good", "check"),
        "withdrawn": (N("taken back"), "", "x"),
    }
)
