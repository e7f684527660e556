"""What went wrong, in the form that clients of the Square API read."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.base.faults import Fault, Outage, Refused
from regulars.surfaces.api.answers import (
    JSON,
    Answer,
    Header,
    No,
    Report,
    code_of,
    encode,
    headers_beside,
)

PREFIX: Final = "/compat/square"
VERSION: Final[Header] = (b"square-version", b"2025-08-20")
"""The edition of the interface that is spoken, whichever a client says it was made for."""


class Wrong(Fault):
    """A request that the interface itself refuses, with the code it has for it."""

    code = "invalid"

    def __init__(self, says: str, *, code: str = "BAD_REQUEST", field: str = "") -> None:
        super().__init__(says, field=field)
        self.theirs = code


class ErrorTold(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong."""

    category: str
    code: str
    detail: str
    field: str = ""


class ErrorsTold(Struct, frozen=True):
    """What every answer says that is not a good one."""

    errors: list[ErrorTold]


class Kind(NamedTuple):
    """How a kind of slip is answered."""

    status: int
    category: str
    code: str


_INVALID: Final = "INVALID_REQUEST_ERROR"
_AUTHENTICATION: Final = "AUTHENTICATION_ERROR"
_KINDS: Final = {
    "unauthorized": Kind(401, _AUTHENTICATION, "UNAUTHORIZED"),
    "missing_scope": Kind(403, _AUTHENTICATION, "INSUFFICIENT_SCOPES"),
    "method_not_allowed": Kind(405, _INVALID, "METHOD_NOT_ALLOWED"),
    "malformed_json": Kind(400, _INVALID, "EXPECTED_JSON_BODY"),
    "duplicate_name": Kind(400, _INVALID, "EXPECTED_JSON_BODY"),
    "too_deep": Kind(400, _INVALID, "EXPECTED_JSON_BODY"),
    "unsupported_media_type": Kind(415, _INVALID, "UNSUPPORTED_MEDIA_TYPE"),
    "unknown_field": Kind(400, _INVALID, "UNKNOWN_BODY_PARAMETER"),
    "body_too_large": Kind(413, _INVALID, "REQUEST_ENTITY_TOO_LARGE"),
    "body_too_slow": Kind(408, _INVALID, "REQUEST_TIMEOUT"),
    "bad_parameter": Kind(400, _INVALID, "INVALID_VALUE"),
    "bad_cursor": Kind(400, _INVALID, "INVALID_CURSOR"),
    "key_reused": Kind(400, _INVALID, "IDEMPOTENCY_KEY_REUSED"),
    "bill_changed": Kind(400, _INVALID, "CONFLICT"),
    "too_many_lookups": Kind(429, "RATE_LIMIT_ERROR", "RATE_LIMITED"),
    "too_many_tries": Kind(429, "RATE_LIMIT_ERROR", "RATE_LIMITED"),
    "too_many_requests": Kind(429, "RATE_LIMIT_ERROR", "RATE_LIMITED"),
}
"""By our own codes; what is not here is told by its category."""
_BY_CATEGORY: Final = {
    "missing": Kind(404, _INVALID, "NOT_FOUND"),
    "forbidden": Kind(403, _INVALID, "FORBIDDEN"),
    "gone": Kind(404, _INVALID, "NOT_FOUND"),
    "conflict": Kind(400, _INVALID, "BAD_REQUEST"),
    "invalid": Kind(400, _INVALID, "INVALID_VALUE"),
}
_REFUSED: Final = Kind(400, _INVALID, "BAD_REQUEST")
"""The business says no. Never 409: clients send such a request three times and wait in between."""
_INSTEAD: Final = {
    "card_needed": "requests of this interface have no place for a proof: hand it over at a till "
    "of this house, where the member shows their card or is sent a code, or let them take it "
    "signed in on their card",
}
"""What a seller does where their till cannot do it."""
_SLIPS: Final = (
    (re.compile(r"is missing; it must be said"), "MISSING_REQUIRED_PARAMETER"),
    (re.compile(r"(str|array) of length >= 1\b"), "VALUE_EMPTY"),
    (re.compile(r"str of length >="), "VALUE_TOO_SHORT"),
    (re.compile(r"str of length <="), "VALUE_TOO_LONG"),
    (re.compile(r"array of length >="), "ARRAY_LENGTH_TOO_SHORT"),
    (re.compile(r"array of length <="), "ARRAY_LENGTH_TOO_LONG"),
    (re.compile(r"int >="), "VALUE_TOO_LOW"),
    (re.compile(r"int <=|out of range"), "VALUE_TOO_HIGH"),
    (re.compile(r"Invalid enum value"), "INVALID_ENUM_VALUE"),
    (re.compile(r"RFC3339|datetime|date"), "INVALID_TIME"),
    (re.compile(r"Expected str"), "EXPECTED_STRING"),
    (re.compile(r"Expected int"), "EXPECTED_INTEGER"),
    (re.compile(r"Expected bool"), "EXPECTED_BOOLEAN"),
    (re.compile(r"Expected array"), "EXPECTED_ARRAY"),
    (re.compile(r"Expected object"), "EXPECTED_OBJECT"),
)
"""What our reader says about a value, and their code for it; the first that fits."""


