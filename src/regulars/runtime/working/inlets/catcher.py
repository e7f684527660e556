"""Asks shops for what their webhooks did not tell, and takes it in as if they had told it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence, Set
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from msgspec.structs import replace

from regulars.base.faults import StaleTerms
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.inlets.book_arrivals import BookArrival, HalfBooked, book_arrivals
from regulars.flows.inlets.keep_arrivals import KeepArrivals, New, keep_arrivals, look_ahead
from regulars.flows.inlets.keep_catch_ups import move_on
from regulars.flows.inlets.take_arrivals import Taken, look_again
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read
from regulars.records.inlets.catching.read import all_of_them
from regulars.records.inlets.catching.types import CatchUp, failed, further, waiting
from regulars.records.inlets.feeding.read import waiting as waiting_in
from regulars.records.inlets.types import Arrival, Inlet
from regulars.runtime.importing.paging import PageHand
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.booker import booking, may_go_together, overtaken, own
from regulars.surfaces.connect.catching.ahead import Ahead, Asked
from regulars.surfaces.connect.catching.apart import APART, PageOrder, Readings
from regulars.surfaces.connect.catching.asking import (
    OURS,
    NotTold,
    Page,
    Send,
    Since,
    ask,
    shop_of,
)
from regulars.surfaces.connect.catching.shops_known import asker
from regulars.surfaces.connect.inlets.reading import Place, place_in
from regulars.surfaces.connect.outlets.crm.signing_in import Sealing

TURN_S: Final = 20.0
"""So long one shop is asked page after page, before another one has its turn."""
MOST_WAITING: Final = 5_000
"""So many events of a shop wait to be booked before it is asked for more: what a webhook tells now
does not wait behind a million."""
PATIENCE_S: Final = 1.0
"""So long pages wait for what came before them to be booked; then they wait behind it, kept."""
WORTH_A_HAND: Final = 2_000
"""So many events a shop has to tell, or has told in a row, before a hand is started for it."""
_PAUSE_S: Final = 0.25

_HowFar = tuple[CatchUp | None, bool]
"""How far it is, where it is ours to say; whether what comes next is what was asked for ahead."""

log = structlog.get_logger()


class _NotTogether(Exception):
    """Some of these are kept before they are booked."""


class _AskAgain(Exception):
    """Somebody was forgotten since these were asked for, and may be named by one of them."""


class Catcher:
    """Asks for one installation. Two that ask at once keep the same events, and one moves on."""

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, send: Send,
        most_waiting: int = MOST_WAITING, hand: PageHand | None = None,
    ) -> None:  # fmt: skip
        """`hand`: who reads pages of a shop that has much to tell."""
        self._database, self._programs = database, programs
        self._keyed, self._send, self._most_waiting = keyed, send, most_waiting
        self._hand = hand
        self._patience_s = PATIENCE_S

    async def catch_up(self, program_id: int) -> None:
        """Ask every shop of a program whose turn it is."""
        async with self._database.transaction(program_id) as tx:
            due = await read.due(tx)
            kinds = {one.inlet_id: one for one in await inlets.inlets(tx)} if due else {}
        for one in due:
            await self._one(program_id, one, kinds[one.inlet_id])

    async def _one(self, program_id: int, begun: CatchUp, inlet: Inlet) -> None:
        """Ask one shop page after page; what comes next is asked for while the last is booked.

        Order: what was asked for ahead is what comes after the page before it; where that is not
        so, or somebody else moved on meanwhile, it is thrown away.
        Keeps: whatever breaks in asking one shop, those after it are asked.
        """
        one: CatchUp | None = begun
        until = time.monotonic() + TURN_S
        ahead: Ahead | None = None
        try:
            while one is not None and await self._drained(program_id, inlet, until):
                ahead = ahead or Ahead(partial(self._page, program_id, inlet), one)
                try:
                    pages = await ahead.some()
                except NotTold as why:
                    if not why.wait_s:
                        log.warning("inlets.shop_not_asked", program_id=program_id, why=why.why)
                    await self._say(program_id, one, why)
                    return
                try:
                    one, as_thought = await self._taken_in(program_id, one, pages, inlet)
                except AGAIN:  # a webhook told the same just now: asked again, it is known
                    return
                if not as_thought or not pages[-1].page.answered.full:
                    await ahead.stop()
                    ahead = None
                if one is not None and _is_through(one):
                    return
        except Exception:  # it would be the same a second later: seen, and tried ever later
            log.exception("inlets.shop_broke", program_id=program_id)
            await self._say(program_id, one or begun, NotTold(OURS))
        finally:
            if ahead is not None:
                await ahead.stop()

    async def _page(self, program_id: int, inlet: Inlet, one: CatchUp, told: Set[UUID]) -> Asked:
        """Ask for a page, and read what the new of it tells, where there is more behind it."""
        async with self._database.transaction(program_id) as tx:
            before, came_at = await inlets.forgotten(tx, one.inlet_id), tx.now
        read = await self._read_apart(program_id, inlet, one, told, came_at)
        page = read[0].page if read else await self._asked(program_id, inlet, one)
        terms = await self._programs.terms(program_id)
        asked = Asked(page, further(one, page.answered, self._database.clock()), terms, before)
        if not page.answered.full:
            return asked
        async with self._database.transaction(program_id) as tx:
            new = await look_ahead(tx, one.inlet_id, page.events, told)
            taken = await look_again(tx, new.arrivals)
        by = taken.inlets.get(one.inlet_id)
        fits = read is not None and _read_so(read[1], by, place_in(terms), taken)
        readings = read[0] if read is not None and fits else None
        batch = [
            booking(each, taken, terms, _read_of(readings, new, each)) for each in taken.arrivals
        ]
        return asked._replace(told=batch, new=new, inlet=by)

    async def _asked(self, program_id: int, inlet: Inlet, one: CatchUp) -> Page:
        # Who is asked has a real clock, whatever a sandbox shows.
        vendor, now = asker(inlet.kind, inlet.mapping), self._database.clock()
        sealing = Sealing(self._database.transaction, self._keyed, os.urandom)
        keeps = sealing.keeps((program_id, one.inlet_id), one.keys)
        return await ask(self._send, vendor, self._keyed, (program_id, one), now, keeps)

    async def _read_apart(
        self, program_id: int, inlet: Inlet, one: CatchUp, told: Set[UUID], came_at: datetime
    ) -> tuple[Readings, PageOrder] | None:
        """A page that a hand read, and by what, where there is much to tell; or nothing.

        Keeps: what is sent to a shop goes from here, by the one guard there is; a hand reads.
        """
        much = (one.ahead or 0) >= WORTH_A_HAND or len(told) >= WORTH_A_HAND
        if self._hand is None or inlet.kind not in APART or not much:
            return None
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            is_asked = one.inlet_id in await all_of_them(tx)
        shop = shop_of(self._keyed, (program_id, one))
        since = Since(one.read_to, one.page_asked, one.met_at is None)
        now, place = self._database.clock(), place_in(terms)
        order = PageOrder(shop.address, shop.keys, since, now, inlet, place, is_asked, came_at)
        readings = await self._hand.page(order, self._send)
        return None if readings is None else (readings, order)

    async def _drained(
        self, program_id: int, inlet: Inlet, until: float, most: int | None = None
    ) -> bool:
        """Wait until fewer than so many of what came in before wait to be booked, for as long as it
        is this shop's turn; whether it is."""
        most = most or self._most_waiting
        while time.monotonic() < until:
            async with self._database.transaction(program_id) as tx:
                waits = await waiting_in(tx, inlet.inlet_id, most)
            if waits < most:
                return True
            await asyncio.sleep(_PAUSE_S)
        return False

    async def _taken_in(
        self, program_id: int, one: CatchUp, pages: Sequence[Asked], inlet: Inlet
    ) -> _HowFar:
        """Book what these pages tell, or keep it where something is in the way; how far it is.

        Order: only what has more behind it is booked at once, and what waits is booked before. The
        last page is kept, as what a webhook tells is, and so are pages of which something cannot be
        booked with the others. What may name somebody who was forgotten since it was asked for is
        thrown away, and the shop is asked once nothing waits, or after a pause.
        Raises: what the database could not do; nothing of it is an event's own.
        """
        try:
            if pages[-1].page.answered.full:
                await self._booked(program_id, inlet)
                try:
                    return await self._book(program_id, one, pages)
                except _AskAgain:
                    raise
                except Exception as error:
                    self._put_off(program_id, error)
            return await self._keep(program_id, one, pages)
        except _AskAgain:
            await self._booked(program_id, inlet)
            return one, False

    async def _booked(self, program_id: int, inlet: Inlet) -> None:
        """Wait until nothing of this shop waits to be booked, as long as pages wait for that."""
        await self._drained(program_id, inlet, time.monotonic() + self._patience_s, 1)

    def _put_off(self, program_id: int, error: Exception) -> None:
        """Say why pages are not booked at once; kept, they are booked a few at a time, and each
        event says why not. Raises: the error, where it is no event's own."""
        told = {"program_id": program_id, "why": repr(error)[:200]}
        if isinstance(error, (_NotTogether, HalfBooked, *AGAIN)):
            if isinstance(error, StaleTerms):
                self._programs.forget(program_id)
            log.info("inlets.booked_later", **told)
        elif own(error):  # ours, or a row's: whoever books one at a time finds whose
            log.error("inlets.page_not_booked", **told, exc_info=error)
        else:
            raise error

    async def _book(self, program_id: int, one: CatchUp, pages: Sequence[Asked]) -> _HowFar:
        """Keep and book pages in their order, by the terms and the mapping they were read by, and
        move on, in one transaction. Raises: whatever is in the way.

        Order: how far it is, is held first, so that of two who ask only one books. What waits of
        this source is older, and nothing is booked over it.
        Keeps: it is as far as what is booked, neither more nor less, wherever it is killed.
        """
        fresh = {id_: kept for each in pages for id_, kept in each.new.came.items()}
        batch = [told for each in pages for told in each.told]
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            before = await read.one(tx, one.inlet_id, held=True)
            if before is None or before.version != one.version:
                return None, False  # somebody else moved on, and it is theirs
            if await _forgot(tx, one, pages):
                raise _AskAgain
            if await waiting_in(tx, one.inlet_id, 1):
                raise _NotTogether("what came before waits")
            now = await look_again(tx, [told.arrival for told in batch])
            if not may_go_together(now, batch):
                raise _NotTogether("the source is paused, or somebody asks about a person")
            if any(
                each.terms is not terms or each.inlet != now.inlets.get(one.inlet_id)
                for each in pages
                if each.told
            ):
                raise _NotTogether("terms or the mapping are not those it was read by")
            late = [overtaken(told, now) for told in batch]
            await book_arrivals(tx, terms, self._keyed, late, fresh)
            return await _moved(tx, one, pages, {kept.key for kept in fresh.values()})

    async def _keep(self, program_id: int, one: CatchUp, pages: Sequence[Asked]) -> _HowFar:
        """Keep pages and how far it is in one transaction. Raises: `_AskAgain` where they may name
        somebody who was forgotten since they were asked for."""
        terms = await self._programs.terms(program_id)
        wish = _wish(one, pages)
        async with self._database.transaction(program_id) as tx:
            if await _forgot(tx, one, pages):
                raise _AskAgain
            keys = {event.key for event in wish.events}
            known = await inlets.known(tx, [(one.inlet_id, key) for key in sorted(keys)])
            if wish.events:
                await keep_arrivals(tx, terms, [wish])
            return await _moved(tx, one, pages, keys - {key for _, key in known})

    async def _say(self, program_id: int, one: CatchUp, why: NotTold) -> None:
        async with self._database.transaction(program_id) as tx:
            waits = waiting(one, why.wait_s, tx.now)
            await move_on(tx, [waits if why.wait_s else failed(one, why.why, tx.now)])


