"""How the body of an event is written, and how it is signed."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct

from regulars.records.night.sandbox.types import APART
from regulars.records.outbox.events.catalogue import outward
from regulars.records.outbox.hooks.types import CLOUDEVENTS, SQUARE, STANDARD, Sending, Try
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.senders.hooks.square import (
    event_id_of,
    signature_key_of,
    square_body,
    square_headers,
)

SECRET_PREFIX: Final = "whsec_"
_encode = msgspec.json.Encoder(order="deterministic").encode


class Signing(Struct, frozen=True):
    """What is signed with: the secrets that are good now, newest first; where it goes; when."""

    secrets: Sequence[bytes]
    url: str
    at: datetime
    before: Sequence[Try] = ()
    """The tries in vain until now."""


class Form(Protocol):
    """How a receiver wants its events: one class for each form, and hooks name it."""

    def body(self, sending: Sending, source: str) -> bytes:
        """What is sent: always the same bytes for the same event; `source` names the program."""

    def headers(self, sending: Sending, body: bytes, signing: Signing) -> list[tuple[str, str]]:
        """What stands above it, with its signature."""


def told(sending: Sending) -> dict[str, Any]:
    """What an event says, apart from its envelope."""
    event = sending.event
    return {
        "member_id": shown("mem", event.member_id),
        "sequence": event.sequence,
        "epoch": sending.epoch,
        "position": sending.position,
        "details": outward(event.type, msgspec.json.decode(event.payload)),
    }


def is_test(source: str) -> bool:
    """Whether it comes from a sandbox, whose name stands behind its program's."""
    return APART in source


def written_at(at: datetime) -> str:
    """An instant as receivers read it: RFC 3339 in UTC, to the microsecond."""
    assert at.tzinfo is not None, at
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Standard:
    """The body of Standard Webhooks: `type`, `timestamp`, `data`."""

    def body(self, sending: Sending, source: str) -> bytes:
        """Source: https://www.standardwebhooks.com, payload structure."""
        event = sending.event
        return _encode(
            {
                "type": event.type,
                "timestamp": written_at(event.recorded_at),
                "data": told(sending),
                **({"test": True} if is_test(source) else {}),
            }
        )

    def headers(self, sending: Sending, body: bytes, signing: Signing) -> list[tuple[str, str]]:
        """The id, the time of this try, and a signature for each secret that is good."""
        return [
            ("Content-Type", "application/json"),
            epoch_header(sending),
            *standard_headers(shown("evt", sending.event.event_id), body, signing),
        ]


class CloudEvents:
    """The structured form of CloudEvents 1.0, signed as Standard Webhooks has it."""

    def body(self, sending: Sending, source: str) -> bytes:
        """Source: CloudEvents 1.0.2, JSON event format."""
        event = sending.event
        return _encode(
            {
                "specversion": "1.0",
                "id": shown("evt", event.event_id),
                "source": f"urn:regulars:{source}",
                "type": f"regulars.{event.type}",
                "subject": shown("mem", event.member_id),
                "epoch": str(sending.epoch),
                "time": written_at(event.recorded_at),
                "datacontenttype": "application/json",
                "data": told(sending),
                **({"regularstest": True} if is_test(source) else {}),
            }
        )

    def headers(self, sending: Sending, body: bytes, signing: Signing) -> list[tuple[str, str]]:
        """As the standard form has them, with the content type of CloudEvents."""
        return [
            ("Content-Type", "application/cloudevents+json; charset=utf-8"),
            epoch_header(sending),
            *standard_headers(shown("evt", sending.event.event_id), body, signing),
        ]


class Square:
    """Events in the words of the Square API, signed as clients of it verify them."""

    def body(self, sending: Sending, source: str) -> bytes:
        """Source: https://developer.squareup.com/docs/webhooks/v2-events-tech-ref."""
        event, says = sending.event, msgspec.json.decode(sending.event.payload)
        return square_body(source, event.type, event_id_of(sending), event.recorded_at, says)

    def headers(self, sending: Sending, body: bytes, signing: Signing) -> list[tuple[str, str]]:
        """One signature, by the newest secret, as there is room for no other."""
        key = signature_key_of(signing.secrets[0])
        return square_headers(key, signing.url, body, signing.before)


FORMS: Final[Mapping[str, Form]] = {
    STANDARD: Standard(),
    CLOUDEVENTS: CloudEvents(),
    SQUARE: Square(),
}


def epoch_header(sending: Sending) -> tuple[str, str]:
    """In which life of the house its position was given; the same stands in the body."""
    return ("regulars-epoch", str(sending.epoch))


def standard_headers(id_: str, body: bytes, signing: Signing) -> list[tuple[str, str]]:
    """The three headers of Standard Webhooks.

    The time is whole seconds since 1970 of the instant itself, whatever zone it is written in; an
    instant without a zone is a bug, as it would sign another time.
    Example: `webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=`.
    """
    assert signing.at.tzinfo is not None, signing.at
    at = str(int(signing.at.timestamp()))
    signed = f"{id_}.{at}.".encode() + body
    marks = [
        f"v1,{b64encode(hmac.digest(secret, signed, 'sha256')).decode()}"
        for secret in signing.secrets
    ]
    return [
        ("webhook-id", id_), ("webhook-timestamp", at), ("webhook-signature", " ".join(marks)),
    ]  # fmt: skip


def secret_shown(secret: bytes) -> str:
    """A secret as receivers keep it: `whsec_` and base64."""
    return SECRET_PREFIX + b64encode(secret).decode()


def secret_as(form: str, secret: bytes) -> str:
    """A secret as receivers of this form keep it."""
    return signature_key_of(secret) if form == SQUARE else secret_shown(secret)