def failed(error: Exception, path: str, report: Report) -> Answer:
    """The answer for what was thrown, as Square would put it."""
    if isinstance(error, Wrong):
        return _told(Kind(400, _INVALID, error.theirs), error.says, error.field)
    if isinstance(error, Fault):
        kind = _KINDS.get(error.code) or _kind_of(error)
        return _told(kind, error.says, error.field, *headers_beside(error))
    if isinstance(error, No):
        return _refused(error.refused)
    if isinstance(error, Outage):
        retry = (b"retry-after", b"%d" % error.retry_after_seconds)
        return _told(Kind(503, "API_ERROR", "SERVICE_UNAVAILABLE"), error.says, "", retry)
    report(path, error)
    says = "this is our mistake, not yours; it is in our log. The same request may be sent again"
    return _told(Kind(500, "API_ERROR", "INTERNAL_SERVER_ERROR"), says, "")


def code_told(error: Exception) -> str:
    """What the log of requests says of what was thrown: the code of its answer.

    Where the interface has but `BAD_REQUEST` for it, our own says more.
    """
    if isinstance(error, Wrong):
        return error.theirs
    if isinstance(error, No):
        kind = _KINDS.get(error.refused.code, _REFUSED)
    elif isinstance(error, Fault):
        kind = _KINDS.get(error.code) or _kind_of(error)
    else:
        return "SERVICE_UNAVAILABLE" if isinstance(error, Outage) else "INTERNAL_SERVER_ERROR"
    return code_of(error) if kind.code == _REFUSED.code else kind.code


def _kind_of(fault: Fault) -> Kind:
    kind = _BY_CATEGORY[fault.category]
    if fault.category != "invalid":
        return kind
    slip = next((code for slip, code in _SLIPS if slip.search(fault.says)), kind.code)
    return kind._replace(code=slip)


def _refused(refused: Refused) -> Answer:
    kind = _KINDS.get(refused.code, _REFUSED)
    seconds = refused.facts.get("retry_after_seconds")
    beside = ((b"retry-after", b"%d" % seconds),) if seconds else ()
    says = "; ".join(one for one in (refused.says, _INSTEAD.get(refused.code)) if one)
    return _told(kind, says, "", *beside)


def _told(kind: Kind, says: str, field: str, *beside: Header) -> Answer:
    error = ErrorTold(kind.category, kind.code, says, dotted(field))
    return Answer(kind.status, encode(ErrorsTold([error])), (JSON, VERSION, *beside))


def dotted(pointer: str) -> str:
    """Where something is wrong, as Square writes it.

    Example: `/query/mappings/0/phone_number` is `query.mappings[0].phone_number`.
    """
    steps = [step for step in pointer.split("/") if step]
    said = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
    return said.lstrip(".")
