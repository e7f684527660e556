"""A notice encrypted for the one browser that may read it."""

from __future__ import annotations

import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES: Final = 16
RECORD_BYTES: Final = 4096
"""As long as the one record could be; said in its head (RFC 8188, 2.1)."""
_LAST: Final = b"\x02"
"""Ends the text of the last record (RFC 8188, 2)."""


def sealed(text: bytes, receives: bytes, secret: bytes) -> bytes:
    """This, for the one browser alone: a key pair and a salt of its own each time.

    Shape: `receives` is its point on P-256, uncompressed; `secret` its 16 bytes. Raises:
    ValueError for a key that is no point. Source: RFC 8291 with one record of RFC 8188.
    """
    return sealed_by(
        generate_private_key(SECP256R1()), os.urandom(SALT_BYTES), text, receives, secret
    )


def sealed_by(
    own: EllipticCurvePrivateKey, salt: bytes, text: bytes, receives: bytes, secret: bytes
) -> bytes:
    """The same by this key pair and this salt, which serve one notice and no other."""
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), receives)
    shared = own.exchange(ECDH(), point)
    # RFC 8291, 3.4: both public keys are bound to what comes of them.
    keyed = _derived(shared, secret, b"WebPush: info\x00" + receives + public, 32)
    key = _derived(keyed, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(keyed, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, text + _LAST, None)


def _derived(secret: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(secret)
