"""The duty that sends campaigns: queued, written, sent, settled, beside necessary letters."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final, Literal, Protocol

import structlog

from regulars.base.keyed import Keyed
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.flows.telling.campaigns.settle_messages import Went, settle_messages
from regulars.flows.telling.campaigns.take_messages import MOST, take_messages
from regulars.flows.telling.campaigns.try_campaigns import (
    TrialPosting,
    settle_trials,
    take_trials,
)
from regulars.records.outbox.campaigns.inbox.types import Laid, PassedOn
from regulars.records.outbox.campaigns.trials.types import State
from regulars.records.outbox.campaigns.types import TOLD, Way
from regulars.records.outbox.campaigns.writing import Unwritten
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.hooks.read import any_hears
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Beside, Turn, programs_in
from regulars.runtime.working.messages import AT_ONCE, GRACE_S, PACED_S, UNSENT
from regulars.runtime.working.senders import Paces, carriers_of, close, keyed_of, paces_of
from regulars.surfaces.senders.pacing import most_of
from regulars.surfaces.senders.types import SENT, Letter, Said, Sender, takes_key
from regulars.surfaces.senders.words.campaigns import Desk, letter_of, trial_of, trying

STINT_S: Final = 5.0
"""So long one program's campaigns are worked on before another has its turn."""
PAUSES: Final = 1.5
"""So many times as long as queueing a portion takes, nothing is queued."""
LONGEST_PAUSE_S: Final = 2.0
_PROGRAMS: Final = """
select program_id from campaign where state in ('approved', 'queueing', 'sending', 'stopped')
 union
select program_id from campaign_trial where state in ('waiting', 'going') order by 1
"""

log = structlog.get_logger()


class Carrier(Protocol):
    """What carries messages of one kind: a sender, or nobody for what lies in a card."""

    @property
    def name(self) -> str: ...

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]: ...


class Cards:
    """Lays messages into members' cards: what is said of it is kept in the transaction that does
    it, so it is laid once whoever is cut off."""

    name = "the card"
    takes_key = True

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        return [SENT for _ in letters]


CARDS: Final = Cards()


class Hooks(Cards):
    """Tells webhooks what another system is to say: an event that is written in the transaction
    that keeps that it went, and sent as every other."""

    name = "the webhooks"


HOOKS: Final = Hooks()


async def queue_portion(database: Database, program_id: int) -> bool:
    """One step of queueing; whether there is more. Then nothing is queued for half as long again as
    it took: of each moment tills have three fifths for themselves, however large an audience is."""
    begun = time.monotonic()
    async with database.transaction(program_id) as tx:
        more = await queue_campaigns(tx)
    if more:
        await asyncio.sleep(min(PAUSES * (time.monotonic() - begun), LONGEST_PAUSE_S))
    return more


class Campaigner:
    """Sends the campaigns of one installation; whoever holds the worker's lock runs it."""

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
        self._carriers: Mapping[Way, Sender] = {one.channel: one for one in carriers}
        self._keyed = keyed
        self._public_url = public_url

    async def go(self, program_id: int) -> int:
        """Queue what is released and send what is due, for some time; how many were tried.

        Order: a provider that is away is left alone until the next round, so that nobody's tries
        are used up while it is. Of a sandbox everything is queued and written, and nothing sent.
        """
        unsent = await self._database.is_sandbox(program_id)
        # What lies in a card goes nowhere: a sandbox has cards, and webhooks, of its own.
        there: Mapping[Any, Carrier] = UNSENT if unsent else self._carriers
        carriers: dict[Way, Carrier] = {**there, "inbox": CARDS}
        if await self._is_heard(program_id):
            carriers["webhook"] = HOOKS
        await self._try(program_id, carriers)
        begun, tried = time.monotonic(), 0
        while time.monotonic() - begun < STINT_S:
            more = await queue_portion(self._database, program_id)
            postings = await self._take(program_id, carriers)
            tried += len(postings)
            for away in await self._send(program_id, postings, carriers):
                carriers.pop(away)
            if not postings and not more:
                break
        return tried

    async def _is_heard(self, program_id: int) -> bool:
        """Whether a webhook hears what another system is to say: until one does, it waits."""
        async with self._database.transaction(program_id) as tx:
            return await any_hears(tx, TOLD)

    async def _try(self, program_id: int, carriers: Mapping[Way, Carrier]) -> None:
        """Send tests to who asked for them; each once, whatever comes of it."""
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            some = await take_trials(tx, terms, self._keyed, carriers)
        if not some:
            return
        desk = trying(terms.at(self._database.clock()).program, self._public_url)
        told: list[tuple[TrialPosting, State, str]] = []
        laid: list[Laid] = []
        gone: list[PushDevice] = []
        for one in some:
            letter, channel = _trial(desk, one), one.campaign.channel
            answer = Said("never", letter) if isinstance(letter, str) else SENT
            if isinstance(letter, Letter):
                (answer,) = await _sent(carriers[channel], [letter])
                if channel == "inbox":
                    laid.append(Laid(one.trial_id, letter.language, letter.about, letter.text))
            gone += answer.gone
            sent: State = "unsure" if answer.unsure else "failed"
            told.append((one, "sent" if answer.outcome == "sent" else sent, answer.reason))
        async with self._database.transaction(program_id) as tx:
            await settle_trials(tx, told, laid, gone)

    async def _take(self, program_id: int, carriers: Mapping[Way, Carrier]) -> list[Posting]:
        if not carriers:
            return []
        keys = {channel: takes_key(one) for channel, one in carriers.items()}
        self._programs.forget(program_id)
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            most = most_of(list(carriers.values()), MOST, PACED_S)
            return await take_messages(tx, terms, self._keyed, keys, most)

    async def _send(
        self, program_id: int, postings: Sequence[Posting], carriers: Mapping[Way, Carrier]
    ) -> list[Way]:
        """Send these, outside of any transaction; each is settled soon after it went. Which
        channels do not answer."""
        if not postings:
            return []
        terms = await self._programs.terms(program_id)
        desk = Desk(terms.at(self._database.clock()).program, self._keyed, self._public_url)
        rounds = [
            self._by(program_id, desk, carrier, [
                one for one in postings if one.campaign.channel == channel
            ])
            for channel, carrier in carriers.items()
        ]  # fmt: skip
        went = await asyncio.gather(*rounds)
        return [channel for channel, away in zip(carriers, went, strict=True) if away]

    async def _by(
        self, program_id: int, desk: Desk, carrier: Carrier, postings: Sequence[Posting]
    ) -> bool:
        away: Said | None = None
        for begin in range(0, len(postings), AT_ONCE):
            some = postings[begin : begin + AT_ONCE]
            written = [_written(desk, one) for one in some]
            letters = [one for one in written if isinstance(one, Letter)]
            said = iter([away] * len(letters) if away else await _sent(carrier, letters))
            keyed = takes_key(carrier)
            went = [
                _went(posting, next(said), keyed, one) if isinstance(one, Letter) else one
                for posting, one in zip(some, written, strict=True)
            ]
            async with self._database.transaction(program_id) as tx:
                await settle_messages(tx, went)
            _log(program_id, went)
            away = away or _quiet(went)
        return away is not None


