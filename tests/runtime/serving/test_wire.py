"""What comes over a connection: in pieces, in a row, slowly, too large, or no request at all."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from uvicorn import Config, Server

from regulars.runtime.serving import wire
from regulars.surfaces.api.answers import Answer
from regulars.surfaces.api.front.request import Request

Ask = Callable[..., Awaitable[bytes]]


class Echo:
    """Instead of the API: says what it was asked, after the second of two who ask at once."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        body = await request.body()
        if body.startswith(b"later"):
            await asyncio.sleep(0.05)
        return Answer(200, b"short %b" % body)


class Tiny:
    """An application of one address, `/v1/echo`; any other goes the usual way."""

    def __init__(self) -> None:
        self.front = self
        self.desk = Echo()

    def asked_by(self, client: object, headers: list[tuple[bytes, bytes]]) -> str:
        return b",".join(v for n, v in headers if n == b"x-forwarded-for").decode()

    def by_tls(self, scheme: str, client: object, headers: list[tuple[bytes, bytes]]) -> bool:
        return scheme == "https" or (b"x-forwarded-proto", b"https") in headers

    def answers(self, path: str) -> bool:
        if path == "/v1/broken":
            raise RuntimeError("planted")
        return path == "/v1/echo"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        got, more = b"", True
        while more:
            message = await receive()
            got, more = got + message.get("body", b""), message.get("more_body", False)
        body = b"usual " + got
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def with_wire(check: Callable[[Tiny, Ask], Awaitable[None]]) -> None:
    """Run a check against a server whose connections are wires."""

    async def run() -> None:
        app = Tiny()
        config = Config(
            app, port=0, http=wire.Wire, ws="none", lifespan="off", log_config=None,
            interface="asgi3", proxy_headers=False, timeout_graceful_shutdown=1, loop="uvloop", server_header=False,
        )  # fmt: skip
        server = Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        async def ask(*parts: bytes, wait: float = 0.3) -> bytes:
            reads, writes = await asyncio.open_connection("127.0.0.1", port)
            said = b""
            with suppress(TimeoutError, ConnectionError):
                for part in parts:
                    writes.write(part)
                    await writes.drain()
                    await asyncio.sleep(0.02 if len(parts) > 1 else 0)
                while more := await asyncio.wait_for(reads.read(65_536), wait):
                    said += more
            writes.close()
            return said

        try:
            await check(app, ask)
        finally:
            server.should_exit = True
            await serving

    asyncio.run(run())


def post(body: bytes, *more: bytes, path: bytes = b"/v1/echo") -> bytes:
    head = [b"POST " + path + b" HTTP/1.1", b"host: here", *more, b"content-length: %d" % len(body)]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def bodies(said: bytes) -> list[bytes]:
    return re.findall(rb"\r\n\r\n([a-z]+ [a-z0-9]*)", said)


def test_what_comes_whole_goes_the_short_way_and_what_comes_in_pieces_the_usual() -> None:
    async def check(app: Tiny, ask: Ask) -> None:
        whole = post(b"hello")
        assert bodies(await ask(whole)) == [b"short hello"]
        only_tls = b"strict-transport-security: max-age=31536000"
        assert only_tls in await ask(post(b"hello", b"x-forwarded-proto: https"))
        assert only_tls not in await ask(whole)
        assert bodies(await ask(whole[:9], whole[9:])) == [b"short hello"]
        assert bodies(await ask(whole[:-4], whole[-4:-2], whole[-2:])) == [b"usual hello"]
        assert bodies(await ask(post(b"hello", path=b"/v1/ech%6f"))) == [b"usual hello"]
        assert bodies(await ask(post(b"hello", path=b"/v1/other"))) == [b"usual hello"]
        waits = await ask(post(b"hello", b"expect: 100-continue"))
        assert waits.startswith(b"HTTP/1.1 100 ")
        assert bodies(waits) == [b"usual hello"]
        last = await ask(post(b"hello", b"connection: close"), wait=5)
        assert b"connection: close" in last
        assert bodies(last) == [b"short hello"]

    with_wire(check)


