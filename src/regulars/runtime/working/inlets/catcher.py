"""Asks shops for what their webhooks did not tell, and keeps it as if they had told it."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import datetime
from typing import Final

import structlog
from msgspec.structs import replace

from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import KeepArrivals, keep_arrivals
from regulars.flows.inlets.keep_catch_ups import move_on
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read
from regulars.records.inlets.catching.types import CatchUp, failed, further, waiting
from regulars.records.inlets.feeding.read import waiting as waiting_in
from regulars.records.inlets.types import Inlet
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.catching.asking import OURS, NotTold, Page, Send, ask
from regulars.surfaces.connect.catching.shops_known import asker
from regulars.surfaces.connect.outlets.crm.signing_in import Sealing

TURN_S: Final = 20.0
"""So long one shop is asked page after page, before another one has its turn."""
MOST_WAITING: Final = 5_000
"""So many events of a shop wait to be booked before it is asked for more: what a webhook tells now
does not wait behind a million."""
_PAUSE_S: Final = 0.25

log = structlog.get_logger()


class Catcher:
    """Asks for one installation. Two that ask at once keep the same events, and one moves on."""

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, send: Send,
        most_waiting: int = MOST_WAITING,
    ) -> None:  # fmt: skip
        self._database, self._programs = database, programs
        self._keyed, self._send, self._most_waiting = keyed, send, most_waiting

    async def catch_up(self, program_id: int) -> None:
        """Ask every shop of a program whose turn it is."""
        async with self._database.transaction(program_id) as tx:
            due = await read.due(tx)
            kinds = {one.inlet_id: one for one in await inlets.inlets(tx)} if due else {}
        for one in due:
            await self._one(program_id, one, kinds[one.inlet_id])

    async def _one(self, program_id: int, begun: CatchUp, inlet: Inlet) -> None:
        """Ask one shop page after page; the next is asked for while the last is kept.

        Order: what was asked for ahead is what comes after the page before it; where somebody else
        moved on meanwhile, it is thrown away.
        Keeps: whatever breaks in asking one shop, those after it are asked.
        """
        one: CatchUp | None = begun
        until = time.monotonic() + TURN_S
        ahead: asyncio.Task[Page] | None = None
        try:
            while one is not None and await self._drained(program_id, inlet, until):
                try:
                    page = await (ahead or self._page(program_id, one, inlet))
                except NotTold as why:
                    if not why.wait_s:
                        log.warning("inlets.shop_not_asked", program_id=program_id, why=why.why)
                    await self._say(program_id, one, why)
                    return
                ahead = None
                after = further(one, page.answered, self._database.clock())
                if page.answered.full:
                    ahead = asyncio.create_task(self._page(program_id, after, inlet))
                try:
                    one = await self._keep(program_id, one, page)
                except AGAIN:  # a webhook told the same just now: asked again, it is known
                    return
                if one is None or _asks_for(one) != _asks_for(after):
                    await _left(ahead)
                    ahead = None
                if one is not None and _is_through(one):
                    return
        except Exception:  # it would be the same a second later: seen, and tried ever later
            log.exception("inlets.shop_broke", program_id=program_id)
            await self._say(program_id, one or begun, NotTold(OURS))
        finally:
            await _left(ahead)

    async def _page(self, program_id: int, one: CatchUp, inlet: Inlet) -> Page:
        # Who is asked has a real clock, whatever a sandbox shows.
        vendor, now = asker(inlet.kind, inlet.mapping), self._database.clock()
        sealing = Sealing(self._database.transaction, self._keyed, os.urandom)
        keeps = sealing.keeps((program_id, one.inlet_id), one.keys)
        return await ask(self._send, vendor, self._keyed, (program_id, one), now, keeps)

    async def _drained(self, program_id: int, inlet: Inlet, until: float) -> bool:
        """Wait until what came in before is booked, for as long as it is this shop's turn; whether
        it is."""
        while time.monotonic() < until:
            async with self._database.transaction(program_id) as tx:
                waits = await waiting_in(tx, inlet.inlet_id, self._most_waiting)
            if waits < self._most_waiting:
                return True
            await asyncio.sleep(_PAUSE_S)
        return False

    async def _keep(self, program_id: int, one: CatchUp, page: Page) -> CatchUp | None:
        """Keep a page and how far it is in one transaction; how far, where it is ours to say."""
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            known = await inlets.known(tx, [(one.inlet_id, event.key) for event in page.events])
            if page.events:
                await keep_arrivals(tx, terms, [KeepArrivals(one.inlet_id, page.events)])
            fresh = replace(page.answered, count=len(page.events) - len(known))
            (moved,) = await move_on(tx, [further(one, fresh, tx.now)])
        return moved

    async def _say(self, program_id: int, one: CatchUp, why: NotTold) -> None:
        async with self._database.transaction(program_id) as tx:
            waits = waiting(one, why.wait_s, tx.now)
            await move_on(tx, [waits if why.wait_s else failed(one, why.why, tx.now)])


def _is_through(one: CatchUp) -> bool:
    """Whether nothing more is to be asked for now."""
    return one.asked_at is not None and one.next_at > one.asked_at


def _asks_for(one: CatchUp) -> tuple[datetime, int]:
    """What the shop is asked for next."""
    return one.read_to, one.page_asked


async def _left(ahead: asyncio.Task[Page] | None) -> None:
    """What was asked for ahead, and is not what comes next, is not waited for."""
    if ahead is not None:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)
