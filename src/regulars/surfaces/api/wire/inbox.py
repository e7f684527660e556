"""A member's inbox on the wire: messages, and that they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.membership.deliver_messages import Delivered
from regulars.records.outbox.types import Message, MessageKind
from regulars.surfaces.api.strict.ids import shown


class MessageShown(Struct, frozen=True):
    """Something a member is to be told. A notice of expiry says how many points of a wallet lapse
    when; they do not before it was delivered in time. A notice of a tier says how much credit is
    missing to keep it, and when it will be lost."""

    id: str
    kind: MessageKind
    wallet: str
    """Empty where it is about a tier."""
    points: int
    lapses_at: datetime
    """As it was when the message was written; later when it is delivered too late."""
    recorded_at: datetime
    delivered_at: datetime | None
    delivered_by: str
    about: str
    """The ladder beside the tiers that it is about; empty for points and tiers."""


class MessagesPage(Struct, frozen=True):
    """Some messages, newest first, and where to go on."""

    items: list[MessageShown]
    has_more: bool
    next_cursor: str | None


class DeliveredSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A message was shown to its member."""

    by: Annotated[str, Meta(max_length=80)] = ""
    """Where it was shown: card, till, receipt, app; the API key when not said."""


class MessageDelivered(Struct, frozen=True):
    """When a message was first shown, and where."""

    id: str
    member_id: str
    delivered_at: datetime
    delivered_by: str


def message_shown(message: Message, wallets: Mapping[int, str]) -> MessageShown:
    """A message as the world sees it."""
    return MessageShown(
        id=shown("msg", message.message_id),
        kind=message.kind,
        wallet=wallets.get(message.wallet, ""),
        points=message.points,
        lapses_at=message.lapses_at,
        recorded_at=message.recorded_at,
        delivered_at=message.delivered_at,
        delivered_by=message.delivered_by,
        about=message.about,
    )


def message_delivered(answer: Delivered) -> MessageDelivered:
    """The answer to showing a message."""
    return MessageDelivered(
        id=shown("msg", answer.message_id),
        member_id=shown("mem", answer.member_id),
        delivered_at=answer.delivered_at,
        delivered_by=answer.delivered_by,
    )
