"""What is said where there is too little to say anything."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

N: Final = str
"""Marks a text for the translators."""

LACKING: Final = MappingProxyType(
    {
        "members": N("There are %(have)s members to count; %(wanted)s would be needed."),
        "repeat_orders": N(
            "%(have)s orders were followed by another; %(wanted)s would be needed to say this."
        ),
        "history": N("There are %(have)s days of history before; %(wanted)s would be needed."),
        "values": N("There is nothing yet that this could be worked out of."),
        "periods": N("%(have)s whole months have passed; %(wanted)s would be needed."),
        "boundary": N("What members did so far cannot carry this estimate."),
        "answers": N("There are %(have)s answers; %(wanted)s would be needed."),
        "groups": N("Only purchases of members are told to Regulars, so there is nothing beside."),
        "spread": N("Everybody did the same, so nothing can be compared."),
        "purchases": N("There are %(have)s purchases to count; %(wanted)s would be needed."),
        "hold_out": N(
            "Nobody is held out of all campaigns, journeys and offers, so nobody can say what they "
            "brought. An experiment that holds a part out of them would tell."
        ),
        "look": N("Nobody looked at those who are held out in this time."),
        "margin": N("The shop did not say how much of revenue stays as margin (Settings)."),
        "cost": N("It is not sure yet that it cost anything, so there is no return on it."),
        "tie": N(
            "What an order brings hangs on how often members order (correlation %(have)s; up to "
            "%(wanted)s either way can be reckoned with)."
        ),
        "mismatch": N("The parts are not as large as planned, so nothing is said of effects."),
    }
)
"""By what is missing (`Lacking`); a test sees that none is forgotten."""
