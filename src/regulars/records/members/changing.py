"""What becomes of a member whose profile or names change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from regulars.base.faults import Fault, NotFound, Refused
from regulars.records.members import profile
from regulars.records.members.joining import merge_needed, spelled, taken
from regulars.records.members.types import (
    Attributes,
    ChangeMember,
    Identifier,
    LinkIdentifiers,
    Member,
    erased_fault,
)

# What says who somebody is; a card or an id of another system alone does not.
_OF_PERSONS = frozenset({"phone", "email"})


class Profile(Struct, frozen=True):
    """What is to be different, in its one spelling; nothing means it stays."""

    given_name: str | None = None
    family_name: str | None = None
    locale: str | None = None
    zone: str | None = None
    attributes: Attributes = {}
    dropped: frozenset[str] = frozenset()


class Names(NamedTuple):
    """Names to give and to take, in their one spelling."""

    link: tuple[Identifier, ...]
    unlink: tuple[Identifier, ...]


class Renamed(NamedTuple):
    """A member with the names that came and the names that went."""

    member: Member
    linked: tuple[Identifier, ...]
    unlinked: tuple[Identifier, ...]


def asked_profile(command: ChangeMember) -> Profile | Fault:
    """What a member wants changed, checked; the first slip is the fault returned."""
    said = {} if command.attributes is UNSET else command.attributes
    kept = {name: value for name, value in said.items() if value is not None}
    try:
        return Profile(
            given_name=_name(command.given_name, "/given_name"),
            family_name=_name(command.family_name, "/family_name"),
            locale=None
            if isinstance(command.locale, UnsetType)
            else profile.locale(command.locale),
            zone=None if isinstance(command.zone, UnsetType) else profile.zone(command.zone),
            attributes=profile.attributes(kept),
            dropped=frozenset(said) - frozenset(kept),
        )
    except Fault as fault:
        return fault


def changed(member: Member, asked: Profile) -> Member | Fault:
    """The member after the change; whoever gets a name is no longer an unregistered card."""
    if member.state == "erased":
        return erased_fault()
    attributes = {**member.attributes, **asked.attributes}
    attributes = {name: attributes[name] for name in attributes if name not in asked.dropped}
    try:
        profile.attributes(attributes)
    except Fault as fault:
        return fault
    after = structs.replace(
        member,
        given_name=member.given_name if asked.given_name is None else asked.given_name,
        family_name=member.family_name if asked.family_name is None else asked.family_name,
        locale=member.locale if asked.locale is None else asked.locale,
        zone=member.zone if asked.zone is None else asked.zone,
        attributes=attributes,
    )
    return _known_person(after) if after.given_name or after.family_name else after


def asked_names(command: LinkIdentifiers, country: str | None) -> Names | Fault:
    """The names to give and to take, checked; the first slip is the fault returned."""
    try:
        return Names(
            spelled(command.link, country, "/link"), spelled(command.unlink, country, "/unlink")
        )
    except Fault as fault:
        return fault


def renamed(
    member: Member,
    asked: Names,
    holders: Mapping[Identifier, UUID],
    members: Mapping[UUID, Member],
) -> Renamed | Fault | Refused:
    """The member with these names given and taken, all of it or nothing.

    A lost card is replaced by one command: the new card linked, the old one unlinked.
    Refuses: a name of a card that collected on its own, or of the person behind this card
    (`merge_needed`). Faults: a name of somebody else; a name to be taken that is not theirs.
    """
    if member.state == "erased":
        return erased_fault()
    for place, name in enumerate(asked.unlink):
        if holders.get(name) != member.id:
            return NotFound(
                "This member is not known by this",
                field=f"/unlink/{place}/value",
                mend="Check it for a slip, or leave it out",
            )
    for place, name in enumerate(asked.link):
        holder = holders.get(name)
        if holder is None or holder == member.id:
            continue
        if "unregistered" in (member.state, members[holder].state):
            return merge_needed("A card and a person have collected apart from each other")
        return taken(name, f"/link/{place}/value")
    linked = tuple(dict.fromkeys(name for name in asked.link if name not in holders))
    unlinked = tuple(dict.fromkeys(name for name in asked.unlink if name not in asked.link))
    if any(name.kind in _OF_PERSONS for name in linked):
        member = _known_person(member)
    return Renamed(member, linked, unlinked)


def _name(said: str | UnsetType, field: str) -> str | None:
    return None if isinstance(said, UnsetType) else profile.person_name(said, field)


def _known_person(member: Member) -> Member:
    if member.state != "unregistered":
        return member
    return structs.replace(member, state="active")
