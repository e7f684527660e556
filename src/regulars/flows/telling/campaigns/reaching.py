"""Whether a member is written to now, by which channel, and why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from regulars.base.keyed import Keyed, digest_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.filling import Inviting
from regulars.flows.telling.campaigns.inviting import to_come
from regulars.flows.telling.said.proving import unproved
from regulars.records.access.staff import read as staff_read
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier, Member
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.rules import (
    Bounds,
    after_quiet,
    due_at,
    too_late,
    zone_of,
)
from regulars.records.outbox.campaigns.types import Campaign, Due, Skipped, Way
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.types import (
    IDENTIFIED_BY,
    address_digest,
    devices_digest,
)
from regulars.records.outbox.following import read as following

CARD: Final = "the card"
DEVICES: Final = "their devices"
HOOKS: Final = "the webhooks"
"""Where messages go that go to no address."""


class People(NamedTuple):
    """What is known of those who are due, read after they were held."""

    members: Mapping[UUID, Member]
    stands: Mapping[UUID, UUID]
    names: Mapping[UUID, Sequence[Identifier]]
    given: Mapping[UUID, Collection[str]]
    had: dict[UUID, int]
    had_before: Collection[UUID]
    """Messages that went to their member already, while that was another one."""
    bounced: Collection[bytes]
    unproved: Mapping[UUID, Collection[bytes]]
    """Addresses of theirs that no yes of theirs is about."""
    bounds: Bounds
    raised_at: datetime | None
    """When the house was restored last."""
    shop: str
    """The clock of the shop."""
    devices: Mapping[UUID, tuple[PushDevice, ...]]
    ready: Collection[Way]
    """The channels that are set up and not away."""
    events: Mapping[str, Inviting]
    """Events to which somebody is invited, that are to come still."""


class Going(NamedTuple):
    """What goes out at this moment, and by which channels it may."""

    campaigns: Collection[Campaign]
    ready: Collection[Way]


class Verdict(NamedTuple):
    """What becomes of a message now: it goes to an address, or later, or not and why."""

    address: str = ""
    digest: bytes = b""
    later: datetime | None = None
    skipped: Skipped | None = None
    channel: Way | Literal[""] = ""
    """By which of several channels; empty where its campaign has one for all."""


async def people_of(tx: Tx, terms: Terms, keyed: Keyed, due: Sequence[Due], going: Going) -> People:
    """What is known of those who are due."""
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
    return People(
        await members.members(tx, ids),
        await unions.aliases(tx, ids),
        names,
        await consents.given(tx, ids),
        await read.had(
            tx, ids, tx.now - timedelta(days=bounds.days), [one.message_id for one in due]
        ),
        await read.had_before(tx, due),
        await bounces.some(tx, digests),
        await unproved(tx, keyed, ids),
        bounds,
        await following.raised_at(tx),
        str(terms.at(tx.now).zone),
        await devices.of(tx, ids),
        going.ready,
        await to_come(tx, (one.event for one in going.campaigns)),
    )


def verdict(tx: Tx, keyed: Keyed, campaign: Campaign, one: Due, people: People) -> Verdict:
    """Whether this message goes now; a member it goes to has one more of the cap used."""
    why = _unwanted(campaign, one, people)
    if why is not None:
        return Verdict(skipped=why)
    found = _reached(keyed, campaign, one, people)
    if not found.address:
        return found
    when = _when(tx, campaign, one, people)
    if (found.channel or campaign.channel) not in people.ready and not (when and when.skipped):
        return Verdict(later=tx.now, channel=found.channel)  # it waits for that one
    if when is not None:
        return when._replace(channel=found.channel)
    had = people.had.get(one.member_id, 0)
    if people.bounds.most and had >= people.bounds.most:
        return Verdict(skipped="capped")
    people.had[one.member_id] = had + 1
    return found


def _when(tx: Tx, campaign: Campaign, one: Due, people: People) -> Verdict | None:
    """Where it does not go at this moment: later, or too late by now."""
    zone = people.members[one.member_id].zone
    due = due_at(campaign, zone, people.shop, people.bounds, one.asked_at)
    if too_late(campaign, due, tx.now):
        return Verdict(skipped="late")
    later = max(due, after_quiet(tx.now, zone_of(zone, people.shop), people.bounds))
    return Verdict(later=later) if later > tx.now else None


def _unwanted(campaign: Campaign, one: Due, people: People) -> Skipped | None:
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
    if campaign.event and campaign.event not in people.events:
        return "called_off"
    return None


def channel_of(campaign: Campaign, one: Due) -> Way:
    """By which of its channels this message goes, as was chosen for its member."""
    return one.channel or campaign.channel


def _reached(keyed: Keyed, campaign: Campaign, one: Due, people: People) -> Verdict:
    """Where its member is reached: by the channel that was chosen for them or, where that reaches
    them no more, by the first of the others that does; else why the chosen one does not.

    Keeps: what may have arrived by one channel goes by no other.
    """
    chosen = channel_of(campaign, one)
    first = _by(keyed, chosen, people, one.member_id)
    if not campaign.instead:
        return first
    others = () if one.taken else (each for each in campaign.channels if each != chosen)
    for channel in (chosen, *others):
        found = _by(keyed, channel, people, one.member_id)
        if found.address:
            return found._replace(channel=channel)
    return first._replace(channel=chosen)


def _by(keyed: Keyed, channel: Way, people: People, who: UUID) -> Verdict:
    """Where a member is reached by this channel, which they agreed to."""
    if channel not in people.given.get(who, ()):
        return Verdict(skipped="no_consent")
    return _address(keyed, channel, people, who)


def _address(keyed: Keyed, channel: Way, people: People, who: UUID) -> Verdict:
    """Where they are reached: of several addresses the one known longest that takes letters, and
    that they said yes to or proved to be theirs. A card everybody has."""
    if channel == "inbox":
        return Verdict(CARD, digest_of(keyed, CARD, who.bytes))
    if channel == "webhook":
        return Verdict(HOOKS, digest_of(keyed, HOOKS, who.bytes))
    if channel == "push":
        there = who in people.devices
        return (
            Verdict(DEVICES, devices_digest(keyed, who)) if there else Verdict(skipped="no_address")
        )
    why: Skipped = "no_address"
    for name in people.names.get(who, ()):
        if name.kind != IDENTIFIED_BY[channel]:
            continue
        digest = address_digest(keyed, channel, name.value)
        if digest in people.unproved.get(who, ()):
            why = "no_consent" if why == "no_address" else why
        elif digest in people.bounced:
            why = "bounced"
        else:
            return Verdict(name.value, digest)
    return Verdict(skipped=why)
