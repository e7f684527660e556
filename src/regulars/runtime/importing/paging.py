"""Pages of shops are read by a hand, beside whoever books them."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Final, cast

import msgspec
import structlog

from regulars.runtime.importing.crew import Crew, Hand
from regulars.surfaces.connect.catching import apart
from regulars.surfaces.connect.catching.apart import Asks, Heard, NotRead, PageOrder, Unheard
from regulars.surfaces.connect.catching.asking import LONGEST_PAGE, NotTold, Send
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

LONGEST: Final = 4 * LONGEST_PAGE
"""Bytes of what a hand says at once: a page once more, with what is read of it."""
SILENT_S: Final = 60.0
"""So long a hand may say nothing, while it is its turn."""
IDLE_S: Final = 60.0
"""So long a hand that nobody needs is kept."""
REST_S: Final = 300.0
"""So long nobody is asked after a hand fell."""

Says = Asks | apart.PageRead | NotRead | apart.Broke
log = structlog.get_logger()


class _Rubbish(Exception):
    """A hand said nothing that we understand, or nothing at all."""


class PageHand:
    """One hand that reads pages: started when it is first needed, ended when it no longer is.

    Keeps: whatever becomes of it, whoever asks can read the page by itself. One page at a time.
    """

    def __init__(self) -> None:
        self._crew: Crew | None = None
        self._turn = asyncio.Lock()
        self._rests_until = 0.0
        self._going = set[asyncio.Task[apart.Readings | None]]()
        self._idle: asyncio.TimerHandle | None = None
        self._ending = set[asyncio.Task[None]]()

    async def page(self, order: PageOrder, send: Send) -> apart.Readings | None:
        """A page and what it tells; nothing where whoever asks has to do it by itself.

        Order: whoever is no longer interested leaves it to its end, so that what the hand says next
        belongs to what it is asked next. Raises: NotTold; what `send` raises as a mistake of ours.
        """
        going = asyncio.create_task(self._page(order, send))
        self._going.add(going)
        going.add_done_callback(self._over)
        return await asyncio.shield(going)

    async def close(self) -> None:
        """End the hand; what it was asked is thrown away."""
        for one in self._going:
            one.cancel()
        await asyncio.gather(*self._going, *self._ending, return_exceptions=True)
        await self._end()

    def _over(self, going: asyncio.Task[apart.Readings | None]) -> None:
        self._going.discard(going)
        if not going.cancelled():
            going.exception()  # whoever asked may be gone, and nobody misses it

    async def _page(self, order: PageOrder, send: Send) -> apart.Readings | None:
        async with self._turn:
            if time.monotonic() < self._rests_until:
                return None
            if self._idle is not None:
                self._idle.cancel()
            try:
                told = await self._exchange(order, send)
            except (OSError, MemoryError, asyncio.IncompleteReadError, _Rubbish) as why:
                log.warning("inlets.hand_fell", why=repr(why)[:200])
                self._rests_until = time.monotonic() + REST_S
                await self._end()
                return None
            except BaseException:  # it waits for an answer that never comes
                await self._end()
                raise
            self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._ends_idle)
        if isinstance(told, NotRead):
            raise NotTold(told.why, told.wait_s)
        return apart.Readings(told) if isinstance(told, apart.PageRead) else None

    async def _exchange(self, order: PageOrder, send: Send) -> apart.PageRead | NotRead | None:
        self._crew = self._crew or Crew(1)
        (hand,) = await self._crew.hands()
        hand.ask(apart.pack(order))
        while True:
            told = await _said(hand)
            if not isinstance(told, Asks):
                return None if isinstance(told, apart.Broke) else told
            try:
                hand.ask(apart.pack(Heard(await send(told.sending))))
            except (NoAnswer, NotAllowed) as no:
                hand.ask(apart.pack(Unheard(no.why, isinstance(no, NotAllowed))))

    def _ends_idle(self) -> None:
        if not self._turn.locked():
            ending = asyncio.get_running_loop().create_task(self._end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        crew, self._crew = self._crew, None
        if crew is not None:
            await crew.end()


async def _said(hand: Hand) -> Says:
    try:
        async with asyncio.timeout(SILENT_S):
            return cast("Says", apart.said(await hand.answer(LONGEST)))
    except TimeoutError:
        raise _Rubbish("it says nothing") from None
    except (msgspec.MsgspecError, ValueError) as why:
        raise _Rubbish(f"it says something else: {why}"[:100]) from None


def page_hand() -> PageHand | None:
    """A hand, where there is a second processor for it."""
    return PageHand() if (os.cpu_count() or 1) > 1 else None
