"""Looks for files in the places of sources, and keeps each of their rows as an event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

import structlog
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import KeepArrivals, keep_arrivals
from regulars.flows.inlets.keep_feeds import Looked, look_at_files, move_feeds, move_files
from regulars.records.inlets import read as inlets
from regulars.records.inlets.feeding import read
from regulars.records.inlets.feeding.types import (
    Feed,
    FeedFile,
    Listed,
    Portion,
    failed,
    further,
    held,
    lies_still,
)
from regulars.records.inlets.feeding.types import done as ended
from regulars.records.inlets.types import Inlet
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.feeds.places.opening import place_of
from regulars.surfaces.connect.feeds.places.there import NotFetched, NotReached, Reach, There
from regulars.surfaces.connect.feeds.rows import Some, ends_open, rows_of
from regulars.surfaces.connect.inlets.mapping import read_mapping

MOST_WAITING: Final = 5_000
"""So many events of a source wait to be booked before its file is read on: whoever sends one by
another way does not wait behind a million."""
PATIENCE_S: Final = 20.0
"""So long a file waits for them; then it is another place's turn, and it goes on next time."""
LISTED_S: Final = 120.0
FETCHED_S: Final = 900.0
MOST_SLOW: Final = 2
"""So many files of a look that do not come in that time: then it is the place."""
SLOW_PAUSE: Final = timedelta(hours=1)
"""So long such a file is let alone, twice as long each time, so that a thin line is free for the
others; a day at most."""
LONGEST_SLOW: Final = timedelta(days=1)
MOST_LATER: Final = 10_000
SLOW: Final = "it did not come whole within 15 minutes; make it smaller, or pack fewer days into it"
_PAUSE_S: Final = 0.25

log = structlog.get_logger()


_Bytes = tuple[UUID, str, int, datetime]


class _Slow(TimeoutError):
    """A file did not come in time, and others may."""


