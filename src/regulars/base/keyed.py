"""Digests that nobody can make who has not the installation's key."""

from __future__ import annotations

import hmac
from collections.abc import Callable

Keyed = Callable[[bytes], bytes]
"""A digest of 32 bytes under the key of the installation."""


def key_from(secret: bytes, use: str) -> Keyed:
    """A keyed digest (HMAC with SHA-256, RFC 2104) for one use of this secret.

    Assumes: the secret has at least 128 random bits.
    """
    own = hmac.digest(secret, use.encode(), "sha256")
    return lambda text: hmac.digest(own, text, "sha256")


def digest_of(keyed: Keyed, what: str, *parts: str | bytes) -> bytes:
    """The keyed digest of several texts, each of which counts where it stands."""
    raw = [part.encode() if isinstance(part, str) else part for part in (what, *parts)]
    # Each with its length, so that no two lists of texts are one.
    return keyed(b"".join(len(one).to_bytes(4, "big") + one for one in raw))


def same(one: str, other: str) -> bool:
    """Whether two secret texts are one, told in a time that does not depend on where they part."""
    return hmac.compare_digest(one.encode(), other.encode())
