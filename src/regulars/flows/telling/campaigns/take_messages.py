"""Messages of campaigns that are due are taken to be sent, each looked at once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, get_args
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.filling import Reader, naming
from regulars.flows.telling.campaigns.reaching import (
    DEVICES,
    Going,
    People,
    Verdict,
    channel_of,
    people_of,
    verdict,
)
from regulars.flows.telling.campaigns.show_campaigns import readers
from regulars.flows.telling.surveys.commands import InviteMember
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.terms.promised.commands import GiveOffer, Having
from regulars.flows.terms.promised.give_offers import give_offers, would_give
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read, write
from regulars.records.outbox.campaigns.rules import way_of
from regulars.records.outbox.campaigns.types import LIVES, Campaign, Due, Skipped, Way, said_by
from regulars.records.outbox.delivery.rules import LEASE
from regulars.records.outbox.surveys import read as surveys
from regulars.records.outbox.surveys import write as survey_invitations
from regulars.records.outbox.surveys.types import SCALES, Invitation
from regulars.records.program.changes.offers import write as offers

_BY: Final = By(words="campaign")
_UNUSED: Final = ("no_offer", "spared", "closed")
"""Found out after the cap was counted: these use up nothing of it."""
MOST: Final = 50
"""Messages of one round: they all go out within the lease."""


async def take_messages(
    tx: Tx, terms: Terms, keyed: Keyed, senders: Mapping[Way, bool], most: int = MOST
) -> list[Posting]:
    """What is due, to be sent once this transaction is over.

    Shape: `senders` are the channels that are set up, and whether what carries them takes a key by
    which it sends nothing twice. Where there is none for a campaign, it waits.
    Order: one at a time takes; members are held before their words are read, so a consent that was
    taken back before is seen, and one that is taken back now waits for what is under way. Of two
    messages to one member in a batch the second counts the first.
    Keeps: what was under way when its worker was gone is tried again with its key, and without one
    nobody knows what became of it. What is not sent says why.
    """
    await write.hold_messages(tx)
    going = {
        one.campaign_id: one
        for one in await read.working(tx)
        if one.state in ("queueing", "sending") and not senders.keys().isdisjoint(one.channels)
    }
    if not going:
        return []
    lost = await _given_up(tx, going, senders, most)
    due = [*lost, *await read.due(tx, _lanes(going, senders), "waiting", most - len(lost))]
    # Of a channel that nothing is set up for only what nobody wants to read any more, to say so.
    away = _lanes(going, {one for one in get_args(Way) if one not in senders})
    due += await read.due(tx, away, "waiting", most - len(due), tx.now - LIVES)
    if not due:
        return []
    # Both before any member, and invitations before offers, as whoever walks journeys does: who
    # held them the other way round would wait for them for ever.
    if any(_asks(one) is not None for one in going.values()):
        await survey_invitations.hold_invitations(tx)
    if any(one.offers for one in going.values()):
        await offers.hold(tx)
    await members.lock(tx, sorted({one.member_id for one in due}))
    ids = [one.message_id for one in due]
    still = await read.still(tx, ids, "waiting") | await read.still(tx, ids, "sending")
    due = [one for one in due if one.message_id in still]
    people = await people_of(tx, terms, keyed, due, Going(going.values(), senders))
    verdicts = await _judged(tx, terms, keyed, going, (due, people))
    await _written(tx, verdicts)
    return await _postings(tx, terms, going, verdicts, people)


def _lanes(going: Mapping[UUID, Campaign], senders: Collection[Way]) -> list[tuple[UUID, str]]:
    """By which channels each goes on: while one is away the others do."""
    return [
        (one.campaign_id, channel if one.instead else "")
        for one in going.values()
        for channel in one.channels
        if channel in senders
    ]


async def _given_up(
    tx: Tx, going: Mapping[UUID, Campaign], senders: Mapping[Way, bool], most: int
) -> list[Due]:
    """What was under way for longer than anybody sends: with a key once more, else unknown."""
    found = await read.due(tx, _lanes(going, senders), "sending", most)
    again = [one for one in found if senders[channel_of(going[one.campaign_id], one)]]
    gone = [one for one in found if not senders[channel_of(going[one.campaign_id], one)]]
    await tx.write(write.lose(tx, gone))
    return again


async def _judged(
    tx: Tx,
    terms: Terms,
    keyed: Keyed,
    going: Mapping[UUID, Campaign],
    known: tuple[Sequence[Due], People],
) -> list[tuple[Due, Verdict]]:
    """What becomes of each now. A message that is not sent as its offer cannot be given uses up
    nothing of the cap: whoever was capped by it is looked at once more."""
    due, people = known
    became: dict[UUID, Verdict] = {}
    left = list(due)
    while left:
        said = [(one, verdict(tx, keyed, going[one.campaign_id], one, people)) for one in left]
        said = await _given(tx, terms, going, said)
        became |= {one.message_id: each for one, each in said}
        freed = [one.member_id for one, each in said if each.skipped in _UNUSED]
        for who in freed:
            people.had[who] -= 1
        capped = {id_ for id_, each in became.items() if each.skipped == "capped"}
        left = [one for one in due if one.member_id in freed and one.message_id in capped]
    return [(one, became[one.message_id]) for one in due]


async def _given(
    tx: Tx,
    terms: Terms,
    going: Mapping[UUID, Campaign],
    verdicts: Sequence[tuple[Due, Verdict]],
) -> list[tuple[Due, Verdict]]:
    """Whoever is written to has the offer of the way they read, and is not written to where they
    cannot have it, as nobody is promised what they do not get.

    Order: in that of members, as they are locked. Keeps: who is held out has no message, so no
    offer; who has it already keeps it as it is.
    """
    asking = [(one, give) for one, give in _gifts(going, verdicts) if _asks(going[one.campaign_id])]
    could = await would_give(tx, terms, [give for _, give in asking])
    # Nobody counts as asked who gets no letter, so this is known before anybody is invited.
    lost = {one.message_id for (one, _), can in zip(asking, could, strict=True) if not can}
    verdicts = await _invited(tx, terms, going, _without_offer(verdicts, lost))
    meant = _gifts(going, verdicts)
    became = await give_offers(tx, terms, [give for _, give in meant]) if meant else []
    lost = {
        one.message_id
        for (one, _), said in zip(meant, became, strict=True)
        if not isinstance(said, Having)
    }
    return _without_offer(verdicts, lost)


def _gifts(
    going: Mapping[UUID, Campaign], verdicts: Sequence[tuple[Due, Verdict]]
) -> list[tuple[Due, GiveOffer]]:
    """Who of those that are written to is to have which offer, in the order of members."""
    meant = [
        (one, GiveOffer(code, MemberRef(id=one.member_id), _BY, "campaign"))
        for one, said in verdicts
        if said.address and (code := _offer_of(going[one.campaign_id], one.member_id, said.channel))
    ]
    return sorted(meant, key=lambda told: told[0].member_id)


def _without_offer(
    verdicts: Sequence[tuple[Due, Verdict]], lost: Collection[UUID]
) -> list[tuple[Due, Verdict]]:
    without = Verdict(skipped="no_offer")
    return [(one, without if one.message_id in lost else said) for one, said in verdicts]


async def _invited(
    tx: Tx,
    terms: Terms,
    going: Mapping[UUID, Campaign],
    verdicts: Sequence[tuple[Due, Verdict]],
) -> list[tuple[Due, Verdict]]:
    """Whoever is written to by a campaign that asks has their invitation from now on; who was asked
    something not long ago is spared the letter as well, and of a survey that was closed meanwhile
    nobody gets one. A journey invites when its step comes."""
    asks = {id_: asked for id_, one in going.items() if (asked := _asks(one)) is not None}
    meant = [one for one, said in verdicts if said.address and one.campaign_id in asks]
    if not meant:
        return list(verdicts)
    there = await surveys.by_id(tx, list(set(asks.values())))
    commands = [
        InviteMember(there[asks[one.campaign_id]].code, MemberRef(id=one.member_id), _BY)
        for one in meant
    ]
    became = await invite_members(tx, terms, commands)
    spared = {
        one.message_id: Verdict(skipped=_uninvited(said))
        for one, said in zip(meant, became, strict=True)
        if not isinstance(said, Invitation)
    }
    return [(one, spared.get(one.message_id, said)) for one, said in verdicts]


def _uninvited(said: Refused | Fault) -> Skipped:
    closed = isinstance(said, Refused) and said.code == "survey_closed"
    return "closed" if closed else "spared"


def _asks(campaign: Campaign) -> UUID | None:
    """The survey that a campaign of its own asks; a step of a journey has asked already."""
    return campaign.survey_id if campaign.journey_id is None else None


def _offer_of(campaign: Campaign, who: UUID, channel: str) -> str:
    """That of the way they read; a further channel says one text, which promises the first."""
    if not campaign.offers:
        return ""
    if channel not in ("", campaign.channel):
        return campaign.offers[0]
    return campaign.offers[way_of(campaign.campaign_id, who, 1 + len(campaign.variants))]


async def _written(tx: Tx, verdicts: Sequence[tuple[Due, Verdict]]) -> None:
    """One after the other, as they are of one table."""
    sent = [(one, said.digest, said.channel) for one, said in verdicts if said.address]
    await tx.write(write.take(tx, sent, tx.now + LEASE))
    later = [(one, said.later, said.channel) for one, said in verdicts if said.later]
    await tx.write(write.defer(tx, later))
    skipped = [(one, said.skipped) for one, said in verdicts if said.skipped is not None]
    # What may have arrived is not tried again, and nobody can say it was not sent.
    await tx.write(write.lose(tx, [one for one, _ in skipped if one.taken]))
    await tx.write(write.skip(tx, [(one, why) for one, why in skipped if not one.taken]))


async def _postings(
    tx: Tx,
    terms: Terms,
    going: Mapping[UUID, Campaign],
    verdicts: Sequence[tuple[Due, Verdict]],
    people: People,
) -> list[Posting]:
    sent = [(one, said) for one, said in verdicts if said.address]
    ids = [one.member_id for one, _ in sent]
    known = await readers(tx, terms, ids, *naming(going, [one for one, _ in sent]))
    asked = {one.survey_id for one in going.values() if one.survey_id is not None}
    open_ = await surveys.still_open(tx, ids, sorted(asked)) if asked else {}
    scales = {id_: SCALES[one.kind] for id_, one in (await surveys.by_id(tx, list(asked))).items()}
    return [
        replace(
            _posting(
                said_by(going[one.campaign_id], said.channel or going[one.campaign_id].channel),
                one,
                said.address,
                replace(
                    known[one.member_id], event=people.events.get(going[one.campaign_id].event)
                ),
                open_,
                scales,
            ),
            devices=people.devices.get(one.member_id, ()) if said.address == DEVICES else (),
        )
        for one, said in sent
    ]


def _posting(
    campaign: Campaign,
    one: Due,
    address: str,
    reader: Reader,
    open_: Mapping[tuple[UUID, UUID], Invitation],
    scales: Mapping[UUID, tuple[int, int] | None],
) -> Posting:
    asked = open_.get((campaign.survey_id, one.member_id)) if campaign.survey_id else None
    if asked is not None:
        scale = scales.get(asked.survey_id)
        reader = replace(reader, invitation_id=asked.invitation_id, scale=scale)
    return Posting(campaign, one, one.attempts + 1, address, reader)
