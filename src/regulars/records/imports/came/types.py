"""A thing that came along, and what stands in its way."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

HadKind = Literal[
    "choice", "grant", "membership", "trial", "friend_code", "referral", "friends", "part",
    "prize", "team", "place", "taken", "household", "tier", "spent",
]  # fmt: skip
"""`friends` is what somebody got for so many of them, `place` one in a team, `taken` a reward that
is not had twice in a short while, `household` one with all who belong to it, `tier` one given by
hand, `spent` what somebody took whose spending is limited."""


class Came(NamedTuple):
    """One thing; `name` and `at` only of a reward that was taken, and of a wallet of which so many
    `units` were spent."""

    about: UUID
    member_id: UUID
    kind: HadKind
    name: str = ""
    at: datetime | None = None
    units: int | None = None


class Place(NamedTuple):
    """Where only one thing can stand: what kind, whose, and under which words."""

    kind: HadKind
    whose: UUID
    words: str = ""