def test_requests_in_a_row_are_answered_in_their_order() -> None:
    async def check(app: Tiny, ask: Ask) -> None:
        row = post(b"later1") + post(b"two") + post(b"three", path=b"/v1/other") + post(b"four")
        said = await ask(row)
        assert [one.split()[1] for one in bodies(said)] == [b"later1", b"two", b"three", b"four"]
        query = b"GET /v1/echo?phone=%2B49&x=1 HTTP/1.1\r\nhost: here\r\nidempotency-key: k\r\n\r\n"
        await ask(query)
        assert app.desk.asked[-1].query == b"phone=%2B49&x=1"
        assert (app.desk.asked[-1].path, app.desk.asked[-1].asking.key) == ("/v1/echo", b"k")

    with_wire(check)


def test_who_goes_away_before_the_answer_harms_nobody() -> None:
    async def check(app: Tiny, ask: Ask) -> None:
        assert await ask(post(b"later"), wait=0.001) == b""
        await asyncio.sleep(0.1)
        assert bodies(await ask(post(b"hello"))) == [b"short hello"]

    with_wire(check)


def test_who_asked_before_nonsense_is_answered_first() -> None:
    async def check(app: Tiny, ask: Ask) -> None:
        for before in (post(b"later1"), post(b"later1") + post(b"two", path=b"/v1/other")):
            said = await ask(before + b"NONSENSE\r\n\r\n" + post(b"never"), wait=5)
            assert re.findall(rb"HTTP/1.1 (\d+) ", said)[-1] == b"400", said
            assert b"never" not in said
            assert bodies(said)[0] == b"short later1"
            assert said.count(b"HTTP/1.1 200 ") == before.count(b"POST")

    with_wire(check)


def test_what_comes_after_a_body_is_no_header() -> None:
    async def check(app: Tiny, ask: Ask) -> None:
        head = b"POST /v1/echo HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n"
        told = (
            head + b"5\r\nhello\r\n0\r\nidempotency-key: late\r\nx-forwarded-for: 6.6.6.6\r\n\r\n"
        )
        assert bodies(await ask(told)) == [b"short hello"]
        assert app.desk.asked[-1].asking.key is None
        assert app.desk.asked[-1].address() == ""
        endless = head + b"5\r\nhello\r\n0\r\n"
        said = await ask(endless, *[b"x: " + b"y" * 10_000 + b"\r\n"] * 9, wait=5)
        assert b" 200 " not in said

    with_wire(check)


def test_nobody_keeps_a_connection_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_S", 0.2)

    async def check(app: Tiny, ask: Ask) -> None:
        said = await ask(post(b"hello"), b"\r\n", b"\r\n", wait=5)
        assert bodies(said)[:1] == [b"short hello"]
        assert b"HTTP/1.1 408 " in said

    with_wire(check)


def test_what_is_no_request_is_told_so_and_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_S", 0.2)

    async def check(app: Tiny, ask: Ask) -> None:
        said: dict[bytes, list[bytes]] = {
            b"400": [
                b"LUCK /v1/echo HTTP/1.1\r\n\r\n",
                b"\x16\x03\x01 let me in",
                post(b"{}", b"content-length: 1"),
                post(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n", b"transfer-encoding: chunked"),
                post(b"hello", b"x : y"),
            ],
            b"431": [b"GET / HTTP/1.1\r\nx: " + b"y" * 70_000],
            b"408": [b"", b"GET / HTTP/1.1\r\nx: "],
        }
        for status, sent in said.items():
            for one in sent:
                answer = await ask(one, wait=5)  # until it hangs up
                assert answer.startswith(b"HTTP/1.1 " + status), (one[:80], answer)
                assert answer.count(b"HTTP/1.1 ") == 1, answer
        assert (await ask(post(b"x", path=b"/v1/broken"), wait=5)).startswith(b"HTTP/1.1 500 ")
        assert (await ask(post(b"x", path=b"http://[x"), wait=5)).startswith(b"HTTP/1.1 400 ")
        dripping = [b"GET / HTTP/1.1\r\n", *[b"x: y\r\n"] * 30]
        assert b" 200 " not in await ask(*dripping, b"\r\n", wait=5)
        assert app.desk.asked == []

    with_wire(check)
