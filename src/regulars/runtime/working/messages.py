"""The duty that tells members: what was committed is planned, written, sent and settled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

import asyncpg
import msgspec
import structlog
from msgspec.structs import replace

from regulars.base.keyed import Keyed
from regulars.flows.telling import take_deliveries as taking
from regulars.flows.telling.plan_deliveries import plan_deliveries
from regulars.flows.telling.settle_deliveries import forget_settled, settle_deliveries
from regulars.flows.telling.take_deliveries import Parcel, take_deliveries
from regulars.records.night.sandbox import write
from regulars.records.night.sandbox.types import Unsent
from regulars.records.outbox.delivery import read
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.types import Channel, Result
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.senders import Paces, carriers_of, close, keyed_of, paces_of
from regulars.surfaces.senders.logged import logged_reason, place_of
from regulars.surfaces.senders.pacing import most_of
from regulars.surfaces.senders.types import SENT, Letter, Said, Sender
from regulars.surfaces.senders.words.writing import Desk, letter_of, message_shown

AT_ONCE: Final = 10
"""Letters that go over one connection before the next are taken."""
PACED_S: Final = 20
"""By a provider's pace, so many seconds' letters are taken at once: they are all away long before
another worker would think them lost."""
ROUNDS: Final = 20
"""So often in a row, before another program has its turn."""
PLAN_EVERY: Final = timedelta(seconds=5)
GRACE_S: Final = 5.0
SWEEP_EVERY: Final = timedelta(hours=6)
_PROGRAMS: Final = """
select p.program_id, exists (select from delivery d
         where d.program_id = p.program_id and d.state = 'waiting'
           and d.try_at <= $1::timestamptz + coalesce(s.ahead, '0')) as due
  from (select distinct program_id from program_version) p
  left join sandbox s using (program_id) order by 1
"""

log = structlog.get_logger()

Carriers = Mapping[Channel, Sender]


class Nobody:
    """Carries letters out of sandboxes: nowhere. What they said is kept to be looked at."""

    name = "nobody: a sandbox sends nothing"

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        return [SENT for _ in letters]


UNSENT: Final[Carriers] = {channel: Nobody(channel) for channel in get_args(Channel)}


class Teller:
    """Tells the members of one installation; whoever holds the worker's lock runs it."""

    def __init__(
        self,
        database: Database,
        programs: Programs,
        carriers: Sequence[Sender],
        keyed: Keyed,
        public_url: str,
    ) -> None:
        self._database = database
        self._programs = programs
        self._carriers: Carriers = {carrier.channel: carrier for carrier in carriers}
        self._keyed = keyed
        self._public_url = public_url

    async def tell(self, program_id: int) -> int:
        """Plan what is new and send what is due, for some time; how much was tried.

        Without a sender nothing is planned, and what waits is parked with that reason. Of a sandbox
        everything is planned and written, and nothing sent.
        """
        tried, unsent = 0, await self._database.is_sandbox(program_id)
        carriers = UNSENT if unsent else self._carriers
        for _ in range(ROUNDS if carriers else 0):
            if not await self._plan(program_id, carriers):
                break
        for _ in range(ROUNDS):
            parcels = await self._take(program_id, carriers)
            if not parcels:
                break
            await self._send(program_id, parcels, carriers)
            tried += len(parcels)
        return tried

    async def sweep(self, program_id: int) -> None:
        """Forget what is long over."""
        async with self._database.transaction(program_id) as tx:
            await forget_settled(tx)

    async def _plan(self, program_id: int, carriers: Carriers) -> bool:
        async with self._database.transaction(program_id) as tx:
            return await plan_deliveries(tx, self._keyed, carriers.keys())

    async def _take(self, program_id: int, carriers: Carriers) -> list[Parcel]:
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            most = most_of(list(carriers.values()), taking.MOST, PACED_S)
            return await take_deliveries(tx, terms, self._keyed, carriers.keys(), most)

    async def _send(self, program_id: int, parcels: Sequence[Parcel], carriers: Carriers) -> None:
        """Send these, outside of any transaction; each is settled soon after it went, so that
        whoever is killed here sends few of them a second time."""
        desk = await self._desk(program_id)
        rounds = []
        for channel, carrier in carriers.items():
            of_channel = [one for one in parcels if one.delivery.channel == channel]
            rounds.append(self._by(program_id, desk, carrier, of_channel))
        await asyncio.gather(*rounds)

    async def _by(
        self, program_id: int, desk: Desk, carrier: Sender, parcels: Sequence[Parcel]
    ) -> None:
        away: Said | None = None
        for begin in range(0, len(parcels), AT_ONCE):
            some = parcels[begin : begin + AT_ONCE]
            written = [_written(desk, parcel) for parcel in some]
            letters = [one for one in written if isinstance(one, Letter)]
            went = iter([away] * len(letters) if away else await _sent(carrier, letters))
            said = [next(went) if isinstance(one, Letter) else one for one in written]
            await self._settle(program_id, list(zip(some, said, strict=True)), written)
            away = next((one for one in said if one.away), None)

    async def _settle(
        self,
        program_id: int,
        done: Sequence[tuple[Parcel, Said]],
        written: Sequence[Letter | Said],
    ) -> None:
        results = [_result(parcel, said) for parcel, said in done]
        async with self._database.transaction(program_id) as tx:
            await settle_deliveries(tx, results)
            if await self._database.is_sandbox(program_id):
                parcels = [parcel for parcel, _ in done]
                await keep_unsent(tx, list(zip(parcels, written, strict=True)))
        for parcel, result in zip((parcel for parcel, _ in done), results, strict=True):
            if result.outcome != "sent":
                log.warning(
                    "messages.not_sent", program_id=program_id, outcome=result.outcome,
                    delivery_id=str(result.delivery_id), kind=parcel.delivery.kind,
                    channel=parcel.delivery.channel, why=logged_reason(result.reason),
                )  # fmt: skip

    async def _desk(self, program_id: int) -> Desk:
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            own, program = await read.words(tx), terms.at(tx.now).program
        return Desk(program, self._keyed, self._public_url, own)


