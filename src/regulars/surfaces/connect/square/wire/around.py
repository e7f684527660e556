"""What clients send about the shop, its token and groups of customers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.surfaces.connect.square.wire.sent import Cursor, Sent


class Nothing(Sent, frozen=True):
    """There is nothing to say."""


class MerchantsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the list goes on; it is one page."""

    cursor: int | None = None


class GroupsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of groups."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 50
