"""Reads the streams of sources, and keeps each of their messages as an event."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog
from msgspec.structs import replace

from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import KeepArrivals, keep_arrivals
from regulars.flows.inlets.keep_streams import Moved, move_streams
from regulars.records.inlets import read as inlets
from regulars.records.inlets.feeding.read import waiting
from regulars.records.inlets.streaming import read
from regulars.records.inlets.streaming.types import EVERY, Read, Stream, begun, failed, further
from regulars.records.inlets.types import Inlet
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.streams.messages import event_of
from regulars.surfaces.connect.streams.wishing import kept_of
from regulars.surfaces.senders.brokers.addresses import broker_of
from regulars.surfaces.senders.brokers.opening import source_of, way_to
from regulars.surfaces.senders.brokers.there import NotReached, Place, Pulled, Source
from regulars.surfaces.senders.outgoing.guard import Guard

AT_ONCE: Final = 100
"""Messages of one transaction."""
MOST_WAITING: Final = 5_000
"""So many events of a source wait to be booked before more of its stream is read."""
TURN_S: Final = 300.0
"""So long a stream is read in a row; then it is opened anew, and shows parts it got meanwhile."""
WAIT_S: Final = 1.0
_PAUSE_S: Final = 0.5
_DEAF_S: Final = 60.0
"""Longer than anything at a broker takes: whoever hangs beyond is given up."""

OURS: Final = "a mistake of ours or of its database, which the log tells more of"

log = structlog.get_logger()


class Streamer:
    """Reads for one installation. Two that read at once keep the same, and one moves on."""

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, guard: Guard,
        wait_s: float = WAIT_S,
    ) -> None:  # fmt: skip
        self._database, self._programs, self._keyed = database, programs, keyed
        self._guard, self._wait_s = guard, wait_s

    async def due(self, program_id: int) -> list[tuple[Stream, Inlet]]:
        """Which are to be read by now."""
        async with self._database.transaction(program_id) as tx:
            streams = await read.due(tx)
            mine = {one.inlet_id: one for one in await inlets.inlets(tx)} if streams else {}
        return [(one, mine[one.inlet_id]) for one in streams]

    async def one(self, stream: Stream, inlet: Inlet, turn_s: float = TURN_S) -> None:
        """Read one stream for a while."""
        try:
            await self._read(stream, inlet, turn_s)
        except NotReached as why:
            await self._say(inlet, why.why)
        except TimeoutError:
            await self._say(inlet, "it did not answer in time")
        except AGAIN:  # another worker keeps the same: read again, it is known
            return
        except Exception:  # it would be the same a second later: seen, and tried ever later
            log.exception("inlets.stream_broke", program_id=inlet.program_id)
            await self._say(inlet, OURS)

    async def _read(self, stream: Stream, inlet: Inlet, turn_s: float) -> None:
        kept = kept_of(inlet.program_id, stream)
        way = await way_to(self._guard, self._keyed, kept, reads=True)
        async with self._database.transaction(inlet.program_id) as tx:
            parts = await read.parts(tx, inlet.inlet_id)
        place = Place(inlet.inlet_id.hex, parts, stream.begins, stream.since)
        async with asyncio.timeout(_DEAF_S) as deaf, source_of(self._guard, way, place) as source:
            here = await self._begin(source, stream, parts, inlet)
            until = time.monotonic() + turn_s
            while here is not None and time.monotonic() < until:
                deaf.reschedule(asyncio.get_running_loop().time() + _DEAF_S)
                if await self._is_full(inlet):
                    await asyncio.sleep(_PAUSE_S)
                    here = await self._idle(inlet, here, here.behind)
                    continue
                pulled = await source.pull(AT_ONCE, self._wait_s)
                here = await self._keep(inlet, here, pulled)
                if here is not None:
                    await source.kept()

    async def _begin(
        self, source: Source, stream: Stream, parts: dict[int, int], inlet: Inlet
    ) -> Stream | None:
        """Go on where we are; where the broker counts by itself, it says where that is."""
        if source.marks is None:
            await source.begin(parts)
            return stream
        places, lost = begun(parts, source.marks, stream.begins)
        await source.begin(places)
        if places == parts:
            return stream
        after = replace(stream, lost=stream.lost + lost, version=stream.version + 1)
        return await self._move(inlet, Moved(after, places))

    async def _keep(self, inlet: Inlet, stream: Stream, pulled: Pulled) -> Stream | None:
        """Keep some messages and how far the stream is in one transaction, where it is ours."""
        if not pulled.messages:
            return await self._idle(inlet, stream, pulled.behind)
        topic = broker_of(stream.address, reads=True).topic
        terms = await self._programs.terms(inlet.program_id)
        async with self._database.transaction(inlet.program_id) as tx:
            told = await inlets.inlet(tx, inlet.inlet_id)
            mapping = read_mapping((told or inlet).mapping)
            events = {}
            for message in pulled.messages:
                event = event_of(message, topic, mapping)
                events[event.key] = event
            keys = sorted((inlet.inlet_id, key) for key in events)
            known = await inlets.known(tx, keys)
            fresh = tuple(one for key, one in events.items() if (inlet.inlet_id, key) not in known)
            parts = _parts(pulled)
            were = len(pulled.messages) - len(fresh)
            after = further(stream, Read(parts, len(fresh), were, pulled.behind), tx.now)
            (moved,) = await move_streams(tx, [Moved(after, parts)])
            if moved is not None and fresh:
                await keep_arrivals(tx, terms, [KeepArrivals(inlet.inlet_id, fresh)])
        return moved

    async def _idle(self, inlet: Inlet, stream: Stream, behind: int) -> Stream | None:
        """Nothing new; now and then it is written down that it answers, and looked whether
        somebody wants it otherwise."""
        now = self._database.now(inlet.program_id)
        if stream.looked_at is not None and not stream.problem and now - stream.looked_at < EVERY:
            async with self._database.transaction(inlet.program_id) as tx:
                told = await inlets.inlet(tx, inlet.inlet_id)
                there = await read.one(tx, inlet.inlet_id)
            same = there is not None and there.version == stream.version
            return stream if same and told is not None and told.state == "active" else None
        return await self._move(inlet, Moved(further(stream, Read({}, 0, 0, behind), now)))

    async def _move(self, inlet: Inlet, moved: Moved) -> Stream | None:
        async with self._database.transaction(inlet.program_id) as tx:
            (after,) = await move_streams(tx, [moved])
        return after

    async def _is_full(self, inlet: Inlet) -> bool:
        async with self._database.transaction(inlet.program_id) as tx:
            return await waiting(tx, inlet.inlet_id, MOST_WAITING) >= MOST_WAITING

    async def _say(self, inlet: Inlet, why: str) -> None:
        log.warning("inlets.stream_not_read", program_id=inlet.program_id, why=why)
        async with self._database.transaction(inlet.program_id) as tx:
            now = await read.one(tx, inlet.inlet_id)
            if now is not None:
                await move_streams(tx, [Moved(failed(now, why, tx.now))])


def _parts(pulled: Pulled) -> dict[int, int]:
    """Of each part the next message."""
    found: dict[int, int] = {}
    for one in pulled.messages:
        found[one.part] = max(found.get(one.part, 0), one.at + 1)
    return found
