"""How quickly a provider is asked: so many letters a second, whoever sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from regulars.records.outbox.delivery.types import Channel
from regulars.surfaces.senders.types import Letter, Said, Sender, takes_key


class Pace:
    """The one queue before a provider: whoever comes waits until those before are through.

    Shape: `clock` are seconds that only ever grow.
    Keeps: in any second at most twice `per_second` go, over an hour no more than it says. There is
    no credit for a quiet hour, as providers count none.
    """

    def __init__(
        self,
        per_second: int,
        clock: Callable[[], float],
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.per_second = per_second
        self._clock, self._wait, self._free_at = clock, wait, 0.0

    async def turn(self, letters: int) -> None:
        """Wait until so many may go."""
        now = self._clock()
        at = max(now, self._free_at)
        # Taken before the wait, so that whoever comes meanwhile stands behind.
        self._free_at = at + letters / self.per_second
        if at > now:
            await self._wait(at - now)


class PacedSender:
    """A sender that goes no quicker than its provider takes."""

    def __init__(self, sender: Sender, pace: Pace) -> None:
        self._sender, self._pace = sender, pace
        self.channel: Channel = sender.channel
        self.name = sender.name
        self.takes_key = takes_key(sender)

    @property
    def per_second(self) -> int:
        """How many a second."""
        return self._pace.per_second

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        """As many at once as one second takes; once nobody answers, nobody waits either."""
        said: list[Said] = []
        for begin in range(0, len(letters), self._pace.per_second):
            some = letters[begin : begin + self._pace.per_second]
            lost = next((one for one in said if one.away), None)
            if lost is not None:
                said += [Said("later", lost.reason, away=True)] * len(some)
                continue
            await self._pace.turn(len(some))
            said += await self._sender.send(some)
        return said


def most_of(senders: Sequence[object], most: int, within_s: int) -> int:
    """How many letters may be taken at once, of `most`, so that the slowest of these has them all
    away within so many seconds."""
    paced = [one.per_second for one in senders if isinstance(one, PacedSender)]
    return min([most, *(within_s * per_second for per_second in paced)])
