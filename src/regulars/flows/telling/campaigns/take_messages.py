"""Messages of campaigns that are due are taken to be sent, each looked at once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.keyed import Keyed, digest_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.filling import Reader, naming
from regulars.flows.telling.campaigns.show_campaigns import readers
from regulars.flows.telling.surveys.commands import InviteMember
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.terms.promised.commands import GiveOffer, Having
from regulars.flows.terms.promised.give_offers import give_offers, would_give
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier, Member, MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.campaigns import read, write
from regulars.records.outbox.campaigns.rules import (
    Bounds,
    after_quiet,
    due_at,
    too_late,
    way_of,
    zone_of,
)
from regulars.records.outbox.campaigns.types import Campaign, Due, Skipped, Way
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.rules import LEASE
from regulars.records.outbox.delivery.types import (
    IDENTIFIED_BY,
    address_digest,
    devices_digest,
)
from regulars.records.outbox.following import read as following
from regulars.records.outbox.surveys import read as surveys
from regulars.records.outbox.surveys import write as survey_invitations
from regulars.records.outbox.surveys.types import SCALES, Invitation
from regulars.records.program.changes.offers import write as offers

CARD: Final = "the card"
DEVICES: Final = "their devices"
"""Where messages go that go to no address."""
_BY: Final = By(words="campaign")
_UNUSED: Final = ("no_offer", "spared", "closed")
"""Found out after the cap was counted: these use up nothing of it."""
MOST: Final = 50
"""Messages of one round: they all go out within the lease."""


class _People(NamedTuple):
    """What is known of those who are due, read after they were held."""

    members: Mapping[UUID, Member]
    stands: Mapping[UUID, UUID]
    names: Mapping[UUID, Sequence[Identifier]]
    given: Mapping[UUID, Collection[str]]
    had: dict[UUID, int]
    had_before: Collection[UUID]
    """Messages that went to their member already, while that was another one."""
    bounced: Collection[bytes]
    bounds: Bounds
    raised_at: datetime | None
    """When the house was restored last."""
    shop: str
    """The clock of the shop."""
    devices: Mapping[UUID, tuple[PushDevice, ...]]


class _Verdict(NamedTuple):
    """What becomes of a message now: it goes to an address, or later, or not and why."""

    address: str = ""
    digest: bytes = b""
    later: datetime | None = None
    skipped: Skipped | None = None


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
        if one.state in ("queueing", "sending") and one.channel in senders
    }
    if not going:
        return []
    lost = await _given_up(tx, going, senders, most)
    due = [*lost, *await read.due(tx, list(going), "waiting", most - len(lost))]
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
    people = await _people(tx, terms, keyed, due)
    verdicts = await _judged(tx, terms, keyed, going, (due, people))
    await _written(tx, verdicts)
    return await _postings(tx, terms, going, verdicts, people.devices)


async def _given_up(
    tx: Tx, going: Mapping[UUID, Campaign], senders: Mapping[Way, bool], most: int
) -> list[Due]:
    """What was under way for longer than anybody sends: with a key once more, else unknown."""
    found = await read.due(tx, list(going), "sending", most)
    again = [one for one in found if senders[going[one.campaign_id].channel]]
    gone = [one for one in found if not senders[going[one.campaign_id].channel]]
    await tx.write(write.lose(tx, gone))
    return again


async def _people(tx: Tx, terms: Terms, keyed: Keyed, due: Sequence[Due]) -> _People:
    ids = sorted({one.member_id for one in due})
    names = await members.identifiers_of(tx, ids)
    digests = [
        address_digest(keyed, channel, one.value)
        for some in names.values()
        for one in some
        for channel, kind in IDENTIFIED_BY.items()
        if one.kind == kind
    ]
    chosen = await staff_read.chosen(tx)
    bounds = Bounds(
        chosen.of("campaign_most"), chosen.of("campaign_days"), chosen.of("quiet_from"),
        chosen.of("quiet_until"), chosen.of("campaign_alone"),
    )  # fmt: skip
    return _People(
        await members.members(tx, ids),
        await unions.aliases(tx, ids),
        names,
        await consents.given(tx, ids),
        await read.had(
            tx, ids, tx.now - timedelta(days=bounds.days), [one.message_id for one in due]
        ),
        await read.had_before(tx, due),
        await bounces.some(tx, digests),
        bounds,
        await following.raised_at(tx),
        str(terms.at(tx.now).zone),
        await devices.of(tx, ids),
    )


async def _judged(
    tx: Tx,
    terms: Terms,
    keyed: Keyed,
    going: Mapping[UUID, Campaign],
    known: tuple[Sequence[Due], _People],
) -> list[tuple[Due, _Verdict]]:
    """What becomes of each now. A message that is not sent as its offer cannot be given uses up
    nothing of the cap: whoever was capped by it is looked at once more."""
    due, people = known
    became: dict[UUID, _Verdict] = {}
    left = list(due)
    while left:
        said = [(one, _verdict(tx, keyed, going[one.campaign_id], one, people)) for one in left]
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
    verdicts: Sequence[tuple[Due, _Verdict]],
) -> list[tuple[Due, _Verdict]]:
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
    going: Mapping[UUID, Campaign], verdicts: Sequence[tuple[Due, _Verdict]]
) -> list[tuple[Due, GiveOffer]]:
    """Who of those that are written to is to have which offer, in the order of members."""
    meant = [
        (one, GiveOffer(code, MemberRef(id=one.member_id), _BY, "campaign"))
        for one, said in verdicts
        if said.address and (code := _offer_of(going[one.campaign_id], one.member_id))
    ]
    return sorted(meant, key=lambda told: told[0].member_id)


def _without_offer(
    verdicts: Sequence[tuple[Due, _Verdict]], lost: Collection[UUID]
) -> list[tuple[Due, _Verdict]]:
    without = _Verdict(skipped="no_offer")
    return [(one, without if one.message_id in lost else said) for one, said in verdicts]


async def _invited(
    tx: Tx,
    terms: Terms,
    going: Mapping[UUID, Campaign],
    verdicts: Sequence[tuple[Due, _Verdict]],
) -> list[tuple[Due, _Verdict]]:
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
        one.message_id: _Verdict(skipped=_uninvited(said))
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


def _offer_of(campaign: Campaign, who: UUID) -> str:
    if not campaign.offers:
        return ""
    return campaign.offers[way_of(campaign.campaign_id, who, 1 + len(campaign.variants))]


def _verdict(tx: Tx, keyed: Keyed, campaign: Campaign, one: Due, people: _People) -> _Verdict:
    """Whether this message goes now; a member it goes to has one more of the cap used."""
    why = _unwanted(campaign, one, people)
    if why is not None:
        return _Verdict(skipped=why)
    found = _address(keyed, campaign.channel, people, one.member_id)
    if not found.address:
        return found
    zone = people.members[one.member_id].zone
    due = due_at(campaign, zone, people.shop, people.bounds, one.asked_at)
    if too_late(campaign, due, tx.now):
        return _Verdict(skipped="late")
    later = max(due, after_quiet(tx.now, zone_of(zone, people.shop), people.bounds))
    if later > tx.now:
        return _Verdict(later=later)
    had = people.had.get(one.member_id, 0)
    if people.bounds.most and had >= people.bounds.most:
        return _Verdict(skipped="capped")
    people.had[one.member_id] = had + 1
    return found


def _unwanted(campaign: Campaign, one: Due, people: _People) -> Skipped | None:
    """Why this member is not written to by this campaign at all."""
    member = people.members.get(one.member_id)
    assert campaign.queued_at is not None, campaign
    asked_at = one.asked_at or campaign.queued_at
    if people.raised_at is not None and asked_at <= people.raised_at:
        return "restored"
    if one.member_id in people.stands or one.message_id in people.had_before:
        return "united"
    if member is None or member.state != "active":
        return "gone"
    if one.over:
        return "over"
    given = people.given.get(one.member_id, ())
    return None if campaign.channel in given else "no_consent"


def _address(keyed: Keyed, channel: Way, people: _People, who: UUID) -> _Verdict:
    """Where they are reached: of several addresses the one known longest that takes letters. A card
    everybody has."""
    if channel == "inbox":
        return _Verdict(CARD, digest_of(keyed, CARD, who.bytes))
    if channel == "push":
        there = who in people.devices
        return (
            _Verdict(DEVICES, devices_digest(keyed, who))
            if there
            else _Verdict(skipped="no_address")
        )
    bounced = False
    for name in people.names.get(who, ()):
        if name.kind != IDENTIFIED_BY[channel]:
            continue
        digest = address_digest(keyed, channel, name.value)
        if digest not in people.bounced:
            return _Verdict(name.value, digest)
        bounced = True
    return _Verdict(skipped="bounced" if bounced else "no_address")


async def _written(tx: Tx, verdicts: Sequence[tuple[Due, _Verdict]]) -> None:
    """One after the other, as they are of one table."""
    sent = [(one, said.digest) for one, said in verdicts if said.address]
    await tx.write(write.take(tx, sent, tx.now + LEASE))
    await tx.write(write.defer(tx, [(one, said.later) for one, said in verdicts if said.later]))
    skipped = [(one, said.skipped) for one, said in verdicts if said.skipped is not None]
    # What may have arrived is not tried again, and nobody can say it was not sent.
    await tx.write(write.lose(tx, [one for one, _ in skipped if one.taken]))
    await tx.write(write.skip(tx, [(one, why) for one, why in skipped if not one.taken]))


async def _postings(
    tx: Tx,
    terms: Terms,
    going: Mapping[UUID, Campaign],
    verdicts: Sequence[tuple[Due, _Verdict]],
    told: Mapping[UUID, tuple[PushDevice, ...]],
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
                going[one.campaign_id], one, said.address, known[one.member_id], open_, scales
            ),
            devices=told.get(one.member_id, ()) if said.address == DEVICES else (),
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
