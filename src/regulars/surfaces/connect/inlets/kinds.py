"""How what comes in is written: one class for each kind, and inlets name it.

A kind judges whether what came is the sender's own (`check`), and takes it apart into events
(`events`); all later steps are the same for every kind. An integration of one vendor is a further
kind with its own signature, in its own folder.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import unquote_to_bytes

import msgspec

from regulars.base.faults import Fault, Invalid
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.types import Arrival
from regulars.records.once.types import digest
from regulars.surfaces.api.faults import Malformed, WrongMediaType
from regulars.surfaces.api.strict.bodies import require_json, scan, scan_as
from regulars.surfaces.connect.inlets.places.values import LONGEST_TEXT
from regulars.surfaces.connect.inlets.signing import Headers, check_secret, check_signature
from regulars.surfaces.connect.moving.wrong import Wrong

WEBHOOK: Final = "webhook"
CLOUDEVENTS: Final = "cloudevents"
LETTERS: Final = "letters"
FILES: Final = "files"
STREAM: Final = "stream"
STRUCTURED: Final = b"application/cloudevents+json"
BATCH: Final = b"application/cloudevents-batch+json"
MOST_EVENTS: Final = 500
"""Of one batch."""
LONGEST_ATTRIBUTE: Final = 1024
_NAME: Final = re.compile(rb"ce-([a-z0-9]{1,20})")
_SAID_BY: Final = ("type", "event", "RecordType")
"""Where providers say what happened, for whoever looks at the list."""
_NEEDED: Final = ("id", "source", "type")
_CHARSETS: Final = (b"", b"charset=utf-8", b'charset="utf-8"', b"charset=utf8")
# Numbers stay as they were written, so that 403.00 is not rounded on its way.
_decode: Final = msgspec.json.Decoder(float_hook=str).decode
_slices: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


class Post(NamedTuple):
    """What came in one request, once it was found to be the sender's own."""

    id: str
    """The sender's id of it, which is signed."""
    headers: Headers
    body: bytes
    at: str = ""
    """Where it came in, without the name before it and with the question behind it."""


class Kind(Protocol):
    """How one kind of sender signs and writes."""

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """The sender's id of what came. Faults: BadSignature."""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """The events in it, each with what makes it the same one when it comes again.

        Faults: what is no event at all, so that its sender hears of it.
        """


class Webhook:
    """Any JSON object: one event, known by the id it was signed with."""

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """As Standard Webhooks has it."""
        return check_signature(secrets, headers, bodies, now)

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        found = object_of(post.body)
        key, type_ = ("webhook", post.id), _short_type(found.get("type"))
        return (sent_of(key, type_, post.id, Told(found, post.body)),)


