"""The keys by which a shop lets itself be asked: encrypted where they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from regulars.base.keyed import Keyed, digest_of

NONCE: Final = 12
_encode = msgspec.msgpack.Encoder().encode


class ShopKeys(Struct, frozen=True):
    """What a shop gave for being asked."""

    key: str
    secret: str
    before: str = ""
    """The secret before this one, of a shop that signs by it."""
    until: datetime | None = None
    """So long that one is good, too."""

    client: str = ""
    """Where somebody else signs for the shop: as what they know it."""
    token_address: str = ""
    """Where an app fetches the tokens by which it asks; key and secret are its client there."""
    refresh: str = ""
    """By what it fetches them, where a user there gave it that once."""

    consumer: str = ""
    """Of a shop that wants to be asked by signed requests: whose they are, beside the token."""
    consumer_secret: str = ""
    token_secret: str = ""
    """The two secrets they are signed by."""

    def __repr__(self) -> str:
        return "ShopKeys(…)"


_decode = msgspec.msgpack.Decoder(ShopKeys).decode


def signing(keys: ShopKeys, now: datetime) -> tuple[bytes, ...]:
    """By which secrets the shop may have signed, the newest first.

    Keeps: nothing is no secret. Anybody could sign by it, until one was entered.
    """
    good = [keys.secret] if keys.secret else []
    if keys.before and keys.until is not None and now < keys.until:
        good.append(keys.before)
    return tuple(one.encode() for one in good)


class NotOpened(Exception):
    """These keys were encrypted by another installation, or for another place."""


def sealed(keyed: Keyed, place: tuple[int, UUID], keys: ShopKeys, nonce: bytes) -> bytes:
    """The keys as they are kept: 12 bytes of chance, then AES-256-GCM under a key of its own place.

    Keeps: neither a row moved to another shop nor one of another program can be opened there.
    """
    key, about = _key(keyed, place)
    return nonce + AESGCM(key).encrypt(nonce, _encode(keys), about)


def opened(keyed: Keyed, place: tuple[int, UUID], kept: bytes) -> ShopKeys:
    """The keys. Raises: NotOpened."""
    key, about = _key(keyed, place)
    try:
        return _decode(AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], about))
    except (InvalidTag, ValueError) as why:
        raise NotOpened from why


def _key(keyed: Keyed, place: tuple[int, UUID]) -> tuple[bytes, bytes]:
    program_id, inlet_id = place
    about = str(program_id).encode() + b" " + inlet_id.bytes
    return digest_of(keyed, "shop keys", about), about
