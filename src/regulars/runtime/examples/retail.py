"""A year of a real shop through the real flows: joined, recorded, counted, verified.

Everything carries a permanent key, so a run that was killed goes on where it stopped and a run
twice says the same. The clock is the real one, by which the points of a file from long ago are
due to lapse; no night's work is done here, and the result is counted from what was earned and
taken back, so it shows where everybody stood at the end of the file.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final, Protocol, TypeVar

from msgspec import Struct
from msgspec.json import encode as encode_json
from msgspec.json import format as format_json

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.join_members import JoinOutcome, join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.publish_program import publish_program
from regulars.insight.verify import Report
from regulars.records.members.types import Joined, JoinMember
from regulars.records.program.templates import load_template
from regulars.runtime.checking.books import verify_books
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.serving.gate import LARGEST_BATCH, Flow, Gate
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.retail.amounts import instant
from regulars.surfaces.connect.retail.generated import generated_shop
from regulars.surfaces.connect.retail.lines import ShopLine, lines_of, read_lines
from regulars.surfaces.connect.retail.page import result_page
from regulars.surfaces.connect.retail.receipts import Told, joins, told
from regulars.surfaces.connect.retail.show import Ran
from regulars.surfaces.connect.retail.tally import Tally, Totals

PROGRAM: Final = "retail"
GENERATED: Final = "retail-generated"
"""The made-up shop has books of its own, so that nobody takes its members for real ones."""
WALLET: Final = "points"
SEED: Final = 2010
AHEAD: Final = 4
"""So many batches wait at the gate, so that none goes half empty."""

T = TypeVar("T")


class Shop(Struct, frozen=True):
    """The lines to be told, and what they are called."""

    program: str
    called: str
    lines: list[ShopLine]
    seconds: float


class Run(Struct, frozen=True):
    """What a run brought, and how long each part took."""

    totals: Totals
    report: Report
    replayed: int
    """Activities that had been told before."""
    seconds: dict[str, float]

    @property
    def right(self) -> bool:
        """Every line was taken and every invariant holds."""
        return self.report.right and not self.totals.refused

    @property
    def per_second(self) -> int:
        """Activities in a second of recording."""
        return round(self.totals.activities / max(self.seconds["recording"], 0.001))


class Watch(Protocol):
    """Who watches: told what is done now and how far it is."""

    def begins(self, stage: str, total: int) -> None: ...

    def advances(self, by: int) -> None: ...


def open_shop(path: Path, generated_lines: int) -> Shop:
    """The lines of this file, or of a made-up shop where there is none.

    Refuses: a file that is not such a shop's lines.
    """
    begun = perf_counter()
    if path.exists():
        program, called, lines = PROGRAM, path.name, _read(path)
    else:
        program, called = GENERATED, "a generated shop"
        chance = Random(SEED)  # noqa: S311  (a made-up shop, nothing secret)
        lines = lines_of(generated_shop(generated_lines, chance))
    if not lines:
        raise SetupProblem(f"{path} has no lines.", "Name a file with the lines of a shop.")
    return Shop(program, called, lines, perf_counter() - begun)


def _read(path: Path) -> list[ShopLine]:
    try:
        return read_lines(path)
    except Fault as fault:
        raise SetupProblem(
            f"{path} is not the lines of a shop: {fault.says}.",
            "Name another with `make retail DATA=file.parquet`; the guide says what is expected.",
        ) from None


async def run_retail(addresses: Addresses, shop: Shop, watch: Watch) -> Run:
    """Tell a shop's lines to the flows under its program, add up what came of it, and verify.

    Order: the program is in force from the shop's first day; everybody joins, then activities
    in order of time.
    """
    program_id = await found_program(addresses.owner, shop.program)
    database = await Database.connect(addresses.app, size=2)
    try:
        programs = Programs(database)
        await _publish(database, program_id, shop)
        terms = await programs.terms(program_id)
        teller = _Teller(Gate(database, programs), program_id, watch)
        tally = Tally(terms.versions[-1].program, shop.lines, WALLET)
        try:
            await teller.join(shop, tally)
            await teller.record(shop, tally)
        finally:
            await teller.leave()
    finally:
        await database.close()
    begun = perf_counter()
    watch.begins("Verifying the books", 0)
    report = await verify_books(addresses.owner, analyze=True)
    seconds = {"reading": shop.seconds, **teller.seconds, "verifying": perf_counter() - begun}
    return Run(tally.totals(), report, teller.replayed, seconds)


class _Teller:
    """Tells commands to the gate in order, some batches ahead of the answers."""

    def __init__(self, gate: Gate, program_id: int, watch: Watch) -> None:
        self._gate = gate
        self._program_id = program_id
        self._watch = watch
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self.seconds: dict[str, float] = {}
        self.replayed = 0

    async def join(self, shop: Shop, tally: Tally) -> None:
        """Everybody of this shop is a member afterwards."""
        begun = perf_counter()
        everybody = joins(shop.lines)
        self._watch.begins("Members join", len(everybody))
        async for member, joined in self._asked(_join, everybody, lambda member: member):
            number = member.identifiers[0].value
            if not isinstance(joined, Joined):
                raise SetupProblem(
                    f"Member {number} could not join: {joined.says}.",
                    "Try it with an empty REGULARS_HOME.",
                )
            tally.joined(number)
            self._watch.advances(1)
        self.seconds["joining"] = perf_counter() - begun

    async def record(self, shop: Shop, tally: Tally) -> None:
        """Everything that happened is recorded and counted afterwards."""
        begun = perf_counter()
        self._watch.begins("Lines become activities", 0)
        everything = list(told(shop.lines))
        self.seconds["shaping"] = perf_counter() - begun
        begun = perf_counter()
        self._watch.begins("Activities are recorded", len(shop.lines))
        async for one, outcome in self._asked(record_activities, everything, _command_of):
            tally.add(one, outcome)
            self.replayed += getattr(outcome, "replayed", False)
            self._watch.advances(one.lines)
        self.seconds["recording"] = perf_counter() - begun

    async def _asked(
        self, flow: Flow, asking: Sequence[T], command: Callable[[T], Any]
    ) -> AsyncIterator[tuple[T, Any]]:
        told_already = iter(asking)
        for one in asking:
            if len(self._waiting) >= AHEAD * LARGEST_BATCH:
                yield next(told_already), await self._waiting.popleft()
            self._waiting.append(self._gate.submit(self._program_id, flow, command(one)))
        while self._waiting:
            yield next(told_already), await self._waiting.popleft()

    async def leave(self) -> None:
        """Nothing is in flight afterwards, also when whoever watched gave up."""
        for outcome in self._waiting:
            outcome.cancel()
        await self._gate.drain()


async def _publish(database: Database, program_id: int, shop: Shop) -> None:
    source = load_template(PROGRAM).replace(f"program: {PROGRAM}\n", f"program: {shop.program}\n")
    opens = shop.lines[0].minute.replace(hour=0, minute=0)
    async with database.transaction(program_id) as tx:
        await publish_program(tx, source, effective_from=instant(opens), by="make retail")


async def _join(tx: Tx, terms: Terms, batch: Sequence[JoinMember]) -> list[JoinOutcome]:
    return await join_members(tx, terms.versions[-1].program.country, batch, terms)


def _command_of(one: Told) -> RecordActivity:
    return one.command


def keep_result(settings: Settings, shop: Shop, run: Run) -> Path:
    """Write the result page, and beside it the totals for machines; where the page is."""
    folder = settings.home / "retail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "totals.json").write_bytes(format_json(encode_json(run.totals)))
    page = folder / "index.html"
    page.write_text(result_page(run.totals, ran_of(shop, run)), "utf-8")
    return page


def ran_of(shop: Shop, run: Run) -> Ran:
    """What the page and the table say of this very run."""
    return Ran(
        called=shop.called,
        seconds=run.seconds,
        per_second=run.per_second,
        replayed=run.replayed,
        checks=len(run.report.findings),
        violations=run.report.violations,
    )
