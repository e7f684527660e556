"""Watches a web worker: each request is counted, and `/metrics` tells what was."""

from __future__ import annotations

import hmac
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import psutil

from regulars.runtime.installation.secret_files import read_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.board import everybody, on_board
from regulars.runtime.observing.exposition import CONTENT_TYPE, text_of
from regulars.runtime.observing.figures import Asking
from regulars.runtime.observing.numbers import Numbers
from regulars.runtime.serving.gate import Gate
from regulars.runtime.storage.database import Database
from regulars.surfaces.api.answers import Answer
from regulars.surfaces.api.front.addresses import Addresses
from regulars.surfaces.api.front.asgi import Front
from regulars.surfaces.api.front.desk import Desk
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.api.operations.table import OPERATIONS

PATH: Final = "/metrics"
LOCAL: Final = ("127.0.0.1", "::1", "localhost")
FORWARDED: Final = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"})

Fill = Callable[[Numbers], None]


@asynccontextmanager
async def watched(settings: Settings, front: Front, fill: Fill) -> AsyncIterator[None]:
    """Count what this front answers, and answer `/metrics`, for as long as the block lasts."""
    if settings.metrics == "off":
        yield
        return
    numbers = Numbers(part="web", strangers=front.strangers)
    own = psutil.Process()

    def look() -> None:
        numbers.gauges["memory_bytes"] = float(own.memory_info().rss)
        fill(numbers)

    front.desk = cast(Desk, WatchedDesk(front.desk, numbers))
    front.pages = WatchedPages(front.pages, numbers, settings, look)
    async with on_board(settings, numbers, look):
        yield


def gate_and_pool(gate: Gate, database: Database) -> Fill:
    """Reads how full a worker is: what waits at its gate, what its connections do."""

    def fill(numbers: Numbers) -> None:
        numbers.batches, numbers.commands = gate.batches, gate.commands
        numbers.gauges |= {
            "gate_waiting": gate.waiting,
            "gate_in_flight": gate.in_flight,
            "pool_connections": database.pool.get_size(),
            "pool_idle": database.pool.get_idle_size(),
        }

    return fill


class WatchedDesk:
    """The API, with a look at the clock before and after."""

    def __init__(self, desk: Any, numbers: Numbers) -> None:
        self._answer = desk.answer
        self._numbers = numbers
        self._addresses = Addresses(OPERATIONS)
        # The way of most requests is one look-up.
        self._names = {
            (one.method, one.path): one.name for one in OPERATIONS if "{" not in one.path
        }

    async def answer(self, request: Request) -> Answer | None:
        """The answer of the API, counted."""
        begun = time.perf_counter()
        answer: Answer | None = await self._answer(request)
        if answer is not None:
            name = self._names.get((request.method, request.path)) or self._name(request)
            self._numbers.request(name, answer.status, time.perf_counter() - begun)
        return answer

    def _name(self, request: Request) -> str:
        """The operation's name; never the address, which has ids in it."""
        found = self._addresses.find(request.path)
        operation = found[0].operations.get(request.method) if found else None
        return operation.name if operation is not None else "other"


class WatchedPages:
    """The pages, and among them the one with the figures."""

    def __init__(
        self, pages: Any, numbers: Numbers, settings: Settings, look: Callable[[], None]
    ) -> None:
        self._pages = pages
        self._numbers = numbers
        self._settings = settings
        self._look = look
        self._asking = Asking(settings)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
        elif scope["path"] == PATH:
            await self._metrics(scope, send)
        else:
            begun = time.perf_counter()
            heard = _Heard(send)
            await self._pages(scope, receive, heard.send)
            self._numbers.request("page", heard.status, time.perf_counter() - begun)

    async def _metrics(self, scope: Any, send: Any) -> None:
        if scope["method"] != "GET":
            return await _say(send, 405, b"GET only\n", (b"allow", b"GET, HEAD"))
        refused = refusal(self._settings, dict(scope["headers"]), scope.get("client"))
        if refused:
            challenge = (b"www-authenticate", b'Bearer realm="metrics"')
            return await _say(send, *refused, *((challenge,) if refused[0] == 401 else ()))
        self._look()
        others = [
            (numbers, alive)
            for numbers, alive in everybody(self._settings)
            if (numbers.part, numbers.pid) != (self._numbers.part, self._numbers.pid)
        ]
        text = text_of([(self._numbers, True), *others], await self._asking.figures())
        return await _say(send, 200, text, (b"content-type", CONTENT_TYPE.encode()))


def refusal(
    settings: Settings, headers: dict[bytes, bytes], client: Any
) -> tuple[int, bytes] | None:
    """Why this caller may not see the figures; nothing where they may."""
    if settings.metrics == "loopback":
        near = bool(client) and client[0] in LOCAL
        # A proxy on this machine is near as well, and asks for somebody who is not.
        if near and not FORWARDED & headers.keys():
            return None
        return 403, b"Only from this machine, and through no proxy (REGULARS_METRICS).\n"
    shown = headers.get(b"authorization", b"")
    token = read_secrets(settings).metrics_token.encode()
    if shown[:7].lower() == b"bearer " and hmac.compare_digest(shown[7:], token):
        return None
    return 401, b"Show the secret metrics_token as a bearer token.\n"


class _Heard:
    """Notes the status of an answer on its way out."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self.status = 500

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


async def _say(send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    plain = () if any(name == b"content-type" for name, _ in headers) else (
        (b"content-type", b"text/plain; charset=utf-8"),
    )  # fmt: skip
    all_headers = [*headers, *plain, (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})
