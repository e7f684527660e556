"""The duty that sees to errands: one program at a time, of whichever shop waited longest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
import structlog

from regulars.base.faults import NotFound
from regulars.flows.errands.carry_errands import give_up_errand, take_errand
from regulars.flows.errands.keep_uploads import old_uploads
from regulars.records.errands import read
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.storage.database import Database
from regulars.runtime.working.errands.order import AWAY_CODE, Order
from regulars.surfaces.console.errands.shelf import folder_of

SWEEP_EVERY: Final = timedelta(hours=1)
ABANDONED: Final = timedelta(days=1)
# What is said to run, and the next that waits. Whose last errand is longest ago comes first, so
# that nobody's three keep others waiting.
_OPEN: Final = """
select program_id, errand_id, state from errand where state = 'running'
union all
(select program_id, errand_id, state from errand e where state = 'waiting'
  order by (select max(begun_at) from errand o where o.program_id = e.program_id) nulls first,
           asked_at, errand_id
  limit 1)
order by state
"""
_PROGRAMS: Final = "select distinct program_id from upload"

log = structlog.get_logger()


class Errands:
    """The duty: looks each second whether a program is to be started, stopped or given up."""

    name = "errands"
    every = timedelta(seconds=1)

    def __init__(self, database: Database, where: Addresses, uploads: Path) -> None:
        self._database, self._where, self._uploads = database, where, uploads
        self._child: subprocess.Popen[bytes] | None = None
        self._doing: tuple[int, UUID] | None = None
        self._killed = False
        self._sweep_at: datetime | None = None

    async def run(self, now: datetime) -> None:
        """See to the program that runs; where none does, begin with what waits."""
        if self._child is not None:
            await self._look()
        if self._child is None:
            await self._next()
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            await self.sweep(now)

    def close(self) -> None:
        """End the program that runs; the next worker begins with it again."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    async def sweep(self, now: datetime) -> None:
        """Take away files that lie here for a week, and what somebody stopped bringing."""
        for row in await self._owner(_PROGRAMS):
            async with self._database.transaction(row["program_id"]) as tx:
                old = await old_uploads(tx)
            for upload_id in old:
                _remove(folder_of(self._uploads, row["program_id"], upload_id))
        for folder in self._uploads.glob("*/*"):
            await self._sweep_one(folder, now)

    async def _sweep_one(self, folder: Path, now: datetime) -> None:
        try:
            young = folder.stat().st_mtime > (now - ABANDONED).timestamp()
        except FileNotFoundError:  # somebody deleted it meanwhile
            return
        if young:
            return
        known = None
        with suppress(NotFound):  # of a sandbox that was ended
            async with self._database.transaction(int(folder.parent.name)) as tx:
                known = await read.upload(tx, UUID(folder.name))
        if known is None:
            _remove(folder)

    async def _look(self) -> None:
        """Stop the program whose errand is to end; see what became of one that ended."""
        assert self._child is not None
        assert self._doing is not None
        program_id, errand_id = self._doing
        async with self._database.transaction(program_id) as tx:
            one = await read.errand(tx, errand_id)
        if self._child.poll() is None and (one is None or one.stop):
            # Whatever is killed leaves books that are right; an import goes on where it was.
            self._killed = True
            self._child.kill()
            self._child.wait()
        code = self._child.poll()
        if code is not None:
            # Until that is written down it is looked at again: this may be an outage.
            await self._give_up(program_id, errand_id, fell=code != AWAY_CODE)
            if code not in (0, AWAY_CODE) and not self._killed:
                # -9, too: whoever is out of memory is killed by the kernel, and it says nothing.
                log.error("errand.fell", errand_id=str(errand_id), code=code)
            self._child, self._doing, self._killed = None, None, False

    async def _give_up(self, program_id: int, errand_id: UUID, *, fell: bool) -> None:
        async with self._database.transaction(program_id) as tx:
            state = await give_up_errand(tx, errand_id, fell=fell)
        if state is not None:
            log.info("errand.given_up", errand_id=str(errand_id), state=state)

    async def _next(self) -> None:
        """Begin with what waits; before that put back what runs without a program.

        Programs go with their worker, and there is one worker: where it has none, nothing runs.
        What is said to was left by another worker, or was taken and never started.
        """
        for row in await self._owner(_OPEN):
            program_id, errand_id = row["program_id"], row["errand_id"]
            if row["state"] == "running":
                await self._give_up(program_id, errand_id, fell=False)
                continue
            async with self._database.transaction(program_id) as tx:
                one = await take_errand(tx, errand_id)
            if one is not None:
                order = Order(
                    program_id, errand_id, one.kind, one.tries, one.ask, self._where.owner,
                    self._where.app, str(self._uploads),
                )  # fmt: skip
                try:
                    self._child, self._doing = _started(order), (program_id, errand_id)
                except OSError:
                    # Where no program can be started, the next one would not start either.
                    await self._give_up(program_id, errand_id, fell=True)
                    raise
                log.info("errand.begun", errand_id=str(errand_id), kind=one.kind, tries=one.tries)

    async def _owner(self, sql: str) -> Sequence[Any]:
        """Asked across all programs, which the application may not."""
        connection = await asyncpg.connect(self._where.owner)
        try:
            rows: Sequence[Any] = await connection.fetch(sql)
            return rows
        finally:
            await connection.close()


def _started(order: Order) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "regulars.runtime.working.errands.child", str(os.getpid())]
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert child.stdin is not None
    try:
        child.stdin.write(msgspec.json.encode(order))
        child.stdin.close()
    except BrokenPipeError:
        pass  # it fell at once; the next look sees to it
    return child


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def errands(database: Database, where: Addresses, uploads: Path) -> AsyncIterator[Errands]:
    """The duty of this installation, for as long as the block lasts."""
    duty = Errands(database, where, uploads)
    try:
        yield duty
    finally:
        duty.close()
