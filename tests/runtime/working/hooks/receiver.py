"""A receiver on loopback that does as it is told, and keeps what came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import NamedTuple

Act = int | str
"""A status to answer, or `reset`, `hang`, `late`, `garbage`, `endless`, `drip`; after `torn ` a
status in the midst of which it breaks off."""


class Came(NamedTuple):
    """One request: its path, its headers by small names, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Answers 204, or what `acts` says to the request; `came` are all of them in order."""

    def __init__(self) -> None:
        self.came: list[Came] = []
        self.acts: Callable[[Came], Act] = lambda _: 204
        self.more: tuple[tuple[str, str], ...] = ()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def answers(self, *acts: Act) -> None:
        """These to the next requests, 204 to all after them."""
        left = list(acts)
        self.acts = lambda _: left.pop(0) if left else 204

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                pairs = (line.partition(": ") for line in head[1:] if line)
                headers = {name.lower(): value for name, _, value in pairs}
                body = await reader.readexactly(int(headers["content-length"]))
                came = Came(head[0].split()[1], headers, body)
                self.came.append(came)
                await self._answer(writer, self.acts(came))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, act: Act) -> None:
        if act == "reset":
            writer.transport.abort()
            raise ConnectionResetError
        if act == "hang":
            await asyncio.sleep(60)
        if act == "late":
            await asyncio.sleep(1.5)
            act = 200
        if act == "garbage":
            writer.write(b"\x00\x01 not http at all\r\n\r\n")
            await writer.drain()
            raise ConnectionResetError
        if isinstance(act, str) and act.startswith("torn "):
            head = f"HTTP/1.1 {act[5:]} X\r\nContent-Length: 900\r\n\r\n"
            writer.write(head.encode() + b"half of it")
            await writer.drain()
            writer.transport.abort()
            raise ConnectionResetError
        if act == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            for _ in range(900):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)
        if act == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
                await writer.drain()
        more = "".join(f"{name}: {value}\r\n" for name, value in self.more)
        writer.write(f"HTTP/1.1 {act} X\r\n{more}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()


@contextmanager
def receiver(host: str = "127.0.0.1", port: int = 0) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts, in a thread of its own."""
    kept = Receiver()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(kept.take, host, port))
    kept.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Whoever still waits for an answer gets none."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
