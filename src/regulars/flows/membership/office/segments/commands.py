"""What may be asked about segments, and what is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.engine.segments.listing import Line, WrongLine
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


class BringList(Struct, frozen=True):
    """Whoever a file names is put on a list, or taken off it.

    Shape: `wrong` are lines of the file that could not be read. With `partly` the others count all
    the same.
    """

    code: str
    lines: tuple[Line, ...]
    by: By
    wrong: tuple[WrongLine, ...] = ()
    adds: bool = True
    partly: bool = False

    @property
    def actor(self) -> str:
        """Who brings it."""
        return self.by.actor


class Brought(Struct, frozen=True):
    """How many were put on a list or taken off, how many are on it now, and each line that names
    nobody; not `done` where nothing was changed because of them."""

    changed: int
    listed: int
    wrong: tuple[WrongLine, ...] = ()
    done: bool = True


SegmentCommand = KeepSegment | DropSegment
SegmentOutcome = Segment | Refused | Fault
ListOutcome = Listed | Refused | Fault
BringOutcome = Brought | Refused | Fault
