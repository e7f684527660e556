"""Members who are one, may not, or share a household, on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.money import LARGEST
from regulars.flows.membership.commands import Belonging, Merged
from regulars.records.ledger.types import Balance
from regulars.records.members.types import State
from regulars.records.members.unions.types import Household, Role
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.moving import Who, Why
from regulars.surfaces.api.wire.parts import CardCode, Slug, Text, Whom
from regulars.surfaces.api.wire.rewarding.freeing import BasketLines, NamedPieces
from regulars.surfaces.api.wire.rewarding.rewards import PaySent, PriceAsShown


class MergeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """The member of the address and this one are one person; this one stays."""

    into: Whom
    reason: Why
    actor: Who = ""


class UnionEndSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and who decided it."""

    reason: Why
    actor: Who = ""


class MergeDone(Struct, frozen=True):
    """Which merge it is, and what the one that stays has now."""

    id: str
    member_id: str
    into_id: str
    state: State
    """Of the member of the address: `merged`, or what they were before."""
    balances: dict[str, int]


class BlockSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a member is blocked or let go again, and who decided it."""

    reason: Why
    actor: Who = ""


class HouseholdSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A household begins with its head."""

    head: Whom
    name: Annotated[str, Meta(max_length=100)] = ""
    actor: Who = ""


class PlaceSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member joins a household, or takes another role in it."""

    member: Whom
    role: Role = "member"
    actor: Who = ""
    limits: Annotated[dict[Slug, Annotated[int, Meta(ge=0, le=LARGEST)]], Meta(max_length=16)] = {}
    """Of a buyer: units per wallet in a period, where it is not as the program says."""


class SharedRewardSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member of the household takes a reward, at once, from what all have together; or with `pay`
    in place of it, points of all pay a part of a basket."""

    member: Whom
    reward: Slug | UnsetType = UNSET
    pay: PaySent | UnsetType = UNSET
    store: Text = ""
    channel: Text = ""
    lines: BasketLines = ()
    """What lies on the counter, where the reward makes pieces of it free."""
    free: Annotated[tuple[NamedPieces, ...], Meta(max_length=1_000)] = ()
    """Where the till names which pieces are free: these."""
    card_code: CardCode = ""
    """What the square of the member's card says, where they show it."""
    signed_in: bool = False
    """The member proved to you who they are, and asks for it themselves."""
    price: PriceAsShown | UnsetType = UNSET
    """So many points, by wallet, were shown as its price; where it takes others by now it is
    refused (`price_changed`), with what it takes."""
    points: Annotated[int, Meta(ge=1, le=LARGEST)] | UnsetType = UNSET
    """So many the quote of a payment said it takes; where it takes others by now it is refused
    (`payment_changed`)."""


class PlaceDone(Struct, frozen=True):
    """The household, the member this was about, their role in it, and how many belong to it."""

    id: str
    member_id: str
    role: Role | None
    members: int


class PlaceShown(Struct, frozen=True):
    """A member of a household with what they have."""

    member_id: str
    role: Role
    balances: dict[str, int]
    limits: dict[str, int] = {}
    """Of a buyer, where it is not as the program says."""


class HouseholdShown(Struct, frozen=True):
    """A household, who belongs to it, and what they have together."""

    id: str
    name: str
    members: list[PlaceShown]
    balances: dict[str, int]


def merge_done(answer: Merged) -> MergeDone:
    """The answer to a merge or to its end."""
    return MergeDone(
        id=shown("mrg", answer.merge_id),
        member_id=shown("mem", answer.member_id),
        into_id=shown("mem", answer.into_id),
        state=answer.state,
        balances=answer.balances,
    )


def place_done(answer: Belonging) -> PlaceDone:
    """The answer to who joined, left or changed their role."""
    return PlaceDone(
        id=shown("hou", answer.household_id),
        member_id=shown("mem", answer.member_id),
        role=answer.role,
        members=answer.members,
    )


def household_shown(
    household: Household, has: Mapping[UUID, Mapping[str, Balance]]
) -> HouseholdShown:
    """A household as the world sees it."""
    together: dict[str, int] = {}
    members = []
    for place in household.places:
        balances = {name: b.available for name, b in has[place.member_id].items()}
        for name, points in balances.items():
            together[name] = together.get(name, 0) + points
        members.append(
            PlaceShown(shown("mem", place.member_id), place.role, balances, place.limits)
        )
    return HouseholdShown(shown("hou", household.household_id), household.name, members, together)
