"""The worker's duties for every program: the night's work, holds that lapse, late sales."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx, Write
from regulars.flows.access.watch_counter import tidy_staff, watch_counter
from regulars.flows.batch.stuck import Stuck
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.office.follow_points import follow_points
from regulars.flows.midnight import STEPS, WALKING, Step, activate_pending, expire_lots, lapse_holds
from regulars.flows.points.choosing.take_automatic import take_automatic
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.recording.catch_up import catch_up_returns
from regulars.flows.telling.keep_requests import forget_requests
from regulars.flows.terms.move_over import move_over
from regulars.flows.terms.rates.rate_again import rate_again
from regulars.records.ledger.ends.read import Part
from regulars.records.night import read, write
from regulars.records.night.ahead import Ahead
from regulars.runtime.installation.addresses import addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.gate import AGAIN, LOST
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Alone, Beside, Duty, Turn
from regulars.runtime.working.errands.duty import errands
from regulars.runtime.working.errands.leftovers import Leftovers
from regulars.runtime.working.hooks.duty import hooks
from regulars.runtime.working.inlets.duty import inlets
from regulars.runtime.working.inlets.elsewhere import elsewhere
from regulars.runtime.working.inlets.telling import shops
from regulars.runtime.working.letters.campaigns import campaigns
from regulars.runtime.working.letters.journeys import Journeys
from regulars.runtime.working.letters.offers import Offers
from regulars.runtime.working.letters.returned import ReturnedLetters
from regulars.runtime.working.letters.seats import Seats
from regulars.runtime.working.messages import messages
from regulars.runtime.working.passes import passes
from regulars.runtime.working.reckoning.alerts import Alerts
from regulars.runtime.working.reckoning.categories import Categories
from regulars.runtime.working.reckoning.experiments import Experiments
from regulars.runtime.working.reckoning.months import Months
from regulars.runtime.working.reckoning.preparing import Preparing
from regulars.runtime.working.reckoning.retaining import Retaining
from regulars.runtime.working.reckoning.segments import Segments
from regulars.runtime.working.reckoning.telling import told_by_night
from regulars.runtime.working.reckoning.values import Values
from regulars.runtime.working.rounds import Rounds
from regulars.runtime.working.sandboxes import SandboxClocks
from regulars.runtime.working.sealing.sealer import sealing
from regulars.runtime.working.senders import (
    Paces,
    guard_of,
    keyed_of,
    paced,
    paces_of,
    senders,
)
from regulars.runtime.working.told_early import told_early

CHUNK: Final = 200
"""Members of one transaction: held for some tens of milliseconds, so no till waits longer."""
SOON: Final = timedelta(seconds=5)
A_WHILE: Final = timedelta(minutes=10)
LANES: Final = 2
"""One lane decides while the database writes for the other."""
LONGEST_REASON: Final = 500
_PROGRAMS: Final = """
select p.program_id, coalesce(s.ahead, '0') as ahead
  from (select distinct program_id from program_version) p
  left join sandbox s using (program_id) order by 1
"""
Counted = Callable[[Tx, int], list[Write]]

log = structlog.get_logger()


class EveryProgram:
    """One duty, done for each program; one program's trouble does not stop the others."""

    def __init__(
        self, name: str, every: timedelta, each: Callable[[int, datetime], Awaitable[None]],
        owner_dsn: str,
    ) -> None:  # fmt: skip
        self.name, self.every, self._each, self._owner_dsn = name, every, each, owner_dsn

    async def run(self, now: datetime) -> None:
        for program_id, ahead in await programs_ahead(self._owner_dsn):
            try:
                await self._each(program_id, now + ahead)
            except Exception:
                log.exception("night.program_failed", duty=self.name, program_id=program_id)