class CloudEvents:
    """CloudEvents 1.0: structured, in a batch, or binary; signed as Standard Webhooks has it.

    Structured events are known by their source and id, which are signed with the body. In binary
    mode they stand in headers, which no signature covers: such an event is known by the id it was
    signed with, so that another header makes no second one of it (ADR 0504).
    """

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """As Standard Webhooks has it."""
        return check_signature(secrets, headers, bodies, now)

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event, or those of a batch."""
        kind, _, rest = (post.headers.get(b"content-type") or b"").lower().partition(b";")
        if kind.strip() in (STRUCTURED, BATCH) and rest.strip() not in _CHARSETS:
            raise WrongMediaType("send CloudEvents in UTF-8")
        if kind.strip() == STRUCTURED:
            scan(post.body)
            return (_structured(post.body, ""),)
        if kind.strip() == BATCH:
            scan(post.body)
            return _batch(post.body)
        return (self._binary(post),)

    def _binary(self, post: Post) -> Sent:
        above = _attributes(post.headers)
        if "specversion" not in above:
            raise WrongMediaType(
                "send CloudEvents: application/cloudevents+json, a batch, or with ce- headers"
            )
        _check(above, "")
        body = post.body or b"null"
        if post.body:
            require_json(post.headers.get(b"content-type"))
            scan(body)
        told = Told(_value(body), body, _encode(above).decode())
        return sent_of(("webhook", post.id), above["type"], post.id, told)


class Letters:
    """What became of letters, told by who carried them and cannot sign: with the secret itself.

    Shape: a JSON object, or a list of them, which are kept together or not at all.
    Keeps: no signature says when it was sent, so an event is known by all that it says: sent again
    it is the same one, however often. Its mapping books nothing (`only_letters`).
    """

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """The secret stands in `Authorization`."""
        check_secret(secrets, headers)
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event, or those of a list."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        if not isinstance(_value(post.body), list):
            return (_letter(object_of(post.body), post.body),)
        parts = [bytes(part) for part in _parts(post.body, "objects")]
        return tuple(_letter(object_of(part), part) for part in parts)


KINDS: Final[Mapping[str, Kind]] = {
    WEBHOOK: Webhook(),
    CLOUDEVENTS: CloudEvents(),
    LETTERS: Letters(),
}


def root_of(arrival: Arrival, kind: str) -> Any:
    """What a mapping looks at: the payload, or the CloudEvent with its `data`. Raises: Wrong."""
    assert arrival.body is not None, arrival.arrival_id
    body = _of_stream(arrival) if kind == STREAM else _decode(arrival.body)
    if arrival.beside:
        return {**_decode(arrival.beside), "data": body}
    if kind == CLOUDEVENTS and isinstance(body.get("data_base64"), str):
        return {**body, "data": _unpacked(body["data_base64"])}
    return body


def receipt_of(arrival: Arrival, root: Any, kind: str) -> str:
    """The receipt of an event for which the mapping names none: what its sender calls it.

    Of a CloudEvent that is its source and its id together: each of several sources may count its
    events from 1 (ADR 0508).
    Example: `/shops/berlin#17`; of a long source so many letters that nobody else has them.
    """
    if kind in (FILES, STREAM):  # behind where it was read from
        return arrival.name.rpartition(" ")[2]
    if kind != CLOUDEVENTS or arrival.beside:
        return arrival.name
    whole = f"{root['source']}#{arrival.name}"
    return whole if len(whole) <= LONGEST_TEXT else digest(whole).hex


def _of_stream(arrival: Arrival) -> Any:
    """What a message says, which nobody looked at before it was kept. Raises: Wrong."""
    assert arrival.body is not None, arrival.arrival_id
    if arrival.beside and not arrival.body:
        return None
    try:
        scan(arrival.body)
        return _value(arrival.body) if arrival.beside else object_of(arrival.body)
    except Fault as fault:
        mend = "Have its sender send a JSON object; this message stays as it came"
        raise Wrong(fault.field, fault.says, mend) from None


def root_of_text(text: bytes) -> Any:
    """What a mapping looks at, of a payload that somebody typed. Faults: as of one that came."""
    scan(text)
    return object_of(text)


class Told(NamedTuple):
    """What an event says: as it was read, its bytes, and what stood above them."""

    value: Any
    body: bytes
    beside: str = ""


def sent_of(key: tuple[str, ...], type_: str, id_: str, told: Told) -> Sent:
    """One event, known by its key; sent again it says the same in whichever order of fields."""
    content = digest(_encode(told.value), told.beside)
    return Sent(digest(*key), content, type_[:200], id_, told.beside, told.body)


def _short_type(found: Any) -> str:
    return found[:200] if isinstance(found, str) else ""


def _value(body: bytes) -> Any:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Malformed(f"this is not JSON: {wrong}") from None


def encoded(value: Any) -> bytes:
    """As JSON, with its fields in their order."""
    return _encode(value)


def object_of(body: bytes) -> dict[str, Any]:
    """A JSON object. Faults: Malformed."""
    found = _value(body)
    if not isinstance(found, dict):
        raise Malformed("an event is a JSON object")
    return found


def object_scanned(body: bytes) -> dict[str, Any]:
    """A JSON object, read once and as strictly as `scan` has it. Faults: as of it, Malformed."""
    found = scan_as(body, _decode)
    if not isinstance(found, dict):
        raise Malformed("an event is a JSON object")
    return found


def _structured(body: bytes, at: str) -> Sent:
    found = _value(body)
    if not isinstance(found, dict):
        raise Invalid("a CloudEvent is a JSON object", field=at)
    _check(found, at)
    if "data_base64" in found:
        _unpacked(found["data_base64"], at)
    key = ("cloudevent", found["source"], found["id"])
    return sent_of(key, found["type"], found["id"], Told(found, body))


def _letter(found: dict[str, Any], body: bytes) -> Sent:
    """Known by what it says, in whichever order its fields stand."""
    name = digest(_encode(found)).hex
    said = (found[field] for field in _SAID_BY if isinstance(found.get(field), str))
    return sent_of(("letter", name), _short_type(next(said, "")), name, Told(found, body))


def _parts(body: bytes, what: str) -> list[msgspec.Raw]:
    try:
        parts = _slices(body)
    except msgspec.DecodeError as wrong:
        raise Malformed(f"a batch is a JSON list of {what}: {wrong}") from None
    if len(parts) > MOST_EVENTS:
        raise Invalid(f"a batch may have {MOST_EVENTS} events", mend="Send several")
    return parts


def _batch(body: bytes) -> tuple[Sent, ...]:
    parts = _parts(body, "CloudEvents")
    return tuple(_structured(bytes(part), f"/{at}") for at, part in enumerate(parts))


def _check(above: Mapping[str, Any], at: str) -> None:
    """What every CloudEvent has."""
    if above.get("specversion") != "1.0":
        raise Invalid("only CloudEvents 1.0 are read here", field=f"{at}/specversion")
    for name in _NEEDED:
        found = above.get(name)
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ATTRIBUTE:
            mend = f"Send {name} as a text of 1 to {LONGEST_ATTRIBUTE} characters"
            raise Invalid(f"a CloudEvent has its {name}", field=f"{at}/{name}", mend=mend)


def _attributes(headers: Headers) -> dict[str, str]:
    found = {}
    for name, value in headers.items():
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        told = match[1].decode()
        try:
            text = unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            raise Invalid("a header is not UTF-8", field=f"/{told}") from None
        if len(text) > LONGEST_ATTRIBUTE or "\0" in text:
            raise Invalid("this header is too long", field=f"/{told}")
        found[told] = text
    return found


def _unpacked(text: Any, at: str = "") -> Any:
    """Data in base64, which some libraries write also for JSON."""
    field = f"{at}/data_base64"
    if not isinstance(text, str):
        raise Invalid("data_base64 is no text", field=field)
    try:
        body = b64decode(text, validate=True)
    except Error:
        raise Invalid("data_base64 is not base64", field=field) from None
    scan(body)
    return _value(body)
