"""What may be asked about segments, and what is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.program.changes.segments.types import Kind, Segment


class KeepSegment(Struct, frozen=True):
    """A segment is to be like this; the condition as plain values, none of a list.

    Order: a draft changes nothing of who is in it; saved, it counts from now on.
    """

    code: str
    name: str
    by: By
    condition: Any = None
    kind: Kind = "rule"
    draft: bool = False
    tells: bool | None = None
    """Whether other systems hear who comes and goes; as it is where nothing is said."""


class DropSegment(Struct, frozen=True):
    """A segment nobody needs any more is gone, with who was in it."""

    code: str
    by: By


class ListMembers(Struct, frozen=True):
    """These members are put on a list, or taken off it."""

    code: str
    member_ids: tuple[UUID, ...]
    by: By
    adds: bool = True


class Listed(Struct, frozen=True):
    """How many were put on it or taken off, and how many are on it now."""

    changed: int
    listed: int


SegmentCommand = KeepSegment | DropSegment
SegmentOutcome = Segment | Refused | Fault
ListOutcome = Listed | Refused | Fault
