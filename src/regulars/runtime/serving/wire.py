"""HTTP/1.1 on a connection: uvicorn's protocol, with a short way for what the API answers.

A request of the API that came whole is answered in one task and one write; everything else goes
the usual way, by ASGI (ADR 0427). What uvicorn leaves open is closed here: a head may be neither
large nor slow.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import structlog
from httptools import HttpParserCallbackError, HttpParserError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from regulars.surfaces.api.answers import PRIVATE, Answer
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.api.front.hardening import ONLY_TLS
from regulars.surfaces.api.front.request import Request, asking_of

LARGEST_HEAD: Final = 64 * 1024
HEAD_S: Final = 10.0
"""A head that began must have come by then, as must the first one of a connection."""
log = structlog.get_logger()

_ALWAYS: Final = b"".join(b"%b: %b\r\n" % header for header in PRIVATE)


class Short:
    """A request that goes the short way, as far as uvicorn looks at the requests it runs itself."""

    __slots__ = (
        "body", "disconnected", "headers", "keep_alive", "message_event", "response_complete",
    )  # fmt: skip

    def __init__(self, *, keep_alive: bool) -> None:
        self.body: list[bytes] = []
        self.headers: list[tuple[bytes, bytes]] = []
        self.keep_alive = keep_alive
        self.response_complete = self.disconnected = False
        self.message_event = self

    def set(self) -> None:
        """Nobody waits for more of its body."""


class Wire(HttpToolsProtocol):
    """One connection. What comes whole for the API is answered here, all else by ASGI."""

    _short: Short | None = None
    """The request that is coming, for as long as it may go the short way."""
    _in_head = False
    _beside = 0
    """Octets since anything of use came: a whole head, a piece of a body, an end."""
    _late: asyncio.TimerHandle | None = None
    _no: Answer | None = None
    """Why this connection ends, once those who asked before are answered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._front: Front | None = getattr(self.app, "front", None)
        self._late = self.loop.call_later(HEAD_S, self._too_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, octets: bytes) -> None:
        if self._no is not None:
            return
        self._beside += len(octets)
        super().data_received(octets)
        if self.transport.is_closing() or self._no is not None:
            self._short = None
        elif self._short is not None:
            # The rest of the body is still to come: the usual way knows how long to wait for it.
            self._go_the_usual_way(self._short)
        elif self._beside > LARGEST_HEAD:
            self._refuse(431, b"the head of the request is larger than 64 KiB")
        elif self._is_idle and self._late is None and self.timeout_keep_alive_task is None:
            self._late = self.loop.call_later(HEAD_S, self._too_late)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._no is not None and self._is_idle:
            self._hang_up(self._no)

    @property
    def _is_idle(self) -> bool:
        """Whether nobody waits here for an answer."""
        return self.cycle is None or self.cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        error = sys.exception()
        cause = error.__context__ if isinstance(error, HttpParserCallbackError) else None
        if cause is None or isinstance(cause, HttpParserError):
            self._refuse(400, b"this is not a request of HTTP/1.1, or by a method nobody knows")
        else:  # a mistake of ours, while the request was read
            log.error("wire.failed", exc_info=cause)
            self._refuse(500, b"this is our mistake, not yours; it is in our log")

    def on_message_begin(self) -> None:
        self._in_head = True
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # what comes after the body is no header, whatever it is called
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._beside = False, 0
        self._in_time()
        if self._may_be_short():
            self._short = Short(keep_alive=self.parser.should_keep_alive())
            self.cycle = self._short  # type: ignore[assignment]
        else:
            self._begin_the_usual_way()

    def on_body(self, body: bytes) -> None:
        self._beside = 0
        if self._short is None:
            super().on_body(body)
        else:
            self._short.body.append(body)

    def on_message_complete(self) -> None:
        short, self._short, self._beside = self._short, None, 0
        if short is None:
            super().on_message_complete()
            return
        path, _, query = self.url.partition(b"?")
        asking = asking_of(self.headers)
        body = b"".join(short.body)

        async def whole(_: int = 0) -> bytes:  # it came with its head, and is small
            return body

        front, client, headers = self._front, self.client, self.headers
        short.headers = headers
        assert front is not None

        def address() -> str:
            return front.asked_by(client, headers)

        method = self.parser.get_method().decode("ascii")
        request = Request(method, path.decode("ascii"), query, asking, whole, address, headers)
        task = self.loop.create_task(self._answer(short, request))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _may_be_short(self) -> bool:
        """Whether the API answers at this address, with nothing unusual about how it is asked."""
        path = self.url.partition(b"?")[0]
        return (
            self._front is not None
            and self._is_idle
            and not self.expect_100_continue
            and self.parser.get_http_version() == "1.1"
            and self.parser.get_method() in _SHORT
            and b"%" not in path
            and path.isascii()
            and self._front.answers(path.decode("ascii"))
        )

    async def _answer(self, short: Short, request: Request) -> None:
        assert self._front is not None
        answer = await self._front.desk.answer(request)
        assert answer is not None, "an address of the API that answers nothing"
        if self.flow.write_paused:
            await self.flow.drain()
        if short.disconnected or self.transport.is_closing():
            return
        usual = self.server_state.default_headers
        if self._front.by_tls(self.scheme or "http", self.client, short.headers):
            usual = [*usual, ONLY_TLS]
        self.transport.write(_written(answer, usual, short.keep_alive))
        short.response_complete = True
        if not short.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _begin_the_usual_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        super().on_headers_complete()

    def _go_the_usual_way(self, short: Short) -> None:
        self._short = None
        short.response_complete = True  # nothing of it goes on
        self._begin_the_usual_way()
        for part in short.body:
            super().on_body(part)

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        self._refuse(408, b"the head of the request did not come within 10 seconds")

    def _refuse(self, status: int, says: bytes) -> None:
        """Say so to somebody who said nothing that can be answered, and hang up; whoever asked
        before them on this connection is answered first."""
        self._no = Answer(status, says + b"\n", _PLAIN)
        if self._is_idle:
            self._hang_up(self._no)

    def _hang_up(self, no: Answer) -> None:
        if not self.transport.is_closing():
            self.transport.write(_written(no, self.server_state.default_headers, False))
            self.transport.close()


_SHORT: Final = frozenset({b"GET", b"POST", b"PUT", b"PATCH", b"DELETE"})
_PLAIN: Final = ((b"content-type", b"text/plain; charset=utf-8"),)


def _written(answer: Answer, usual: list[tuple[bytes, bytes]], keep_alive: bool) -> bytes:
    """An answer as it goes over the wire."""
    parts = [STATUS_LINE[answer.status]]
    for name, value in (*usual, *answer.headers):
        parts += (name, b": ", value, b"\r\n")
    if not keep_alive:
        parts.append(b"connection: close\r\n")
    parts += (_ALWAYS, b"content-length: %d\r\n\r\n" % len(answer.body), answer.body)
    return b"".join(parts)
