"""What members allowed and forbade is brought over word by word."""

from __future__ import annotations

from collections.abc import Sequence
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


async def bring_consents(
    tx: Tx, terms: Terms, batch: Sequence[BringConsent], history: History
) -> list[ConsentOutcome]:
    """Each word of a member about a channel is kept, with where and when they said it; who had
    said something else here before is told of.

    Faults: an unknown member, a channel that is no name, the same instant with another word.
    """
    whom = await find(tx, terms, batch)
    told = [_consent(tx, who, one) for who, one in zip(whom, batch, strict=True)]
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


def _consent(tx: Tx, who: UUID | Fault, command: BringConsent) -> Consent | Fault:
    if isinstance(who, Fault):
        return who
    consent = Consent(who, command.channel, command.state, command.source, command.changed_at)
    return checks.wrong(consent, tx.now) or consent
