"""What the console calls ways of giving offers, and what there is too little of."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

WAYS: Final = MappingProxyType(
    {
        "always": N("always this: %(offer)s"),
        "chance": N("by chance"),
        "nobody": N("nobody gets anything"),
    }
)
LACKS: Final = MappingProxyType(
    {
        "members": N(
            "Too early: 100 members chosen for with knowledge are to have their days over."
        ),
        "groups": N("Too few were given this by chance to say."),
        "hold_out": N("Not to be said: nothing is never chosen."),
        "spread": N("The same."),
    }
)
LATELY: Final = MappingProxyType(
    {
        0: N("nothing in a year"),
        1: N("longer ago"),
        2: N("within 90 days"),
        3: N("within 30 days"),
    }
)
OFTEN: Final = MappingProxyType({0: N("once"), 1: N("2 to 4 days"), 2: N("5 days or more")})
MUCH: Final = MappingProxyType({0: N("the smaller half"), 1: N("the larger half")})
