"""A delivery: one message on its way to one member, by one channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.keyed import Keyed, digest_of
from regulars.records.outbox.bounces.types import BounceKind, Meant
from regulars.records.outbox.delivery.devices.types import PushDevice

Mailed = Literal["email", "sms"]
MAILED: Final[tuple[Mailed, ...]] = ("email", "sms")
"""What goes to an address, which can be proven by a code."""
Channel = Literal["email", "sms", "push"]
"""By which members are written to; `push` is a notice on each device they gave leave on."""
Kind = Literal["code", "confirmation", "spending", "earned", "redeemed", "notice", "line"]
"""What it says: a sign-in code, a question whether a consent was meant, a code to spend with,
points that came, a reward that was taken, that something ends soon, that who waited has a seat or
that a fee could not be collected, or what somebody who looks after them writes."""
Choosable = Literal["earned", "redeemed", "notice"]
Ways = Literal["off", "email", "sms", "push", "any"]
State = Literal["waiting", "sent", "parked"]

CHANNELS: Final[tuple[Channel, ...]] = ("email", "push", "sms")
"""In the order in which they are tried: a letter costs nothing, nor does a notice on a device."""
IDENTIFIED_BY: Final[Mapping[Mailed, str]] = {"email": "email", "sms": "phone"}
ALWAYS: Final = frozenset({"code", "confirmation", "spending"})
"""What a member asked for this minute; no choice silences it."""
UNLESS_CHOSEN: Final[Mapping[Choosable, Ways]] = {
    "earned": "off",
    "redeemed": "email",
    "notice": "any",
}
"""What a shop sends as long as it chose nothing else: a letter for each coffee is too much."""
OF_EVENT: Final[Mapping[str, Choosable]] = {
    "points.earned": "earned",
    "reward.captured": "redeemed",
    "points.lapse_soon": "notice",
    "tier.lost_soon": "notice",
    "ladder.lost_soon": "notice",
    "member.erasure_noticed": "notice",
    "seat.held": "notice",
    "gathering.cancelled": "notice",
    "gathering.moved": "notice",
    "membership.failed": "notice",
}
"""Events that members are told of."""
KEEPS: Final[Mapping[Kind, timedelta]] = {
    "code": timedelta(minutes=10),
    "confirmation": timedelta(days=2),
    "spending": timedelta(minutes=10),
    "earned": timedelta(days=2),
    "redeemed": timedelta(days=2),
    "notice": timedelta(days=7),
    "line": timedelta(days=3),
}
"""How long it is worth sending; later it would only confuse."""


class Delivery(Struct, frozen=True):
    """One message on its way, as it is kept."""

    delivery_id: UUID
    member_id: UUID
    cause_id: UUID
    kind: Kind
    channel: Channel
    address: bytes
    """A keyed digest of the address."""
    state: State
    reason: str
    attempts: int
    try_at: datetime
    best_before: datetime
    recorded_at: datetime
    settled_at: datetime | None = None


class Told(Struct, frozen=True):
    """One message: what it said, by which way, what became of it, and whether it came back."""

    delivery_id: UUID
    kind: Kind
    channel: Channel
    state: State
    reason: str
    recorded_at: datetime
    settled_at: datetime | None
    bounced: BounceKind | None
    bounce_reason: str | None


class Wanted(Struct, frozen=True):
    """A message to be sent, before it has a row."""

    member_id: UUID
    cause_id: UUID
    kind: Kind
    channel: Channel
    address: bytes
    best_before: datetime
    goes_at: datetime | None = None
    """Not before; at once where nothing is said."""


class Result(Struct, frozen=True):
    """What came of sending: `sent`, `later` (the world is down) or `never` (refused for good).

    `attempts` is which try it was; an answer that comes after the next try began says nothing.
    """

    delivery_id: UUID
    attempts: int
    outcome: Literal["sent", "later", "never"]
    reason: str = ""
    message_id: UUID | None = None
    """The message in the member's inbox that counts as shown once this is sent, and by what."""
    by: str = ""
    back: Meant = ""
    """What it says of the address: where nobody is, nothing more is sent until it is confirmed."""
    gone: tuple[PushDevice, ...] = ()
    """Devices that are no more, as their push service says."""


def devices_digest(keyed: Keyed, member_id: UUID) -> bytes:
    """As what the devices of a member are known, where a delivery names its address."""
    return digest_of(keyed, "devices", member_id.bytes)


def address_digest(keyed: Keyed, channel: Channel, address: str) -> bytes:
    """By which an address is known without being kept."""
    return digest_of(keyed, "address", channel, address)
