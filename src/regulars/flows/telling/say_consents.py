"""A member says by which channels they may be written to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.flows.telling.said.agreeing import keep_words, says_anew
from regulars.records.members import read as members
from regulars.records.members.consents import checks, read
from regulars.records.members.consents.types import Consent, ConsentState
from regulars.records.members.types import nobody


class SayConsent(Struct, frozen=True):
    """A member, who is signed in, allows a channel or forbids it; `source` is where they say so."""

    member_id: UUID
    channel: str
    state: ConsentState
    source: str


ConsentOutcome = Consent | Fault


async def say_consents(tx: Tx, batch: Sequence[SayConsent]) -> list[ConsentOutcome]:
    """Each word is kept with its instant; a word that says nothing new is answered by the old one.

    Order: as sent; of two words of one member about one channel in a batch the last one counts.
    Faults, each for its own item: `unknown_member`, `invalid` for what is no channel.
    """
    ids = sorted({one.member_id for one in batch})
    await members.lock(tx, ids)
    there = await members.present(tx, ids)
    stands = {who: await read.standing(tx, who) for who in sorted(there)}
    said: dict[tuple[UUID, str], Consent] = {}
    outcomes: list[ConsentOutcome] = []
    for one in batch:
        consent = Consent(one.member_id, one.channel, one.state, one.source, tx.now)
        wrong = nobody() if one.member_id not in there else checks.wrong(consent, tx.now)
        if wrong is not None:
            outcomes.append(wrong)
            continue
        before = stands[one.member_id].get(one.channel)
        if says_anew(before, one.state):
            said[one.member_id, one.channel] = consent
        else:
            said.pop((one.member_id, one.channel), None)
        kept = said.get((one.member_id, one.channel), before)
        assert kept is not None, one
        outcomes.append(kept)
    words = list(said.values())
    as_kept = dict(zip(words, await keep_words(tx, words), strict=True))
    return [as_kept.get(one, one) if isinstance(one, Consent) else one for one in outcomes]
