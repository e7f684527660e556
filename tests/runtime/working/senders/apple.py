"""A push service on loopback that speaks HTTP/2 alone and does as it is told, as Apple's does."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded


class Pushed(NamedTuple):
    """One request: its headers by name, its body, and the name on who asked's certificate."""

    headers: dict[str, str]
    body: bytes
    shown: str


class Apple:
    """Answers 200, or what `answers` says for a telephone: a status and a reason."""

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.connections = 0
        self.port = 0

    @property
    def told(self) -> list[str]:
        """Which telephones were told, in order."""
        return [one.headers[":path"].rpartition("/")[2] for one in self.pushed]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        wire = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        wire.initiate_connection()
        writer.write(wire.data_to_send())
        asked: dict[int, tuple[dict[str, str], bytes]] = {}
        while came := await reader.read(65_536):
            for event in wire.receive_data(came):
                if isinstance(event, RequestReceived):
                    asked[event.stream_id] = (dict(event.headers), b"")  # type: ignore[arg-type]
                elif isinstance(event, DataReceived):
                    headers, body = asked[event.stream_id]
                    asked[event.stream_id] = (headers, body + event.data)
                elif isinstance(event, StreamEnded):
                    self._answer(wire, event.stream_id, asked.pop(event.stream_id), _name(writer))
            writer.write(wire.data_to_send())
        writer.close()

    def _answer(
        self, wire: H2Connection, stream: int, asked: tuple[dict[str, str], bytes], shown: str
    ) -> None:
        self.pushed.append(Pushed(*asked, shown))
        status, reason = self.answers.get(self.told[-1], (200, ""))
        body = json.dumps({"reason": reason}).encode() if reason else b""
        wire.send_headers(stream, [(":status", str(status))], end_stream=not body)
        if body:
            wire.send_data(stream, body, end_stream=True)


def _name(writer: asyncio.StreamWriter) -> str:
    """What the certificate says that was shown; nothing where none was."""
    shown: Any = writer.get_extra_info("peercert")
    return dict(one for part in shown["subject"] for one in part)["commonName"] if shown else ""


@contextmanager
def apple(tls: ssl.SSLContext | None = None) -> Iterator[Apple]:
    """A push service that lives for as long as the block lasts."""
    there, loop, ready = Apple(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(there.take, "127.0.0.1", 0, ssl=tls)
        there.port = server.sockets[0].getsockname()[1]
        ready.set()

    loop.run_until_complete(serve())
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
