"""What went wrong, in the form that clients of Salesforce read: a list of codes and messages."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from regulars.base.faults import Fault, Outage
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

PREFIX: Final = "/compat/salesforce"
_KINDS: Final = {
    "unauthorized": (401, "INVALID_SESSION_ID"),
    "missing_scope": (403, "INSUFFICIENT_ACCESS"),
    "method_not_allowed": (405, "METHOD_NOT_ALLOWED"),
    "malformed_json": (400, "JSON_PARSER_ERROR"),
    "duplicate_name": (400, "JSON_PARSER_ERROR"),
    "too_deep": (400, "JSON_PARSER_ERROR"),
    "unsupported_media_type": (415, "UNSUPPORTED_MEDIA_TYPE"),
    "body_too_large": (413, "EXCEEDED_MAX_SIZE_REQUEST"),
    "too_many_requests": (403, "REQUEST_LIMIT_EXCEEDED"),
    "key_reused": (400, "DUPLICATE_VALUE"),
}
"""By our own codes; what is not here is told by its category."""
_BY_CATEGORY: Final = {
    "missing": (404, "NOT_FOUND"),
    "forbidden": (403, "INSUFFICIENT_ACCESS"),
    "gone": (404, "NOT_FOUND"),
    "conflict": (400, "DUPLICATE_VALUE"),
    "invalid": (400, "INVALID_INPUT"),
}
_REFUSED: Final = (400, "FIELD_INTEGRITY_EXCEPTION")


class ErrorTold(Struct, frozen=True):
    """One thing that is wrong; `fields` say where."""

    message: str
    errorCode: str  # noqa: N815 - as they call it
    fields: list[str]


class Wrong(Exception):
    """Several things are wrong with one request."""

    def __init__(self, errors: list[ErrorTold]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def kind_of(fault: Fault) -> tuple[int, str]:
    """Status and code of a fault."""
    return _KINDS.get(fault.code) or _BY_CATEGORY[fault.category]


def said(error: Exception, at: str = "") -> ErrorTold | None:
    """One error as they tell it; nothing where it is our mistake or an outage."""
    if isinstance(error, Fault):
        field = at + dotted(error.field) if error.field else at
        return ErrorTold(error.says, kind_of(error)[1], [field.lstrip(".")] if field else [])
    if isinstance(error, No):
        return ErrorTold(error.refused.says, _REFUSED[1], [at] if at else [])
    return None


def failed(error: Exception, path: str, report: Report) -> Answer:
    """The answer for what was thrown, as Salesforce would put it."""
    if isinstance(error, Wrong):
        return _answer(400, error.errors)
    one = said(error)
    if one is not None:
        status = kind_of(error)[0] if isinstance(error, Fault) else _REFUSED[0]
        beside = headers_beside(error) if isinstance(error, Fault) else ()
        return _answer(status, [one], *beside)
    if isinstance(error, Outage):
        retry = (b"retry-after", b"%d" % error.retry_after_seconds)
        return _answer(503, [ErrorTold(error.says, "SERVER_UNAVAILABLE", [])], retry)
    report(path, error)
    says = "this is our mistake, not yours; it is in our log. The same request may be sent again"
    return _answer(500, [ErrorTold(says, "UNKNOWN_EXCEPTION", [])])


def code_told(error: Exception) -> str:
    """What the log of requests says of what was thrown."""
    if isinstance(error, Wrong):
        return error.errors[0].errorCode
    if isinstance(error, Fault):
        return kind_of(error)[1]
    return code_of(error)


def _answer(status: int, errors: list[ErrorTold], *beside: Header) -> Answer:
    return Answer(status, encode(errors), (JSON, *beside))


def dotted(pointer: str) -> str:
    """Where something is wrong. Example: `/journals/0/x` is `.journals[0].x`."""
    steps = [step for step in pointer.split("/") if step]
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
