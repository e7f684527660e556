"""Which messages a member wants, what the shop sends unless they choose, and its own words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.delivery import read, write
from regulars.records.outbox.delivery.types import UNLESS_CHOSEN, Choosable, Ways

LONGEST_WORDS: Final = 1000
_PLACE = re.compile(r"\{([^{}]*)\}")


class ChooseMessages(Struct, frozen=True):
    """A member wants messages of this kind in these ways; nobody named, the shop's own choice for
    all who choose nothing."""

    kind: Choosable
    ways: Ways
    member: MemberRef | None = None


class Chosen(Struct, frozen=True):
    """What is chosen from now on."""

    kind: Choosable
    ways: Ways


class OwnWords(Struct, frozen=True):
    """The shop says a phrase in its own words; no words, and ours are used again."""

    language: str
    phrase: str
    says: str


ChooseOutcome = Chosen | Fault
WordsOutcome = OwnWords | Fault


async def choose_messages(
    tx: Tx, terms: Terms, batch: Sequence[ChooseMessages]
) -> list[ChooseOutcome]:
    """Each choice holds from the next message on. Codes and questions about consents are always
    sent, as they are asked for.

    Faults, each for its own item: `unknown_member`.
    """
    country = terms.versions[-1].program.country
    whom = iter(await members.whom(tx, country, [one.member for one in batch if one.member]))
    outcomes: list[ChooseOutcome] = []
    chosen = []
    for one in batch:
        who = NOBODY if one.member is None else next(whom)
        if isinstance(who, Fault):
            outcomes.append(who)
            continue
        chosen.append((who, one.kind, one.ways))
        outcomes.append(Chosen(one.kind, one.ways))
    await tx.write(write.choose(tx, chosen))
    return outcomes


async def show_choices(
    tx: Tx, terms: Terms, member: MemberRef | None
) -> dict[Choosable, Ways] | Fault:
    """What this member is sent, chosen or not; nobody named, what the shop sends.

    Faults: `unknown_member`.
    """
    who = NOBODY
    if member is not None:
        (found,) = await members.whom(tx, terms.versions[-1].program.country, [member])
        if isinstance(found, Fault):
            return found
        who = found
    chosen = await read.choices(tx, {who, NOBODY})
    return {**UNLESS_CHOSEN, **chosen.get(NOBODY, {}), **chosen.get(who, {})}


async def say_in_own_words(
    tx: Tx, known: Mapping[str, str], languages: Collection[str], batch: Sequence[OwnWords]
) -> list[WordsOutcome]:
    """Each phrase is said like this from the next message on.

    Shape: `known` are our phrases by key; own words may have the places of ours and no others.
    Faults, each for its own item: `invalid` language, phrase or words.
    """
    outcomes: list[WordsOutcome] = []
    for one in batch:
        wrong = _wrong(one, known, languages)
        if wrong is None:
            await tx.write(write.say(tx, one.language, one.phrase, one.says.strip()))
        outcomes.append(wrong or one)
    return outcomes


def _wrong(one: OwnWords, known: Mapping[str, str], languages: Collection[str]) -> Fault | None:
    if one.language not in languages:
        there = ", ".join(sorted(languages))
        return Invalid("no messages are written in this language", field="/language", mend=there)
    if one.phrase not in known:
        return Invalid("there is no such phrase", field="/phrase", mend=", ".join(sorted(known)))
    if len(one.says) > LONGEST_WORDS or not all(s.isprintable() or s == "\n" for s in one.says):
        mend = f"Say it in {LONGEST_WORDS} plain characters at most"
        return Invalid("these words are too long, or not plain", field="/says", mend=mend)
    more = set(_PLACE.findall(one.says)) - set(_PLACE.findall(known[one.phrase]))
    if more or "{" in _PLACE.sub("", one.says) or "}" in _PLACE.sub("", one.says):
        places = ", ".join(f"{{{place}}}" for place in sorted(_PLACE.findall(known[one.phrase])))
        mend = f"Use these places and no others: {places or 'none'}"
        return Invalid("these words have a place that nothing fills", field="/says", mend=mend)
    return None
