"""Instants, short ids and money as clients of the Square API write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.base.money import LARGEST
from regulars.surfaces.connect.square.errors import Wrong

_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})\Z", re.ASCII
)


class MoneyTold(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount in minor units: 1250 of USD are 12.50 dollars."""

    amount: Annotated[int, Meta(ge=0, le=LARGEST)]
    currency: Annotated[str, Meta(min_length=3, max_length=3)]


def instant(at: datetime) -> str:
    """An instant as text: `2026-03-02T12:00:00.250Z`, 24 characters."""
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"


def instant_meant(text: str, field: str) -> datetime:
    """The instant that is meant. Faults: Wrong at the field."""
    try:
        if _INSTANT.match(text) is None:
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        says = "this is not an instant; write it as 2026-03-02T12:00:00Z"
        raise Wrong(says, code="INVALID_TIME", field=field) from None
