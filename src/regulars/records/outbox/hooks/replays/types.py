"""What is to be sent to a hook once more, and how far it came."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Piece(NamedTuple):
    """Positions of one member's line, the last one left out; whole when it reaches to where the
    line is to begin."""

    member_id: UUID
    first: int
    below: int
    whole: bool


class Within(NamedTuple):
    """A line that takes several portions: where it is to begin, and down to where it is moved."""

    member_id: UUID
    first: int
    below: int


class Replay(NamedTuple):
    """What is to be sent once more, and how far that came."""

    since: datetime
    after_id: UUID
    within: Within | None
    moved: int


class Kept(NamedTuple):
    """A line: up to where it is planned, and its first event since then; perhaps none."""

    member_id: UUID
    planned: int
    first: int | None
