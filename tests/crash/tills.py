"""Tills that ask over HTTP, note what they ask before they ask it, and what they were told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

LONGEST_ANSWER_S = 30.0

Word = Literal["acked", "refused", "unknown"]


class Answer(NamedTuple):
    """A status and what came with it."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Till:
    """One keep-alive connection to the server; opened again when it broke."""

    def __init__(self, port: int, api_key: str) -> None:
        self._port, self._key = port, api_key
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: Any, key: str = "") -> Answer:
        """Ask for something, under a key. Raises OSError or TimeoutError when nobody answers."""
        try:
            async with asyncio.timeout(LONGEST_ANSWER_S):
                return await self._post(path, json.dumps(body).encode(), key)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.close()
            raise ConnectionError(repr(error)) from error

    async def _post(self, path: str, body: bytes, key: str) -> Answer:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._reader is not None
        once = f"idempotency-key: {key}\r\n" if key else ""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {self._key}\r\n"
            f"content-type: application/json\r\n{once}content-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:-2]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        said = json.loads(await self._reader.readexactly(length)) if length else None
        return Answer(int(lines[0].split(" ")[1]), said, headers)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


class Asked(NamedTuple):
    """What was asked under a key, kept before it was sent."""

    path: str
    body: Any


class Journal:
    """What all tills asked and were told; nothing is sent that does not stand here before."""

    def __init__(self) -> None:
        self.asked: dict[str, Asked] = {}
        self.told: dict[str, Word] = {}
        self.ids: dict[str, str] = {}
        self.troubles: dict[str, int] = {}
        """How often each status or broken connection was met."""
        self.acked = 0
        self.since = 0.0
        self.first_ack: asyncio.Event = asyncio.Event()
        """Something that was sent after `since` was answered."""

    async def ask(self, till: Till, key: str, asked: Asked) -> Word:
        """Note it, ask it, note the answer."""
        self.asked[key] = asked
        self.told[key] = "unknown"
        sent_at = time.monotonic()
        try:
            answer = await till.post(asked.path, asked.body, key)
        except ConnectionError:
            return self._trouble("cut")
        if answer.status in (200, 201):
            self.told[key] = "acked"
            self.ids[key] = answer.body["id"]
            self.acked += 1
            if sent_at > self.since:
                self.first_ack.set()
        elif answer.status < 500:
            assert answer.status == 409, answer
            self.told[key] = "refused"
            self._trouble(answer.body["code"])
        else:
            # The world was down, and says when to come again; whether it was done is not known.
            if answer.status == 503:
                assert int(answer.headers["retry-after"]) > 0, answer
            return self._trouble(str(answer.status))
        return self.told[key]

    def keys(self, word: Word) -> list[str]:
        """The keys that were told this."""
        return [key for key, told in self.told.items() if told == word]

    def _trouble(self, kind: str) -> Word:
        self.troubles[kind] = self.troubles.get(kind, 0) + 1
        return "unknown"
