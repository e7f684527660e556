"""Answers on their way out: bytes, status and headers, also for whatever went wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.faults import Fault, Outage, Refused
from regulars.surfaces.api import problems
from regulars.surfaces.api.faults import NoKey, NoSuchMethod, TooManyRequests
from regulars.surfaces.api.front.hardening import ONLY_TLS
from regulars.surfaces.api.strict.metering import Left

Header = tuple[bytes, bytes]
Report = Callable[[str, BaseException], None]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

JSON: Final[Header] = (b"content-type", b"application/json")
PROBLEM: Final[Header] = (b"content-type", b"application/problem+json")
REPLAYED: Final[Header] = (b"idempotent-replayed", b"true")
# A personal answer is nobody's to keep, and never a page.
PRIVATE: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
_CHALLENGE: Final[Header] = (b"www-authenticate", b'Bearer realm="regulars"')
_PASSWORD: Final[Header] = (b"www-authenticate", b'Basic realm="regulars"')
encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """An answer: `headers` are those besides length and privacy."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = (JSON,)

    def with_headers(self, more: tuple[Header, ...]) -> Answer:
        """The same answer with further headers."""
        return self._replace(headers=self.headers + more)


class No(Exception):
    """A refusal on its way to the door; the flow returned it, the operation ends with it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.says)
        self.refused = refused


async def send_answer(send: Send, answer: Answer, *, tls: bool = False) -> None:
    """Write an answer of the API to the wire; over TLS it says that nothing else will do."""
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [*answer.headers, length, *PRIVATE, *((ONLY_TLS,) if tls else ())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def of_problem(problem: problems.Problem, *headers: Header) -> Answer:
    """A problem as an answer."""
    return Answer(problem.status, encode(problem), (PROBLEM, *headers))


def failed(error: Exception, path: str, report: Report) -> Answer:
    """The answer for what was thrown: the caller's slip, a refusal, the world down, or our bug."""
    if isinstance(error, Fault):
        return of_problem(problems.of_fault(error, path), *headers_beside(error))
    if isinstance(error, No):
        return of_problem(problems.of_refused(error.refused, path))
    if isinstance(error, Outage):
        retry = (b"retry-after", b"%d" % error.retry_after_seconds)
        return of_problem(problems.of_outage(error.says, path), retry)
    report(path, error)
    return of_problem(problems.of_bug(path))


def code_of(error: Exception) -> str:
    """The code of what was thrown, as its answer says it."""
    if isinstance(error, Fault):
        return error.code
    if isinstance(error, No):
        return error.refused.code
    return "unavailable" if isinstance(error, Outage) else "internal_error"


def headers_beside(fault: Fault) -> tuple[Header, ...]:
    """What HTTP wants said beside some faults."""
    if isinstance(fault, NoKey):
        return (_CHALLENGE,)
    if fault.code == "bad_signature":  # who has a password in the address sends it when asked
        return (_PASSWORD,)
    if isinstance(fault, NoSuchMethod):
        return ((b"allow", str(fault.facts.get("allow", "")).encode()),)
    if isinstance(fault, TooManyRequests):
        seconds = fault.facts["retry_after_seconds"]
        left = Left(fault.facts["per_minute"], 0, seconds)
        return ((b"retry-after", b"%d" % seconds), *left.headers)
    return ()
