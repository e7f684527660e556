"""API keys on the wire; the key itself is shown once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.access.types import ApiKey, Mode, Scope
from regulars.surfaces.api.strict.ids import shown

Origin = Annotated[str, Meta(min_length=1, max_length=200)]


class KeySent(Struct, frozen=True, forbid_unknown_fields=True):
    """A key is wanted: by which name to know it again, and what it may do."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=20)]
    mode: Mode = "live"
    partner: Annotated[str, Meta(max_length=40)] = ""
    """With the scope `partners:tell`: the only partner it tells for and sees anything of."""
    origins: Annotated[tuple[Origin, ...], Meta(max_length=20)] = ()
    """With the scope `shop`: where the pages of the web shop come from."""
    per_minute: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    """Requests a minute it may send, counted by each web process; null for as many as it likes."""


class KeyShown(Struct, frozen=True):
    """A key: everything but the key itself."""

    id: str
    name: str
    scopes: list[str]
    mode: Mode
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    origins: list[str] = []
    """Of the public key of a web shop: where its pages come from."""
    key: str | None = None
    """Of the public key of a web shop alone: the key, which everybody may read."""
    per_minute: int | None = None
    """Requests a minute it may send; null for as many as it likes."""


class KeyMade(Struct, frozen=True):
    """A new key. `key` is shown now and never again; keep it where only its user can read it.

    It is null when this is the answer to a request that was sent again.
    """

    id: str
    key: str | None
    name: str
    scopes: list[str]
    mode: Mode
    created_at: datetime


class KeysShown(Struct, frozen=True):
    """All keys of the program, oldest first."""

    items: list[KeyShown]


class OriginsSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages of a web shop come from, from now on."""

    origins: Annotated[tuple[Origin, ...], Meta(min_length=1, max_length=20)]


class KeyRevoked(Struct, frozen=True):
    """A key that opens nothing any more, and since when."""

    id: str
    revoked_at: datetime


def key_shown(key: ApiKey) -> KeyShown:
    """A key as the world sees it."""
    return KeyShown(
        id=shown("key", key.key_id),
        name=key.name,
        scopes=sorted(key.scopes),
        mode=key.mode,
        created_at=key.created_at,
        created_by=key.created_by,
        revoked_at=key.revoked_at,
        origins=list(key.origins),
        key=key.shown or None,
        per_minute=key.per_minute or None,
    )
