"""Somebody who wants a reference, and a member who might give one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

RequestState = Literal["open", "asked", "given", "withdrawn"]
Wanted = bool | int | str
LONGEST_PROSPECT: Final = 120
MOST_WANTS: Final = 10
MOST_MATCHES: Final = 10
"""So many members are proposed at once."""


class ReferenceRequest(Struct, frozen=True):
    """A prospect who wants to hear from a member with these attributes."""

    request_id: UUID
    prospect: str
    wants: Mapping[str, Wanted]
    state: RequestState
    made_at: datetime
    made_by: str
    member_id: UUID | None = None
    """Who is asked, or gave it, as whom they stand now."""
    ended_at: datetime | None = None
    ended_by: str = ""


class Match(Struct, frozen=True):
    """A member who agreed to be asked and has what is wanted; how often they were asked."""

    member_id: UUID
    asked: int
    asked_at: datetime | None
    """When last."""


class Agreed(Struct, frozen=True):
    """Whether prospects may ask a member, and since when."""

    member_id: UUID
    agrees: bool
    agreed_at: datetime | None = None
