"""How a key is spelled: `reg_live_` or `reg_test_`, 160 secret bits, and a sum over them.

A public key of a web shop is spelled alike and begins with `reg_shop_`, so that nobody takes one
for the other.
"""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import sha256
from typing import Literal, NamedTuple
from zlib import crc32

from regulars.records.access.types import Mode

SECRET_BYTES = 20

_KEY = re.compile(r"(reg_(?:live|test|shop)_[a-z2-7]{32})([a-z2-7]{7})")


class MadeKey(NamedTuple):
    """A key to be shown once, and the digest by which it is known from then on."""

    shown: str
    hash: bytes


def make_key(kind: Mode | Literal["shop"], random_bytes: bytes) -> MadeKey:
    """A key from twenty random bytes. It is shown once; only its digest is kept.

    Assumes: the bytes are random and used for nothing else. 160 random bits need no slow digest.
    """
    assert len(random_bytes) == SECRET_BYTES, len(random_bytes)
    body = f"reg_{kind}_{_letters(random_bytes)}"
    shown = body + _sum(body)
    return MadeKey(shown, key_hash(shown))


def is_whole(shown: str) -> bool:
    """Whether this was once a key of ours, unknown or not: no letter is wrong or missing."""
    parts = _KEY.fullmatch(shown)
    return parts is not None and _sum(parts[1]) == parts[2]


def key_hash(shown: str) -> bytes:
    """The digest under which a key is kept and looked up."""
    return sha256(shown.encode()).digest()


def _sum(body: str) -> str:
    return _letters(crc32(body.encode()).to_bytes(4, "big"))


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()
