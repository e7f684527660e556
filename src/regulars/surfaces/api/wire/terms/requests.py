"""What was asked lately, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.access.requests.types import Noted
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Limit, Text


class RequestsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests: those under one idempotency key, those that were refused, or all."""

    idempotency_key: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    outcome: Literal["all", "failed"] = "all"
    """All of them, or only those that did not do what they wanted."""
    limit: Limit = 50
    cursor: Text | None = None


class RequestShown(Struct, frozen=True):
    """A request that changed something, or wanted to. Nothing it said is kept."""

    at: datetime
    key_id: str | None
    """The API key it came with; null for the code of a pairing."""
    operation: str
    idempotency_key_begins: str
    """The first letters of its Idempotency-Key; empty where it had none."""
    status: int
    code: str | None
    """Why not; null where it was done."""
    duration_ms: int
    made: str | None
    """The id of what it made or changed, where its answer has one."""


class RequestsPage(Struct, frozen=True):
    """Requests of the last days, newest first."""

    items: list[RequestShown]
    has_more: bool
    next_cursor: str | None


def request_shown(one: Noted) -> RequestShown:
    """A request as the world sees it."""
    return RequestShown(
        at=one.at,
        key_id=shown("key", one.key_id) if one.key_id else None,
        operation=one.operation,
        idempotency_key_begins=one.key,
        status=one.status,
        code=one.code or None,
        duration_ms=one.took_ms,
        made=one.made or None,
    )
