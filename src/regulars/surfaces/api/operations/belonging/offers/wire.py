"""Offers on the wire; what one gives is as it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.program.changes.offers.types import Gives, How, MemberState, Says, State
from regulars.records.program.wallets import Decimal
from regulars.surfaces.api.operations.belonging.campaigns.wire import CampaignMore, CampaignSide
from regulars.surfaces.api.wire.parts import Id, Whom, WrittenIn


class OfferSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What an offer is to be; a draft until it is opened, and as it is from then on."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    gives: Gives
    says: Annotated[dict[WrittenIn, Says], Meta(max_length=5)]
    """What its member reads, by language (`en`, `de`, `tr`, `ar`); that of the program among
    them."""
    segment: Annotated[str, Meta(max_length=40)] = ""
    """The code of a saved segment or a list, whoever is in which has it; without one only who is
    given it."""
    activating: bool = False
    """It counts once its member says so."""
    days: Annotated[int, Meta(ge=1, le=366)] | None = None
    """So many days for each member, the first of them counted."""
    ends_on: date | None = None
    """It ends for everybody when this day begins."""
    budget: Decimal | None = None
    """Points for all members together; of what does not fit, what is left."""
    most: Annotated[int, Meta(ge=1, le=100_000_000)] = 100_000
    """So many members have it at most."""
    held_percent: Annotated[int, Meta(ge=0, le=50)] = 5
    """So many of a hundred of its segment are not given it, to see what it does; nobody where fewer
    than 500 are in it, and nobody who is given it by hand."""


class OfferOpened(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version of an offer is meant: the one that was read."""

    version: Annotated[int, Meta(ge=1, le=2_000_000_000)]
    accept: Annotated[tuple[str, ...], Meta(max_length=20)] = ()
    """Warnings of the program that are meant, by name."""


class OfferGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is given an offer."""

    member: Whom


class OfferShown(Struct, frozen=True):
    """An offer as it is."""

    code: str
    name: str
    gives: Gives
    says: dict[str, str]
    segment: str
    """Empty where there is none, or where it is gone since."""
    activating: bool
    days: int | None
    ends_on: date | None
    budget: str | None
    most: int
    held_percent: int
    state: State
    version: int
    known_as: str
    """The name of its rule or reward in the program, and the attribute it asks for."""
    given: int
    """So many members were given it."""
    holds_out: bool
    """Whether somebody is held out of it."""
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None


class OfferCount(Struct, frozen=True):
    """So many members stand so with it: `held_out` says in `why` whether `here` or
    `everywhere`."""

    state: MemberState
    why: str
    members: int


class OfferEffect(Struct, frozen=True):
    """What an offer changed, by whole days since each member had it."""

    days: int
    """Counted of each member at most; as many before are what was foretold of them."""
    given: CampaignSide
    held_out: CampaignSide
    orders: CampaignMore
    spend_minor: CampaignMore


class OfferRead(Struct, frozen=True):
    """An offer, what became of it, and what it changed."""

    offer: OfferShown
    counts: list[OfferCount]
    effect: OfferEffect | None = None
    """Nothing where nobody was held out."""


class OffersShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[OfferShown]


class OfferHeld(Struct, frozen=True):
    """An offer as a member has it."""

    code: str
    name: str
    says: dict[str, str]
    gives: Gives
    state: MemberState
    """`offered` waits to be activated, `held` counts."""
    how: How
    offered_at: datetime
    until_on: date
    """To be activated, or used, before this day begins."""
    held_at: datetime | None
    left: int | None
    """How often it still gives, where it does so many times."""
    used_up: bool
    """Whether the points for all members are gone."""


class OffersHeld(Struct, frozen=True):
    """What a member has and may still use, what ends soonest first."""

    member_id: Id
    items: list[OfferHeld]
