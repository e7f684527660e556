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

    Keeps: whatever becomes of it, whoever asks can read the page by itself. One page at a time; who
    asks meanwhile, of another shop, waits for nobody.
    """

    def __init__(self) -> None:
        self._crew: Crew | None = None
        self._turn = asyncio.Lock()
        self._rests_until = 0.0
        self._going = set[asyncio.Task[apart.Readings | None]]()
        self._idle: asyncio.TimerHandle | None = None
        self._ending = set[asyncio.Task[None]]()
        self._missed = asyncio.Event()

    async def page(self, order: PageOrder, send: Send) -> apart.Readings | None:
        """A page and what it tells; nothing where whoever asks has to do it by itself.

        Order: whoever is no longer interested leaves it to its end, so that what the hand says next
        belongs to what it is asked next; the shop is asked no more for it, so this end is near.
        Raises: NotTold; what `send` raises as a mistake of ours.
        """
        if self._going:
            return None
        self._missed.clear()
        going = asyncio.create_task(self._page(order, send))
        self._going.add(going)
        going.add_done_callback(self._over)
        try:
            return await asyncio.shield(going)
        except asyncio.CancelledError:
            self._missed.set()
            raise

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
        return told

    async def _exchange(self, order: PageOrder, send: Send) -> apart.Readings | NotRead:
        self._crew = self._crew or Crew(1)
        (hand,) = await self._crew.hands()
        hand.ask(apart.pack(order))
        while isinstance(told := await _said(hand), Asks):
            hand.ask(apart.pack(await self._answer(told, send)))
        if isinstance(told, apart.Broke):
            raise _Rubbish(f"it broke: {told.why}")
        try:
            return told if isinstance(told, NotRead) else apart.Readings(told)
        except ValueError as why:
            raise _Rubbish(f"it says something else: {why}"[:100]) from None

    async def _answer(self, asked: Asks, send: Send) -> Heard | Unheard:
        """What the shop answers, as long as somebody waits for the page."""
        sending = asyncio.ensure_future(send(asked.sending))
        missed = asyncio.create_task(self._missed.wait())
        try:
            await asyncio.wait((sending, missed), return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                return Unheard("nobody waits for it any more", refused=False)
            return Heard(sending.result())
        except (NoAnswer, NotAllowed) as no:
            return Unheard(no.why, isinstance(no, NotAllowed))
        finally:
            missed.cancel()
            sending.cancel()

    def _ends_idle(self) -> None:
        ending = asyncio.get_running_loop().create_task(self._end_idle(self._idle))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end_idle(self, timer: asyncio.TimerHandle | None) -> None:
        """End it, unless it was asked meanwhile."""
        async with self._turn:
            if self._idle is timer:
                await self._end()

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
    """A hand, where there is a second processor for it that we may use."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return PageHand() if (ours or 1) > 1 else None
