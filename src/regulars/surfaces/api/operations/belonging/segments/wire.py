"""Segments on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from regulars.insight.segments.counting import Warned
from regulars.records.program.changes.segments.types import Kind, State
from regulars.surfaces.api.wire.parts import Id, Limit, Text


class SegmentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a segment is to be: a condition as the program language writes it, or a list."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    condition: dict[str, Any] | None = None
    """`{"if": "spent", "at_least": "100", "within_days": 90}`; nothing of a list."""
    kind: Kind = "rule"
    draft: bool = False
    """Written down, and who is in it stays as it was."""
    tells: bool | None = None
    """Whether `segment.entered` and `segment.left` tell who comes and goes; as it is where nothing
    is said, and not of a new one."""


class SegmentAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A condition to be counted before it is saved."""

    condition: dict[str, Any]
    segment: Annotated[str, Meta(max_length=40)] = ""
    """The code of the segment it is for, where there is one."""


class SegmentCounted(Struct, frozen=True):
    """How many a condition holds for at this moment."""

    members: int
    of: int
    """All active members."""
    says: str
    warns: Warned
    """`nobody` and `everybody` are seldom meant."""
    sample: list[str]
    """Some of them."""


class SegmentShown(Struct, frozen=True):
    """A segment as it is."""

    code: str
    name: str
    kind: Kind
    state: State
    """`changed`: it counts as it was saved, and a later draft waits."""
    version: int
    members: int
    """Who is in it, as of some seconds ago."""
    filled: bool
    """Its members stand by what is saved; a moment after saving they do not yet."""
    says: str
    made_at: datetime
    made_by: str
    changed_at: datetime
    tells: bool = False
    """`segment.entered` and `segment.left` tell who comes and goes."""


class SegmentRead(Struct, frozen=True):
    """A segment, its condition, and what stands on it."""

    segment: SegmentShown
    condition: dict[str, Any] | None
    """As it is saved; of a draft as it was written last."""
    draft: dict[str, Any] | None
    """What was written since."""
    used_by: list[str]
    """Segments that stand on it."""
    uses: dict[str, list[str]]
    """Everything that would keep it from being dropped: the codes of `segments` that stand on it,
    `campaigns` that go to it, `journeys` that ask for it, `offers` given to it and `choices` among
    offers made for it, none of them over."""


class SegmentsShown(Struct, frozen=True):
    """All of them, by name."""

    items: list[SegmentShown]


class InSegmentQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of members."""

    limit: Limit = 50
    cursor: Text | None = None


class InSegment(Struct, frozen=True):
    """A member in a segment, and since when."""

    member_id: str
    since: datetime


class InSegmentPage(Struct, frozen=True):
    """Some of them, and where to go on."""

    items: list[InSegment]
    has_more: bool
    next_cursor: str | None


class SegmentMovesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the latest."""

    limit: Limit = 50


class SegmentMoveShown(Struct, frozen=True):
    """Somebody came in or went out."""

    member_id: str
    at: datetime
    entered: bool
    because: Literal["told", "time"]
    """Something was booked or said of them; or a day began."""


class SegmentMovesShown(Struct, frozen=True):
    """Who came and went, the latest first."""

    items: list[SegmentMoveShown]


class ListedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Members to be put on a list, or taken off it."""

    member_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=10_000)]
    on: bool = True


class ListedDone(Struct, frozen=True):
    """How many were not so before, and how many are on it now."""

    changed: int
    listed: int


class SegmentOfMember(Struct, frozen=True):
    """A segment somebody is in."""

    segment: str
    since: datetime


class SegmentsOfMember(Struct, frozen=True):
    """The segments somebody is in."""

    items: list[SegmentOfMember]


class SegmentWhy(Struct, frozen=True):
    """Whether a condition holds for a member now, and why."""

    holds: bool
    says: str
    """The question."""
    has: Any
    """What the member has of it: money in minor units, points in units, days, a tier, an answer."""
    parts: list[SegmentWhy]