def beside(
    name: str, every: timedelta, each: Callable[[int, datetime], Awaitable[None]],
    owner_dsn: str, clock: Callable[[], datetime],
) -> Beside:  # fmt: skip
    """The same for what may take minutes or hours: its round goes on beside the other duties, so
    that letters leave and rows are sealed meanwhile."""

    async def one(program_id: int, ahead: timedelta) -> None:
        await each(program_id, clock() + ahead)

    async def turns() -> list[Turn]:
        found = await programs_ahead(owner_dsn)
        return [Turn(program_id, partial(one, program_id, ahead)) for program_id, ahead in found]

    return Beside(name, every, turns)


class Night:
    """What time alone brings about, program by program."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs
        self.alone = Alone()
        """Of each program one is at work at a time: its night, a change of its ladder or rates."""
        self._steps: defaultdict[tuple[int, Step], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def midnight_alone(self, program_id: int, now: datetime) -> None:
        """Its night, unless a change of this program is under way; it is asked for each minute."""
        await self.alone.do(program_id, partial(self.midnight, program_id, now))

    async def alone_until_done(self, step: Step, program_id: int, _now: datetime) -> None:
        """A step until nothing is left to do, unless the night is at work, which does it too."""
        await self.alone.do(program_id, partial(self.until_done, program_id, step))

    async def midnight(self, program_id: int, now: datetime) -> None:
        """The steps of the program's local night that are still to do, in their order."""
        terms = await self._programs.terms(program_id)
        zone: ZoneInfo = terms.at(now).zone
        night_on = now.astimezone(zone).date()
        async with self._database.transaction(program_id) as tx:
            done = await read.done(tx, night_on)
        for name in [name for name in STEPS if name not in done]:
            try:
                await self._do(program_id, name, night_on)
            except Exception:
                # The other steps are done all the same; this one is tried again in a minute.
                log.exception("night.step_failed", program_id=program_id, step=name)

    async def _do(self, program_id: int, name: str, night_on: date) -> None:
        """Repeat one step of a night until nothing is left to do."""

        def counted(tx: Tx, members: int) -> list[Write]:
            return write.count(tx, night_on, name, members)

        self._programs.forget(program_id)
        # Where the same is done by its own clock just now, the steps behind it wait for its end.
        async with self._steps[program_id, STEPS[name]]:
            await self._repeat(program_id, STEPS[name], counted)

    async def until_done(self, program_id: int, step: Step) -> None:
        """Repeat one step until nothing is left to do; nothing while a night is at it."""
        if step not in STEPS.values():
            return await self._repeat(program_id, step, lambda _tx, _members: [])
        turn = self._steps[program_id, step]
        if not turn.locked():
            async with turn:
                await self._repeat(program_id, step, lambda _tx, _members: [])
        return None

    async def _repeat(self, program_id: int, step: Step, counted: Counted) -> None:
        """Do a step to its end; where a night can bring a million lots, in lanes side by side.

        Order: each lane has its own members; after them all are asked once more, as everybody
        else does it, so that nothing rests on how the lanes are cut. Only this last round may say
        that the step is done: a lane with nobody left knows nothing of the other.
        """
        if step is expire_lots:

            def of_a_lane(tx: Tx, members: int) -> list[Write]:
                return counted(tx, members) if members else []

            lanes = [partial(expire_lots, part=Part(place, LANES)) for place in range(LANES)]
            repeated = (self._lane(program_id, lane, of_a_lane) for lane in lanes)
            for trouble in await asyncio.gather(*repeated, return_exceptions=True):
                if trouble is not None:
                    raise trouble
        walking = next((one for one in WALKING if one is step), None)
        if walking is not None:
            ahead = Ahead()
            return await self._lane(
                program_id, partial(walking, ahead=ahead), counted, ahead.went_on
            )
        return await self._lane(program_id, step, counted)

    async def _lane(
        self, program_id: int, step: Step, counted: Counted, went_on: Callable[[], object] = int
    ) -> None:
        """Do a step batch by batch; of one that fails, ever smaller parts, down to the member who
        stops it: that one is parked with the reason, and the step goes on without them. Each that
        is committed is told to `went_on`."""
        most = CHUNK
        while True:
            terms = await self._programs.terms(program_id)
            try:
                async with self._database.transaction(program_id) as tx:
                    done = await step(tx, terms, most)
                    await tx.write(counted(tx, done))
            except StaleTerms:
                # Somebody published since this worker last looked; perhaps days ago.
                self._programs.forget(program_id)
            except Stuck as stuck:
                if not _own(stuck.__cause__):
                    raise  # the database's trouble, nobody's own: tried again in a minute
                most = max(1, len(stuck.members) // 2)
                if len(stuck.members) == 1:
                    await self._park(program_id, stuck)
            else:
                went_on()
                if done == 0:
                    return
                most = min(CHUNK, most * 2)

    async def _park(self, program_id: int, stuck: Stuck) -> None:
        (member_id,) = stuck.members
        cause = stuck.__cause__
        reason = f"{type(cause).__name__}: {cause}"[:LONGEST_REASON]
        async with self._database.transaction(program_id) as tx:
            await tx.write(write.park(tx, stuck.step, member_id, reason))
        log.error(
            "night.member_parked",
            program_id=program_id,
            step=stuck.step,
            member_id=str(member_id),
            exc_info=cause,
        )


def _own(trouble: BaseException | None) -> bool:
    """Is it a member's own: our own finding, or rows that the database will not take?

    A full disk, a lost connection or a lock held for long are true of everybody.
    """
    if isinstance(trouble, AGAIN):
        return False
    own = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)
    return isinstance(trouble, own) or not isinstance(trouble, (asyncpg.PostgresError, *LOST))


