"""A thing that came along, and what stands in its way."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

HadKind = Literal[
    "choice", "grant", "membership", "trial", "friend_code", "referral", "friends", "part",
    "prize", "team", "place", "taken",
]  # fmt: skip
"""`friends` is what somebody got for so many of them, `place` one in a team, `taken` a reward that
is not had twice in a short while."""


class Came(NamedTuple):
    """One thing; `name` and `at` only of a reward that was taken."""

    about: UUID
    member_id: UUID
    kind: HadKind
    name: str = ""
    at: datetime | None = None


class Place(NamedTuple):
    """Where only one thing can stand: what kind, whose, and under which words."""

    kind: HadKind
    whose: UUID
    words: str = ""