def _read_so(order: PageOrder, inlet: Inlet | None, place: Place, taken: Taken) -> bool:
    """Whether it was read as it would be by now."""
    is_asked = order.inlet.inlet_id in taken.asked
    return (order.inlet, order.place, order.is_asked) == (inlet, place, is_asked)


def _read_of(readings: Readings | None, new: New, arrival: Arrival) -> BookArrival | None:
    key = new.came[arrival.arrival_id].key
    return None if readings is None else readings.of(key, arrival)


def _is_through(one: CatchUp) -> bool:
    """Whether nothing more is to be asked for now."""
    return one.asked_at is not None and one.next_at > one.asked_at


def _asks_for(one: CatchUp) -> tuple[datetime, int]:
    """What the shop is asked for next."""
    return one.read_to, one.page_asked


async def _forgot(tx: Tx, one: CatchUp, pages: Sequence[Asked]) -> bool:
    """Whether somebody was forgotten since the first of these pages was asked for."""
    return await inlets.forgot_since(tx, one.inlet_id, pages[0].before)


def _wish(one: CatchUp, pages: Sequence[Asked]) -> KeepArrivals:
    return KeepArrivals(one.inlet_id, tuple(event for each in pages for event in each.page.events))


async def _moved(tx: Tx, one: CatchUp, pages: Sequence[Asked], fresh: set[UUID]) -> _HowFar:
    """Move on behind these pages; whether what comes next is what was asked for ahead.

    Keeps: of pages behind one after which something else comes, nothing counts but what was new.
    """
    after, left, as_thought = one, set(fresh), True
    for each in pages:
        new = {event.key for event in each.page.events} & left
        after = further(after, replace(each.page.answered, count=len(new)), tx.now)
        left -= new
        as_thought = _asks_for(after) == _asks_for(each.after)
        if not as_thought:
            break
    after = replace(after, found=after.found + len(left), version=one.version + 1)
    (moved,) = await move_on(tx, [after])
    return moved, as_thought and moved is not None
