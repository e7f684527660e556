"""Where a page of a list ended, as a text that means nothing to whoever carries it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from regulars.surfaces.api.faults import BadCursor

Step = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""A number in a list; one that no list has was not made by us."""
Instant = Annotated[datetime, Meta(tz=True)]
_encode = msgspec.msgpack.Encoder().encode


def cursor_of(place: tuple[Any, ...] | None) -> str | None:
    """The cursor for a place in a list; nothing at its end."""
    if place is None:
        return None
    return urlsafe_b64encode(_encode(place)).decode().rstrip("=")


def place_of(cursor: str | None, kind: Any) -> Any:
    """The place behind a cursor, or nothing at the beginning. Faults: BadCursor."""
    if cursor is None:
        return None
    try:
        packed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return msgspec.msgpack.decode(packed, type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise BadCursor(
            "this cursor is not from this list; send next_cursor as it came", field="cursor"
        ) from None
