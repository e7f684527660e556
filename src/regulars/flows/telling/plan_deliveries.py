"""Events that members are told of become deliveries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx, Write
from regulars.flows.telling.follow import LONGEST_TRANSACTION, REACHES_EVERY, follow
from regulars.flows.telling.mail import mail_digests
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.outbox.campaigns.journeys.types import OnEvent, says_at_once
from regulars.records.outbox.delivery import read, write
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.read import Happened, Reach
from regulars.records.outbox.delivery.rules import channel_for
from regulars.records.outbox.delivery.types import (
    IDENTIFIED_BY,
    KEEPS,
    OF_EVENT,
    UNLESS_CHOSEN,
    Channel,
    Choosable,
    Wanted,
    Ways,
    address_digest,
    devices_digest,
)
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Place

MOST: Final = 500
"""Events of one round."""


class _People(NamedTuple):
    """Whom the events are about: as whom they stand, where they are reached, what they want, and
    which of their addresses letters come back from."""

    stands: Mapping[UUID, UUID]
    names: Mapping[UUID, Sequence[Identifier]]
    choices: Mapping[UUID, Mapping[Choosable, Ways]]
    withdrawn: Mapping[UUID, Collection[str]]
    bounced: Collection[bytes] = ()
    devices: Collection[UUID] = ()
    """Who has a device that is told."""


async def plan_deliveries(
    tx: Tx, keyed: Keyed, senders: Collection[Channel], most: int = MOST
) -> bool:
    """Put on their way what members want to be told of what was committed since; whether there is
    more.

    Order: as `follow` goes. Of one event there is one delivery, also when it is looked at twice.
    Keeps: nothing of what happened before there was a sender, and before the house was restored.
    """
    if not await read.begun(tx):
        here = await following.horizon(tx)
        await tx.write(write.begin(tx, here, tx.now - LONGEST_TRANSACTION))
        return False
    news = await read.news(tx, tx.now - REACHES_EVERY)
    reach = await read.reach(tx) if news else None
    if reach is None:
        return False
    here = await following.horizon(tx)
    return await follow(tx, _Members(keyed, senders, reach), here, most)


class _Members:
    """All members of a program, who are told by what is set up."""

    types = tuple(OF_EVENT)

    def __init__(self, keyed: Keyed, senders: Collection[Channel], reach: Reach) -> None:
        self._keyed, self._senders, self._floor_at = keyed, senders, reach.floor_at
        self.begins: Place = (reach.below_tx, reach.after_id)
        self.cluster = reach.cluster

    async def found(self, tx: Tx, events: Sequence[following.Happened], end: Place) -> list[Write]:
        raised_at = await following.raised_at(tx)
        floors = [one for one in (self._floor_at, raised_at) if one is not None]
        ids = [one.event_id for one in events if one.recorded_at > max(floors)]
        told = await read.some_events(tx, ids)
        left_out = await _left_out(tx, told.values())
        people = await _people(tx, self._keyed, {event.member_id for event in told.values()})
        some = (
            _one(tx, self._keyed, self._senders, people, told[id_])
            for id_ in ids
            if id_ not in left_out
        )
        wanted = [one for one in some if one is not None]
        return write.send(tx, wanted) if wanted else []

    def reached(self, tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
        return write.reached(tx, end, looked_at)

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        return write.moved(tx, cluster)


async def _left_out(tx: Tx, told: Collection[Happened]) -> Collection[UUID]:
    """Of fees that failed, what is no news any more, or what a journey of the shop says at once."""
    failed = [one.outbox_id for one in told if one.type == FAILED]
    if not failed or await at_once(tx, FAILED):
        return failed
    return await read.no_news(tx, failed, tx.now - KEEPS[OF_EVENT[FAILED]])


async def at_once(tx: Tx, event: str) -> bool:
    """Whether a journey that runs says something on the day of this event: nobody is told twice."""
    going = [one.journey_id for one in await journeys.running(tx)]
    plans = [one.plan for one in await journeys.in_use(tx, going) if one.begins] if going else []
    return any(one.begins == OnEvent(event) and says_at_once(one) for one in plans)


def _one(
    tx: Tx, keyed: Keyed, senders: Collection[Channel], people: _People, event: Happened
) -> Wanted | None:
    """The delivery of one event, where its member wants it and can be reached."""
    kind, payload = OF_EVENT[event.type], msgspec.json.decode(event.payload)
    best_before = _best_before(kind, event, payload)
    if tx.now >= best_before or not says_something(event.type, payload):
        return None
    who = people.stands.get(event.member_id, event.member_id)
    names = people.names.get(who, ())
    addresses = _addresses(keyed, names, senders, people.bounced)
    if "push" in senders and who in people.devices:
        addresses["push"] = devices_digest(keyed, who)
    of_shop = people.choices.get(NOBODY, {}).get(kind, UNLESS_CHOSEN[kind])
    ways = people.choices.get(who, {}).get(kind, of_shop)
    channel = channel_for(kind, ways, addresses.keys(), people.withdrawn.get(who, ()))
    if channel is None:
        return None
    return Wanted(who, event.outbox_id, kind, channel, addresses[channel], best_before)


def says_something(type_: str, payload: Mapping[str, Any]) -> bool:
    """Whether there is anything to tell: of a purchase that earned nothing there is not, nor of a
    seat to whoever just took it."""
    if type_ == "seat.held":
        return bool(payload["moved_up"])
    return type_ != "points.earned" or any(payload["earned"].values())


async def _people(tx: Tx, keyed: Keyed, told: Collection[UUID]) -> _People:
    aliases = await unions.aliases(tx, sorted(told))
    ids = sorted({aliases.get(who, who) for who in told})
    names = await members.identifiers_of(tx, ids)
    choices = await read.choices(tx, [*ids, NOBODY])
    mail = [digest for each in names.values() for digest in mail_digests(keyed, each)]
    withdrawn = await consents.withdrawn(tx, ids)
    marked, having = await bounces.some(tx, mail), await devices.of(tx, ids)
    return _People(aliases, names, choices, withdrawn, marked, having)


def _addresses(
    keyed: Keyed,
    names: Sequence[Identifier],
    senders: Collection[Channel],
    bounced: Collection[bytes],
) -> dict[Channel, bytes]:
    """Where a member is reached by what is set up; of several addresses, the one known longest that
    no letters come back from."""
    found: dict[Channel, bytes] = {}
    for channel, kind in IDENTIFIED_BY.items():
        for name in names if channel in senders else ():
            digest = address_digest(keyed, channel, name.value)
            if name.kind == kind and digest not in bounced:
                found.setdefault(channel, digest)
    return found


FAILED: Final = "membership.failed"
_ENDS: Final = ("lapses_at", "lost_at", "erased_at", "begins_at")


def _best_before(kind: Choosable, event: Happened, payload: Mapping[str, Any]) -> datetime:
    """Until when it is worth telling: not after the end, or the beginning, it tells of."""
    until = event.recorded_at + KEEPS[kind]
    ends = next((payload[name] for name in _ENDS if payload.get(name)), None)
    if kind == "notice" and ends:
        until = min(until, msgspec.convert(ends, datetime))
    return until
