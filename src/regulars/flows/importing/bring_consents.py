"""What members allowed and forbade is brought over word by word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringConsent, Brought
from regulars.flows.importing.finding import find
from regulars.flows.telling.said.agreeing import keep_words
from regulars.records.members.consents import checks, read
from regulars.records.members.consents.types import Consent

ConsentOutcome = Brought | Fault
_STEP: Final = timedelta(microseconds=1)


async def bring_consents(
    tx: Tx, terms: Terms, batch: Sequence[BringConsent], history: History
) -> list[ConsentOutcome]:
    """Each word of a member about a channel is kept, with where and when they said it; who had
    said something else here before is told of. What is dated ahead is kept as of now, and a yes of
    that kind never after a no that stands: nobody knows that it was said later (ADR 0957).

    Faults: an unknown member, a channel that is no name, the same instant with another word.
    """
    whom = await find(tx, terms, batch)
    told = [_consent(tx, who, one) for who, one in zip(whom, batch, strict=True)]
    told = await _no_later_than_now(tx, told)
    before = await read.some(tx, [one for one in told if isinstance(one, Consent)])
    fresh: list[Consent] = []
    outcomes: list[ConsentOutcome] = []
    for one in told:
        if isinstance(one, Fault):
            outcomes.append(one)
            continue
        state = before.get(one.place)
        if state is None:
            before[one.place] = one.state
            fresh.append(one)
        if state is None or state == one.state:
            outcomes.append(Brought(one.member_id, replayed=state is not None))
        else:
            outcomes.append(checks.contradicts(one))
    await keep_words(tx, fresh, brought=True)
    return outcomes


async def _no_later_than_now(tx: Tx, told: Sequence[Consent | Fault]) -> list[Consent | Fault]:
    """These words, none of them later than now; brought once more, one is the word it was."""
    late = [one for one in told if isinstance(one, Consent) and one.changed_at > tx.now]
    if not late:
        return list(told)
    stands = await read.last(tx, {one.member_id for one in late})
    clamped: list[Consent | Fault] = []
    for one in told:
        if isinstance(one, Fault) or one.changed_at <= tx.now:
            clamped.append(one)
            continue
        was = stands.get((one.member_id, one.channel))
        word = _clamped(tx, one, was)
        if was is None or word.changed_at > was.changed_at:
            stands[one.member_id, one.channel] = word
        clamped.append(word)
    return clamped


def _clamped(tx: Tx, one: Consent, was: Consent | None) -> Consent:
    if was is None:
        return one._replace(changed_at=tx.now)
    if was.state == one.state:
        return one._replace(changed_at=was.changed_at)
    if one.state == "given":
        return one._replace(changed_at=was.changed_at - _STEP)
    return one._replace(changed_at=max(tx.now, was.changed_at + _STEP))


def _consent(tx: Tx, who: UUID | Fault, command: BringConsent) -> Consent | Fault:
    if isinstance(who, Fault):
        return who
    consent = Consent(who, command.channel, command.state, command.source, command.changed_at)
    return checks.wrong(consent, tx.now) or consent
