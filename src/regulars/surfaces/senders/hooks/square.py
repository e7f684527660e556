"""How events are written and signed for clients that were built for Square."""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from regulars.records.outbox.hooks.types import Sending, Try

SIGNATURE: Final = "x-square-hmacsha256-signature"
_encode = msgspec.json.Encoder(order="deterministic").encode
_TOO_LATE: Final = ("no answer within", "did not answer in time", "no connection within")


def signature_key_of(secret: bytes) -> str:
    """A secret as such receivers keep it: a text, whose bytes sign."""
    return urlsafe_b64encode(secret).decode().rstrip("=")


def square_signature(key: str, url: str, body: bytes) -> str:
    """The signature of a body that goes to this address.

    Source: Square's own clients, `webhooks_helper.verify_signature`.
    """
    return b64encode(hmac.digest(key.encode(), url.encode() + body, "sha256")).decode()


def square_body(source: str, type_: str, event_id: str, at: datetime, says: Any) -> bytes:
    """A body: of one event always the same bytes."""
    return _encode(
        {
            "merchant_id": source,
            "type": type_,
            "event_id": event_id,
            "created_at": square_instant(at),
            "data": {"type": "loyalty", **says},
        }
    )


def square_instant(at: datetime) -> str:
    """An instant to the millisecond, as `2026-03-02T12:00:00.000Z`."""
    assert at.tzinfo is not None, at
    at = at.astimezone(UTC)
    return f"{at.strftime('%Y-%m-%dT%H:%M:%S')}.{at.microsecond // 1000:03d}Z"


def square_headers(
    key: str, url: str, body: bytes, before: Sequence[Try] = ()
) -> list[tuple[str, str]]:
    """What stands above a body; after tries in vain also since when, how often, and why."""
    headers = [("Content-Type", "application/json"), (SIGNATURE, square_signature(key, url, body))]
    if before:
        headers += [
            ("square-initial-delivery-timestamp", square_instant(before[0].tried_at)),
            ("square-retry-number", str(len(before))),
            ("square-retry-reason", _why(before[-1])),
        ]
    return headers


def _why(tried: Try) -> str:
    if tried.status is not None:
        return "http_error"
    if any(words in tried.reason for words in _TOO_LATE):
        return "http_timeout"
    return "ssl_error" if "TLS" in tried.reason else "other_error"


def event_id_of(sending: Sending) -> str:
    """The id of an event, as such receivers know it: the same for each try."""
    return str(sending.event.event_id)
