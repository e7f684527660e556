"""What is due is taken to be sent; what became of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.members import read as coming_in
from regulars.records.access.members.types import SignInCode
from regulars.records.access.staff import read as staff_read
from regulars.records.benefits.lines import read as lines
from regulars.records.benefits.lines.types import Word
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier, Member
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.campaigns.rules import Bounds, after_quiet, zone_of
from regulars.records.outbox.delivery import read, write
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.read import Happened
from regulars.records.outbox.delivery.rules import LEASE, silenced
from regulars.records.outbox.delivery.types import (
    ALWAYS,
    IDENTIFIED_BY,
    Channel,
    Delivery,
    address_digest,
)
from regulars.records.outbox.following import read as following

MOST: Final = 50
"""Deliveries of one round."""
NO_SENDER: Final = {
    "email": "no sender for e-mail is set up",
    "sms": "no sender for text messages is set up",
    "push": "nothing sends notices to devices",
}
COME_BACK: Final = "letters to this address come back"
NO_DEVICE: Final = "no device of this member is told any more"
DEVICES: Final = "their devices"
"""Where a notice goes that goes to no address."""
NO_MORE: Final = "the member took their consent back"


class Parcel(Struct, frozen=True):
    """A delivery with everything that is needed to write and send it."""

    delivery: Delivery
    attempts: int
    """Which try this is."""
    address: str
    member: Member
    event: Happened | None = None
    code: SignInCode | None = None
    devices: tuple[PushDevice, ...] = ()
    word: Word | None = None
    """Of a line what was written, and by whom."""
    writer: str = ""


async def take_deliveries(
    tx: Tx, terms: Terms, keyed: Keyed, senders: Collection[Channel], most: int = MOST
) -> list[Parcel]:
    """What is due, as parcels to be sent once this transaction is over.

    Order: what another worker holds is left to it. A parcel is this worker's for two minutes; if
    it is killed before it says what became of it, the parcel is sent once more.
    Keeps: what cannot be sent is parked with the reason; so is what its member takes their consent
    back for while it waits. What somebody wrote to a member in whose quiet hours it is waits on.
    """
    due = await read.due(tx, most)
    if not due:
        return []
    raised_at = await following.raised_at(tx)
    stands = await unions.aliases(tx, sorted({one.member_id for one in due}))
    ids = sorted({stands.get(one.member_id, one.member_id) for one in due})
    people, names = await members.members(tx, ids), await members.identifiers_of(tx, ids)
    codes = await coming_in.codes(tx, [one.cause_id for one in due if one.kind in ALWAYS])
    events = await read.some_events(tx, [one.cause_id for one in due if _tells(one)])
    words = await lines.some(tx, [one.cause_id for one in due if one.kind == "line"])
    staff = await staff_read.some_staff(
        tx, [one.staff_id for one in words.values() if one.staff_id]
    )
    bounced = await bounces.some(tx, [bytes(one.address) for one in due if one.kind not in ALWAYS])
    withdrawn = await consents.withdrawn(tx, ids)
    having = await devices.of(tx, ids if any(one.channel == "push" for one in due) else ())
    parcels: list[Parcel] = []
    parked: list[tuple[UUID, int, str]] = []
    quiet = await _quiet(tx, terms, people) if words else {}
    waits: list[tuple[UUID, int, datetime]] = []
    for one in due:
        who = stands.get(one.member_id, one.member_id)
        why = _in_vain(one, tx.now, raised_at, senders) or _unasked(
            one, codes, events.keys() | words.keys()
        )
        why = why or (COME_BACK if bytes(one.address) in bounced and one.kind not in ALWAYS else "")
        why = why or (NO_MORE if silenced(one.kind, one.channel, withdrawn.get(who, ())) else "")
        told = having.get(who, ()) if one.channel == "push" else ()
        address = _address(keyed, one, names.get(who, ()), told)
        if why or address is None:
            lost = NO_DEVICE if one.channel == "push" else "the member has another address"
            parked.append((one.delivery_id, one.attempts, why or lost))
            continue
        if one.kind == "line" and quiet[who] > tx.now:
            waits.append((one.delivery_id, one.attempts, quiet[who]))
            continue
        tried, about = one.attempts + 1, (events.get(one.cause_id), codes.get(one.cause_id))
        word = words.get(one.cause_id)
        writer = staff[word.staff_id].name if word and word.staff_id in staff else ""
        parcels.append(Parcel(one, tried, address, people[who], *about, told, word, writer))
    taken = [(one.delivery.delivery_id, one.attempts, tx.now + LEASE) for one in parcels]
    await tx.write([*write.take(tx, [*taken, *waits]), *write.park(tx, parked)])
    return parcels


async def _quiet(tx: Tx, terms: Terms, people: Mapping[UUID, Member]) -> dict[UUID, datetime]:
    """From when each of them may be disturbed: now, or once their quiet hours are over."""
    shop, set_ = str(terms.at(tx.now).zone), await staff_read.chosen(tx)
    bounds = Bounds(0, 0, set_.of("quiet_from"), set_.of("quiet_until"), 0)
    return {
        who: after_quiet(tx.now, zone_of(one.zone, shop), bounds) for who, one in people.items()
    }


def _tells(one: Delivery) -> bool:
    """Whether it tells of an event."""
    return one.kind not in ALWAYS and one.kind != "line"


def _in_vain(
    one: Delivery, now: datetime, raised_at: datetime | None, senders: Collection[Channel]
) -> str:
    """Why it is of no use to send this."""
    if raised_at is not None and one.recorded_at <= raised_at:
        return "from before the house was restored; it was sent then, perhaps"
    if now >= one.best_before:
        return f"too late to be of use{': ' + one.reason if one.reason else ''}"
    return "" if one.channel in senders else NO_SENDER[one.channel]


def _unasked(one: Delivery, codes: Mapping[UUID, SignInCode], there: Collection[UUID]) -> str:
    """Why nobody waits for this any more."""
    if one.kind in ALWAYS:
        code = codes.get(one.cause_id)
        return "the code was used or forgotten" if code is None or code.used_at else ""
    return "" if one.cause_id in there else "the event it tells of is gone"


def _address(
    keyed: Keyed, one: Delivery, names: Sequence[Identifier], told: Sequence[PushDevice]
) -> str | None:
    """The address meant, if the member still has it; of devices there is none, but one is left."""
    if one.channel == "push":
        return DEVICES if told else None
    for name in names:
        meant = name.kind == IDENTIFIED_BY[one.channel]
        if meant and address_digest(keyed, one.channel, name.value) == bytes(one.address):
            return name.value
    return None
