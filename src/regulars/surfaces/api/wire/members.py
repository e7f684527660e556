"""Members on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from regulars.base.money import LARGEST
from regulars.records.members import types as kept
from regulars.records.members.admission.types import Admission
from regulars.records.members.types import Identifier, Joined, Member
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Limit, Text, Whom

Whole = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
AttributeName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)", max_length=40)]
Given = Annotated[
    str, Meta(max_length=400, description="As people write it; at most 100 signs remain.")
]


class IdentifierSent(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to find a member. `number` is the loyalty number we give out ourselves."""

    kind: Literal["phone", "email", "card", "external", "number"]
    value: Text


class MemberSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody joins: how to find them, and what they told us.

    A card that collected before it had a person gets this one, and keeps its points.
    """

    identifiers: Annotated[tuple[IdentifierSent, ...], Meta(max_length=20)] = ()
    given_name: Given = ""
    family_name: Given = ""
    locale: Annotated[str, Meta(max_length=20)] = ""
    zone: Annotated[str, Meta(max_length=60)] = ""
    attributes: Annotated[dict[AttributeName, bool | Whole | Text], Meta(max_length=50)] = {}
    joined_at: Instant | None = None
    source: Text = ""
    """The till, shop or file that sends them; with an external id it makes a permanent key."""
    again: bool = False
    """They were erased and ask to join anew, with nothing of before."""
    birthday: Annotated[str, Meta(max_length=10)] = ""
    """As a day: `2011-02-28`."""
    country: Annotated[str, Meta(max_length=2)] = ""
    """Where they live, in two letters."""
    guardian: Whom | UnsetType = UNSET
    """The member who answers for somebody under age."""
    invited_by: Whom | UnsetType = UNSET
    actor: Text = ""
    """Who of the shop lets them in."""


class AdmissionShown(Struct, frozen=True):
    """What somebody told when they joined, as far as the program asked."""

    member_id: str
    birthday: str | None
    country: str
    guardian_id: str | None
    invited_by: str | None
    actor: str


class MemberJoined(Struct, frozen=True):
    """Who joined."""

    id: str
    number: str
    joined_at: datetime
    upgraded: bool
    """A card that had collected before has its person now."""


class MemberChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different; what is not said stays, an attribute set to null goes."""

    given_name: Given | UnsetType = UNSET
    family_name: Given | UnsetType = UNSET
    locale: Annotated[str, Meta(max_length=20)] | UnsetType = UNSET
    zone: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    attributes: (
        Annotated[dict[AttributeName, bool | Whole | Text | None], Meta(max_length=100)] | UnsetType
    ) = UNSET


class IdentifiersSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Names to be found by that come and go, all of them or none: both replace a lost card."""

    link: Annotated[tuple[IdentifierSent, ...], Meta(max_length=20)] = ()
    unlink: Annotated[tuple[IdentifierSent, ...], Meta(max_length=20)] = ()


class IdentifierNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """The name that is to go."""

    kind: Literal["phone", "email", "card", "external"]
    value: Text


class MemberChanged(Struct, frozen=True):
    """The member that was changed."""

    id: str
    state: kept.State


class MemberShown(Struct, frozen=True):
    """A member, with everything they are found by."""

    id: str
    number: str
    state: kept.State
    given_name: str
    family_name: str
    locale: str
    zone: str
    attributes: dict[str, bool | int | str]
    identifiers: list[Identifier]
    joined_at: datetime
    recorded_at: datetime
    merged_into: str | None = None
    """As whom a merged member stands now."""


class MembersQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """By one name they are found by, or all whose name begins so, in the order they joined."""

    phone: Text | None = None
    email: Text | None = None
    card: Text | None = None
    external: Text | None = None
    number: Text | None = None
    name: Text | None = None
    limit: Limit = 50
    cursor: Text | None = None


class MembersPage(Struct, frozen=True):
    """Some members, and where to go on."""

    items: list[MemberShown]
    has_more: bool
    next_cursor: str | None


def names_of(sent: tuple[IdentifierSent, ...]) -> tuple[Identifier, ...]:
    """Identifiers as the flows take them."""
    return tuple(Identifier(one.kind, one.value) for one in sent)


def joined(answer: Joined) -> MemberJoined:
    """The answer to somebody who joined."""
    return MemberJoined(
        shown("mem", answer.member_id), answer.number, answer.joined_at, answer.upgraded
    )


def member_shown(
    member: Member, identifiers: list[Identifier], into: UUID | None = None
) -> MemberShown:
    """A member as the world sees them."""
    return MemberShown(
        id=shown("mem", member.id),
        number=member.number,
        state=member.state,
        given_name=member.given_name,
        family_name=member.family_name,
        locale=member.locale,
        zone=member.zone,
        attributes=member.attributes,
        identifiers=identifiers,
        joined_at=member.joined_at,
        recorded_at=member.recorded_at,
        merged_into=None if into is None else shown("mem", into),
    )


def masked(member: Member, identifiers: list[Identifier]) -> MemberShown:
    """A member as somebody sees them who knows no more than how their name begins.

    Example: `+4915112345678` is `…5678`; no family name, no e-mail, no details.
    """
    phones = [Identifier("phone", _ends(one.value)) for one in identifiers if one.kind == "phone"]
    shown_ = member_shown(member, phones[:1])
    number = _ends(member.number)
    return replace(shown_, number=number, family_name="", locale="", zone="", attributes={})


def _ends(text: str) -> str:
    return f"…{text[-4:]}"


def admission_shown(one: Admission) -> AdmissionShown:
    """What was told at joining, as the world sees it."""
    return AdmissionShown(
        member_id=shown("mem", one.member_id),
        birthday=None if one.birthday is None else one.birthday.isoformat(),
        country=one.country,
        guardian_id=None if one.guardian_id is None else shown("mem", one.guardian_id),
        invited_by=None if one.invited_by is None else shown("mem", one.invited_by),
        actor=one.actor,
    )


class TagSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A word of the shop, and whether it is to be on the member."""

    tag: Annotated[str, Meta(min_length=1, max_length=40)]
    on: bool = True


class TagDone(Struct, frozen=True):
    """The word as it is written here, and whether that changed anything."""

    tag: str
    changed: bool


class TagsShown(Struct, frozen=True):
    """Words of the shop, in order."""

    tags: list[str]
