"""By which keys we come in where files lie: encrypted where they are kept."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from regulars.base.keyed import Keyed, digest_of

NONCE: Final = 12
_encode = msgspec.msgpack.Encoder().encode


class FeedKeys(Struct, frozen=True):
    """What is secret of a place: a password or a private key, or the secret of an access key."""

    secret: str = ""
    private_key: str = ""
    """PEM or OpenSSH; `secret` opens it where it is locked."""

    def __repr__(self) -> str:
        return "FeedKeys(…)"


_decode = msgspec.msgpack.Decoder(FeedKeys).decode


class KeysElsewhere(Exception):
    """These keys were encrypted by another installation, or for another place."""


def sealed(keyed: Keyed, place: tuple[int, UUID], keys: FeedKeys, nonce: bytes) -> bytes:
    """The keys as they are kept: 12 bytes of chance, then AES-256-GCM under a key of its own place.

    Keeps: neither a row moved to another source nor one of another program can be opened there.
    """
    key, about = _key(keyed, place)
    return nonce + AESGCM(key).encrypt(nonce, _encode(keys), about)


def opened(keyed: Keyed, place: tuple[int, UUID], kept: bytes) -> FeedKeys:
    """The keys; none where none are kept. Raises: KeysElsewhere."""
    if not kept:
        return FeedKeys()
    key, about = _key(keyed, place)
    try:
        return _decode(AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], about))
    except (InvalidTag, ValueError) as why:
        raise KeysElsewhere from why


def _key(keyed: Keyed, place: tuple[int, UUID]) -> tuple[bytes, bytes]:
    program_id, inlet_id = place
    about = str(program_id).encode() + b" " + inlet_id.bytes
    return digest_of(keyed, "feed keys", about), about
