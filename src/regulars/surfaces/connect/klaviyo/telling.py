"""Tells Klaviyo of one event: as an event with its profile, as a word about a channel, or that
somebody is to be forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.telling.said.proving import unproved
from regulars.insight.connected.marketed import Marketed, marketed
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.outbox.delivery.types import IDENTIFIED_BY, address_digest
from regulars.records.outbox.hooks.types import Line
from regulars.records.outbox.hooks.types import Sending as OnItsWay
from regulars.records.outbox.klaviyo import read as links
from regulars.records.outbox.klaviyo.types import SOURCE, Klaviyo, Theirs, may_subscribe
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.klaviyo.asking import Account, account_of, read
from regulars.surfaces.connect.klaviyo.consents import (
    NAMES,
    Said,
    lookup,
    profile_read,
    subscribes,
    unsubscribes,
)
from regulars.surfaces.connect.klaviyo.metrics import CONSENT, ERASED, METRICS, event_of
from regulars.surfaces.connect.klaviyo.profiles import Sharing, profile_of
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

NOTHING: Final = Answer(204, {}, b"")
"""There was nothing to be told: nobody could be written to, or a newer word follows."""
CONFLICT: Final = 409
PATHS: Final[Mapping[str, str]] = {
    "given": "profile-subscription-bulk-create-jobs",
    "withdrawn": "profile-subscription-bulk-delete-jobs",
}
Send = Callable[[Sending], Awaitable[Answer]]


class People(Struct, frozen=True):
    """What is known of the members a round is about, and of how the program is connected."""

    link: Klaviyo
    account: Account
    sharing: Sharing
    members: Mapping[UUID, Marketed]
    words: Mapping[tuple[UUID, str], Consent]
    unproved: Collection[tuple[UUID, str]]
    """Whose address of a channel came after their yes, so that it was said of another one."""
    now: datetime


class NotKnown:
    """Somebody else ended the connection, or the key cannot be opened: nothing is sent."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def __call__(self, client: Any, sending: OnItsWay) -> Answer:
        raise NoAnswer(self._why)


async def people(tx: Tx, keyed: Keyed, link: Klaviyo, currency: str, ids: Sequence[UUID]) -> People:
    """What is known of these now. Raises: NotTold."""
    there, later = await marketed(tx, ids), await unproved(tx, keyed, ids)
    strange = {
        (who, channel)
        for who, digests in later.items()
        for channel in IDENTIFIED_BY
        if (address := address_of(there.get(who), channel)) is not None
        and address_digest(keyed, channel, address) in digests
    }
    return People(
        link,
        account_of(keyed, tx.program_id, link),
        Sharing(currency, frozenset(link.shares)),
        there,
        await consents.last(tx, ids),
        strange,
        tx.now,
    )


async def teller(tx: Tx, keyed: Keyed, currency: str, lines: Sequence[Line]) -> Any:
    """How these lines are sent: with what is known of their members now."""
    link = await links.link(tx)
    if link is None:
        return NotKnown("the connection with Klaviyo was ended")
    try:
        known = await people(tx, keyed, link, currency, [one.member_id for one in lines])
    except NotTold as why:
        return NotKnown(why.why)
    return Tells(known)


class Tells:
    """Sends events to Klaviyo, one request after the other, and answers with the last one."""

    def __init__(self, known: People) -> None:
        self._known = known

    async def __call__(self, client: Any, sending: OnItsWay) -> Answer:
        """Tell of one event; the answer that says what became of it."""
        event = sending.event
        if event.type == ERASED:
            return await forget(client.send, self._known.account, event.member_id)
        if event.type == CONSENT:
            said = msgspec.json.decode(event.payload)
            return await self._word(client.send, event.member_id, said["channel"])
        member = self._known.members.get(event.member_id)
        if member is None or not member.reachable:
            return NOTHING
        if event.type not in METRICS:
            return await keep_profile(client.send, self._known, member)
        profile = profile_of(member, self._known.sharing)
        wish = event_of(event, profile, self._known.now)
        answer: Answer = await client.send(self._known.account.post("events", wish))
        return answer

    async def _word(self, send: Send, who: UUID, channel: str) -> Answer:
        """What stands now of a channel, not what stood then: so an old word that is sent late, or
        once more, undoes no newer one. What we heard there is not told there."""
        known, word = self._known, self._known.words.get((who, channel))
        member = known.members.get(who)
        address = address_of(member, channel)
        if word is None or address is None or word.source == SOURCE:
            return NOTHING
        said = Said(channel, address, word.changed_at)
        if word.state == "withdrawn":
            return await send(known.account.post(PATHS["withdrawn"], unsubscribes([said])))
        if (who, channel) in known.unproved:
            return NOTHING
        answer = await send(known.account.get("profiles", lookup(channel, [address])))
        if answer.status != 200:
            return answer
        if not may_subscribe(theirs_of(answer, channel).get(address.lower()), word.changed_at):
            return NOTHING
        return await send(
            known.account.post(PATHS["given"], subscribes([said], known.link.list_id))
        )


async def keep_profile(send: Send, known: People, member: Marketed) -> Answer:
    """A profile is made or changed. One that is known there under another id of ours, as after two
    members became one, keeps that."""
    profile = profile_of(member, known.sharing)
    answer = await send(
        known.account.post("profile-import", {"type": "profile", "attributes": profile})
    )
    if answer.status != CONFLICT:
        return answer
    profile = profile_of(member, known.sharing, with_id=False)
    return await send(
        known.account.post("profile-import", {"type": "profile", "attributes": profile})
    )


async def forget(send: Send, account: Account, who: UUID) -> Answer:
    """Somebody was erased here: Klaviyo is asked to forget whoever has their id there.

    Keeps: nothing but our id names them by now. Each profile is asked for by its own.
    Source: Klaviyo, Request Profile Deletion.
    """
    asked = {
        "filter": f'equals(external_id,"{shown("mem", who)}")',
        "fields[profile]": "external_id",
    }
    answer = await send(account.get("profiles", asked))
    if answer.status != 200:
        return answer
    try:
        found = read(answer).get("data")
    except NotTold as why:
        raise NoAnswer(why.why) from None
    some = found if isinstance(found, list) else []
    for one in (one for one in some if isinstance(one, dict)):
        answer = await send(account.post("data-privacy-deletion-jobs", deletion(one)))
        if not 200 <= answer.status < 300 and answer.status != CONFLICT:
            return answer
    return NOTHING


def deletion(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The job that forgets this profile, by the id it has there."""
    whose = {"type": "profile", "id": str(profile.get("id", "")), "attributes": {}}
    return {"type": "data-privacy-deletion-job", "attributes": {"profile": {"data": whose}}}


def theirs_of(answer: Answer, channel: str) -> dict[str, Theirs]:
    """By address in small letters, what was said there of a channel.

    Raises: NoAnswer, for what is no answer.
    """
    try:
        found = read(answer).get("data")
    except NotTold as why:
        raise NoAnswer(why.why) from None
    says: dict[str, Theirs] = {}
    for one in found if isinstance(found, list) else ():
        profile = profile_read(one)
        if profile is None or channel not in profile[0].says:
            continue
        address = profile[0].email if channel == "email" else profile[0].phone
        says[address.lower()] = profile[0].says[channel]
    return says


def address_of(member: Marketed | None, channel: str) -> str | None:
    """By which address a member hears this channel; nothing where there is none, or no such
    channel there."""
    if member is None or channel not in NAMES:
        return None
    return member.email if channel == "email" else member.phone
