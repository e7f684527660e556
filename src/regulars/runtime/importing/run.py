"""An import from its files to the books: read, compared, booked, counted, and safe to interrupt."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any, Final

import asyncpg
import msgspec
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.engine.state import imported_by
from regulars.engine.terms import Terms
from regulars.records.imports import read, write
from regulars.records.imports.types import Import, Lane, Part, Slip
from regulars.records.imports.undoing import read as undoing
from regulars.runtime.importing.asking import Wanted, fingerprint
from regulars.runtime.importing.booking import Job
from regulars.runtime.importing.crew import Crew, Hand
from regulars.runtime.importing.readers import worth_hands
from regulars.runtime.importing.reading import (
    Found,
    Watch,
    figures,
    read_everything,
    write_slips,
)
from regulars.runtime.importing.worker import Order, book
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.problems import SetupProblem
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Clock, Database, utc_now

SERIAL: Final = (Part.MEMBERS, Part.IDENTIFIERS)
"""Names are given out by one at a time, so more programs would only wait for each other."""
WORTH_A_PROGRAM: Final = 5_000
"""Fewer lines are booked here before another program has started."""
_LOOK_EVERY_S: Final = 0.3
_PAGE: Final = 10_000
_SLUG: Final = "select program_id from program where slug = $1"


class Outcome(Struct):
    """What became of an import: what its files said, and what is in the books of it."""

    before: dict[str, str] = {}
    """All totals of the files, by the names under which they can be stated."""
    arrived: dict[str, Any] = {}
    lines: int = 0
    left_aside: int = 0
    wrong: int = 0
    refusals: list[str] = []
    taken: int = 0
    known: int = 0
    """Lines that were in the books before; a dry run foresees them."""
    left_out: int = 0
    """Lines that were not taken, whoever is to blame."""
    mistakes: list[Slip] = []
    """Of these, and of lines that would not be booked together: the mistakes of ours."""
    was_done: bool = False
    went_on: bool = False
    seconds: dict[str, float] = {}

    @property
    def right(self) -> bool:
        return not (self.refusals or self.left_out or self.mistakes)


class _Undone(Exception):
    """What was read is not to be kept."""


async def run_import(
    addresses: Addresses, wanted: Wanted, watch: Watch, clock: Clock = utc_now
) -> Outcome:
    """Bring files over, or go on with it; a dry run only reads, compares and adds up.

    Faults: SetupProblem for a program that is not there or a file that is not as its mapping says.
    """
    program_id = await program_of(addresses, wanted.program)
    database = await Database.connect(addresses.app, size=2, clock=clock, patience_s=None)
    try:
        async with Crew(wanted.workers) as crew:
            return await _Importing(addresses, database, program_id, (wanted, crew)).run(watch)
    finally:
        await database.close()


async def program_of(addresses: Addresses, slug: str) -> int:
    """The number of the program with this public name. Faults: SetupProblem."""
    connection = await asyncpg.connect(addresses.owner)
    try:
        program_id = await connection.fetchval(_SLUG, slug)
    finally:
        await connection.close()
    if program_id is None:
        raise SetupProblem(
            f"There is no program {slug}.", "Publish it first; see `regulars program`."
        )
    return int(program_id)


class _Importing:
    def __init__(
        self,
        addresses: Addresses,
        database: Database,
        program_id: int,
        asked: tuple[Wanted, Crew],
    ) -> None:
        self._addresses, self._database = addresses, database
        self._program_id, (self._wanted, self._crew) = program_id, asked
        self._outcome = Outcome()

    async def run(self, watch: Watch) -> Outcome:
        """All of it."""
        begun = perf_counter()
        watch.begins("Looking at the files", 0)
        if worth_hands(self._wanted):
            self._crew.start()
        print_ = fingerprint(self._wanted)
        terms = await self._terms()
        found = await self._find(print_)
        if found is None or self._wanted.dry:
            await self._read(terms, print_, watch)
            if self._outcome.refusals or self._wanted.dry:
                return self._outcome
            found = await self._find(print_)
        else:
            self._outcome.was_done = found.done_at is not None
            self._outcome.went_on = not self._outcome.was_done
        assert found is not None, print_
        self._outcome.seconds["reading"] = perf_counter() - begun
        begun = perf_counter()
        await self._book(found, watch)
        self._outcome.seconds["booking"] = perf_counter() - begun
        await self._count(terms, found)
        return self._outcome

    async def _terms(self) -> Terms:
        try:
            return await Programs(self._database).terms(self._program_id)
        except Fault as fault:
            raise SetupProblem(f"{fault.says}.", "See `regulars program`.") from None

    async def _find(self, print_: bytes) -> Import | None:
        async with self._database.transaction(self._program_id) as tx:
            if await undoing.is_open(tx):
                raise SetupProblem(
                    "An import of this program is being taken back.",
                    "Let that end first: `regulars import-undo` goes on with it.",
                )
            return await read.by_fingerprint(tx, print_)

    async def _read(self, terms: Terms, print_: bytes, watch: Watch) -> None:
        # Only the owner may make tables, be it for the length of a transaction.
        clock = self._database.clock
        owner = await Database.connect(self._addresses.owner, size=1, clock=clock, patience_s=None)
        try:
            async with owner.transaction(self._program_id) as tx:
                asked = (self._wanted, print_)
                found = await read_everything(tx, terms, asked, self._crew, watch)
                self._outcome.before = figures(found.totals, terms, tx)
                self._note(found)
                if found.refusals or self._wanted.dry:
                    raise _Undone
        except (_Undone, asyncpg.UniqueViolationError):
            pass  # somebody else began with the same files meanwhile: both go on with theirs
        except Fault as fault:
            raise SetupProblem(f"{fault.says}.", "Nothing was written.") from None
        finally:
            await owner.close()

    def _note(self, found: Found) -> None:
        self._outcome.lines, self._outcome.left_aside = found.lines, found.left_aside
        self._outcome.wrong, self._outcome.refusals = found.wrong, found.refusals
        self._outcome.known = found.known

    async def _book(self, found: Import, watch: Watch) -> None:
        for part in Part:
            lanes = [lane for lane in await self._lanes(found) if lane.part == part]
            open_ = [lane for lane in lanes if lane.place < lane.rows]
            if not open_:
                continue
            watch.begins(f"{part.name.capitalize()} are booked", sum(one.rows for one in lanes))
            watch.advances(sum(one.place for one in lanes))
            files = found.files.splitlines()
            batch = self._wanted.batch
            job = Job(self._program_id, found.import_id, files, part, batch)
            await self._book_part(found, job, open_, watch)

    async def _book_part(self, found: Import, job: Job, lanes: list[Lane], watch: Watch) -> None:
        todo = sum(lane.rows - lane.place for lane in lanes)
        many = self._wanted.workers if Part(job.part) not in SERIAL else 1
        if todo < WORTH_A_PROGRAM or many < 2:
            side_by_side = 1 if Part(job.part) in SERIAL else 2
            numbers = [lane.lane for lane in lanes]
            order = Order(job, numbers, self._addresses.app, side_by_side)
            alone = book(order, self._database.clock)
            await self._watched(asyncio.create_task(alone), found, job, watch)
            return
        orders = [
            Order(job, [lane.lane for lane in lanes[at::many]], self._addresses.app)
            for at in range(min(many, len(lanes)))
        ]
        hands = (await self._crew.hands())[: len(orders)]
        ended = asyncio.create_task(_all_done(hands, orders))
        await self._watched(ended, found, job, watch)

    async def _watched(
        self, work: asyncio.Task[None], found: Import, job: Job, watch: Watch
    ) -> None:
        seen = sum(one.place for one in await self._lanes(found) if one.part == job.part)
        while not work.done():
            await asyncio.wait([work], timeout=_LOOK_EVERY_S)
            now = sum(one.place for one in await self._lanes(found) if one.part == job.part)
            watch.advances(now - seen)
            seen = now
        await work

    async def _lanes(self, found: Import) -> list[Lane]:
        async with self._database.transaction(self._program_id) as tx:
            return await read.lanes(tx, found.import_id)

    async def _count(self, terms: Terms, found: Import) -> None:
        """What is in the books now; the lines that wait no longer are removed."""
        lanes = await self._lanes(found)
        self._outcome.taken = sum(lane.taken for lane in lanes)
        self._outcome.known = sum(lane.known for lane in lanes)
        self._outcome.left_out = sum(lane.left_out for lane in lanes)
        async with self._database.transaction(self._program_id) as tx:
            # Counted once, over whole tables; the hot settings would go through them row by row.
            await tx.fetch("set local enable_seqscan = on")
            self._outcome.arrived = await read.arrived(
                tx, found.import_id, imported_by(found.import_id)
            )
            per_part = {Part(part): 0 for part in {lane.part for lane in lanes}}
            for lane in lanes:
                per_part[Part(lane.part)] += lane.taken
            self._outcome.arrived["lines"] = {p.name.lower(): n for p, n in per_part.items()}
            self._outcome.before = figures(_totals(found), terms, tx)
            if found.done_at is None:
                await tx.write(write.end(tx, found.import_id))
        await self._keep_slips(found)

    async def _keep_slips(self, found: Import) -> None:
        after, fresh = 0, True
        async with self._database.transaction(self._program_id) as tx:
            while True:
                page, after = await read.slips(tx, found.import_id, after, _PAGE)
                if not page:
                    return
                write_slips(self._wanted.slips, page, fresh=fresh)
                self._outcome.mistakes += [slip for slip in page if slip.report]
                fresh = False


def _totals(found: Import) -> dict[str, Any]:
    return found.totals


async def _all_done(hands: list[Hand], orders: list[Order]) -> None:
    """Have each hand do its order; when one falls, the others are not waited for."""
    for hand, order in zip(hands, orders, strict=True):
        hand.ask(msgspec.msgpack.encode(order))
    await asyncio.gather(*(hand.done() for hand in hands))
