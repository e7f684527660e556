"""What clients send about the shop, its token and groups of customers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.surfaces.connect.square.wire.sent import Cursor, Sent


class Nothing(Sent, frozen=True):
    """There is nothing to say."""


Secret = Annotated[str, Meta(max_length=1024)]
Named = Annotated[str, Meta(max_length=191)]


class TokenWanted(Sent, frozen=True):
    """A token for another one; only what is refreshed can be had."""

    client_id: Named
    grant_type: Annotated[str, Meta(min_length=10, max_length=20)]
    client_secret: Secret | None = None
    code: Named | None = None
    redirect_uri: Annotated[str, Meta(max_length=2048)] | None = None
    refresh_token: Secret | None = None
    migration_token: Secret | None = None
    scopes: list[Named] | None = None
    short_lived: bool | None = None
    code_verifier: Named | None = None
    use_jwt: bool | None = None


class TokenRevoked(Sent, frozen=True):
    """Which token ends: this one, or whichever asks."""

    client_id: Named | None = None
    access_token: Secret | None = None
    merchant_id: Named | None = None
    revoke_only_access_token: bool | None = None


class MerchantsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the list goes on; it is one page."""

    cursor: int | None = None


class GroupsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of groups."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 50
