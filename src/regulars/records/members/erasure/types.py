"""An erasure as data: who, when, and what came too late."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

FORGOTTEN: Final = UUID(int=0)
"""Stands in `once` for the content of a request whose text was erased."""

About = Literal["activity", "member"]


class Listed(NamedTuple):
    """A name on the erasure list: the pseudonym it led to, and since when it leads nowhere."""

    member_id: UUID
    erased_at: datetime


class Late(Struct, frozen=True, omit_defaults=True):
    """Something told of an erased member, without anything personal."""

    key: UUID
    """The same thing told again has the same key."""
    member_id: UUID
    about: About
    kind: str = ""
    source: str = ""
    external_id: str = ""
    store: str = ""
    occurred_at: datetime | None = None
    amount_minor: int | None = None
    actor: str = ""


class SetAside(Struct, frozen=True):
    """Something in quarantine, and when it came."""

    quarantine_id: UUID
    late: Late
    recorded_at: datetime
