"""A member whose further ladder somebody looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Looked(NamedTuple):
    """When a member's ladder is looked at next, by which terms, and of which end they were told."""

    member_id: UUID
    ladder: str
    version: int
    look_at: datetime
    told_of: datetime | None = None


class Due(NamedTuple):
    """A member whose ladder is to be looked at now, and of which end they were told."""

    member_id: UUID
    ladder: str
    told_of: datetime | None


class Asked(NamedTuple):
    """Of what terms, and up to when, members are looked for; who has credit under one of these
    counters of a ladder and was never looked at is due as well."""

    version: int
    upto: datetime
    counters: Mapping[int, str]
    but: Sequence[UUID]
