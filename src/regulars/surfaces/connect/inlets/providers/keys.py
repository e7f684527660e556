"""Whether what comes in was signed by a provider with the private half of its own key."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from regulars.surfaces.connect.inlets.signing import BadSignature, Headers

SIGNATURE: Final = b"x-twilio-email-event-webhook-signature"
SIGNED_AT: Final = b"x-twilio-email-event-webhook-timestamp"


@lru_cache(maxsize=256)  # asked for with each request
def public_key(text: str) -> EllipticCurvePublicKey | None:
    """The key a provider shows its customer, from its base64; nothing where it is none.

    Shape: a point of P-256 as SubjectPublicKeyInfo in DER, without the lines of PEM around it.
    """
    try:
        found = load_der_public_key(b64decode("".join(text.split()), validate=True))
    except (Error, ValueError, UnsupportedAlgorithm):
        return None
    fits = isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP256R1)
    return found if fits else None  # type: ignore[return-value]


def check_provider(key: str, headers: Headers, bodies: Sequence[bytes]) -> None:
    """Nothing, where the provider's own signature is good.

    Shape: `bodies` are the bytes as they came, and as they were before they were compressed.
    Order: before anything of the body is read.
    Keeps: no clock. The provider tries again for a day and does not say whether it signs anew, and
    what is sent again is the same event, so a late one does no harm.
    Faults: BadSignature.
    Source: Twilio SendGrid, Signed Event Webhook: ECDSA with SHA-256 over timestamp and body.
    Example: one byte more or less, of the body or of the time, and it is refused.
    """
    known, at = public_key(key), headers.get(SIGNED_AT, b"")
    assert known is not None, "a mapping with a key that is none was kept"
    try:
        given = b64decode(headers.get(SIGNATURE, b""), validate=True)
    except Error:
        given = b""
    if not (given and at.isdigit() and any(_good(known, given, at + body) for body in bodies)):
        raise BadSignature(
            "the provider's own signature is missing, or does not fit what was sent",
            mend="Turn on Signed Event Webhook there, and write its key as `signed_by` here",
        )


def _good(key: EllipticCurvePublicKey, signature: bytes, said: bytes) -> bool:
    try:
        key.verify(signature, said, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
