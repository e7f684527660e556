"""What members buy from next: the attribute it is said as, and the run that reckoned it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

ATTRIBUTE: Final = "value-category"
"""As what rules ask for it."""


class CategoryRun(Struct, frozen=True):
    """A week's reckoning: of how many members, by which way ("" for none), how good it was."""

    as_of: date
    at: datetime
    members: int
    version: str
    found: dict[str, Any]


class Stretch(Struct, frozen=True):
    """Of all members behind `after` and up to `upto` these buy from these next, the others from
    nothing that could be said."""

    after: UUID
    upto: UUID
    said: dict[UUID, str]
