"""How much of a campaign came back, and how much of it is too much."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from msgspec import Struct

Back = Literal["hard", "complaint"]
"""Nobody is at the address; its reader called the message unwanted."""
TooMuch = Literal["bounces", "complaints"]
"""Why a campaign pauses by itself."""


class Tally(Struct, frozen=True):
    """Of one way of a campaign, or of a step of a journey: sent, and of these what came back."""

    sent: int
    bounces: int
    complaints: int
    way: int = 0
    step: str = ""
    """Of a journey, which of its steps; over all its versions."""


class Bearable(Struct, frozen=True):
    """What a shop bears: so many of ten thousand (0: any number), judged from so many sent."""

    bounces: int
    complaints: int
    least: int


class Suspect(Struct, frozen=True):
    """A campaign that goes out, or a step of a journey, of which something came back lately."""

    campaign_id: UUID
    code: str
    name: str
    journey_id: UUID | None
    journey: str
    """The code of its journey; empty for a campaign of its own."""
    bounces: int
    complaints: int


def looked_at(found: Suspect, bounds: Bearable) -> int:
    """So many of those sent are counted at most: were there more, no share would be too large.

    Example: of one complaint with a bound of 30 in ten thousand it is 334, as 1 of 334 is below it.
    """
    told = ((found.bounces, bounds.bounces), (found.complaints, bounds.complaints))
    return max(bounds.least, *(part * 10_000 // most + 1 for part, most in told if most), 1)


def too_much(tally: Tally, bounds: Bearable) -> TooMuch | None:
    """Whether more came back than the shop bears; complaints weigh more.

    Example: 1 complaint of 333 is above 30 of ten thousand, of 334 not; of 99 nothing is said.
    """
    if tally.sent < max(bounds.least, 1):
        return None
    if bounds.complaints and tally.complaints * 10_000 > bounds.complaints * tally.sent:
        return "complaints"
    if bounds.bounces and tally.bounces * 10_000 > bounds.bounces * tally.sent:
        return "bounces"
    return None
