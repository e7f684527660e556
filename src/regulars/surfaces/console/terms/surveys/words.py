"""What the console calls kinds of surveys, and the words a survey begins with."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

KINDS: Final = MappingProxyType(
    {
        "nps": N("Would they recommend you (NPS, 0 to 10)"),
        "csat": N("How content are they (CSAT, 1 to 5)"),
        "feedback": N("A short feedback, without a score"),
    }
)
ASKS: Final = MappingProxyType(
    {
        "nps": N("How likely are you to recommend us to a friend?"),
        "csat": N("How content are you with us?"),
        "feedback": N("May we ask you something?"),
    }
)
THANKS: Final = N("Thank you. We read every answer.")
WHY_LOW: Final = N("What went wrong?")
WHY_MIDDLE: Final = N("What could we do better?")
WHY_HIGH: Final = N("What do you like best?")
WHY: Final = MappingProxyType(
    {
        "nps": (("low", WHY_LOW, 0, 6), ("middle", WHY_MIDDLE, 7, 8), ("high", WHY_HIGH, 9, 10)),
        "csat": (("low", WHY_LOW, 1, 2), ("middle", WHY_MIDDLE, 3, 3), ("high", WHY_HIGH, 4, 5)),
        "feedback": (("better", WHY_MIDDLE, None, None),),
    }
)
"""What follows from which score, until somebody writes other questions."""
OUTCOMES: Final = MappingProxyType(
    {
        "solved": N("Solved"),
        "unsolved": N("Could not be solved"),
        "not_reached": N("Not reached"),
    }
)
