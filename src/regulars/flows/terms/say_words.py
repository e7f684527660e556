"""A member is told of a version, and says yes or no to it; kept, and used by nothing silently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.members import read as members
from regulars.records.members.erasure.read import erased
from regulars.records.members.types import erased_fault, nobody
from regulars.records.program.changes import read, write
from regulars.records.program.changes.types import TermsWord, Word
from regulars.records.standing.read import lock

AHEAD: Final = timedelta(minutes=5)
"""So far a clock may be ahead of ours."""


class SayWord(Struct, frozen=True):
    """A member was told of a version, accepted or declined it: when, by which way, who says so."""

    member_id: UUID
    version: int
    word: Word
    channel: str = ""
    said_at: datetime | None = None
    by: str = ""


class Said(Struct, frozen=True):
    """The word as it is kept; `fresh` is false when it was kept before."""

    word: TermsWord
    fresh: bool


async def say_words(tx: Tx, terms: Terms, batch: Sequence[SayWord]) -> list[Said | Fault]:
    """Keep each word once per member and version; the first time stays.

    Order: the members are locked first, so that the same word told twice at once is kept once.
    Faults, each for its own item: unknown or erased member, no such version, a time ahead of us.
    """
    ids = sorted({one.member_id for one in batch})
    present = set(await members.present(tx, ids))
    await lock(tx, ids)
    gone = await erased(tx, ids)
    known = {(w.member_id, w.version, w.word): w for w in await read.words(tx, ids)}
    numbers = {version.number for version in (*terms.versions, *terms.unruled)}
    outcomes: list[Said | Fault] = []
    fresh: list[TermsWord] = []
    for one in batch:
        fault = _wrong(one, present, numbers, tx.now)
        if fault is None and one.member_id in gone:
            fault = erased_fault("")
        if fault is not None:
            outcomes.append(fault)
            continue
        key = (one.member_id, one.version, one.word)
        word = known.get(key)
        outcomes.append(Said(word or _word(tx, one), word is None))
        if word is None:
            said = outcomes[-1]
            assert isinstance(said, Said)
            known[key] = said.word
            fresh.append(said.word)
    await tx.write(write.say(tx, fresh))
    return outcomes


def _word(tx: Tx, one: SayWord) -> TermsWord:
    at = one.said_at or tx.now
    id_ = tx.new_id()
    return TermsWord(id_, one.member_id, one.version, one.word, one.channel, at, one.by, tx.now)


def _wrong(one: SayWord, present: set[UUID], numbers: set[int], now: datetime) -> Fault | None:
    if one.member_id not in present:
        return nobody()
    if one.version not in numbers:
        return NotFound("there is no such version of this program", field="/version")
    if one.said_at is not None and one.said_at > now + AHEAD:
        return Invalid("this lies ahead of us; say it once it happened", field="/said_at")
    return None
