"""Members write text messages: STOP ends what is sent to them, START brings it back, HELP asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.said.agreeing import keep_words, says_anew
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.texts import read, write
from regulars.records.members.consents.texts.rules import Meant, answers, meant
from regulars.records.members.consents.texts.types import LONGEST_TEXT, Text
from regulars.records.members.consents.types import Consent
from regulars.records.members.identify import normal_ref
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.outbox.delivery.types import address_digest

SOURCE: Final = "a text message"
"""Where they said so, as it stands beside their word."""


class HearText(Struct, frozen=True):
    """A text message came in: `answered` says that the provider answers it by itself."""

    text_id: UUID
    phone: str
    says: str
    answered: bool = False


class Heard(Struct, frozen=True):
    """What it was; `answer` where it is to be answered, which happens once.

    Keeps: nothing in it says whether the number is a member's.
    """

    meant: Meant
    answer: bool


HearOutcome = Heard | Fault


async def hear_texts(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[HearText]
) -> list[HearOutcome]:
    """Each is kept once; STOP takes back the word for text messages at once, START gives it back.

    Order: as sent. START brings back what was given before and taken back since; of who never
    agreed it makes nothing, as nobody told them what they would agree to. The same message again
    changes nothing and is not answered again.
    Faults, each for its own item: `invalid` for what is no telephone number.
    """
    await write.hold(tx)
    country = terms.at(tx.now).program.country
    names = [_number(one.phone, country) for one in batch]
    whom = await members.whom(tx, country, [MemberRef(phone=one.phone) for one in batch])
    await members.lock(tx, sorted({who for who in whom if isinstance(who, UUID)}))
    before = await read.there(tx, [one.text_id for one in batch])
    digests = [address_digest(keyed, "sms", one.value) if one else b"" for one in names]
    answered = await read.answered(tx, digests)
    said: list[Consent] = []
    outcomes: list[HearOutcome] = []
    kept: list[Text] = []
    for one, name, who, phone in zip(batch, names, whom, digests, strict=True):
        if name is None:
            outcomes.append(Invalid("this is no telephone number", field="/from"))
            continue
        is_meant = meant(one.says)
        if one.text_id in before:
            outcomes.append(Heard(is_meant, answer=False))
            continue
        place = (phone, is_meant.word == "help")
        answer = not one.answered and answers(is_meant.word, answered.get(place), tx.now)
        member_id = who if isinstance(who, UUID) else None
        text = _kept(tx, one, phone, member_id, answer)
        before[one.text_id] = text
        kept.append(text)
        if answer or one.answered:
            answered[place] = text
        said += await _said(tx, is_meant, member_id, said)
        outcomes.append(Heard(is_meant, answer))
    await tx.write(write.keep(tx, kept))
    await keep_words(tx, said)
    return outcomes


def _number(phone: str, country: str | None) -> Identifier | None:
    try:
        said = normal_ref(MemberRef(phone=phone), country)
    except Fault:
        return None
    return said if isinstance(said, Identifier) else None


def _kept(tx: Tx, one: HearText, phone: bytes, member_id: UUID | None, answer: bool) -> Text:
    word = meant(one.says).word
    is_theirs = member_id is not None and word == "other"
    says = one.says.replace("\0", "")[:LONGEST_TEXT] if is_theirs else ""
    return Text(one.text_id, phone, member_id, word, says, answer or one.answered, tx.now)


async def _said(
    tx: Tx, is_meant: Meant, who: UUID | None, said: Sequence[Consent]
) -> list[Consent]:
    """The member's word, where it changes anything."""
    if who is None or is_meant.word not in ("stop", "start"):
        return []
    log = [one for one in reversed(said) if one.member_id == who]
    log += [one for one in await consents.log(tx, who) if one.channel == "sms"]
    last = log[0] if log else None
    stops = is_meant.word == "stop"
    if not stops and (last is None or last.state == "given" or not await _agreed(tx, who, log)):
        return []
    if stops and not says_anew(last, "withdrawn"):
        return []
    return [Consent(who, "sms", "withdrawn" if stops else "given", SOURCE, tx.now)]


async def _agreed(tx: Tx, who: UUID, log: Sequence[Consent]) -> bool:
    """Whether they agreed before, or somebody who became one with them."""
    if any(one.state == "given" for one in log):
        return True
    merged = (await unions.merged(tx, [who])).get(who, ())
    logs = [await consents.log(tx, one) for one in merged]
    return any(one.channel == "sms" and one.state == "given" for some in logs for one in some)