class Feeder:
    """Looks for one installation. Two that read a file at once keep the same, and one moves on.

    Order: a file that did not come in time is fetched again ever later. For how long is not kept: a
    worker that begins anew fetches it once more.
    """

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, reach: Reach,
        most_waiting: int = MOST_WAITING,
    ) -> None:  # fmt: skip
        self._database, self._programs, self._keyed = database, programs, keyed
        self._reach, self._most_waiting = reach, most_waiting
        self._later: dict[_Bytes, tuple[int, datetime]] = {}
        """What did not come in time: how often in a row, and when it is fetched again."""

    async def due(self, program_id: int) -> list[tuple[Feed, Inlet]]:
        """Whose turn it is by now."""
        async with self._database.transaction(program_id) as tx:
            feeds = await read.due(tx)
            mine = {one.inlet_id: one for one in await inlets.inlets(tx)} if feeds else {}
        return [(one, mine[one.inlet_id]) for one in feeds]

    async def feed(self, program_id: int) -> None:
        """Look in every place of a program whose turn it is."""
        for feed, inlet in await self.due(program_id):
            await self.one(feed, inlet)

    async def one(self, feed: Feed, inlet: Inlet) -> None:
        """Look in one place, and read what can be read there."""
        try:
            await self._look(feed, inlet)
        except NotReached as why:
            await self._say(feed, inlet, why.why)
        except TimeoutError:
            await self._say(feed, inlet, "it did not answer in time")
        except AGAIN:  # another worker keeps the same: looked at again, it is known
            return

    async def _look(self, feed: Feed, inlet: Inlet) -> None:
        program_id = inlet.program_id
        async with self._database.transaction(program_id) as tx:
            own = await read.own_folder(tx)
        async with place_of(self._reach, self._keyed, (program_id, own), feed) as there:
            async with asyncio.timeout(LISTED_S):
                found = await there.files()
            async with self._database.transaction(program_id) as tx:
                told = Looked(feed, tuple(found), there.host_key)
                (ready,) = await look_at_files(tx, [told])
            slow = 0
            now = self._database.now(program_id)
            for file in ready or ():
                if self._later.get(_bytes(file), (0, now))[1] > now:
                    continue
                try:
                    if not await self._file(there, inlet, file):
                        return
                except _Slow:
                    slow += 1
                    if slow == MOST_SLOW:
                        raise

    async def _file(self, there: There, inlet: Inlet, file: FeedFile) -> bool:
        """Read one file; whether the next one may be read. Raises: _Slow."""
        with TemporaryDirectory(prefix="regulars-feed-") as folder:
            copy = Path(folder) / _plain(file.name)
            try:
                async with asyncio.timeout(FETCHED_S):
                    await there.fetch(Listed(file.name, file.size, file.modified), copy)
            except NotFetched as why:
                await self._unfetched(inlet, file, why.why)
                return True
            except TimeoutError:
                await self._unfetched(inlet, file, SLOW)
                self._fetch_later(file, self._database.now(inlet.program_id))
                raise _Slow from None
            self._later.pop(_bytes(file), None)
            return await self._rows(inlet, file, copy)

    def _fetch_later(self, file: FeedFile, now: datetime) -> None:
        if len(self._later) >= MOST_LATER:
            self._later.clear()
        tries, _ = self._later.get(_bytes(file), (0, now))
        pause = min(SLOW_PAUSE * 2 ** min(tries, 10), LONGEST_SLOW)
        self._later[_bytes(file)] = (tries + 1, now + pause)

    async def _rows(self, inlet: Inlet, file: FeedFile, copy: Path) -> bool:
        mapping, now = read_mapping(inlet.mapping), self._database.now(inlet.program_id)
        cut = not lies_still(file, now) and ends_open(copy, mapping)
        rows = rows_of(copy, mapping, file.lines, but_last=cut)
        here: FeedFile | None = file
        problem = ""
        while here is not None:
            try:
                some = await asyncio.to_thread(_next, rows)
            except Invalid as fault:
                some, problem = None, fault.says
            if some is None:
                break
            if not await self._drained(inlet):
                return False
            here = await self._keep(inlet, here, some)
        if here is None:
            return False
        async with self._database.transaction(inlet.program_id) as tx:
            waits = cut and (bool(here.lines) or not problem)
            after = held(here) if waits else ended(here, tx.now, problem)
            (moved,) = await move_files(tx, [after])
        return moved is not None

    async def _keep(self, inlet: Inlet, file: FeedFile, some: Some) -> FeedFile | None:
        """Keep some rows and how far the file is in one transaction; how far, where it is ours."""
        terms = await self._programs.terms(inlet.program_id)
        async with self._database.transaction(inlet.program_id) as tx:
            keys = sorted({(inlet.inlet_id, event.key) for event in some.events})
            known = await inlets.known(tx, keys)
            fresh = tuple(
                event for event in some.events if (inlet.inlet_id, event.key) not in known
            )
            portion = Portion(
                some.lines, len(fresh), len(some.events) - len(fresh), some.slips, some.position
            )
            (moved,) = await move_files(tx, [further(file, portion)])
            if moved is not None and fresh:
                await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh)])
        return moved

    async def _unfetched(self, inlet: Inlet, file: FeedFile, why: str) -> None:
        """A file that cannot be had is tried again, as it may be opened to us."""
        if file.problem != why:
            async with self._database.transaction(inlet.program_id) as tx:
                await move_files(tx, [replace(file, problem=why, version=file.version + 1)])

    async def _drained(self, inlet: Inlet) -> bool:
        """Wait until what came in before is booked; whether it is."""
        until = time.monotonic() + PATIENCE_S
        while True:
            async with self._database.transaction(inlet.program_id) as tx:
                waiting = await read.waiting(tx, inlet.inlet_id, self._most_waiting)
            if waiting < self._most_waiting:
                return True
            if time.monotonic() >= until:
                return False
            await asyncio.sleep(_PAUSE_S)

    async def _say(self, feed: Feed, inlet: Inlet, why: str) -> None:
        log.warning("inlets.place_not_reached", program_id=inlet.program_id, why=why)
        async with self._database.transaction(inlet.program_id) as tx:
            now = await read.one(tx, feed.inlet_id)
            # Moved on by the look itself, where it was a file that could not be fetched.
            if now is not None and now.version - feed.version in (0, 1):
                await move_feeds(tx, [failed(now, why, tx.now)])


def _bytes(file: FeedFile) -> _Bytes:
    """What is fetched: written anew, it may come."""
    return file.inlet_id, file.name, file.size, file.modified


def _next(rows: Iterator[Some]) -> Some | None:
    return next(rows, None)


def _plain(name: str) -> str:
    """The last part of a file's name, which says what it is; so long that a disk takes it."""
    return name.rpartition("/")[2][-60:]
