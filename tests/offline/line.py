"""The line between tills and a server: cut before or after the server acted, heard twice, and a
server that is killed between any two things it keeps."""

from __future__ import annotations

import asyncio
import random
from collections import Counter as Tally
from typing import Any

from tests.surfaces.counter import Counter

SHARES = {"cut before": 0.08, "cut after": 0.12, "twice": 0.1, "late": 0.08}


class Cut(Exception):
    """Nobody answers; what the server did, nobody knows."""


class Gone(BaseException):
    """The server is killed: nothing catches it, nobody is answered."""


class Mortal:
    """A gate that is killed before or after a command is durable, with all on their way."""

    def __init__(self, gate: Any, chance: random.Random) -> None:
        self.gate, self.chance, self.often, self.dead, self.kills = gate, chance, 0.0, False, 0

    async def submit(self, program_id: int, flow: Any, command: Any) -> Any:
        dies = self.chance.random() < self.often
        if self.dead or (dies and self.chance.random() < 0.5):
            self._killed()
        outcome = await self.gate.submit(program_id, flow, command)
        if self.dead or dies:
            self._killed()
        return outcome

    def _killed(self) -> None:
        self.kills += not self.dead
        self.dead = True
        raise Gone

    async def drain(self) -> None:
        await self.gate.drain()


class Line:
    """Every request meets a fault by chance, until it is mended."""

    def __init__(self, counter: Counter, gate: Mortal, chance: random.Random) -> None:
        self.counter, self.gate, self.chance = counter, gate, chance
        self.shares = dict(SHARES)
        self.met: Tally[str] = Tally()
        self.late: list[tuple[str, Any, str]] = []

    def mended(self) -> None:
        """No fault from now on."""
        self.shares, self.gate.often = {}, 0.0

    async def post(self, path: str, body: Any, key: str) -> Any:
        """What was answered. Raises Cut."""
        fault = self._fault()
        self.met[fault] += 1
        if fault == "late":  # somewhere on the way a copy of it is kept, and delivered some day
            self.late.append((path, body, key))
        if fault in ("cut before", "late"):
            raise Cut
        times = 2 if fault == "twice" else 1
        sent = (self._sent(path, body, key) for _ in range(times))
        said = (await asyncio.gather(*sent, return_exceptions=True))[-1]
        if isinstance(said, BaseException):
            raise said
        if fault == "cut after":
            raise Cut
        return said

    async def delivers_late(self) -> None:
        """What was kept on the way comes at last."""
        while self.late:
            try:
                await self._sent(*self.late.pop(self.chance.randrange(len(self.late))))
            except Cut:
                continue

    def _fault(self) -> str:
        drawn = self.chance.random()
        for name, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return name
        return "none"

    async def _sent(self, path: str, body: Any, key: str) -> Any:
        if self.gate.dead:
            self.gate.dead = False  # it is up again for whoever comes next
            raise Cut
        try:
            answer = await self.counter.send("POST", path, body, key=key)
        except Gone:
            raise Cut from None
        if answer.status_code >= 500:
            self.met[f"status {answer.status_code}"] += 1
            raise Cut
        assert answer.status_code == 200, answer.text
        return answer.json()
