"""How far somebody is with challenges and streaks, as it is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.records.program.parts.gaming import Challenge, Streak
from regulars.records.rewards.prizes.types import Prize


class InChallenge(Struct, frozen=True):
    """A challenge, and how far a member is with it in its period."""

    promise: Challenge
    version: int
    begins: datetime | None
    """Nothing while the period has not begun, which begins with the member."""
    ends: datetime | None
    running: int
    target: int
    times: int
    takes_part: bool
    team: InTeam | None = None
    """Of a challenge for teams: theirs, while they are in one."""


class Mate(Struct, frozen=True):
    """Somebody of a team, and what they did of it in the period."""

    called: str
    """Initials; nothing for who has no name or is gone."""
    part: int
    in_it: bool
    """Whether they are in the team still; what they did counts all the same."""
    is_self: bool


class InTeam(Struct, frozen=True):
    """The team somebody is in, and who did how much of it in the period."""

    team_id: UUID
    name: str
    code: str
    least: int
    """So much everybody does themselves to have the prize."""
    mates: list[Mate]


class InStreak(Struct, frozen=True):
    """A streak, and how long it is."""

    promise: Streak
    version: int
    length: int
    best: int
    freezes_left: int
    safe: bool
    """Whether this day, week or month has its deed already."""
    next_length: int | None
    """The next milestone that is still to be had."""


class Games(Struct, frozen=True):
    """All of it."""

    member_id: UUID
    as_of: datetime
    challenges: list[InChallenge]
    streaks: list[InStreak]
    prizes: list[Prize]
    """What they have, the oldest first; a badge is a prize with a name for it."""
