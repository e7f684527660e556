"""What the console calls clubs, seats and their states."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

JOINS: Final = MappingProxyType(
    {
        "open": N("Everybody joins"),
        "invited": N("Whoever is invited joins"),
        "tier": N("Whoever stands on a tier joins"),
    }
)
SEATS: Final = MappingProxyType(
    {
        "held": N("Has a seat"),
        "waiting": N("Waits"),
        "given_up": N("Gave it up"),
    }
)
SORT_WORDS: Final = MappingProxyType(
    {
        "event": N("An evening together"),
        "class": N("A class"),
        "talk": N("A talk"),
        "product-test": N("A test of a product"),
        "feedback-session": N("We listen to what they think"),
    }
)
EVERYWHERE: Final = N("Not of one store")
NO_CLUB: Final = N("For everybody")
NO_PRICE: Final = N("Nothing")
NO_LESSON: Final = N("None")
HELD: Final = MappingProxyType(
    {
        "": N("Members read it when they like"),
        "held": N("Only for whoever came to an event that teaches it"),
    }
)
POINTS: Final = MappingProxyType({"reserved": N("Points reserved"), "spent": N("Points spent")})
POST_KINDS: Final = MappingProxyType({"review": N("Review"), "story": N("Story")})
REASONS: Final = MappingProxyType(
    {
        "off_topic": N("It is about something else"),
        "offensive": N("It insults somebody"),
        "personal_data": N("It tells of somebody what is theirs"),
        "advertising": N("It advertises"),
        "not_true": N("It is surely not true"),
    }
)
