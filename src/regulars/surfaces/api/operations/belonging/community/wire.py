"""Clubs and gatherings on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.flows.community.commands import ClubTold, Points, SeatTold
from regulars.flows.community.told import points_of
from regulars.records.community.clubs.types import Club, Count, Joins, Place
from regulars.records.community.gatherings.types import Gathering, Seat, Seated, SeatState, Sort
from regulars.records.community.texts import LONGEST
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import CardCode, Instant, Slug, Text, Whom, WrittenIn
from regulars.surfaces.api.wire.rewarding.rewards import PriceAsShown

Words = dict[WrittenIn, Annotated[str, Meta(min_length=1, max_length=LONGEST)]]
SlugOrNone = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$(?!\n)", max_length=40)]
"""A short name, or nothing: what is read may be sent back."""
Tiers = Annotated[list[Slug], Meta(max_length=20)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]


class ClubSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a club is to be."""

    name: Name
    says: Words
    joins: Joins
    """Everybody (`open`), whoever was invited, or whoever stands on one of its tiers."""
    tiers: Tiers = []
    store: SlugOrNone = ""
    """Of the neighbourhood of this store."""
    state: Literal["open", "closed"] = "open"


class ClubShown(Struct, frozen=True):
    """A club as it is, and how many are in it."""

    code: str
    name: str
    says: dict[str, str]
    joins: Joins
    tiers: list[str]
    store: str
    state: Literal["open", "closed"]
    members: int
    shown: int
    """So many of them let the others see them."""
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str


class ClubsShown(Struct, frozen=True):
    """All of them, by name."""

    items: list[ClubShown]


class ClubJoined(Struct, frozen=True, forbid_unknown_fields=True):
    """Who joins, and what they choose."""

    member: Whom
    shows: bool = False
    """The others of the club see their given name and an initial."""
    told_of: bool = False
    """They want to see who is new."""


class ClubLeft(Struct, frozen=True, forbid_unknown_fields=True):
    """Who leaves."""

    member: Whom


