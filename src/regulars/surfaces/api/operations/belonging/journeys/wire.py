"""Journeys on the wire; a plan is as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.outbox.campaigns.journeys.types import JourneyPlan, State
from regulars.surfaces.api.operations.belonging.campaigns.wire import (
    CampaignMore,
    CampaignSide,
    ReturnedShare,
)
from regulars.surfaces.api.wire.parts import Id


class JourneySent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a journey is to be; a further version where it was published."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    plan: JourneyPlan


class JourneyStep(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version of a journey is meant: the one that was read."""

    version: Annotated[int, Meta(ge=1, le=2_000_000_000)]


class JourneyShown(Struct, frozen=True):
    """A journey as it is."""

    code: str
    name: str
    state: State
    version: int
    """The latest that was written."""
    published: int | None
    """By which members begin."""
    under_way: int
    """How many members are on their way."""
    begun: int
    """How many times it was begun."""
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    begins_at: datetime | None
    """What happened from then on begins it."""
    published_by: str | None
    ended_at: datetime | None
    ended_by: str | None


class JourneyStepEffect(Struct, frozen=True):
    """What a message, an offer or a task of a journey changed: who came to it beside who came to it
    and was held out, by whole days since each did."""

    step: str
    days: int
    """Counted of each member at most, of 28; as many before are what was foretold of them."""
    told: CampaignSide
    held_out: CampaignSide
    orders: CampaignMore
    spend_minor: CampaignMore


class JourneyStepWay(Struct, frozen=True):
    """How many are to read a message in one of its ways, and what that changed beside the first
    (`a`), by whole days since each came to it."""

    step: str
    way: Literal["a", "b", "c", "d"]
    members: int
    sent: int
    version: int
    """Of the latest by which somebody came to the message; each draws anew."""
    days: int
    """Counted of each member at most, of 28; 0 of the first way, or where nobody reads one."""
    orders: CampaignMore
    spend_minor: CampaignMore


class JourneyStepCount(Struct, frozen=True):
    """So many came to this at a step of a version."""

    version: int
    step: str
    outcome: str
    """`there` for who is there now; for who was, what came of it (`waited`, `asked`, `offered`,
    `tasked`, `held_out`, `held_out_of_all`, `not_given`, `spared` where somebody was asked by a
    survey not long ago, `inside`, `outside`, `first`, `second`, `went`, `stopped`); of its
    messages their state, as of a campaign."""
    reason: str
    """Why messages were skipped or held out."""
    members: int


class JourneyEnd(Struct, frozen=True):
    """For so many it ended by this: `done`, `exit`, `gone`, `united`, `ended`."""

    why: str
    members: int


class JourneyStepReturned(Struct, frozen=True):
    """What came back of a message of a journey, over all its versions."""

    step: str
    sent: int
    bounces: ReturnedShare
    complaints: ReturnedShare
    paused_why: Literal["", "bounces", "complaints"] = ""
    """Why the journey pauses by itself, where it does for this step."""


class JourneyRead(Struct, frozen=True):
    """A journey, its latest plan, and how many are where."""

    journey: JourneyShown
    plan: JourneyPlan
    steps: list[JourneyStepCount]
    ends: list[JourneyEnd]
    effects: list[JourneyStepEffect] = []
    """Of each message, offer and task of the latest plan, where somebody was held out of it."""
    returned: list[JourneyStepReturned] = []
    """Of each message of which something was sent."""
    ways: list[JourneyStepWay] = []
    """Of each message that is said in several ways."""


class JourneysShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[JourneyShown]


class JourneyPreviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """As whom a journey is looked at."""

    member_id: Id


class JourneyWords(Struct, frozen=True):
    """What a member would read at a step; empty where it cannot be written for them."""

    step: str
    language: str
    about: str
    text: str
    way: Literal["a", "b", "c", "d"] = "a"
    """In which of its ways, where it is said in several."""
    preview: str = ""
    html: str = ""
    """How a letter looks, where it was written in MJML."""
    parts: int = 0
    """Of a text message, in how many parts it goes out; each is paid for."""


class JourneyPreview(Struct, frozen=True):
    """Every message of the latest plan, from top to bottom."""

    items: list[JourneyWords]


class JourneyOfMember(Struct, frozen=True):
    """One way of a member through a journey."""

    journey: str
    name: str
    version: int
    begun_at: datetime
    step: str
    """Where they are, or where it ended."""
    due_at: datetime
    """When it is looked at again."""
    ended_at: datetime | None
    why: str
    """Why it ended: `done`, `exit`, `gone`, `united`, `ended`."""


class JourneysOfMember(Struct, frozen=True):
    """The latest first."""

    items: list[JourneyOfMember]
