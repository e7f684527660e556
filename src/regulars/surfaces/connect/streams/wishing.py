"""What somebody wants of a broker is checked before it is kept, and tried out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from regulars.base.faults import Invalid
from regulars.flows.inlets.keep_streams import StreamFrom
from regulars.records.access.staff.types import By
from regulars.records.inlets.streaming.types import Begins, Stream
from regulars.records.inlets.types import Inlet
from regulars.surfaces.connect.inlets.kinds import STREAM
from regulars.surfaces.connect.streams.wire import StreamTried
from regulars.surfaces.given import Given
from regulars.surfaces.senders.brokers.opening import Kept, source_of, way_to
from regulars.surfaces.senders.brokers.there import NotReached, Place
from regulars.surfaces.senders.brokers.wishing import Entering, checked_broker, sealed_keys

TRIED_S: Final = 20.0


class Wished(NamedTuple):
    """What somebody wants to be read: where, from where on, as whom, and since when."""

    address: str
    begins: Begins
    entry: Entering
    since: datetime | None = None


def streams_from(given: Given, inlet: Inlet, wanted: Wished, by: By) -> StreamFrom:
    """The command for the stream at this address, its password encrypted.

    Faults: Invalid for another kind of source, an address that is none or that we do not talk to,
    or what has no meaning there.
    """
    address, begins, entry, since = wanted
    if inlet.kind != STREAM:
        mend = "Add a source of the kind stream"
        raise Invalid("This source reads no broker", field="/address", mend=mend)
    broker = checked_broker(given, address, field="/address", reads=True)
    keys = sealed_keys(given, inlet.program_id, broker, entry)
    return StreamFrom(
        inlet.inlet_id, by, address, entry.account, entry.login, entry.authority, keys, begins,
        since,
    )  # fmt: skip


def kept_of(program_id: int, one: Stream) -> Kept:
    """What opens a stream."""
    return Kept(program_id, one.address, one.account, one.login, one.authority, one.keys)


async def tried(
    given: Given, inlet: Inlet, stream: Stream, parts: Mapping[int, int]
) -> StreamTried:
    """Whether a stream can be read, and how many messages wait behind what was read of its parts;
    nothing is read or kept."""
    place = Place(inlet.inlet_id.hex, parts, stream.begins, stream.since)
    try:
        async with asyncio.timeout(TRIED_S):
            kept = kept_of(inlet.program_id, stream)
            way = await way_to(given.receivers, given.keyed, kept, reads=True)
            async with source_of(given.receivers, way, place) as source:
                behind = await source.behind()
    except NotReached as why:
        return StreamTried(False, why.why, 0)
    except TimeoutError:
        return StreamTried(False, "it did not answer in time", 0)
    return StreamTried(True, "", behind)