async def programs_ahead(owner_dsn: str) -> list[tuple[int, timedelta]]:
    """Every program of this installation that has a version, and how far its clock is ahead of
    ours: a real one's not at all."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        rows = await connection.fetch(_PROGRAMS)
    finally:
        await connection.close()
    return [(row["program_id"], row["ahead"]) for row in rows]


def _reckoning(
    settings: Settings, database: Database, programs: Programs, owner: str, paces: Paces
) -> list[EveryProgram]:
    """What is reckoned from what members did: arms, values, alerts, months."""
    experiments, alerts = Experiments(database, programs), Alerts(database, programs)
    carriers = paced(senders(settings, database.clock), paces)
    mail = next((one for one in carriers if one.channel == "email"), None)
    url = settings.public_url or settings.base_url
    months = Months(database, programs, mail, keyed_of(settings), url)
    done: tuple[tuple[str, timedelta, Callable[[int, datetime], Awaitable[None]]], ...] = (
        ("prepared rows", timedelta(seconds=15), Preparing(database, programs).go),
        ("segments", timedelta(seconds=3), Segments(database, programs).go),
        ("journeys", timedelta(seconds=3), Journeys(database, programs).go),
        ("offers", timedelta(seconds=5), Offers(database, programs).go),
        ("seats", timedelta(seconds=15), Seats(database, programs).go),
        ("experiments", timedelta(seconds=15), experiments.go),
        ("looks", timedelta(minutes=5), experiments.look),
        ("values", A_WHILE, Values(database, programs).go),
        ("member alerts", A_WHILE, alerts.go),
        ("categories", A_WHILE, Categories(database, programs).go),
        ("months", A_WHILE, months.go),
    )
    return [EveryProgram(*one, owner) for one in done]


def _returned(settings: Settings, database: Database, owner: str) -> list[ReturnedLetters]:
    """Letters that come back are looked for where a mail directory is named."""
    keyed, there = keyed_of(settings), settings.senders.maildir
    return [ReturnedLetters(there, database, owner, keyed)] if there else []


@asynccontextmanager
async def _nightly(
    night: Night, owner: str, clock: Callable[[], datetime]
) -> AsyncIterator[Sequence[Beside]]:
    """What may take a night's hours, and goes on beside the others."""

    async def pending(program_id: int, _now: datetime) -> None:
        await night.until_done(program_id, activate_pending)

    minute, soon = timedelta(minutes=1), timedelta(seconds=15)
    begun = (
        beside("midnight", minute, night.midnight_alone, owner, clock),
        beside("pending points", minute, pending, owner, clock),
        beside("terms", soon, partial(night.alone_until_done, move_over), owner, clock),
        beside("rates", soon, partial(night.alone_until_done, rate_again), owner, clock),
    )
    try:
        yield begun
    finally:
        for one in begun:
            await one.stop()