def _quiet(went: Sequence[Went]) -> Said | None:
    """What is said of all that follow, once the provider does not answer: they never left."""
    last = next((one for one in went if one.away), None)
    return None if last is None else Said("later", last.reason, away=True)


def _written(desk: Desk, posting: Posting) -> Letter | Went:
    """The letter; one that cannot be written stops no other."""
    try:
        return letter_of(desk, posting)
    except Unwritten as why:
        return Went(posting, "unwritten", f"it could not be written: {why}")
    except Exception as bug:
        log.exception("campaigns.not_written", message_id=str(posting.due.message_id))
        return Went(posting, "unwritten", f"it could not be written: {type(bug).__name__}")


def _trial(desk: Desk, posting: TrialPosting) -> Letter | str:
    """The letter of a test, or why there is none."""
    try:
        return trial_of(desk, posting)
    except Unwritten as why:
        return f"it could not be written: {why}"


async def _sent(carrier: Carrier, letters: Sequence[Letter]) -> Sequence[Said]:
    """What the sender says of each; where it falls itself, nobody knows what it had sent."""
    if not letters:
        return []
    try:
        return await carrier.send(letters)
    except Exception as bug:
        log.exception("campaigns.sender_failed", sender=carrier.name)
        why = f"the sender itself failed: {type(bug).__name__}"
        return [Said("later", why, away=True, unsure=True)] * len(letters)


def _went(posting: Posting, said: Said, keyed: bool, letter: Letter) -> Went:
    """Without a key, what may have arrived is not sent again."""
    if posting.campaign.channel == "inbox":
        laid = Laid(posting.due.message_id, letter.language, letter.about, letter.text)
        return Went(posting, "sent", laid=laid)
    if posting.campaign.channel == "webhook":
        told = PassedOn(letter.language, letter.about, letter.text, letter.stop)
        return Went(posting, "sent", passed_on=told)
    if said.outcome == "later" and said.unsure:
        unsure: Literal["again", "unsure"] = "again" if keyed else "unsure"
        return Went(posting, unsure, said.reason, away=said.away, gone=said.gone)
    return Went(posting, said.outcome, said.reason, said.back, said.away, gone=said.gone)


def _log(program_id: int, went: Sequence[Went]) -> None:
    for one in went:
        if one.outcome != "sent":
            log.warning(
                "campaigns.not_sent", program_id=program_id, campaign=one.posting.campaign.code,
                message_id=str(one.posting.due.message_id), outcome=one.outcome,
            )  # fmt: skip


def campaigns_of(campaigner: Campaigner, owner_dsn: str) -> Beside:
    """The duty: what is being sent may arrive for a few seconds when the worker stops."""

    async def turns() -> list[Turn]:
        there = await programs_in(owner_dsn, _PROGRAMS)
        return [Turn(id_, partial(campaigner.go, id_)) for id_ in there]

    return Beside("campaigns", timedelta(seconds=2), turns, GRACE_S)


@asynccontextmanager
async def campaigns(
    settings: Settings, owner_dsn: str, database: Database, paces: Paces | None = None
) -> AsyncIterator[Beside]:
    """The duty of this installation, for as long as the block lasts."""
    carriers = carriers_of(settings, database.clock, paces or paces_of(settings))
    public_url = settings.public_url or settings.base_url
    campaigner = Campaigner(database, Programs(database), carriers, keyed_of(settings), public_url)
    duty = campaigns_of(campaigner, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await close(carriers)
