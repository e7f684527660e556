"""Pages of a shop that are asked for while what came before them is booked."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence, Set
from typing import Final, NamedTuple
from uuid import UUID

from regulars.engine.terms import Terms
from regulars.flows.inlets.book_arrivals import BookArrival
from regulars.flows.inlets.keep_arrivals import New
from regulars.records.inlets.catching.types import CatchUp
from regulars.records.inlets.types import Forgotten, Inlet
from regulars.surfaces.connect.catching.asking import Page

MOST_EVENTS: Final = 500
"""Of pages that are booked together: members are held for some tenths of a second."""
MOST_BYTES: Final = 8_000_000
"""Of pages that wait here, and of those that are booked together; the last may go beyond."""

NOTHING_NEW: Final = New((), {})


class Asked(NamedTuple):
    """A page, how far it is behind it, were all of it new, and what the new of it tells."""

    page: Page
    after: CatchUp
    terms: Terms
    before: Forgotten
    """Who had been forgotten before it was asked for."""
    told: Sequence[BookArrival] = ()
    """Nothing of a page that has no more behind it."""
    new: New = NOTHING_NEW
    """What is to be kept of those."""
    inlet: Inlet | None = None
    """By which they were read."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(len(event.body) for event in self.page.events)


class Ahead:
    """Asks one shop page after page, until what it told has no more behind it.

    Order: one question at a time, as where the next page begins is told by the one before.
    Keeps: what waits here has room; a question that fails is told after all that came before it.
    """

    def __init__(
        self, ask: Callable[[CatchUp, Set[UUID]], Awaitable[Asked]], begun: CatchUp
    ) -> None:
        """`ask`: from where on, and the keys of what these pages told before."""
        self._ask, self._begun = ask, begun
        self._here: deque[Asked] = deque()
        self._came, self._room = asyncio.Event(), asyncio.Event()
        self._going = asyncio.create_task(self._go())
        self._going.add_done_callback(lambda _: self._came.set())

    async def some(self) -> list[Asked]:
        """The pages that are here, as many as are booked together; waits for the first.

        Order: the last one, which has no more behind it, comes alone.
        Raises: whatever the shop's answer was instead.
        """
        while not self._here:
            if self._going.done():
                self._going.result()
                raise AssertionError("nothing more was to come")
            self._came.clear()
            await self._came.wait()
        found = [self._here.popleft()]
        while self._here and self._here[0].page.answered.full and _fit([*found, self._here[0]]):
            found.append(self._here.popleft())
        self._room.set()
        return found

    async def stop(self) -> None:
        """Ask no more; what was asked for and not taken is thrown away."""
        self._going.cancel()
        await asyncio.gather(self._going, return_exceptions=True)

    async def _go(self) -> None:
        one, more, told = self._begun, True, set[UUID]()
        while more:
            while self._here and not _fit(self._here):
                self._room.clear()
                await self._room.wait()
            asked = await self._ask(one, told)
            self._here.append(asked)
            self._came.set()
            told.update(event.key for event in asked.page.events)
            one, more = asked.after, asked.page.answered.full


def _fit(pages: list[Asked] | deque[Asked]) -> bool:
    events = sum(len(one.page.events) for one in pages)
    return events <= MOST_EVENTS and sum(one.size for one in pages) <= MOST_BYTES
