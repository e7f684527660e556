"""One request that changed something, or wanted to: what came of it, not what it said."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

SHOWN: Final = 8
"""So many first characters of an idempotency key are kept: enough to know one's own again."""
DIGEST: Final = 8
"""Bytes of the digest of a key. Two keys of one program that share it are both shown."""


class Noted(NamedTuple):
    """A request to change something. `made` is the id of what it made; `code` says why not."""

    at: datetime
    key_id: UUID | None
    operation: str
    key: str
    """Its idempotency key, of which the first letters alone are kept; empty where it had none."""
    status: int
    code: str
    took_ms: int
    made: str = ""


class Kept(NamedTuple):
    """A request as it is kept: where its key stood are a digest and the first letters."""

    noted: Noted
    digest: bytes


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Kept]).decode


def digest_of(key: str) -> bytes:
    """By what an idempotency key is looked up: the key itself may name somebody.

    Example: a key that ends in a telephone number is found by who knows it, and read by nobody.
    """
    return sha256(key.encode()).digest()[:DIGEST] if key else b""


def packed(noted: Sequence[Noted]) -> tuple[bytes, bytes]:
    """The digests of these requests in a row, and the requests without their keys."""
    kept = [Kept(one._replace(key=one.key[:SHOWN]), digest_of(one.key)) for one in noted]
    return b"".join(one.digest for one in kept), zlib.compress(_pack(kept), 1)


def unpacked(page: bytes) -> list[Kept]:
    """The requests of a page, in the order they were answered."""
    return _unpack(zlib.decompress(page))
