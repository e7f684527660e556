"""A broker as whoever hears of events: what hooks post is put there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from regulars.base.keyed import Keyed
from regulars.records.outbox.hooks.types import Entry
from regulars.surfaces.senders.brokers.opening import Kept, outlet_of, way_to
from regulars.surfaces.senders.brokers.there import SILENT, NotReached, Outgoing, Outlet
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard

PATIENCE_S: Final = 15.0
ID: Final = "webhook-id"
MEMBER: Final = "regulars-member"
TYPE: Final = "regulars-type"
ARRIVED: Final = 200
"""A broker says yes in no number; it is written down as the one that HTTP has for it."""


def kept_of(program_id: int, url: str, entry: Entry) -> Kept:
    """What opens the broker at this address."""
    return Kept(program_id, url, entry.account, entry.login, entry.authority, entry.keys)


class Posts:
    """Puts events to one broker for as long as it is open; opened anew after whatever failed."""

    def __init__(self, guard: Guard, keyed: Keyed, kept: Kept) -> None:
        self._guard, self._keyed, self._kept = guard, keyed, kept
        self._outlet: Outlet | None = None
        self._opening = asyncio.Lock()

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        """Kept there when this returns. Raises: NoAnswer."""
        above = {name.lower(): value for name, value in headers}
        one = Outgoing(above[ID], above[MEMBER], above[TYPE], headers, body)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await (await self._open()).publish(one)
        except NotReached as why:
            await self.close()
            raise NoAnswer(why.why) from None
        except TimeoutError:
            await self.close()
            raise NoAnswer(SILENT) from None
        return Answer(ARRIVED, {}, b"")

    async def look(self) -> None:
        """Whether something there keeps what is put. Raises: NotReached."""
        await (await self._open()).look()

    async def close(self) -> None:
        """Close the connection."""
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            await outlet.close()

    async def _open(self) -> Outlet:
        async with self._opening:
            if self._outlet is None:
                way = await way_to(self._guard, self._keyed, self._kept, reads=False)
                self._outlet = await outlet_of(self._guard, way)
            return self._outlet
