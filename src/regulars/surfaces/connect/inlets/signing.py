"""Whether what comes in was sent by who has the secret: Standard Webhooks, or the secret itself."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from regulars.base.faults import Fault
from regulars.surfaces.senders.hooks.forms import secret_shown

PATH: Final = b":path"
"""Where the door writes the address that was asked, which no header can be called."""
FRESH_S: Final = 300
"""How far the sender's clock may be from ours, either way."""
LONGEST_ID: Final = 256
MOST_SIGNATURES: Final = 10
_ID: Final = re.compile(rb"[!-~]{1,256}")
_AT: Final = re.compile(rb"[0-9]{1,12}")
Headers = Mapping[bytes, bytes]


class BadSignature(Fault):
    """What came in is not signed by who has the secret, or not now."""

    code = "bad_signature"
    category = "forbidden"


def check_signature(
    secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
) -> str:
    """The sender's id of what was sent, once its signature and its time were found to be good.

    Shape: `bodies` are the bytes as they came, and as they were before they were compressed; one of
    them is what was signed.
    Order: before anything of the body is read. All signatures are compared with all secrets, in a
    time that does not depend on where they part.
    Faults: BadSignature.
    Source: https://www.standardwebhooks.com, `v1`: HMAC-SHA256 over `id.timestamp.body`.
    """
    id_, at = headers.get(b"webhook-id", b""), headers.get(b"webhook-timestamp", b"")
    if _ID.fullmatch(id_) is None or _AT.fullmatch(at) is None:
        raise BadSignature(
            "webhook-id and webhook-timestamp are missing, or are none",
            mend="Sign as Standard Webhooks has it: standardwebhooks.com",
        )
    given = _given(headers.get(b"webhook-signature", b""))
    good = False
    for body in bodies:
        for secret in secrets:
            made = hmac.digest(secret, b"%b.%b.%b" % (id_, at, body), "sha256")
            for one in given:
                good |= hmac.compare_digest(one, made)
    if not good:
        raise BadSignature(
            "the signature does not fit what was sent",
            mend="Sign the very bytes that are sent with the secret of this address",
        )
    if abs(int(now.timestamp()) - int(at)) > FRESH_S:
        raise BadSignature(
            f"it was signed more than {FRESH_S} seconds ago, or ahead of us",
            mend="Sign anew with each try, and set the sender's clock",
        )
    return id_.decode("ascii")


def check_secret(secrets: Sequence[bytes], headers: Headers) -> None:
    """Whether the secret itself stands in `Authorization`, for who cannot sign.

    Order: before anything of the body is read; compared with all secrets, in a time that does not
    depend on where they part.
    Faults: BadSignature.
    Source: RFC 6750 (`Bearer`), RFC 7617 (`Basic`: the password; the name before it is free).
    """
    scheme, _, said = headers.get(b"authorization", b"").strip().partition(b" ")
    given = said.strip() if scheme.lower() == b"bearer" else b""
    if scheme.lower() == b"basic":
        try:
            given = b64decode(said.strip(), validate=True).partition(b":")[2]
        except Error:
            given = b""
    good = False
    for secret in secrets:
        good |= hmac.compare_digest(given, secret_shown(secret).encode())
    if not good:
        raise BadSignature(
            "Authorization does not have the secret of this address",
            mend="Send it as `Authorization: Bearer whsec_…`, or as the password of a user",
        )


def _given(header: bytes) -> list[bytes]:
    """The signatures of the first version; whatever else stands there counts for nothing."""
    found = []
    for part in header.split(b" ")[:MOST_SIGNATURES]:
        version, _, text = part.partition(b",")
        if version == b"v1":
            try:
                found.append(b64decode(text, validate=True))
            except Error:
                continue
    return found
