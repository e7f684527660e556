"""All orders in which two sessions can run their statements, each order that matters once.

A schedule is followed step by step; where both sessions could go on there is a choice, and every
choice is tried (depth first). Orders that differ only in steps which cannot notice each other
(`session.depend`) are run once: sleep sets, after Godefroid, "Partial-Order Methods for the
Verification of Concurrent Systems" (1996).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import asyncpg
from tests.isolation.session import Session, Step, depend

MOST_LOOKS = 5_000
"""So often it is looked whether a step has ended, 4 ms apart at least; not by the clock, as whoever
stops all of this for a while stops no clock."""
_BLOCKERS = "select pg_blocking_pids($1)"

LEFT_FIRST, RIGHT_FIRST = ("left", "right"), ("right", "left")

Choose = Callable[[dict[str, Step]], str]


@dataclass
class Fork:
    """A moment at which somebody had to be chosen."""

    open: dict[str, Step]
    chosen: str
    asleep: dict[str, Step]
    tried: dict[str, Step] = field(default_factory=dict)

    def handed_on(self) -> dict[str, Step]:
        """What need not be tried after this choice, as it would lead where we have been."""
        step = self.open[self.chosen]
        return {
            name: other
            for name, other in (self.asleep | self.tried).items()
            if name != self.chosen and not depend(other, step)
        }


class Explorer:
    """Chooses so that every order that matters is run once."""

    def __init__(self, reduced: bool = True) -> None:
        self._path: list[Fork] = []
        self._at = 0
        self._reduced = reduced
        self.runs = self.repeats = self.strays = 0
        self._repeating = False

    def begin(self) -> None:
        """Begin the next run."""
        self._at, self._repeating = 0, False
        self.runs += 1

    def choose(self, open_: dict[str, Step]) -> str:
        """Who goes next."""
        if self._repeating:
            return min(open_)
        if self._at < len(self._path):
            chosen = self._path[self._at].chosen
            if chosen not in open_:  # the order of random ids decided a wait otherwise this time
                self._repeating = True
                self.strays += 1
                return min(open_)
        else:
            asleep = self._path[-1].handed_on() if self._path and self._reduced else {}
            awake = [name for name in sorted(open_) if name not in asleep]
            if not awake:
                self._repeating = True
                self.repeats += 1
                return min(open_)
            chosen = awake[0]
            self._path.append(Fork(dict(open_), chosen, asleep))
        self._at += 1
        return chosen

    def more(self) -> bool:
        """Whether there is another run to make; prepares it."""
        while self._path:
            last = self._path[-1]
            last.tried[last.chosen] = last.open[last.chosen]
            left = [n for n in sorted(last.open) if n not in last.tried and n not in last.asleep]
            if left:
                last.chosen = left[0]
                return True
            self._path.pop()
        return False


def one_after_the_other(order: Sequence[str]) -> Choose:
    """Whoever comes first in this order goes as long as there is anything to do."""
    return lambda open_: next(name for name in order if name in open_)


def at_random(seed: int) -> Choose:
    """Anybody, drawn with this seed."""
    chance = random.Random(seed)
    return lambda open_: chance.choice(sorted(open_))


class Conductor:
    """Runs sessions statement by statement, and notices who waits for whom."""

    def __init__(self, sessions: Sequence[Session], observer: asyncpg.Connection) -> None:
        self._sessions = {session.name: session for session in sessions}
        self._observer = observer
        self._waiting: set[str] = set()
        self.waits = 0

    async def conduct(self, choose: Choose) -> list[str]:
        """Let everybody come to their end; answers in which order the steps were taken."""
        taken = []
        while True:
            open_ = await self._open()
            if not open_:
                return taken
            name = choose(open_)
            taken.append(f"{name}:{open_[name].kind}")
            self._sessions[name].let_through()

    async def _open(self) -> dict[str, Step]:
        """Who could take a step now; waits until everybody has come to a halt."""
        for _ in range(MOST_LOOKS):
            standing, waiting = {}, 0
            for session in self._sessions.values():
                if await self._halted(session):
                    if session.next is not None:
                        standing[session.name] = session.next
                elif await self._waits(session):
                    waiting += 1
                else:
                    break
            else:
                if standing or not waiting:
                    return standing
                # Each waits for the other: PostgreSQL ends one of them soon.
        raise AssertionError("a step that does not end")

    async def _halted(self, session: Session) -> bool:
        if not (session.done or session.next is not None):
            try:
                await asyncio.wait_for(session.moved.wait(), 0.004)
            except TimeoutError:
                return False
        self._waiting.discard(session.name)
        return True

    async def _waits(self, session: Session) -> bool:
        blockers = await self._observer.fetchval(_BLOCKERS, session.pid)
        others = {other.pid for other in self._sessions.values()} - {session.pid}
        if not others & set(blockers) or session.moved.is_set():
            return False
        self.waits += session.name not in self._waiting
        self._waiting.add(session.name)
        return True
