"""The hands of an import, as whoever runs it knows them: started once, asked often."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from os import getpid
from typing import Final

from regulars.runtime.importing.messages import DONE, LENGTH, framed
from regulars.runtime.problems import SetupProblem

_COMMAND: Final = (sys.executable, "-m", "regulars.runtime.importing.entry")
_ROOM: Final = 4 << 20
"""Bytes of answers that may wait here before a hand waits with the next."""


class Hand:
    """One program that was asked for, and the line to it."""

    def __init__(self, answers: asyncio.StreamReader, asks: asyncio.StreamWriter) -> None:
        self._answers, self._asks = answers, asks

    def ask(self, order: bytes) -> None:
        """Give it something to do."""
        self._asks.write(framed(order))

    async def answer(self, longest: int | None = None) -> bytes:
        """The next thing it says. Raises IncompleteReadError when it ends before, ValueError where
        it is longer than this."""
        try:
            length = int.from_bytes(await self._answers.readexactly(LENGTH), "big")
            if longest is not None and length > longest:
                raise ValueError(f"{length} bytes")
            return await self._answers.readexactly(length)
        except ConnectionError:
            raise asyncio.IncompleteReadError(b"", LENGTH) from None

    async def done(self) -> None:
        """Wait until it has done what it was asked. Faults: SetupProblem when it falls."""
        try:
            said = await self.answer()
        except asyncio.IncompleteReadError:
            raise SetupProblem(
                "A program that books the lines fell.",
                "The log says why. The same command again goes on where it stopped.",
            ) from None
        assert said == DONE, said

    def hang_up(self) -> None:
        self._asks.close()


class Crew:
    """So many hands, started when they are first needed; none outlives the block."""

    def __init__(self, many: int) -> None:
        self.many = many
        self._first: subprocess.Popen[bytes] | None = None
        self._lines: list[socket.socket] = []
        self._hands: list[Hand] = []

    def start(self) -> None:
        """Start them; they load while something else is done here."""
        if self._first is not None:
            return
        pairs = [socket.socketpair() for _ in range(self.many)]
        theirs = [there.fileno() for _, there in pairs]
        command = [*_COMMAND, str(getpid()), *map(str, theirs)]
        try:
            self._first = subprocess.Popen(command, pass_fds=theirs)
        finally:
            for _, there in pairs:
                there.close()
            self._lines = [here for here, _ in pairs]

    async def hands(self) -> list[Hand]:
        """All of them, ready to be asked."""
        self.start()
        while self._lines:
            line = self._lines.pop(0)
            self._hands.append(Hand(*await asyncio.open_connection(sock=line, limit=_ROOM)))
        return self._hands

    async def __aenter__(self) -> Crew:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def end(self) -> None:
        """End all of them, and wait for it."""
        for hand in self._hands:
            hand.hang_up()
        for line in self._lines:
            line.close()
        if self._first is not None:
            self._first.terminate()
            await asyncio.to_thread(self._first.wait)
