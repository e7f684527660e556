"""Whether a club is well planned, and who may come into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from regulars.base.faults import Refused
from regulars.records.community.clubs.types import Club, Joins, Place
from regulars.records.community.texts import Wrong, ill_named, ill_told

MOST: Final = 500
"""So many clubs a program has."""


def ill_planned(
    code: str, name: str, says: Mapping[str, str], joins: Joins, tiers: Sequence[str], own: str
) -> Wrong | None:
    """What is wrong with a club that is to be kept, at its place; nothing where it is well."""
    wrong = ill_named(code, name) or ill_told(says, "/says", own)
    if wrong is not None:
        return wrong
    if joins == "tier" and not tiers:
        return Wrong("/tiers", "Say which tiers may join")
    if joins != "tier" and tiers:
        return Wrong("/tiers", "Tiers belong to a club that is joined by tier")
    return Wrong("/tiers", "Each tier once") if len(set(tiers)) < len(tiers) else None


def not_in(club: Club, tier: str | None, asked: Collection[tuple[UUID, UUID]], who: UUID) -> (
    Refused | None
):  # fmt: skip
    """Why somebody may not join; nothing where they may.

    Example: into a club of gold and silver comes whoever stands on silver, and nobody on bronze.
    """
    if club.state == "closed":
        return Refused("club_closed", "Nobody joins this club any more", {"club": club.code})
    if club.joins == "invited" and (club.club_id, who) not in asked:
        return Refused("club_by_invitation", "Whoever is invited joins", {"club": club.code})
    if club.joins == "tier" and tier not in club.tiers:
        facts = {"club": club.code, "tiers": list(club.tiers)}
        return Refused("club_by_tier", "This club is for other tiers", facts)
    return None


def open_places(places: Sequence[Place], club_id: UUID) -> list[Place]:
    """Where somebody is in this club now; who was merged may be in it twice."""
    return [one for one in places if one.club_id == club_id and one.until is None]


def is_in(places: Sequence[Place], club_id: UUID) -> bool:
    """Whether somebody is in this club, and it does not rest."""
    return any(not one.rests for one in open_places(places, club_id))
