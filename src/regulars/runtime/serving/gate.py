"""The gate: commands that arrive while a batch is in flight go together in the next one.

Under load batches grow, in quiet each command goes alone at once. A batch has
one program and one flow. Where the disk is slow, such a lane has two batches in flight: as one goes
to the disk, the next is decided; not before, so that each is as large as the load makes it, and
where the disk is quick not at all (ADR 0271). Commands that name the same member or receipt are
never in both, so they take effect in the order they came (ADR 0042). Where the same tills ask again
and again, the lane gathers after a batch those who come back at once, as long as they keep coming
(ADR 0340). The lane that waited longest goes first, so a thousand small programs share a few
connections.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from itertools import chain, takewhile
from typing import Any, NamedTuple

import asyncpg
import structlog

from regulars.base.faults import Fault, Outage, StaleStanding, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.runtime.serving.gathering import OFTEN, Gathering, same_ask
from regulars.runtime.serving.order import Names, names_of
from regulars.runtime.serving.pace import Pace
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

Flow = Callable[[Tx, Terms, Sequence[Any]], Awaitable[Sequence[Any]]]

LARGEST_BATCH = 256
IN_FLIGHT = 2
"""Batches of one lane at once: one for the processor, one for the disk."""
LONGEST_QUEUE = 20_000
AWAY_S = 0.05
"""So long nobody asks a database that did not answer."""
PATIENCE_SECONDS = 10.0

# The transaction is over and nothing of it stays; the same commands may simply be tried again.
AGAIN = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    StaleStanding,
    StaleTerms,
)
# The connection went; whether the commit happened is unknown, the keys will tell.
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    # The driver loses its thread when a server is killed between two halves of a statement.
    asyncpg.InternalClientError,
    ConnectionError,
    OSError,
    TimeoutError,
)

log = structlog.get_logger()


class Lane(NamedTuple):
    """What may share a batch."""

    program_id: int
    flow: Flow


class Waiting(NamedTuple):
    """One command, who waits for its outcome, and since when."""

    command: Any
    outcome: asyncio.Future[Any]
    since: float = 0.0


Batch = list[Waiting]


class Gate:
    """Gathers commands into batches and runs their flows; see the module's first lines."""

    def __init__(
        self, database: Database, programs: Programs, *, width: int = 8, pace: Pace | None = None
    ) -> None:
        self._database = database
        self._programs = programs
        self._pace = pace or Pace()
        self._free = width
        self._queues: dict[Lane, deque[Waiting]] = {}
        self._flying: dict[Lane, list[Batch]] = {}
        self._deciding: set[Lane] = set()
        self._gathering: dict[Lane, Gathering] = {}
        self._same: dict[Lane, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._kicked = False
        self.batches = self.commands = 0

    def submit(self, program_id: int, flow: Flow, command: Any) -> asyncio.Future[Any]:
        """Ask for one command; the future holds its outcome once that is durable.

        Faults: Outage when too many wait already.
        """
        lane = Lane(program_id, flow)
        queue = self._queues.get(lane)
        if queue is None:
            queue = self._queues[lane] = deque()
        if len(queue) >= LONGEST_QUEUE:
            raise Outage("too much is waiting here; try again in a moment")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        queue.append(Waiting(command, future, loop.time()))
        gathering = self._gathering.get(lane)
        if gathering is not None:
            if not gathering.complete(len(queue)):
                return future
            del self._gathering[lane]
        if not self._kicked:
            self._kicked = True
            loop.call_soon(self._start)
        return future

    @property
    def waiting(self) -> int:
        """How many commands wait for their batch."""
        return sum(map(len, self._queues.values()))

    @property
    def in_flight(self) -> int:
        """How many batches are being written."""
        return sum(map(len, self._flying.values()))

    async def drain(self) -> None:
        """Wait until everything that was asked for has its outcome."""
        while self._tasks or any(self._queues.values()):
            await asyncio.sleep(0.01)

    def _start(self) -> None:
        """Send off a batch of every lane that waits, while there are connections."""
        self._kicked = False
        for lane in list(self._queues):
            queue = self._queues[lane]
            if not queue:
                del self._queues[lane]
            elif self._free and self._may_go(lane):
                self._send_off(lane, queue)

    def _may_go(self, lane: Lane) -> bool:
        if lane in self._deciding or lane in self._gathering:
            return False
        return len(self._flying.get(lane, ())) < IN_FLIGHT

    def _send_off(self, lane: Lane, queue: deque[Waiting]) -> None:
        flying = self._flying.get(lane, [])
        batch = take(queue, flying) if flying else take_all(queue)
        if not batch:
            return
        self._free -= 1
        self._deciding.add(lane)
        self._flying[lane] = [*flying, batch]
        # Behind the others, so that no program goes twice before another goes once.
        self._queues[lane] = self._queues.pop(lane)
        task = asyncio.get_running_loop().create_task(self._run(lane, batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, lane: Lane, batch: Batch) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            await self._decide(lane, batch)
        finally:
            self._free += 1
            left = [other for other in self._flying.pop(lane) if other is not batch]
            if left:
                self._flying[lane] = left
            else:
                self._deciding.discard(lane)
                self._gather(lane, len(batch), loop.time() - begun)
            self._start()

    def _gather(self, lane: Lane, answered: int, took: float) -> None:
        """Let those who were answered come back, when of late it was them who asked."""
        queue = self._queues.get(lane, ())
        middle = asyncio.get_running_loop().time() - took / 2
        late = sum(1 for _ in takewhile(lambda one: one.since > middle, reversed(queue)))
        if not same_ask(answered, late):
            self._same.pop(lane, None)
            return
        self._same[lane] = batches = self._same.get(lane, 0) + 1
        if batches >= OFTEN:
            wanted = min(answered + len(queue), LARGEST_BATCH)
            self._gathering[lane] = gathering = Gathering(wanted, took)
            self._look_later(lane, gathering)

    def _look_later(self, lane: Lane, gathering: Gathering) -> None:
        asyncio.get_running_loop().call_later(gathering.pause, self._look, lane, gathering)

    def _look(self, lane: Lane, gathering: Gathering) -> None:
        """Go on gathering while somebody came since the last look."""
        if self._gathering.get(lane) is not gathering:
            return
        if gathering.goes_on(len(self._queues.get(lane, ()))):
            self._look_later(lane, gathering)
        else:
            del self._gathering[lane]
            self._start()

    async def _decide(self, lane: Lane, batch: Batch) -> None:
        """Run the batch; halve it when something unforeseen is in it, so only that fails."""
        try:
            outcomes = await self._persist(lane, [waiting.command for waiting in batch])
        except (Fault, Outage) as error:
            # True of the whole batch: no program, no database.
            for waiting in batch:
                _give(waiting.outcome, error)
            return
        except Exception as error:
            if len(batch) == 1:
                log.exception("command_failed", flow=lane.flow.__name__)
                _give(batch[0].outcome, error)
                return
            half = len(batch) // 2
            await self._decide(lane, batch[:half])
            await self._decide(lane, batch[half:])
            return
        except BaseException as error:
            for waiting in batch:
                _give(waiting.outcome, error)
            raise
        self.batches += 1
        self.commands += len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            _give(waiting.outcome, outcome)

    async def _persist(self, lane: Lane, commands: list[Any]) -> Sequence[Any]:
        """Try until it is durable or clearly not; every command carries a key, so again is safe."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + PATIENCE_SECONDS
        again = 0
        while True:
            try:
                terms = await self._programs.terms(lane.program_id)
                begun = loop.time()
                async with self._database.transaction(lane.program_id) as tx:
                    outcomes = await lane.flow(tx, terms, commands)
                    # Each who waits must hear something; nothing is kept that cannot be told.
                    assert len(outcomes) == len(commands), (lane.flow, len(outcomes))
                    decided = loop.time()
                    self._go_to_disk(lane)
                self._pace.note(decided - begun, loop.time() - decided)
                return outcomes
            except AGAIN as error:
                again += 1
                if isinstance(error, StaleTerms):
                    self._programs.forget(lane.program_id)
                if loop.time() > give_up_at:
                    raise Outage(
                        "somebody holds this for long; try again in a moment", 2
                    ) from error
                if again > 5:
                    raise
                await asyncio.sleep(0.002 * again)
            except LOST as error:
                if isinstance(error, ValueError):
                    raise  # the driver's word for a value that no column takes
                if loop.time() > give_up_at:
                    raise Outage("the database is away; try again in a moment", 2) from error
                await asyncio.sleep(AWAY_S)

    def _go_to_disk(self, lane: Lane) -> None:
        """A batch of this lane is decided and written; the next may be decided meanwhile, where
        that takes long."""
        if self._pace.disk_is_slow:
            self._deciding.discard(lane)
            self._start()


def take_all(queue: deque[Waiting]) -> Batch:
    """The commands that waited longest, as many as a batch holds."""
    return [queue.popleft() for _ in range(min(len(queue), LARGEST_BATCH))]


def take(
    queue: deque[Waiting], flying: Sequence[Batch], of: Callable[[Any], Names | None] = names_of
) -> Batch:
    """Those of a queue that may overtake nobody: they name nothing that is in flight, nor what
    anybody before them in the queue has to wait for. The others stay, in their order.

    `of` says what a command names; nobody asks it while one batch is in flight.
    """
    held: set[Hashable] = set()
    for waiting in chain.from_iterable(flying):
        names = of(waiting.command)
        if names is None:
            return []
        held |= names
    batch: Batch = []
    kept: list[Waiting] = []
    while queue and len(batch) < LARGEST_BATCH:
        waiting = queue.popleft()
        names = of(waiting.command)
        if names is None:
            kept.append(waiting)
            break
        if held.isdisjoint(names):
            batch.append(waiting)
        else:
            held |= names
            kept.append(waiting)
    queue.extendleft(reversed(kept))
    return batch


def _give(future: asyncio.Future[Any], outcome: Any) -> None:
    """Hand over an outcome; who stopped waiting meanwhile gets it by asking again."""
    if future.done():
        return
    # A fault is an answer about one command; any other exception is trouble of ours.
    if isinstance(outcome, BaseException) and not isinstance(outcome, Fault):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
