"""Somebody wants to be written to by a channel: at once where the address was proved to be theirs,
else they are asked there whether they meant it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskOutcome, AskToConfirm, CodeAsked, ask_to_confirm
from regulars.flows.telling.said.proving import unproved
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.members import read
from regulars.records.access.members.types import CONSENT_LASTS, MOST_TRIES, SignInCode
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.outbox.delivery.types import IDENTIFIED_BY, Mailed, address_digest

ASKED_AGAIN: Final = timedelta(minutes=10)
"""Whoever asks sooner is told of the question that is on its way."""
_MAILED: Final[tuple[Mailed, ...]] = ("email", "sms")


class WantChannel(Struct, frozen=True):
    """A member is to be written to by a channel; whether the address is theirs is not known yet.

    Shape: `code_id` is made by who asks, from 128 random bits; `sends` are the channels this house
    has senders for; the first of `channels` that the member has an address for is meant. `source`
    is where they say so; without one somebody else asks for them, and nothing is given unless the
    member answers.
    """

    code_id: UUID
    member: MemberRef
    channels: tuple[str, ...]
    sends: frozenset[str]
    source: str = ""
    machine: str = ""


class ConsentAsked(Struct, frozen=True):
    """A question is on its way, or was just before; nothing is agreed to until it is answered."""

    code_id: UUID
    member_id: UUID
    channel: Mailed
    asked_at: datetime
    until: datetime
    hint: str
    """The end of the number, or the beginning of the address: `··42`, `a··`."""
    replayed: bool = False
    over: bool = False
    """Wrong digits came too often: they work no more, and only asking once more helps."""


WantOutcome = Consent | ConsentAsked | Refused | Fault


class _Place(NamedTuple):
    """An address of a member, as one channel knows it."""

    channel: Mailed
    value: str
    digest: bytes

    @property
    def hint(self) -> str:
        return f"{self.value[0]}··" if self.channel == "email" else f"··{self.value[-2:]}"


async def want_channels(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[WantChannel]
) -> list[WantOutcome]:
    """Each is agreed to where the member proved this very address by a code, or agreed before;
    whoever did neither is asked at the address.

    Order: members are held first; what is agreed to is kept before anybody is asked.
    Refuses: `nowhere_to_send` where the member has no address, or the house no sender, for it;
    `no_consent` where somebody else asks for who took their consent back; `too_many_codes`.
    Faults, each for its own item: `unknown_member`, `invalid` for what is no channel,
    `key_reused` where the same id was asked for somebody or something else before.
    """
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    known = [who for who in whom if isinstance(who, UUID)]
    await members.lock(tx, sorted(set(known)))
    people = await _people(tx, keyed, known)
    decided = [
        who if isinstance(who, Fault) else people.decide(tx, one, who)
        for one, who in zip(batch, whom, strict=True)
    ]
    said = iter(await say_consents(tx, [one for one in decided if isinstance(one, SayConsent)]))
    asks = [one[0] for one in decided if isinstance(one, tuple) and not isinstance(one, Consent)]
    asked = iter(await ask_to_confirm(tx, terms, keyed, asks) if asks else [])
    return [_told(one, said, asked) for one in decided]


async def waiting_for_word(tx: Tx, keyed: Keyed, member_id: UUID) -> dict[Mailed, ConsentAsked]:
    """By channel, the questions this member has not answered yet; `over` says which of them they
    can only be asked again."""
    people = await _people(tx, keyed, [member_id])
    return {
        place.channel: asked
        for place in people.places[member_id].values()
        for asked in [people.asked(member_id, place)]
        if asked is not None
    }


class _People(NamedTuple):
    """What is known of the members of a batch."""

    places: Mapping[UUID, Mapping[str, _Place]]
    family: Mapping[UUID, tuple[UUID, ...]]
    stands: Mapping[tuple[UUID, str], Consent]
    proved: Mapping[bytes, set[UUID]]
    open: dict[tuple[bytes, UUID], SignInCode]
    unproved: Mapping[UUID, Collection[bytes]]

    def decide(
        self, tx: Tx, one: WantChannel, who: UUID
    ) -> SayConsent | tuple[AskToConfirm, ConsentAsked] | ConsentAsked | Consent | Refused:
        """What becomes of one wish: a word, a question, or why neither."""
        channel = self._meant(one, who)
        place = self.places[who].get(channel)
        stands = self.stands.get((who, channel))
        if stands is not None and stands.state == "given" and not self._of_another(who, place):
            return stands
        if one.source and channel and (place is None or self._theirs(who, place)):
            return SayConsent(who, channel, "given", one.source)
        if place is None or place.channel not in one.sends:
            return Refused("nowhere_to_send", "this member has no address that we can ask at")
        if stands is not None and stands.state == "withdrawn" and not one.source:
            says = "they took it back; only they can give it again, on their card"
            return Refused("no_consent", says)
        before = self.asked(who, place)
        fresh = before is not None and tx.now < before.asked_at + ASKED_AGAIN
        if before is not None and fresh and not before.over:
            return replace(before, replayed=True)
        member = MemberRef(id=who)
        asks = AskToConfirm(one.code_id, member, place.channel, one.machine)
        code = SignInCode(one.code_id, "consent", place.digest, tx.now, who)
        # Of two who ask for the same in one batch, the second is told of the first one's question.
        self.open[place.digest, who] = code
        return asks, _asked(place, code)

    def asked(self, who: UUID, place: _Place) -> ConsentAsked | None:
        """The last question to this member; whatever they said since has answered it."""
        mine = [self.open.get((place.digest, one)) for one in self.family[who]]
        codes = [one for one in mine if one is not None]
        if not codes:
            return None
        code = max(codes, key=lambda one: (one.recorded_at, one.code_id))
        stands = self.stands.get((who, place.channel))
        answered = stands is not None and stands.changed_at >= code.recorded_at
        answered = answered and not self._of_another(who, place)
        return None if answered else replace(_asked(place, code), member_id=who)

    def _meant(self, one: WantChannel, who: UUID) -> str:
        """Which of these channels: one that can be asked about first, then what they have."""
        mine = [n for n in one.channels if n not in _MAILED or n in self.places[who]]
        given = {n for n in mine if (s := self.stands.get((who, n))) and s.state == "given"}
        asks = [n for n in mine if n not in given and (n in one.sends or n not in _MAILED)]
        return next(iter([*asks, *(n for n in mine if n in given), *mine]), "")

    def _of_another(self, who: UUID, place: _Place | None) -> bool:
        """Whether their yes was said of another address than where letters would go now."""
        return place is not None and place.digest in self.unproved.get(who, ())

    def _theirs(self, who: UUID, place: _Place) -> bool:
        return not self.proved.get(place.digest, set()).isdisjoint(self.family[who])


async def _people(tx: Tx, keyed: Keyed, known: Sequence[UUID]) -> _People:
    names = await members.identifiers_of(tx, known)
    places = {who: _places(keyed, names[who]) for who in known}
    digests = {place.digest for mine in places.values() for place in mine.values()}
    merged = await unions.merged(tx, sorted(set(known)))
    return _People(
        places,
        {who: (who, *merged.get(who, ())) for who in known},
        await consents.last(tx, known),
        await read.proved(tx, digests),
        await read.open_questions(tx, digests, tx.now - CONSENT_LASTS),
        await unproved(tx, keyed, known),
    )


def _places(keyed: Keyed, names: Sequence[Identifier]) -> dict[str, _Place]:
    """Where each channel goes: of several addresses the one known longest, as letters do."""
    found: dict[str, _Place] = {}
    for channel in _MAILED:
        value = next((n.value for n in names if n.kind == IDENTIFIED_BY[channel]), None)
        if value is not None:
            found[channel] = _Place(channel, value, address_digest(keyed, channel, value))
    return found


def _asked(place: _Place, code: SignInCode) -> ConsentAsked:
    assert code.member_id is not None, code
    until = code.recorded_at + CONSENT_LASTS
    began, over = code.recorded_at, code.tries >= MOST_TRIES
    return ConsentAsked(
        code.code_id, code.member_id, place.channel, began, until, place.hint, over=over
    )


def _told(
    one: SayConsent | tuple[AskToConfirm, ConsentAsked] | WantOutcome,
    said: Iterator[Consent | Fault],
    asked: Iterator[AskOutcome],
) -> WantOutcome:
    if isinstance(one, SayConsent):
        return next(said)
    if isinstance(one, Consent | ConsentAsked | Refused | Fault):
        return one
    answer = next(asked)
    if not isinstance(answer, CodeAsked):
        return answer
    began = answer.until - CONSENT_LASTS
    return replace(one[1], asked_at=began, until=answer.until, replayed=answer.replayed)
