"""The front of the web server by granian's own interface, which costs a request the least.

The API is answered at once; what is not of the API is handed to the pages, which speak ASGI
(ADR 0041).
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from regulars.surfaces.api.answers import PRIVATE, Answer, Header
from regulars.surfaces.api.front.asgi import Front, usual
from regulars.surfaces.api.front.request import Asking, Request
from regulars.surfaces.api.strict.bodies import LARGEST_BODY, check_length, too_large

_PRIVATE: Final = [(name.decode(), value.decode()) for name, value in PRIVATE]


class Native:
    """Answers granian's requests (RSGI) out of the same parts as the ASGI application."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def __call__(self, scope: Any, protocol: Any) -> None:
        path = scope.path
        if "%" in path:
            path = unquote(path)
        query = scope.query_string.encode("latin-1") if scope.query_string else b""
        asking = _asking(scope.headers)

        async def body() -> bytes:
            return await self._body(protocol, asking.length)

        def address() -> str:
            said = [value for name, value in scope.headers.items() if name == "x-forwarded-for"]
            near = scope.client.rpartition(":")[0].strip("[]")
            return self._front.proxies.asked_by(near, ",".join(said))

        request = Request(usual(scope.method), path, query, asking, body, address)
        answer = await self._front.desk.answer(request)
        if answer is None:
            await _to_pages(self._front, scope, protocol)
        else:  # the server itself leaves out the body that HEAD does not want
            _send(protocol, answer)

    async def _body(self, protocol: Any, length: bytes | None) -> bytes:
        """The whole body; without a length it is read piece by piece, as far as we take it."""
        check_length(length)
        with self._front.patience:
            if length is not None:
                whole: bytes = await protocol()
                return whole
            parts, size = [], 0
            async for part in protocol:
                parts.append(part)
                size += len(part)
                if size > LARGEST_BODY:
                    raise too_large()
            return b"".join(parts)


def _asking(headers: Any) -> Asking:
    get = headers.get
    return Asking(
        _bytes(get("authorization")),
        _bytes(get("content-type")),
        _bytes(get("content-length")),
        _bytes(get("idempotency-key")),
    )


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("latin-1", "replace")


def _send(protocol: Any, answer: Answer) -> None:
    headers = [(name.decode(), value.decode()) for name, value in answer.headers]
    protocol.response_bytes(answer.status, headers + _PRIVATE, answer.body)


async def _to_pages(front: Front, scope: Any, protocol: Any) -> None:
    """Let the framework answer, in the interface it speaks."""
    coming = _Coming(protocol)
    going = _Going(protocol)
    await front.pages(_asgi_scope(scope), coming.receive, going.send)


def _asgi_scope(scope: Any) -> dict[str, Any]:
    """Source: the ASGI specification, HTTP connection scope, version 2.3."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in scope.headers.items()
    ]
    client = scope.client.rpartition(":")
    server = scope.server.rpartition(":")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": scope.http_version,
        "method": usual(scope.method),
        "scheme": scope.scheme,
        "path": unquote(scope.path),
        "raw_path": scope.path.encode("latin-1", "replace"),
        "query_string": scope.query_string.encode("latin-1", "replace"),
        "root_path": "",
        "headers": headers,
        "client": (client[0], int(client[2] or 0)),
        "server": (server[0], int(server[2] or 0)),
        "state": {},
    }


class _Coming:
    """The body of a request, piece by piece, and then that the client went away."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._parts: Any = None

    async def receive(self) -> dict[str, Any]:
        if self._parts is None:
            self._parts = self._protocol.__aiter__()
        try:
            part = await self._parts.__anext__()
        except StopAsyncIteration:
            if self._parts is _ENDED:
                await self._protocol.client_disconnect()
                return {"type": "http.disconnect"}
            self._parts = _ENDED
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": part, "more_body": True}


class _Ended:
    """A body of which nothing more comes."""

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration


_ENDED: Final = _Ended()


class _Going:
    """The answer of the framework: kept until it is whole, or streamed as it comes."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._stream: Any = None

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = _texts(message["headers"])
        elif message["type"] == "http.response.body":
            await self._send_part(message.get("body", b""), message.get("more_body", False))

    async def _send_part(self, body: bytes, more: bool) -> None:
        if self._stream is None and not more:
            self._protocol.response_bytes(self._status, self._headers, bytes(body))
            return
        if self._stream is None:
            self._stream = self._protocol.response_stream(self._status, self._headers)
        if body:
            await self._stream.send_bytes(bytes(body))


def _texts(headers: list[Header]) -> list[tuple[str, str]]:
    """Headers as granian takes them; it counts the length of a whole body itself."""
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name.lower() != b"content-length"
    ]
