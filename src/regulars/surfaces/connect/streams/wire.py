"""On the wire: which broker a source reads, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.records.inlets.streaming.types import Stream
from regulars.surfaces.api.wire.parts import Instant
from regulars.surfaces.senders.brokers.wire import (
    BrokerAccount,
    BrokerAddress,
    BrokerAuthority,
    BrokerLogin,
    BrokerSecret,
)


class StreamSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which stream is to be read. Its password stays where address and account do."""

    address: BrokerAddress
    """A subject of NATS as `nats://broker.example.org:4222/shop.sales.>`, which a stream of
    JetStream keeps; or a topic of Kafka as `kafka://broker.example.org:9092/sales`. By TLS
    `nats+tls` and `kafka+tls`."""
    account: BrokerAccount | None = None
    """The name by which it knows us."""
    secret: BrokerSecret | None = None
    """The password, or of NATS without a name the token, or a whole file of credentials. Kept
    encrypted and shown to nobody."""
    login: BrokerLogin = "plain"
    """How Kafka wants the password."""
    authority: BrokerAuthority | None = None
    """The certificate, as PEM, of who vouches for the broker, where that is nobody the machine
    knows."""
    begins: Literal["first", "now"] = "first"
    """Where a stream that was never read begins: with its first message, or with the next."""
    since: Instant | None = None
    """Everything that lies there since then is read, once more where it was: what is known counts
    once. Left out, it goes on where it is."""


class StreamShown(Struct, frozen=True):
    """Which stream is read, without its password, and how far."""

    address: str
    account: str
    login: BrokerLogin
    authority: str
    begins: Literal["first", "now"]
    since: datetime | None
    """Everything since then was asked for; the counts below are of what was read since it was."""
    looked_at: datetime | None
    """When it answered last."""
    next_at: datetime
    problem: str
    """Why it could not be read; nothing: it can."""
    behind: int
    """How many messages waited there then."""
    kept: int
    """How many were new; what became of each is listed under the events of the source."""
    known: int
    """How many had come in before."""
    lost: int
    """How many the broker deleted before they were read."""


class StreamTried(Struct, frozen=True):
    """Whether a broker answers, and how many messages wait there."""

    answers: bool
    problem: str
    behind: int


def stream_shown(one: Stream) -> StreamShown:
    """As the world sees it."""
    return StreamShown(**{name: getattr(one, name) for name in StreamShown.__struct_fields__})
