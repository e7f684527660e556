"""Keys of things that must happen once, as 128-bit digests."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.ids import id_of

_encode = msgspec.msgpack.Encoder().encode


class Known(Struct, frozen=True):
    """What a key stands for since it was first used."""

    content: UUID
    member_id: UUID
    subject_id: UUID
    answer: bytes


def digest(*parts: str | bytes) -> UUID:
    """One number for these parts; other parts, or the same cut elsewhere, give another.

    MessagePack writes each part with its length and its type before it.
    """
    return id_of(blake2b(_encode(parts), digest_size=16).digest())


def idempotency_key(principal: str, operation: str, key: str) -> UUID:
    """The caller's own key: the same caller, operation and key are one request."""
    return digest("key", principal, operation, key)


@lru_cache(maxsize=4_096)  # asked for up to four times while a receipt's batch is decided
def natural_key(source: str, external_id: str, kind: str) -> UUID:
    """The receipt itself: a file replayed next year meets the same key (semantics B1)."""
    return digest("natural", source, external_id, kind)


class Named(Protocol):
    """What is named by its receipt and its kind, such as what a return takes back."""

    @property
    def source(self) -> str: ...
    @property
    def external_id(self) -> str: ...
    @property
    def kind(self) -> str: ...


def key_of(named: Named) -> UUID:
    """The natural key of what a return names by its receipt."""
    return natural_key(named.source, named.external_id, named.kind)
