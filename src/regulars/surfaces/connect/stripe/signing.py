"""Whether an event was signed by Stripe, lately, with the secret it gave this address."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from regulars.surfaces.connect.inlets.signing import (
    FRESH_S,
    MOST_SIGNATURES,
    BadSignature,
    Headers,
)

SIGNATURE: Final = b"stripe-signature"
LONGEST_HEADER: Final = 4_096
_AT: Final = re.compile(rb"[0-9]{1,12}")


def check_stripe(
    secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
) -> None:
    """The signature is Stripe's and five minutes old at most. Faults: BadSignature.

    Order: before anything of the body is read; all signatures are compared with all secrets, in a
    time that does not depend on where they part. While a secret is rolled Stripe signs with both.
    Source: https://docs.stripe.com/webhooks/signature, `v1`: the hexadecimal HMAC-SHA256 over
    `timestamp.body`.
    """
    if not secrets:
        raise BadSignature(
            "nobody entered the signing secret of Stripe here",
            mend="Copy it in Stripe from the endpoint with this address: whsec_…",
        )
    at, given = _parts(headers.get(SIGNATURE, b""))
    good = False
    for body in bodies:
        for secret in secrets:
            made = hmac.new(secret, b"%b.%b" % (at, body), "sha256").hexdigest().encode()
            for one in given:
                good |= hmac.compare_digest(one, made)
    if not good or not at:
        raise BadSignature(
            "Stripe-Signature is missing, or does not fit what was sent",
            mend="Enter the signing secret of the endpoint with this address: whsec_…",
        )
    if abs(int(now.timestamp()) - int(at)) > FRESH_S:
        raise BadSignature(
            f"it was signed more than {FRESH_S} seconds ago, or ahead of us",
            mend="Sign anew with each try, and set the clock",
        )


def _parts(header: bytes) -> tuple[bytes, list[bytes]]:
    """When it was signed, and the signatures of the first version."""
    at, given = b"", list[bytes]()
    for part in header[:LONGEST_HEADER].split(b","):
        name, _, said = part.strip().partition(b"=")
        if name == b"t" and _AT.fullmatch(said) is not None:
            at = said
        elif name == b"v1" and len(given) < MOST_SIGNATURES:
            given.append(said)
    return at, given
