"""What a till signs, and how it is proved: ECDSA P-256 over SHA-256, as browsers do it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import digest as keyed_digest
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from regulars.base.ids import id_of

_SIGNATURE_BYTES: Final = 64
_LOOKUP_BYTES: Final = 16


def public_key(raw: bytes) -> bytes | None:
    """The point of this key, 65 bytes; nothing where it is no P-256 key in `raw` or `spki` form."""
    try:
        if len(raw) == 65:
            key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
        else:
            key = load_der_public_key(raw)  # type: ignore[assignment]
    except Exception:
        return None
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        return None
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_signed(point: bytes, signed: str, signature: bytes) -> bool:
    """Whether the holder of this key signed this text; `signature` is r and s, 32 bytes each."""
    if len(signature) != _SIGNATURE_BYTES:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    try:
        key.verify(encode_dss_signature(r, s), signed.encode(), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def hash_of(signed: str) -> bytes:
    """The hash of a record, which the next one names as `previous`."""
    return sha256(signed.encode()).digest()


def first_previous(till_id: UUID) -> bytes:
    """What the first record of a till names as the one before."""
    return sha256(f"til_{till_id.hex}".encode()).digest()


def record_id(till_id: UUID, signed: str, forged: bytes | None = None) -> UUID:
    """The id of a record: of its till and its text, so that the same one has the same id.

    One whose signature is wrong (`forged`) has another, so that it never stands for the true one.
    """
    return id_of(sha256(till_id.bytes + hash_of(signed) + (forged or b"")).digest()[:16])


def lookup(key: bytes, name: str) -> str:
    """A name under a till's own key: the till finds who is typed in, and reads no names.

    Example: of `phone:+4930901820`, 22 characters.
    """
    return plain(keyed_digest(key, name.encode(), "sha256")[:_LOOKUP_BYTES])


def plain(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes | None:
    """The bytes behind base64url, padded or not; nothing where it is none."""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        return None
