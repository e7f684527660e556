"""What the console calls experiments, their states and what they show."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

KINDS: Final = MappingProxyType(
    {
        "split": N("Two promises side by side"),
        "hold_out": N("One campaign, with a part held out"),
        "everybody": N("Campaigns, journeys and offers, with a part held out of all of them"),
    }
)
OUTCOMES: Final = MappingProxyType(
    {
        "spend": N("Money a member spends"),
        "orders": N("Orders of a member"),
        "came": N("Members who buy at all"),
        "cost": N("What a member costs: points, rewards, benefits and messages"),
        "return": N("Return on what it cost"),
    }
)
STATES: Final = MappingProxyType(
    {
        "draft": (N("planned"), "", "pencil"),
        "running": (N("under way"), "good", "clock"),
        "ended": (N("over"), "", "check"),
    }
)
STOPS: Final = MappingProxyType(
    {
        "mismatch": N(
            "The parts are not as large as planned, and not by chance: something leaves members "
            "out. Nothing is said of effects; end it, and find out why."
        ),
        "sure": N("What is to be decided is sure. You may end it."),
        "planned": N("As many members as planned have been in for four weeks. You may end it."),
    }
)
MISSING: Final = MappingProxyType(
    {
        "groups": N("Too few members in a part so far: %(have)s, and it takes %(wanted)s."),
        "members": N("Too few members so far: %(have)s in both parts, and it takes %(wanted)s."),
        "spread": N("Nobody did anything else than anybody else so far."),
        "orders": N("It is not sure that it brought a single order more."),
        "cost": N("It is not sure that it cost more than the first part."),
        "margin": N("Say in the settings how much of revenue stays as margin; then it is said."),
    }
)
