"""What the console calls the kinds and states of offers, and who stands how with one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

STATES: Final = MappingProxyType(
    {
        "draft": (N("draft"), "", "pencil"),
        "open": (N("open"), "good", "check"),
        "closed": (N("closed"), "", "circle-alert"),
    }
)
KINDS: Final = MappingProxyType(
    {
        "bonus": N("Bonus points"),
        "multiply": N("Points many times"),
        "reward": N("A reward at another price"),
        "access": N("Access, such as before others"),
    }
)
BECAME: Final = MappingProxyType(
    {
        ("offered", ""): N("Wait to activate it"),
        ("held", ""): N("Have it"),
        ("held_out", "here"): N("Held out of this offer"),
        ("held_out", "everywhere"): N("Held out of everything"),
        ("gone", ""): N("Erased since"),
    }
)
"""By state and reason."""
