"""Lines that wait are booked: some thousand per transaction, each lane in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec
import structlog

from regulars.base.faults import Fault, Refused, StaleTerms
from regulars.engine.terms import Terms
from regulars.flows.commands import History, RecordActivity
from regulars.flows.importing.bring_codes import bring_codes
from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.bring_had import bring_had
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.bring_names import bring_names
from regulars.flows.importing.bring_tiers import bring_tiers
from regulars.flows.importing.commands import (
    BringCode,
    BringConsent,
    BringHad,
    BringMember,
    BringName,
    BringTier,
    OpenCount,
    OpenLot,
    OpenShelf,
)
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.importing.open_shelves import open_shelves
from regulars.flows.recording.record_activities import record_activities
from regulars.records.imports import read, write
from regulars.records.imports.types import Lane, Part, Slip, WaitingLine
from regulars.runtime.serving.gate import LOST
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, Transaction

_AGAIN: Final = (
    StaleTerms,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,
)
_NO: Final = (Fault, Refused)
_MOST_TRIES: Final = 20
_MEND: Final = "Mend this line and import it by itself"
_OURS: Final = "a mistake of ours kept this line out; nothing is wrong with it"
_REPORT: Final = "Look in the log, and report it to us with the number"
BringFlow = Callable[[Any, Terms, Any, History], Awaitable[Sequence[Any]]]

log = structlog.get_logger()


class _Way(NamedTuple):
    flow: BringFlow
    decode: Callable[[bytes], Any]


def _way(flow: Any, shape: type) -> _Way:
    return _Way(flow, msgspec.msgpack.Decoder(shape).decode)


_WAYS: Final = {
    Part.MEMBERS: _way(bring_members, BringMember),
    Part.IDENTIFIERS: _way(bring_names, BringName),
    Part.CONSENTS: _way(bring_consents, BringConsent),
    Part.TIERS: _way(bring_tiers, BringTier),
    Part.LOTS: _way(open_balances, OpenLot),
    Part.DEBTS: _way(open_balances, OpenLot),
    Part.LIMITS: _way(open_counts, OpenCount),
    Part.PROGRESS: _way(open_counts, OpenCount),
    Part.STOCK: _way(open_shelves, OpenShelf),
    Part.CODES: _way(bring_codes, BringCode),
    Part.HAD: _way(bring_had, BringHad),
    Part.ACTIVITIES: _way(record_activities, RecordActivity),
}


class Job(msgspec.Struct, frozen=True):
    """What is to be booked: which part of which import; into which database is told apart."""

    program_id: int
    import_id: UUID
    files: list[str]
    part: int
    batch: int


class Booker:
    """Books the lines of one part, batch after batch."""

    def __init__(self, database: Database, job: Job) -> None:
        self._database, self._job, self._batch = database, job, job.batch
        self._programs = Programs(database)
        self._way = _WAYS[Part(job.part)]

    async def lane(self, lane: int) -> None:
        """Book a lane to its end."""
        most, hidden = self._batch, ""
        while True:
            try:
                if not await self._some(lane, most):
                    break
                most = min(most * 2, self._batch)
            except StaleTerms:
                self._programs.forget(self._job.program_id)
            except Exception as error:
                if isinstance(error, LOST) and not isinstance(error, ValueError):
                    raise  # the database is away; the same files again go on from here
                # A mistake of ours is among these lines: fewer at a time, until it is alone.
                hidden = hidden or uuid4().hex[:12]
                where = {"lane": lane, "part": Part(self._job.part).name.lower()}
                log.exception("import.lines_failed", report=hidden, lines=most, **where)
                if most == 1:
                    await self._leave_out(lane, hidden)
                    hidden = ""
                most = max(most // 8, 1)
        if hidden:
            await self._tell(lane, hidden)

    async def _some(self, lane: int, most: int) -> int:
        """Book the next lines of a lane; again while others hold what they need."""
        tries = 0
        while True:
            try:
                return await self._once(lane, most)
            except _AGAIN as error:
                tries += 1
                if tries > _MOST_TRIES or isinstance(error, StaleTerms):
                    raise
                await asyncio.sleep(0.01 * tries)

    async def _once(self, lane: int, most: int) -> int:
        job = self._job
        terms = await self._programs.terms(job.program_id)
        async with self._database.transaction(job.program_id) as tx:
            held = await read.hold_lane(tx, job.import_id, job.part, lane)
            lines = await read.waiting(tx, job.import_id, held, most + 1)
            ahead, lines = lines[most:], lines[:most]
            if not lines:
                return 0
            commands = [self._way.decode(line.packed) for line in lines]
            cut = bool(ahead) and ahead[0].member_key == lines[-1].member_key
            history = History(job.import_id, cut and job.part == Part.ACTIVITIES)
            outcomes = await self._way.flow(tx, terms, commands, history)
            await self._keep(tx, held, list(zip(lines, outcomes, strict=True)))
            return len(lines)

    async def _keep(self, tx: Transaction, held: Lane, done: list[tuple[WaitingLine, Any]]) -> None:
        """Move the lane on, in the transaction that booked its lines."""
        wrong = [(line, said) for line, said in done if isinstance(said, _NO)]
        known = sum(getattr(said, "replayed", False) for _, said in done)
        moved = held._replace(
            place=done[-1][0].place,
            taken=held.taken + len(done) - len(wrong) - known,
            known=held.known + known,
            left_out=held.left_out + len(wrong),
        )
        slips = [self._slip(line, said) for line, said in wrong]
        job = self._job
        await tx.write(
            [*write.advance(tx, job.import_id, moved), *write.note(tx, job.import_id, slips)]
        )

    def _slip(self, line: WaitingLine, said: Fault | Refused) -> Slip:
        field = getattr(said, "field", "")
        facts = getattr(said, "facts", {})
        report = str(facts.get("report", ""))
        mend = f"{_REPORT} {report}" if report else str(facts.get("mend", _MEND))
        file = self._job.files[line.file]
        return Slip(file, line.line, field.strip("/"), said.says, mend, report)

    async def _leave_out(self, lane: int, report: str) -> None:
        """A line that fails for a reason of ours is noted as that, so that the others go on."""
        job = self._job
        async with self._database.transaction(job.program_id) as tx:
            held = await read.hold_lane(tx, job.import_id, job.part, lane)
            (line,) = await read.waiting(tx, job.import_id, held, 1)
            await self._keep(tx, held, [(line, Fault(_OURS, report=report))])

    async def _tell(self, lane: int, report: str) -> None:
        """Lines failed together and none of them alone: nothing is missing, and it is told."""
        job = self._job
        mend = f"Nothing is missing. {_REPORT} {report}"
        says = f"a mistake of ours: lines of lane {lane} could only be booked one by one"
        async with self._database.transaction(job.program_id) as tx:
            await tx.write(write.note(tx, job.import_id, [Slip("", 0, "", says, mend, report)]))
