"""Stands between application and PostgreSQL: it can swallow the news that a COMMIT was done, say
nothing, cut off, hand over crumbs, or take its time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

SOCKET = ".s.PGSQL.5432"
_COMMIT_DONE = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""CommandComplete with the tag COMMIT (PostgreSQL documentation, “Message Formats”)."""


class CommitProxy:
    """Forwards everything; of the COMMITs done it drops some, together with the connection."""

    def __init__(self, chance: random.Random, share: float) -> None:
        self._chance, self._share = chance, share
        self.commits = self.swallowed = 0
        self.armed = False

    async def carry(
        self, near: tuple[asyncio.StreamReader, asyncio.StreamWriter], behind: Path
    ) -> None:
        """One connection of the application, for as long as it lives."""
        from_app, to_app = near
        from_server, to_server = await asyncio.open_unix_connection(str(behind))
        ways = {
            asyncio.create_task(_pass_on(from_app, to_server)),
            asyncio.create_task(self._tell(from_server, to_app)),
        }
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for writer in (to_app, to_server):
            writer.close()

    async def _tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What the server says, message by message."""
        with suppress(OSError, EOFError):
            while True:
                head = await reader.readexactly(5)
                message = head + await reader.readexactly(int.from_bytes(head[1:]) - 4)
                if message == _COMMIT_DONE and self.armed:
                    self.commits += 1
                    if self._chance.random() < self._share:
                        self.swallowed += 1
                        return
                writer.write(message)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while said := await reader.read(65536):
            writer.write(said)


class Line:
    """Forwards everything in one of these ways, until told otherwise: `well`; `stall` (nothing
    comes through, and nobody hangs up); `reset` (who talks is cut off); `slice` (crumbs of so
    many bytes); `delay` (each word takes a while)."""

    CRUMB, SLOW_S = 3, 0.02

    def __init__(self) -> None:
        self._healed = asyncio.Event()
        self.way = ""
        self.turn("well")

    def turn(self, way: str) -> None:
        self.way = way
        if way == "stall":
            self._healed.clear()
        else:
            self._healed.set()

    async def carry(
        self, near: tuple[asyncio.StreamReader, asyncio.StreamWriter], behind: Path
    ) -> None:
        """One connection of the application, for as long as it lives."""
        from_app, to_app = near
        from_server, to_server = await asyncio.open_unix_connection(str(behind))
        ways = {
            asyncio.create_task(self._pass_on(from_app, to_server)),
            asyncio.create_task(self._pass_on(from_server, to_app)),
        }
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for writer in (to_app, to_server):
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while said := await reader.read(65536):
                await self._healed.wait()
                if self.way == "reset":
                    return
                if self.way == "delay":
                    await asyncio.sleep(self.SLOW_S)
                size = self.CRUMB if self.way == "slice" else len(said)
                for start in range(0, len(said), size):
                    writer.write(said[start : start + size])
                    await writer.drain()
                    if self.way == "slice":
                        await asyncio.sleep(0)


@asynccontextmanager
async def proxied(dsn: str, folder: Path, proxy: CommitProxy | Line) -> AsyncIterator[str]:
    """The address of the same database behind this proxy."""
    address = urlsplit(dsn)
    behind = Path(parse_qs(address.query)["host"][0]) / SOCKET
    carrying: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(proxy.carry((reader, writer), behind))
        carrying.add(task)
        task.add_done_callback(carrying.discard)

    server = await asyncio.start_unix_server(accept, str(folder / SOCKET))
    try:
        yield urlunsplit(address._replace(query=f"host={quote(str(folder), safe='')}"))
    finally:
        server.close()
        for task in list(carrying):
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)
