"""Asks another machine by HTTP: one address, checked and held; no redirect, a short answer."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final, cast

import httpcore
from msgspec import Struct

from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

LONGEST_ANSWER: Final = 16 * 1024
"""So much of an answer is read; a longer one is cut off and its connection closed."""
IDLE_S: Final = 15.0
CONNECT_S: Final = 5.0
NO_HTTP: Final = "it answers nothing, or something that is no HTTP"
BROKEN: Final = "the connection broke off"
SLOW_NAME: Final = "its name was not found in time"
NO_ADDRESS: Final = "its name has no address"
_UNCONNECTED: Final = (
    ssl.SSLError, ConnectionRefusedError, httpcore.ConnectTimeout, httpcore.ConnectError,
)  # fmt: skip
_WORDS: Final = (
    (ssl.SSLError, "it cannot prove by TLS who it is"),
    (ConnectionRefusedError, "it refuses the connection"),
    (httpcore.ConnectTimeout, f"no connection within {CONNECT_S:g} seconds"),
    (httpcore.TimeoutException, "it did not answer in time"),
    (httpcore.ConnectError, "it cannot be connected to"),
)
BEFORE: Final = frozenset(
    {NO_ADDRESS, SLOW_NAME, *(said for kind, said in _WORDS if kind in _UNCONNECTED)}
)
"""Why nothing came back from whom nothing was sent to."""
_AGENT: Final = ("User-Agent", "Regulars")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Which addresses a name has, as texts."""


class Sending(Struct, frozen=True):
    """What is sent: by which method, where to, with which headers, and the body."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class Answer(Struct, frozen=True):
    """What came back: the status, some headers by their small names, the first of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """Nothing came back, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TooSlow(Exception):
    """A name was not found in time."""


async def by_system(host: str, port: int) -> list[str]:
    """What the machine itself says a name has for addresses."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)  # 1: streams
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to what a name came to, once all of it was found good: the address that was
    checked is the one that is called, whatever the name comes to a moment later."""

    def __init__(self, guard: Guard, resolve: Resolve, scheme: str) -> None:
        self._guard = guard
        self._resolve = resolve
        self._scheme = scheme
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await self._found(host.strip("[]"), port)
        if not found:
            raise NoAnswer(NO_ADDRESS)
        for one in found:  # one bad address among good ones is no accident
            self._guard.check_address(ip_address(one.partition("%")[0]), self._scheme)
        return await self._real.connect_tcp(
            found[0], port, timeout, local_address, cast(Any, socket_options)
        )

    async def _found(self, host: str, port: int) -> Sequence[str]:
        try:
            return await self._resolve(host, port)
        except TooSlow:
            raise NoAnswer(SLOW_NAME) from None
        except TimeoutError:
            raise
        except (OSError, ValueError):  # UnicodeError: it is no name at all
            raise NoAnswer(NO_ADDRESS) from None

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise NotAllowed("sockets of this machine are not called")

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)


class Client:
    """Asks machines by HTTP as long as it is open; connections are kept for a while.

    Keeps: no proxy or password of the environment, no cookie, no redirect, at most `wide`
    connections at once, and never longer than `patience_s` for one request as a whole. With
    `http2` nothing older is spoken, and requests share a connection. Of an answer no more than
    `longest` bytes are read.
    """

    longest = LONGEST_ANSWER

    def __init__(
        self,
        guard: Guard,
        *,
        patience_s: float,
        wide: int = 8,
        resolve: Resolve = by_system,
        trust: ssl.SSLContext | None = None,
        http2: bool = False,
    ) -> None:
        self._guard = guard
        self._patience_s = patience_s
        self._wide = wide
        self._resolve = resolve
        self._trust = trust
        self._http2 = http2
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        """Send this. Raises NotAllowed for an address we do not talk to, NoAnswer otherwise."""
        return await self.send(Sending("POST", url, headers, body))

    async def send(self, sending: Sending) -> Answer:
        """Send this by its own method. Raises as `post`."""
        heard: list[Answer] = []
        try:
            return await self._within(sending, heard)
        except NoAnswer:
            # Whoever said yes has it, however the rest of what they say ends.
            if heard and 200 <= heard[0].status < 300:
                return heard[0]
            raise

    async def close(self) -> None:
        """Close all connections."""
        pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            await pool.aclose()

    async def _within(self, sending: Sending, heard: list[Answer]) -> Answer:
        """The answer; what of it was `heard` also where it does not come to an end."""
        parts = self._guard.check_url(sending.url)
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._ask(self._pool(parts.scheme), sending, heard)
        except (NotAllowed, NoAnswer):
            raise
        except TimeoutError:
            raise NoAnswer(f"no answer within {self._patience_s:g} seconds") from None
        except (httpcore.TimeoutException, httpcore.NetworkError, OSError) as why:
            raise NoAnswer(_in_our_words(why)) from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError):
            raise NoAnswer(NO_HTTP) from None

    async def _ask(
        self, pool: httpcore.AsyncConnectionPool, sending: Sending, heard: list[Answer]
    ) -> Answer:
        headers = [(name.encode(), value.encode()) for name, value in (_AGENT, *sending.headers)]
        headers.append((b"Content-Length", str(len(sending.body)).encode()))
        headers.append((b"Host", _host(sending.url)))
        timeouts = {"connect": CONNECT_S, "read": self._patience_s, "write": self._patience_s}
        request = httpcore.Request(
            sending.method, sending.url, headers=headers, content=sending.body,
            extensions={"timeout": timeouts},
        )  # fmt: skip
        answer = await pool.handle_async_request(request)
        try:
            said = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in answer.headers
            }
            heard.append(Answer(answer.status, said, b""))
            return Answer(answer.status, said, await _first(answer, self.longest))
        finally:
            await answer.aclose()

    def _pool(self, scheme: str) -> httpcore.AsyncConnectionPool:
        if scheme not in self._pools:
            self._pools[scheme] = httpcore.AsyncConnectionPool(
                ssl_context=self._trust or ssl.create_default_context(),
                max_connections=self._wide,
                max_keepalive_connections=self._wide,
                keepalive_expiry=IDLE_S,
                http1=not self._http2,
                http2=self._http2,
                network_backend=_Pinned(self._guard, self._resolve, scheme),
            )
        return self._pools[scheme]


async def _first(answer: httpcore.Response, longest: int) -> bytes:
    """The first of what it says; more is not even read."""
    found, length = [], 0
    async for part in answer.aiter_stream():
        found.append(part)
        length += len(part)
        if length >= longest:
            break
    return b"".join(found)[:longest]


def _host(url: str) -> bytes:
    return url.partition("://")[2].partition("/")[0].partition("?")[0].encode()


def _in_our_words(why: BaseException) -> str:
    """What went wrong, never as the other side or a library put it: that may name somebody."""
    causes: list[BaseException] = []
    cause: BaseException | None = why
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for one in causes:
        for kind, words in _WORDS:
            if isinstance(one, kind):
                return words
    return BROKEN
