"""What becomes of somebody who joins: a new member, the person behind a card, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct, structs

from regulars.base.faults import Fault, Invalid, Refused
from regulars.records.members import profile
from regulars.records.members.identify import normal
from regulars.records.members.types import (
    Attributes,
    Identifier,
    IdentifierTaken,
    JoinMember,
    Member,
)

MOST_IDENTIFIERS = 20


class Refusal(StrEnum):
    """Why the business says no to a change of who is who."""

    MERGE_NEEDED = "merge_needed"


class Newcomer(Struct, frozen=True):
    """Somebody who wants to join, with everything in its one spelling."""

    identifiers: tuple[Identifier, ...]
    given_name: str
    family_name: str
    locale: str
    zone: str
    attributes: Attributes
    joined_at: datetime


class Joining(NamedTuple):
    """The member somebody becomes, and the names that are now theirs."""

    member: Member
    links: tuple[Identifier, ...]
    upgraded: bool


def newcomer(command: JoinMember, country: str | None, now: datetime) -> Newcomer | Fault:
    """What somebody who joins tells us, checked; the first slip is the fault returned."""
    try:
        wish = Newcomer(
            identifiers=spelled(command.identifiers, country, "/identifiers"),
            given_name=profile.person_name(command.given_name, "/given_name"),
            family_name=profile.person_name(command.family_name, "/family_name"),
            locale=profile.locale(command.locale),
            zone=profile.zone(command.zone),
            attributes=profile.attributes(command.attributes),
            joined_at=profile.joined_at(command.joined_at, now),
        )
    except Fault as fault:
        return fault
    if not (wish.identifiers or wish.given_name or wish.family_name):
        return Invalid(
            "Nothing was said about who joins",
            field="/identifiers",
            mend="Send a telephone number, an e-mail address, a card, an external id or a name",
        )
    return wish


def spelled(given: Iterable[Identifier], country: str | None, field: str) -> tuple[Identifier, ...]:
    """These names in their one spelling, in the order they were sent; nobody chooses a number."""
    names = []
    for place, said in enumerate(given):
        at = f"{field}/{place}/value"
        if place == MOST_IDENTIFIERS:
            raise Invalid(f"More than {MOST_IDENTIFIERS} at once", field=field, mend="Send fewer")
        if said.kind == "number":
            raise Invalid(
                "Loyalty numbers are given out by us", field=at, mend="Send an old number as a card"
            )
        names.append(Identifier(said.kind, normal(said.kind, said.value, country, field=at)))
    return tuple(names)


def blank(member_id: UUID, number: str, now: datetime) -> Member:
    """A card nobody has claimed yet: it collects, and gets its person later."""
    return Member(member_id, number, "unregistered", joined_at=now, recorded_at=now)


def join(
    wish: Newcomer,
    holders: Mapping[Identifier, UUID],
    members: Mapping[UUID, Member],
    fresh: Member,
) -> Joining | Fault | Refused:
    """Whom somebody becomes who joins with these names.

    Nobody known by any of them: `fresh`, a blank member with its number. One card that collected
    unregistered: that member, with its points. Refuses: two such cards (`merge_needed`).
    Faults: `identifier_taken` at the name somebody else has.
    """
    for place, name in enumerate(wish.identifiers):
        holder = holders.get(name)
        if holder is not None and members[holder].state != "unregistered":
            return taken(name, f"/identifiers/{place}/value")
    cards = {holders[name] for name in wish.identifiers if name in holders}
    if len(cards) > 1:
        return merge_needed("These cards have collected apart from each other")
    before = members[cards.pop()] if cards else fresh
    links = tuple(dict.fromkeys(name for name in wish.identifiers if name not in holders))
    return Joining(_as_told(before, wish), links, upgraded=before is not fresh)


def taken(name: Identifier, field: str) -> IdentifierTaken:
    """The fault for a name somebody else has."""
    return IdentifierTaken(
        "Somebody else is already known by this",
        field=field,
        mend="Look them up by it: it may be the same person. If not, use another",
        kind=name.kind,
    )


def merge_needed(says: str) -> Refused:
    """The answer when two records with points of their own turn out to be one person."""
    return Refused(
        Refusal.MERGE_NEEDED,
        f"{says}; to bring their points together, merge the two members",
        {},
    )


def _as_told(member: Member, wish: Newcomer) -> Member:
    return structs.replace(
        member,
        state="active",
        given_name=wish.given_name or member.given_name,
        family_name=wish.family_name or member.family_name,
        locale=wish.locale or member.locale,
        zone=wish.zone or member.zone,
        attributes={**member.attributes, **wish.attributes},
        # A card that collected keeps its first day: anniversaries are counted from it.
        joined_at=min(member.joined_at, wish.joined_at),
    )
