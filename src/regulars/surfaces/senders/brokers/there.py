"""A broker that answers, whichever it is: its messages are read, and messages are put there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Final, NamedTuple, Protocol

from msgspec import Struct

from regulars.records.inlets.streaming.types import Begins, Login, Marks
from regulars.surfaces.senders.brokers.addresses import Broker
from regulars.surfaces.senders.outgoing.client import NO_ADDRESS, Resolve, by_system
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

CONNECT_S: Final = 10.0
ASK_S: Final = 5.0
SILENT: Final = "it did not answer in time"
CLOSED: Final = "the connection broke off"
REFUSES: Final = "it cannot be connected to"
NO_ENTRY: Final = "it does not let us in: the name, the password or its rights are wrong"
NO_TLS: Final = "it cannot prove by TLS who it is"


class NotReached(Exception):
    """The broker cannot be talked to; `why` says it for whoever connected it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Way(Struct, frozen=True):
    """How to come in: where, at which address that was found good, as whom."""

    broker: Broker
    address: str
    """Of the network: what the name came to."""
    account: str = ""
    secret: str = ""
    login: Login = "plain"
    authority: str = ""

    def __repr__(self) -> str:
        return f"Way({self.broker.url})"


class Place(NamedTuple):
    """From where on a stream is read: who reads it, how far it was read, where one begins."""

    reader: str
    """Our own name there, the same for ever."""
    parts: Mapping[int, int]
    begins: Begins
    since: datetime | None = None
    """Of a stream that was never read, or gone back in: from which time on."""


class Message(NamedTuple):
    """A message as it lies there."""

    part: int
    at: int
    """Which one of its part it is."""
    told_at: datetime | None
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


class Pulled(NamedTuple):
    """What was read at once, and how many messages still wait there."""

    messages: Sequence[Message]
    behind: int


class Source(Protocol):
    """A stream that is open to be read."""

    marks: Mapping[int, Marks] | None
    """Of each part where it begins and ends, as long as the broker tells that by numbers of ours;
    nothing of one that itself keeps how far we are."""

    async def begin(self, parts: Mapping[int, int]) -> None:
        """Read on from these messages."""

    async def pull(self, most: int, wait_s: float) -> Pulled:
        """The next messages, after a while none. Raises: NotReached."""

    async def kept(self) -> None:
        """All that was pulled is kept, and needs to be told no more. Raises: NotReached."""

    async def behind(self) -> int:
        """How many messages wait there. Raises: NotReached."""


class Outgoing(NamedTuple):
    """What is put there: whom it is about, what happened, and the message."""

    id: str
    """The same for each try, so that a broker that knows ids keeps it once."""
    member: str
    type: str
    headers: Sequence[tuple[str, str]]
    body: bytes


class Outlet(Protocol):
    """A stream that is open to be written to."""

    async def publish(self, one: Outgoing) -> None:
        """It is kept there, once this returns. Raises: NotReached."""

    async def look(self) -> None:
        """Whether something keeps what is put there. Raises: NotReached."""

    async def close(self) -> None: ...


async def checked(guard: Guard, broker: Broker, resolve: Resolve = by_system) -> str:
    """The network's address of a broker, found good. Raises: NotReached.

    Keeps: the address that was checked is the one that is called.
    """
    try:
        found: Sequence[str] = await asyncio.wait_for(resolve(broker.host, broker.port), CONNECT_S)
    except (OSError, ValueError, TimeoutError):
        found = ()
    if not found:
        raise NotReached(NO_ADDRESS)
    try:
        for one in found:  # one bad address among good ones is no accident
            scheme = "https" if broker.tls else "http"
            guard.check_address(ip_address(one.partition("%")[0]), scheme)
    except NotAllowed as why:
        raise NotReached(why.why) from None
    return found[0]


def trust(authority: str) -> ssl.SSLContext:
    """Whom we believe who they are: whom the machine knows, or this one alone. Raises:
    NotReached."""
    try:
        return ssl.create_default_context(cadata=authority or None)
    except (ssl.SSLError, ValueError):
        raise NotReached("the certificate of its authority cannot be read") from None
