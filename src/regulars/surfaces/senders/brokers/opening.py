"""From what is kept of a broker to the broker itself, open for as long as it is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.records.inlets.streaming.types import Login
from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.keys import KeysElsewhere, door, opened
from regulars.surfaces.senders.brokers.there import (
    NotReached,
    Outlet,
    Place,
    Source,
    Way,
    checked,
)
from regulars.surfaces.senders.outgoing.guard import Guard


class Kept(Struct, frozen=True):
    """What is kept of a broker: where it is, and as whom we come in there."""

    program_id: int
    address: str
    account: str = ""
    login: Login = "plain"
    authority: str = ""
    keys: bytes = b""

    def __repr__(self) -> str:
        return f"Kept({self.address})"


async def way_to(guard: Guard, keyed: Keyed, kept: Kept, *, reads: bool) -> Way:
    """How to come in, its password opened, its address found good. Raises: NotReached."""
    try:
        broker = broker_of(kept.address, reads=reads)
        secret = opened(keyed, door(kept.program_id, broker.url, kept.account), kept.keys)
    except ValueError:
        raise NotReached("this is no address of a broker") from None
    except KeysElsewhere:
        raise NotReached("its password is of another installation: enter it again") from None
    address = await checked(guard, broker)
    return Way(broker, address, kept.account, secret, kept.login, kept.authority)


@asynccontextmanager
async def source_of(guard: Guard, way: Way, place: Place) -> AsyncIterator[Source]:
    """What is read there. Raises: NotReached.

    Each library is loaded by who has such a broker.
    """
    if way.broker.kind == "nats":
        from regulars.surfaces.senders.brokers.jetstream import jet_source

        async with jet_source(way, place) as jet:
            yield jet
    else:
        from regulars.surfaces.senders.brokers.kafka import kafka_source

        async with kafka_source(way, guard, place) as kafka:
            yield kafka


async def outlet_of(guard: Guard, way: Way) -> Outlet:
    """Where messages are put. Raises: NotReached."""
    if way.broker.kind == "nats":
        from regulars.surfaces.senders.brokers.jetstream import jet_outlet

        return await jet_outlet(way)
    from regulars.surfaces.senders.brokers.kafka import kafka_outlet

    return await kafka_outlet(way, guard)
