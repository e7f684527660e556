"""What the console calls the questions of segments, and how a segment stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

QUESTIONS: Final = MappingProxyType(
    {
        "": N("— no question —"),
        "spent": N("Money spent"),
        "orders": N("Days with a purchase"),
        "category_bought": N("Days with a purchase of a category"),
        "category_spent": N("Money spent on a category"),
        "article_bought": N("Days with a purchase of an article"),
        "article_spent": N("Money spent on an article"),
        "visits": N("Days seen here"),
        "last_order": N("Days since the last purchase"),
        "last_seen": N("Days since last seen"),
        "tier": N("Tier, this or higher"),
        "points": N("Points of a wallet"),
        "tag": N("Has a tag"),
        "consent": N("Agreed to a channel"),
        "contact": N("Can be found by e-mail or phone"),
        "member": N("Attribute is one of these values"),
        "anniversary": N("Days before and after a yearly day"),
        "days_since": N("Days since a day of the member"),
        "answered": N("Last score given (NPS or CSAT)"),
        "did": N("Did something so many times"),
        "lapse": N("Chance not to come back within 90 days"),
        "worth": N("Expected to bring in the next twelve months, in revenue"),
        "club": N("Is in a club"),
        "plan": N("Is on a paid plan"),
        "segment": N("Is in another segment"),
    }
)
STATES: Final = MappingProxyType(
    {
        "draft": (N("draft"), "", "pencil"),
        "saved": (N("saved"), "good", "check"),
        "changed": (N("draft beside it"), "warn", "pencil"),
    }
)
WARNINGS: Final = MappingProxyType(
    {
        "nobody": N("Nobody fits. Whatever you send to this segment reaches no one."),
        "everybody": N("Everybody fits: this segment leaves nobody out."),
        "": "",
    }
)
KINDS: Final = MappingProxyType(
    {"rule": N("Who fits a condition"), "list": N("A list, filled by hand")}
)
USES: Final = MappingProxyType(
    {
        "segments": (N("Segments that stand on it"), "/console/segments/"),
        "campaigns": (N("Campaigns that go to it"), "/console/campaigns/"),
        "journeys": (N("Journeys that ask for it"), "/console/journeys/"),
        "offers": (N("Offers for it"), "/console/offers/"),
        "choices": (N("Choices among offers for it"), "/console/offer-choices/"),
    }
)
"""What uses a segment: what it is called, and where each stands."""


def used(uses: Mapping[str, Sequence[str]]) -> list[tuple[str, str, Sequence[str]]]:
    """Of each kind that there is: what it is called, where each stands, and the codes."""
    return [(*USES[kind], codes) for kind, codes in uses.items() if codes]


FINDINGS: Final = frozenset(
    {
        N("it asks more than %(n)s questions"),
        N("it is nested more than %(n)s levels deep"),
        N("%(said)s has too many decimals"),
        N("nothing is asked"),
        N("nobody fits: at most is less than at least"),
        N("a segment cannot stand on itself"),
        N("%(name)s stands on this one, so neither could be told"),
        N("no text has such letters"),
        N("there is no tier %(name)s"),
        N("there is no wallet %(name)s"),
        N("there is no store %(name)s"),
        N("there is no saved segment %(name)s"),
        N("there is no club %(name)s"),
        N("there is no plan %(name)s"),
        N("what members bought of each good is still being made ready"),
        N("purchases are asked for by orders, not by did"),
    }
)
"""What the checks of conditions find (`records/program/changes/segments/reading.py`)."""