async def keep_unsent(tx: Any, written: Sequence[tuple[Parcel, Letter | Said]]) -> None:
    """Keep what these would have said."""
    letters = [
        Unsent(
            parcel.delivery.delivery_id, parcel.member.id, parcel.delivery.channel,
            parcel.delivery.kind, letter.about, letter.text, tx.now,
        )
        for parcel, letter in written
        if isinstance(letter, Letter)
    ]  # fmt: skip
    await tx.write(write.keep_unsent(tx, letters))


def _written(desk: Desk, parcel: Parcel) -> Letter | Said:
    """The letter; one that cannot be written is parked and stops no other."""
    try:
        return letter_of(desk, parcel)
    except Exception as bug:
        log.error(
            "messages.not_written", delivery_id=str(parcel.delivery.delivery_id), **place_of(bug)
        )
        return Said("never", f"it could not be written: {type(bug).__name__}")


async def _sent(carrier: Sender, letters: Sequence[Letter]) -> Sequence[Said]:
    """What the sender says of each; where it falls itself, they are tried again as often as any
    other and then parked, instead of for ever."""
    try:
        return await carrier.send(letters)
    except Exception as bug:
        log.error("messages.sender_failed", sender=carrier.name, **place_of(bug))
        said = Said("later", f"the sender itself failed: {type(bug).__name__}", away=True)
        return [said] * len(letters)


def _result(parcel: Parcel, said: Said) -> Result:
    delivery = parcel.delivery
    if said.unsure and said.outcome == "later" and delivery.channel == "push":
        # A notice has no key: shown again it would ring again.
        said = replace(said, outcome="never", reason=f"it may have arrived: {said.reason}")
    shown = message_shown(parcel) if said.outcome == "sent" else None
    return Result(
        delivery.delivery_id,
        parcel.attempts,
        said.outcome,
        "" if said.outcome == "sent" else kept_reason(said.reason, parcel.address),
        None if shown is None else msgspec.convert(shown, UUID),
        delivery.channel,
        said.back,
        said.gone,
    )


class Messages:
    """The duty: a round begins when the last one is over, beside the other duties.

    A mail server that takes its time must not keep holds from lapsing or a night from its end, so
    the worker only starts a round and goes on.
    """

    name = "messages"
    every = timedelta(seconds=1)

    def __init__(self, teller: Teller, owner_dsn: str) -> None:
        self._teller = teller
        self.tell = teller.tell
        self._owner_dsn = owner_dsn
        self._round: asyncio.Task[None] | None = None
        self._plan_at: datetime | None = None
        self._sweep_at: datetime | None = None

    async def run(self, now: datetime) -> None:
        """Begin a round, unless one goes on."""
        if self._round is not None and not self._round.done():
            return
        self._round = asyncio.get_running_loop().create_task(self._begun(now))

    async def _begun(self, now: datetime) -> None:
        try:
            await self._go(now)
        except Exception:
            # Nobody waits for a round, so it says itself what kept it; the next one looks anew.
            log.exception("messages.round_failed")

    async def stop(self) -> None:
        """Let what is being sent arrive, for a few seconds."""
        if self._round is not None:
            await asyncio.wait([self._round], timeout=GRACE_S)
            self._round.cancel()
            with suppress(asyncio.CancelledError):
                await self._round

    async def _go(self, now: datetime) -> None:
        programs, due = await _programs(self._owner_dsn, now)
        if self._plan_at is None or now >= self._plan_at:
            self._plan_at, due = now + PLAN_EVERY, programs
        for program_id in due:
            await self._each(program_id, self._teller.tell)
        if self._sweep_at is None or now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            for program_id in programs:
                await self._each(program_id, self._teller.sweep)

    async def _each(self, program_id: int, deed: Callable[[int], Awaitable[object]]) -> None:
        try:
            await deed(program_id)
        except Exception:
            # One program's trouble does not stop the others; what is left is found next time.
            log.exception("messages.program_failed", program_id=program_id)


async def _programs(owner_dsn: str, now: datetime) -> tuple[list[int], list[int]]:
    """Every program that has a version, and those with something due."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        rows = await connection.fetch(_PROGRAMS, now)
    finally:
        await connection.close()
    every = [row["program_id"] for row in rows]
    return every, [row["program_id"] for row in rows if row["due"]]


@asynccontextmanager
async def messages(
    settings: Settings, owner_dsn: str, database: Database, paces: Paces | None = None
) -> AsyncIterator[Messages]:
    """The duty of this installation, for as long as the block lasts."""
    carriers = carriers_of(settings, database.clock, paces or paces_of(settings))
    public_url = settings.public_url or settings.base_url
    teller = Teller(database, Programs(database), carriers, keyed_of(settings), public_url)
    duty = Messages(teller, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await close(carriers)
