"""By which password we come in at a broker: encrypted where it is kept."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.base.keyed import Keyed, digest_of

NONCE: Final = 12


class KeysElsewhere(Exception):
    """This password was encrypted by another installation, or for another broker or account."""


class Door(str):
    """Where a password opens: a program, a broker and an account, as one text."""

    __slots__ = ()


def door(program_id: int, url: str, account: str) -> Door:
    """The broker at this address, for who is known by this name there."""
    return Door(f"{program_id}\n{url}\n{account}")


def sealed(keyed: Keyed, at: Door, secret: str, nonce: bytes) -> bytes:
    """A password as it is kept: 12 bytes of chance, then AES-256-GCM under a key of its own door.

    Keeps: whoever moves the row to another broker, account or program opens nothing there.
    """
    key, about = _key(keyed, at)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), about)


def opened(keyed: Keyed, at: Door, kept: bytes) -> str:
    """The password; none where none is kept. Raises: KeysElsewhere."""
    if not kept:
        return ""
    key, about = _key(keyed, at)
    try:
        return AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], about).decode()
    except (InvalidTag, ValueError) as why:
        raise KeysElsewhere from why


def _key(keyed: Keyed, at: Door) -> tuple[bytes, bytes]:
    about = at.encode()
    return digest_of(keyed, "broker keys", about), about
