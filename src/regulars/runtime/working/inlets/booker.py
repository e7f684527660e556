"""Books what came in by inlets: read by their mappings, some hundred in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from regulars.base.faults import Fault, StaleTerms
from regulars.base.keyed import Keyed
from regulars.engine.terms import Terms
from regulars.flows.inlets.book_arrivals import BookArrival, HalfBooked, book_arrivals
from regulars.flows.inlets.take_arrivals import Taken, sweep_arrivals, take_arrivals
from regulars.records.inlets.types import Arrival, Ended
from regulars.runtime.serving.gate import AGAIN, LOST
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.catching.told import told_by
from regulars.surfaces.connect.inlets.reading import place_in
from regulars.surfaces.connect.moving.wrong import Wrong

MOST: Final = 200
"""Events of one transaction: members are held for some tens of milliseconds, as at night."""
MOST_SWEPT: Final = 2_000
"""Bodies that are forgotten in one transaction."""
TURN_S: Final = 2.0
"""So long one program's events are booked in a row, before another one has its turn."""
MOST_TRIES: Final = 10
_PAUSE_S: Final = 0.05
_OURS: Final = "a mistake of ours kept this event out; nothing is wrong with it"
_REPORT: Final = "Look in the log, report it to us, and run it again with the next release"

log = structlog.get_logger()


class Booker:
    """Books for one installation; several may, as each holds what it took."""

    def __init__(self, database: Database, programs: Programs, keyed: Keyed) -> None:
        self._database, self._programs, self._keyed = database, programs, keyed

    async def book(self, program_id: int) -> bool:
        """Book what waits of a program, for a while; whether there may be more."""
        until = time.monotonic() + TURN_S
        while time.monotonic() < until:
            if not await self._some(program_id):
                return False
        return True

    async def sweep(self, program_id: int) -> None:
        """Forget bodies that were kept long enough."""
        gone = MOST_SWEPT
        while gone == MOST_SWEPT:
            async with self._database.transaction(program_id) as tx:
                gone = await sweep_arrivals(tx, MOST_SWEPT)

    async def _some(self, program_id: int) -> int:
        """Book so many as go together; how many.

        Order: where one of them is in the way of the others, ever fewer at a time, down to the one
        that is: it is refused with the reason, and the rest goes on.
        """
        most, known, tries = MOST, dict[UUID, Ended](), 0
        while True:
            taken: list[Arrival] = []
            try:
                return await self._together(program_id, most, known, taken)
            except HalfBooked as half:
                known |= {one.arrival_id: one for one in half.ended}
            except StaleTerms:
                self._programs.forget(program_id)
            except Exception as error:
                if isinstance(error, AGAIN) and tries < MOST_TRIES:
                    tries += 1
                    await asyncio.sleep(_PAUSE_S)
                elif not taken or not own(error):
                    raise  # the database's trouble, no event's own: tried again by the next round
                elif len(taken) > 1:
                    most = max(1, len(taken) // 2)
                elif taken[0].arrival_id in known:
                    raise  # not even its end is taken; the same round again would end the same way
                else:
                    known[taken[0].arrival_id] = _mistake(taken[0], error)

    async def _together(
        self, program_id: int, most: int, known: Mapping[UUID, Ended], took: list[Arrival]
    ) -> int:
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            taken = await take_arrivals(tx, most)
            took += taken.arrivals
            if taken.arrivals:
                batch = [
                    BookArrival(one, ended=known[one.arrival_id])
                    if one.arrival_id in known
                    else booking(one, taken, terms)
                    for one in taken.arrivals
                ]
                await book_arrivals(tx, terms, self._keyed, batch)
        return len(taken.arrivals)


def booking(
    one: Arrival, taken: Taken, terms: Terms, read: BookArrival | None = None
) -> BookArrival:
    """What an event tells by the mapping as it is now, or why it tells nothing; `read`: what that
    mapping read of it already."""
    inlet = taken.inlets.get(one.inlet_id)
    if inlet is None:
        gone = ("", "its source of events was deleted", "Make it anew and have it sent again")
        return BookArrival(one, ended=Ended(one.arrival_id, "refused", "gone", *gone))
    if one.arrival_id in taken.overtaken:
        return overtaken(BookArrival(one), taken)
    try:
        is_asked = inlet.inlet_id in taken.asked
        return read or told_by(one, inlet, place_in(terms), is_asked=is_asked)
    except Wrong as wrong:
        told = (wrong.column, wrong.says, wrong.mend)
        return BookArrival(one, ended=Ended(one.arrival_id, "unfit", "unfit", *told))
    except Fault as fault:  # a mapping that this release reads otherwise
        told = (fault.field, fault.says, "Mend the mapping")
        return BookArrival(one, ended=Ended(one.arrival_id, "unfit", fault.code, *told))
    except Exception as error:  # one event's own: the others go on
        return BookArrival(one, ended=_mistake(one, error))


def overtaken(told: BookArrival, taken: Taken) -> BookArrival:
    """The same; of what is booked by now as it stood later, that."""
    one = told.arrival
    if one.arrival_id not in taken.overtaken:
        return told
    newer = ("", "it is booked as it stood later")
    return BookArrival(one, ended=Ended(one.arrival_id, "passed", "overtaken", *newer))


def may_go_together(taken: Taken, batch: Sequence[BookArrival]) -> bool:
    """Whether these, which nobody kept yet, may be booked in the transaction that keeps them.

    What comes in by a paused source waits, whatever other sources do. Who is to be forgotten, or
    asks what is kept of them, may be named by another one of these.
    """
    came_by = {one.arrival.inlet_id for one in batch}
    open_ = all(one.state != "paused" for id_, one in taken.inlets.items() if id_ in came_by)
    return open_ and all(one.about is None or one.about.what == "named" for one in batch)


def own(error: Exception) -> bool:
    """Whether it is an event's own: our own finding, or rows that the database will not take.

    A full disk, a lost connection or a lock held for long are true of everybody.
    """
    rows = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)
    return isinstance(error, rows) or not isinstance(error, (asyncpg.PostgresError, *LOST))


def _mistake(one: Arrival, error: BaseException) -> Ended:
    log.error("inlets.event_refused", arrival_id=str(one.arrival_id), exc_info=error)
    return Ended(one.arrival_id, "refused", "mistake", "", _OURS, _REPORT)