class ClubInvited(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asked to join."""

    member: Whom


class InClub(Struct, frozen=True):
    """Whether a member is in a club after that."""

    club: str
    member_id: str
    inside: bool
    since: datetime | None
    shows: bool
    told_of: bool
    invited: bool


class ClubPlaceShown(Struct, frozen=True):
    """Somebody is in a club; `rests` while they do not stand on one of its tiers."""

    club: str
    member_id: str
    since: datetime
    until: datetime | None
    shows: bool
    told_of: bool
    rests: bool


class ClubPlacesPage(Struct, frozen=True):
    """Who is in it, the first ones first."""

    items: list[ClubPlaceShown]
    has_more: bool
    next_cursor: str | None


class GatheringSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a gathering is to be."""

    name: Name
    says: Words
    begins_at: Instant
    ends_at: Instant
    capacity: Annotated[int, Meta(ge=1, le=100_000)]
    club: SlugOrNone = ""
    """For whoever is in this club."""
    store: SlugOrNone = ""
    at_place: Annotated[str, Meta(max_length=120)] = ""
    opens_at: Instant | None = None
    """From when on seats are asked for; at once, where nothing is said."""
    early_at: Instant | None = None
    """From when on by whoever stands on one of `early_tiers`."""
    early_tiers: Tiers = []
    recap: Words = {}
    """How it was."""
    state: Literal["open", "cancelled"] = "open"
    sort: Sort = "event"
    """What members come for; rules see it as a detail of `event-attended`."""
    reward: SlugOrNone = ""
    """What a seat takes: a reward with `kind: seat` that says neither when nor how many."""
    back_until: Instant | None = None
    """Until when giving a seat up gives its points back; until it begins, where nothing is said."""
    lesson: SlugOrNone = ""
    """Which lesson is taught there."""


class GatheringShown(Struct, frozen=True):
    """A gathering as it is, and how many come."""

    code: str
    name: str
    says: dict[str, str]
    club: str
    store: str
    at_place: str
    begins_at: datetime
    ends_at: datetime
    capacity: int
    opens_at: datetime
    early_at: datetime | None
    early_tiers: list[str]
    recap: dict[str, str]
    state: Literal["open", "cancelled"]
    held: int
    waiting: int
    came: int
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    sort: Sort = "event"
    reward: str = ""
    back_until: datetime | None = None
    lesson: str = ""


class GatheringsPage(Struct, frozen=True):
    """Gatherings, the next one first."""

    items: list[GatheringShown]
    has_more: bool
    next_cursor: str | None


class GatheringsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the list, from where on; with `past` also those that are over."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Text | None = None
    past: Literal["yes", "no"] = "no"


class SeatAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Who gives a seat up."""

    member: Whom


class ArrivalSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is here."""

    member: Whom
    price: PriceAsShown | UnsetType = UNSET
    """So many points, by wallet, were shown as the price of a seat, for who has none yet; where it
    takes others by now it is refused (`price_changed`)."""


class SeatWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks for a seat; where it takes points, what proves that they are there."""

    member: Whom
    card_code: CardCode = ""
    """What the square of the member's card says, where they show it."""
    signed_in: bool = False
    """The member proved to you who they are, and asks for it themselves: in your app or web shop.
    Never say so for somebody who only gave a number."""
    price: PriceAsShown | UnsetType = UNSET
    """So many points, by wallet, were shown as its price; where it takes others by now it is
    refused (`price_changed`), with what it takes."""


class SeatShown(Struct, frozen=True):
    """Where a member stands with a gathering: with a seat, in line behind so many, or neither."""

    id: str
    gathering: str
    member_id: str
    state: SeatState
    asked_at: datetime
    ahead: int
    came_at: datetime | None
    redemption_id: str | None = None
    """What is reserved for it, where it takes points."""
    points: Points = ""
    """What became of them: `reserved`, `given_back` or `spent`."""


class SeatsPage(Struct, frozen=True):
    """Seats in the order in which they were asked for."""

    items: list[SeatShown]
    has_more: bool
    next_cursor: str | None


class SeatsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the list, from where on; of one state where it is named."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Text | None = None
    state: SeatState | Literal[""] = ""


class BelongsShown(Struct, frozen=True):
    """Where a member is, and what they come to."""

    clubs: list[ClubPlaceShown]
    seats: list[SeatShown]


def club_shown(one: Club, many: Count | None) -> ClubShown:
    """A club for the wire."""
    count = many or Count(0, 0)
    return ClubShown(
        one.code, one.name, dict(one.says), one.joins, list(one.tiers), one.store, one.state,
        count.members, count.shown, one.version, one.made_at, one.made_by, one.changed_at,
        one.changed_by,
    )  # fmt: skip


def in_club(told: ClubTold) -> InClub:
    """What became of joining or leaving."""
    return InClub(
        told.club, shown("mem", told.member_id), told.inside, told.since, told.shows, told.told_of,
        told.invited,
    )  # fmt: skip


def place_shown(one: Place, club: str) -> ClubPlaceShown:
    """A place in a club for the wire."""
    return ClubPlaceShown(
        club, shown("mem", one.member_id), one.since, one.until, one.shows, one.told_of, one.rests
    )


def gathering_shown(
    one: Gathering, seated: Seated | None, clubs: Mapping[UUID, Club]
) -> GatheringShown:
    """A gathering for the wire."""
    many = seated or Seated()
    club = "" if one.club_id is None else clubs[one.club_id].code
    return GatheringShown(
        one.code, one.name, dict(one.says), club, one.store, one.at_place, one.begins_at,
        one.ends_at, one.capacity, one.opens_at, one.early_at, list(one.early_tiers),
        dict(one.recap), one.state, many.held, many.waiting, many.came, one.version, one.made_at,
        one.made_by, one.changed_at, one.changed_by, one.sort, one.reward,
        one.back_until, one.lesson,
    )  # fmt: skip


def seat_done(told: SeatTold) -> SeatShown:
    """What became of asking, giving up or coming."""
    return SeatShown(
        shown("sea", told.seat_id), told.gathering, shown("mem", told.member_id), told.state,
        told.asked_at, told.ahead, told.came_at, _redemption(told.redemption_id), told.points,
    )  # fmt: skip


def _redemption(id_: UUID | None) -> str | None:
    return None if id_ is None else shown("red", id_)


def seat_shown(one: Seat, gathering: str) -> SeatShown:
    """A seat for the wire."""
    return SeatShown(
        shown("sea", one.seat_id), gathering, shown("mem", one.member_id), one.state,
        one.asked_at, one.ahead, one.came_at, _redemption(one.redemption_id), points_of(one),
    )  # fmt: skip
