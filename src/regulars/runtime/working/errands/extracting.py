"""Writes extracts for a warehouse at their time, and carries on whichever was cut off."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from regulars.base.faults import Invalid
from regulars.base.keyed import Keyed
from regulars.flows.errands.keep_extracts import Carried, begin_anew, begin_extract, carry_on
from regulars.insight.export.cursor import cursor_of
from regulars.insight.export.folder import manifest_in
from regulars.insight.export.manifest import README, Manifest
from regulars.insight.export.run import Order, export
from regulars.records.errands.extracts import read
from regulars.records.errands.extracts.types import STALE, ExtractPlan, ExtractRun, Taken
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.extracts.shelves.opening import Outside, shelf_of
from regulars.surfaces.connect.extracts.shelves.shelf import (
    ANSWERED_S,
    BESIDE,
    Shelf,
    is_there,
    put_all,
)
from regulars.surfaces.connect.feeds.places.there import NotReached

FULL_DISK: Final = "this machine has no room for it"
NO_ROOM: Final = "it cannot be written on this machine"

log = structlog.get_logger()
Writes = Callable[[Path, Order], Awaitable[Manifest]]


class Extractor:
    """Writes for one installation; whoever holds the worker's lock runs it.

    Keeps: what is written lies below `root` until it is where it belongs, open to nobody else.
    """

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, outside: Outside,
        root: Path, writes: Writes,
    ) -> None:  # fmt: skip
        self._database, self._programs, self._keyed = database, programs, keyed
        self._outside, self._root, self._writes = outside, root, writes

    async def go(self, program_id: int) -> None:
        """Write the extract of a program that is due, or what is missing of it."""
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            begun, own, now = await begin_extract(tx), await read.own_name(tx), tx.now
        if begun is None:
            return
        plan, run = begun
        try:
            again = run.begun_at != now
            carried = await self._carry((program_id, own), plan, run, again=again)
        except (NotReached, TimeoutError, OSError, Invalid) as why:
            carried = Carried(plan, run, problem=_in_our_words(why))
            log.warning("extracts.not_written", program_id=program_id, why=carried.problem)
        async with self._database.transaction(program_id) as tx:
            (after,) = await carry_on(tx, terms, [carried])
        if after is None or carried.taken is not None:
            self.forget(program_id)

    def lying(self) -> set[int]:
        """Of which programs something lies here."""
        return {int(one.name) for one in self._root.glob("*") if one.name.isdecimal()}

    def forget(self, program_id: int) -> None:
        """What lies here of a program and is not needed any more."""
        shutil.rmtree(self._root / str(program_id), ignore_errors=True)

    async def _carry(
        self, program: tuple[int, str], plan: ExtractPlan, run: ExtractRun, *, again: bool
    ) -> Carried:
        """What lies here of it is put there; what is gone or too old is written anew.

        Order: one that is there whole, and was not written down for days, is taken first, so that
        its rows are not told once more.
        """
        here = self._root / str(program[0])
        if again and not _was_cut_off(here / run.name):
            lies = _manifest(here / run.name)
            if lies is None or self._database.clock() - lies.taken_at >= STALE:
                there = await self._there(program, plan, run, lies)
                if there is not None:
                    return there
                run = await self._anew(program[0], run)
        manifest = _manifest(here / run.name) or await self._written(here / run.name, program, plan)
        files = [README, *(one.path for one in manifest.files)]
        async with self._opened(program, plan) as shelf:
            await put_all(shelf, run.name, here / run.name, files)
            return Carried(plan, run, _taken(manifest), host_key=shelf.host_key)

    async def _there(
        self, program: tuple[int, str], plan: ExtractPlan, run: ExtractRun, lies: Manifest | None
    ) -> Carried | None:
        """One that is there whole already, which only nobody wrote down."""
        if lies is None:
            return None
        async with self._opened(program, plan) as shelf:
            if await is_there(shelf, run.name, self._root / str(program[0]) / run.name):
                return Carried(plan, run, _taken(lies), host_key=shelf.host_key)
        return None

    @asynccontextmanager
    async def _opened(self, program: tuple[int, str], plan: ExtractPlan) -> AsyncIterator[Shelf]:
        async with AsyncExitStack() as opened:
            async with asyncio.timeout(ANSWERED_S):
                place = shelf_of(self._outside, self._keyed, program, plan)
                shelf = await opened.enter_async_context(place)
            yield shelf

    async def _anew(self, program_id: int, run: ExtractRun) -> ExtractRun:
        """The same one under a new name: files of the same size may lie there under the old one."""
        async with self._database.transaction(program_id) as tx:
            after = await begin_anew(tx, run)
        if after is None:
            raise NotReached("nobody wants it any more")
        self.forget(program_id)
        return after

    async def _written(self, folder: Path, program: tuple[int, str], plan: ExtractPlan) -> Manifest:
        """Written now.

        A cursor of a database that was restored since means nothing here: everything is written.
        """
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        since = cursor_of(plan.cursor) if plan.cursor else None
        try:
            return await self._writes(folder, Order(program[1], plan.format, since))
        except Invalid:
            if since is None:
                raise
            return await self._writes(folder, Order(program[1], plan.format))


def _was_cut_off(folder: Path) -> bool:
    """Whether it was not even written here when somebody was cut off: nothing of it was put."""
    return not folder.is_dir() and folder.with_name(f"{folder.name}{BESIDE}").is_dir()


def _manifest(folder: Path) -> Manifest | None:
    return manifest_in(folder) if folder.is_dir() else None


def _taken(manifest: Manifest) -> Taken:
    rows, size = (sum(getattr(one, what) for one in manifest.files) for what in _COUNTED)
    return Taken(manifest.kind, len(manifest.files), rows, size, manifest.cursor)


_COUNTED: Final = ("rows", "bytes")


def writing(where: Addresses) -> Writes:
    """Writes an export in a thread of its own, so that nobody else waits for it."""

    async def connected(folder: Path, order: Order) -> Manifest:
        owner = await asyncpg.connect(where.owner, server_settings={"jit": "off"})
        app = await asyncpg.connect(where.app)
        try:
            return await export(owner, app, folder, order)
        finally:
            await app.close()
            await owner.close()

    return lambda folder, order: asyncio.to_thread(asyncio.run, connected(folder, order))


def _in_our_words(why: Exception) -> str:
    if isinstance(why, NotReached):
        return why.why
    if isinstance(why, Invalid):
        return why.says
    if isinstance(why, TimeoutError):
        return "it did not answer in time"
    return FULL_DISK if isinstance(why, OSError) and why.errno == ENOSPC else NO_ROOM
