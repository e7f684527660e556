"""Whether a gathering is well planned, and who may ask for a seat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from regulars.base.faults import Refused
from regulars.records.community.gatherings.types import AROUND, Gathering
from regulars.records.community.texts import Wrong, ill_told, is_plain

MOST: Final = 5_000
"""So many gatherings a program keeps."""
LONGEST_LASTING: Final = timedelta(days=31)
MOST_SEATS: Final = 100_000


def ill_timed(one: Gathering) -> Wrong | None:
    """What is wrong with when it is and how many come, at its place."""
    early, back = one.early_at, one.back_until
    ill = (
        (not one.begins_at < one.ends_at <= one.begins_at + LONGEST_LASTING,
         "/ends_at", "It ends after it begins, within 31 days"),
        (one.opens_at >= one.begins_at, "/opens_at", "Seats are asked for before it begins"),
        ((early is None) != (not one.early_tiers),
         "/early_at", "Say both: from when on, and which tiers are earlier"),
        (early is not None and early >= one.opens_at,
         "/early_at", "Earlier than everybody else, or not at all"),
        (len(set(one.early_tiers)) < len(one.early_tiers), "/early_tiers", "Each tier once"),
        (back is not None and not one.reward,
         "/back_until", "Only a seat that takes points gives them back; say which reward it is"),
        (back is not None and back > one.begins_at,
         "/back_until", "Points are given back until it begins at the latest"),
        (not 1 <= one.capacity <= MOST_SEATS, "/capacity", f"From 1 to {MOST_SEATS} seats"),
        (bool(one.at_place) and not (is_plain(one.at_place, 120) and one.at_place.isprintable()),
         "/at_place", "One line of up to 120 letters"),
    )  # fmt: skip
    return next((Wrong(place, says) for is_so, place, says in ill if is_so), None)


def ill_told_of(says: Mapping[str, str], recap: Mapping[str, str], own: str) -> Wrong | None:
    """What is wrong with its texts."""
    return ill_told(says, "/says", own) or (ill_told(recap, "/recap", own) if recap else None)


def not_yet(one: Gathering, tier: str | None, now: datetime) -> Refused | None:
    """Why nobody on this tier asks for a seat now; nothing where they may.

    Example: from noon on for gold, from the next day on for all: at one o'clock gold may.
    """
    told = {"gathering": one.code}
    if one.state == "cancelled":
        return Refused("gathering_cancelled", "It does not take place", told)
    if now >= one.begins_at:
        return Refused("gathering_begun", "It has begun already", told)
    from_at = opens_for(one, tier)
    if now < from_at:
        says = "Seats are asked for from later on"
        return Refused("gathering_not_open", says, {**told, "opens_at": from_at.isoformat()})
    return None


def opens_for(one: Gathering, tier: str | None) -> datetime:
    """From when on somebody on this tier asks for a seat."""
    early = one.early_at is not None and tier in one.early_tiers
    return one.early_at if early and one.early_at else one.opens_at


def not_now(one: Gathering, now: datetime) -> Refused | None:
    """Why nobody comes to it now; nothing where they may be there."""
    told = {"gathering": one.code}
    if one.state == "cancelled":
        return Refused("gathering_cancelled", "It does not take place", told)
    if not one.begins_at - AROUND <= now <= one.ends_at + AROUND:
        return Refused("gathering_not_now", "It is on another day", told)
    return None
