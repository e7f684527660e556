"""As whom notices are sent to devices: a key of this installation that push services know it by."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from msgspec import Struct

LASTS: Final = timedelta(hours=12)
"""So long one word of ours is good; a push service takes none for more than a day (RFC 8292, 2)."""
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has: a private key is below it."""


class Vapid(Struct, frozen=True):
    """The key, what browsers are given of it, and whom a push service may write to."""

    private: ECKey
    public: str
    """The public point, uncompressed, in base64url: `applicationServerKey` of a subscription."""
    contact: str

    def __repr__(self) -> str:
        return f"Vapid({self.public})"


def vapid_from(secret: str, contact: str) -> Vapid:
    """The key that belongs to this secret of the installation: always the same.

    Source: FIPS 186-5, A.2.1 (64 bits more than needed, reduced): each key is as likely.
    """
    bits = HKDF(SHA256(), 40, None, b"regulars: notices on devices").derive(secret.encode())
    key = derive_private_key(int.from_bytes(bits, "big") % (_ORDER - 1) + 1, SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Vapid(ECKey.import_key(key), _plain(point), contact)


def authorization(vapid: Vapid, endpoint: str, now: datetime) -> str:
    """What a request to this push service proves us by.

    Source: RFC 8292, 2 and 3: `aud` is the origin of the address, nothing of its path.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + LASTS).timestamp()),
        "sub": vapid.contact,
    }
    signed = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, vapid.private)
    return f"vapid t={signed}, k={vapid.public}"


def _plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