@asynccontextmanager
async def _long(
    settings: Settings, database: Database, owner: str
) -> AsyncIterator[Sequence[Duty]]:
    """What may take minutes, and is waited for by nobody."""
    where = addresses(settings)
    async with (
        errands(database, where, settings.uploads) as carried,
        told_by_night(where.app, partial(programs_ahead, owner)) as reports,
    ):
        yield carried, reports


@asynccontextmanager
async def duties(settings: Settings) -> AsyncIterator[Sequence[Duty]]:
    """The duties of this installation, alive for as long as the block lasts."""
    where = addresses(settings)
    database = await Database.connect(where.app, size=LANES + 3)
    programs = Programs(database)
    night, rounds = Night(database, programs), Rounds(database, programs)
    owner, early, paces = where.owner, told_early(database, programs), paces_of(settings)

    def done(step: Step) -> Callable[[int, datetime], Awaitable[None]]:
        return lambda program_id, _now: night.until_done(program_id, step)

    async def requests(program_id: int, _now: datetime) -> None:
        told = database.clock() - timedelta(days=settings.request_days)
        await night.until_done(program_id, partial(forget_requests, until=told))

    try:
        async with (
            _nightly(night, owner, database.clock) as nightly,
            sealing(settings, owner) as sealers,
            messages(settings, owner, database, paces) as telling,
            campaigns(settings, owner, database, paces) as writing,
            passes(settings, owner, database) as waking,
            hooks(settings, owner, where.app) as hearing,
            inlets(owner, where.app, keyed_of(settings)) as taking,
            shops(owner, where.app, keyed_of(settings), guard_of(settings)) as asked_and_told,
            elsewhere(settings, where) as others,
            _long(settings, database, owner) as long,
        ):
            yield (
                *nightly,
                EveryProgram("lapse holds", timedelta(seconds=5), done(lapse_holds), owner),
                EveryProgram("prizes", timedelta(seconds=5), done(settle_prizes), owner),
                EveryProgram("automatic rewards", SOON, done(take_automatic), owner),
                EveryProgram("associates", timedelta(minutes=1), done(follow_associates), owner),
                EveryProgram("rounds", timedelta(seconds=2), rounds.go, owner),
                EveryProgram("retention", A_WHILE, Retaining(database, programs).go, owner),
                *_reckoning(settings, database, programs, owner, paces),
                EveryProgram("counter", timedelta(minutes=1), done(watch_counter), owner),
                EveryProgram("staff", timedelta(hours=1), done(tidy_staff), owner),
                EveryProgram("by points", timedelta(seconds=15), done(follow_points), owner),
                EveryProgram("late sales", timedelta(seconds=30), done(catch_up_returns), owner),
                EveryProgram("requests", timedelta(minutes=10), requests, owner),
                SandboxClocks(night, programs, database, owner, telling.tell),
                EveryProgram("told early", timedelta(seconds=30), early, owner),
                telling,
                writing,
                *waking,
                *_returned(settings, database, owner),
                *hearing,
                taking,
                *asked_and_told,
                *others,
                *long,
                Leftovers(owner, settings.home, settings.uploads),
                *sealers,
            )
    finally:
        await database.close()
