"""An import as data: its parts, its lanes, a line that waits, and a slip."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

LANES: Final = 32
"""All lines of one member are in one lane, so lanes can be booked side by side."""


class Part(IntEnum):
    """What lines tell of, in the order in which it is booked."""

    MEMBERS = 1
    IDENTIFIERS = 2
    CONSENTS = 3
    TIERS = 4
    LOTS = 5
    ACTIVITIES = 6
    BALANCES = 7
    """Only checked against the lots; where a file has no lots, each balance becomes one."""
    DEBTS = 8
    """After everything else, so that nothing that is brought over pays what was owed there."""
    LIMITS = 9
    PROGRESS = 10
    STOCK = 11
    CODES = 12
    HAD = 13


class Import(Struct, frozen=True):
    """A set of files that is being brought over, or was."""

    import_id: UUID
    fingerprint: bytes
    files: str
    mapping: str
    totals: dict[str, Any]
    begun_at: datetime
    done_at: datetime | None = None


class Moved(NamedTuple):
    """Whether something is being brought over now, and when the last time began that what members
    had elsewhere was: points, counts or things, and not activities alone."""

    going_on: bool
    last: datetime | None


class Brought(Struct, frozen=True):
    """An import as its record says it: which files, when, and what became of their lines."""

    import_id: UUID
    files: str
    mapping: str
    begun_at: datetime
    done_at: datetime | None
    taken: int
    known: int
    left_out: int
    rows: int
    undoing: bool = False
    """Somebody asked for it to be taken back."""
    undone_at: datetime | None = None


class StagedLine(NamedTuple):
    """A line that was read, with what it is ordered, checked and added up by."""

    file: int
    line: int
    part: int
    lane: int
    member_key: UUID
    at: datetime | None
    """When it happened; since when a tier is had, points count or a debt is owed."""
    key: UUID | None
    """What must happen once: the receipt, the lot, the member's tier."""
    sale_key: UUID | None
    """Of a return the sale; of a lot without a number its key before all alike were counted."""
    content: UUID | None
    label: str
    """What it is added up under: a wallet, a tier, a kind, a channel and its state."""
    units: int
    """What is added up; of a tier 1 where the program's rule gives its end."""
    ends: datetime | None
    ref_kind: str
    ref_value: str
    packed: bytes


class StagedName(NamedTuple):
    """What a member of the files is found by."""

    file: int
    line: int
    part: int
    member_key: UUID
    kind: str
    value: str


class Slip(NamedTuple):
    """What is wrong with a line, and what to write instead; or that the mistake is ours."""

    file: str
    line: int
    column: str
    wrong: str
    mend: str
    report: str = ""
    """Under which the log tells of a mistake of ours; nothing is wrong with the line then."""


class Lane(NamedTuple):
    """How far a lane is, and what became of its lines."""

    part: int
    lane: int
    rows: int
    place: int
    taken: int
    known: int
    left_out: int


class WaitingLine(Struct, frozen=True, gc=False):
    """A line that waits to be booked."""

    place: int
    member_key: UUID
    file: int
    line: int
    packed: bytes
