"""Rows of households and of tiers given by hand, read as the things they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.engine.ladder.giving import ladder_of
from regulars.engine.terms import Terms
from regulars.flows.importing.known_otherwise import Names
from regulars.records.activity.checks import bad_time
from regulars.records.members.unions.types import Role
from regulars.records.standing.grants.types import TierGrant

MEND: Final = "export it again"


class Spent(Struct, frozen=True):
    """What somebody took at an instant whose spending is limited, in units of a wallet."""

    wallet: str
    units: int
    at: datetime


class AtHome(Struct, frozen=True):
    """Somebody's place in a household that comes along."""

    place_id: UUID
    member_id: UUID
    role: Role
    joined_at: datetime
    limits: dict[str, int] = {}
    names: Names = ()
    """By what they are found there, for whoever stands under another number here."""


class Family(Struct, frozen=True):
    """A household with all who belong to it; it comes whole, under its head."""

    household_id: UUID
    places: tuple[AtHome, ...]
    name: str = ""


class ByHand(Struct, frozen=True):
    """A tier given by hand, and who of the shop let it begin and end, and why it ended."""

    given: TierGrant
    begun_by: str
    closed_by: str
    closed_because: str


def under_its_head(told: dict[str, Any], who: UUID) -> None:
    """Say of the head of a household that they are whom the line names: they may stand under
    another number here."""
    places = told.get("places")
    if isinstance(places, list):
        told["places"] = [
            one | {"member_id": who} if isinstance(one, dict) and one.get("role") == "head" else one
            for one in places
        ]


def whole(family: Family, wallets: Mapping[str, int], now: datetime) -> Family:
    """A household has one head, nobody in it twice or not yet, and limits of wallets there are.

    Faults: Invalid.
    """
    roles = [place.role for place in family.places]
    if roles.count("head") != 1:
        raise _no("a household has one head")
    for name in ("member_id", "place_id"):
        if len({getattr(place, name) for place in family.places}) != len(family.places):
            raise _no("somebody is in this household twice")
    for place in family.places:
        if place.joined_at.tzinfo is None:
            raise _no("joined_at says no zone")
        if bad_time(place.joined_at, now) or place.joined_at > now:
            raise _no("somebody is in this household from tomorrow on, or since before 1970")
        for wallet, units in place.limits.items():
            if wallet not in wallets or not 0 <= units <= LARGEST:
                raise _no(f"{wallet} with {units} is no limit here")
        if place.limits and place.role != "buyer":
            raise _no("only buyers have limits of their own")
    return family


def took(read: Spent, now: datetime) -> Spent:
    """Something somebody took, and not tomorrow. Faults: Invalid."""
    if not 1 <= read.units <= LARGEST or bad_time(read.at, now):
        raise _no("so much cannot have been spent then")
    return read


def by_hand(terms: Terms, read: TierGrant, told: Mapping[str, Any], now: datetime) -> ByHand:
    """A tier given by hand with its ladder, if it went as such a thing goes. Faults: Invalid."""
    if (read.kind == "invited") != (read.answer_by is not None):
        raise _no("an invitation, and nothing else, says until when it is answered")
    times = [one for one in (read.given_at, read.begun_at, read.closed_at) if one is not None]
    if times != sorted(times) or any(bad_time(one, now) or one > now for one in times):
        raise _no("it was given, began and ended in another order, or not yet")
    if read.begun_at is None and (read.kind != "invited" or read.closed_at is not None):
        raise _no("it never began, and waits for no answer")
    if read.until_at is not None and (read.begun_at is None or read.until_at <= read.begun_at):
        raise _no("it is over before it begins")
    if read.begun_at is not None and read.answer_by is not None and read.begun_at >= read.answer_by:
        raise _no("it was accepted too late")
    if (read.closed_at is None) != (read.closed_as is None) or read.closed_as not in (
        None,
        "ended",
    ):
        raise _no("what began ends, and nothing else")
    says = (str(told.get(name) or "") for name in ("begun_by", "closed_by", "closed_because"))
    return ByHand(replace(read, ladder=ladder_of(terms.at(read.given_at), read.tier)), *says)


def _no(says: str) -> Invalid:
    return Invalid(says, field="/row", mend=MEND)
