"""Somebody who puts messages into a broker, and a worker that is called by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import nats as client
from nats.js.api import StreamConfig
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid
from tests.surfaces.connect.streams.machines import Kafka, Nats
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.streamer import Streamer
from regulars.surfaces.api.strict.ids import addressed


class Flow(Sender):
    """A source that reads a stream of its own."""

    def __init__(
        self, counter: Counter, machine: Nats | Kafka, mapping: str = MAPPING,
        entry: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(counter, mapping, "stream")
        self.machine = machine
        self._by = dict(entry or {})
        self.topic = f"shop-{self.mark}.sales" if isinstance(machine, Nats) else f"s-{self.mark}"
        if isinstance(machine, Nats):
            made = {"name": f"S-{self.mark}", "subjects": [f"shop-{self.mark}.>"]}
            self.nats("add_stream", StreamConfig(**made))
        self.streamer = self.new_streamer()

    def enters(self, by: Mapping[str, Any]) -> None:
        """So whoever puts messages there comes in from now on."""
        self._by = dict(by)

    def new_streamer(self) -> Streamer:
        """A worker that begins anew."""
        database = self.shop.database
        guard = self.counter.given.receivers
        programs = Programs(database)
        return Streamer(database, programs, self.counter.given.keyed, guard, wait_s=0.15)

    def nats(self, what: str, *said: Any, **more: Any) -> Any:
        """Ask JetStream for something."""
        return self.shop.run(self._asked(what, said, more))

    async def _asked(self, what: str, said: Any, more: Any) -> Any:
        assert isinstance(self.machine, Nats)
        there = await client.connect(self.machine.url("")[:-1], **self._by)
        try:
            return await getattr(there.jetstream(), what)(*said, **more)
        finally:
            await there.close()

    async def _published(self, bodies: list[bytes], above: dict[str, str] | None) -> None:
        """All of them by one connection, each kept before the next."""
        assert isinstance(self.machine, Nats)
        there = await client.connect(self.machine.url("")[:-1], **self._by)
        try:
            for body in bodies:
                await there.jetstream().publish(self.topic, body, headers=above)
        finally:
            await there.close()

    def from_stream(self, **said: Any) -> Any:
        """It is read from now on."""
        wish = {"address": self.machine.url(self.topic)} | said
        answer = self.counter.ask("PUT", f"{self.place}/stream", wish)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put(self, *payloads: Any, **headers: str) -> None:
        """Messages are put there."""
        bodies = [one if isinstance(one, bytes) else msgspec.json.encode(one) for one in payloads]
        above = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(self.machine, Kafka):
            self.machine.put(self.topic, *bodies, headers=above)
            return
        self.shop.run(self._published(bodies, above or None))

    def look(self, turn_s: float = 0.5) -> dict[str, Any]:
        """A worker reads for a while; how the stream is then."""
        self.later(minutes=6)
        ((stream, inlet),) = [
            each
            for each in self.shop.run(self.streamer.due(self.shop.program_id))
            if each[0].inlet_id == addressed("inl", self.made["id"])
        ]
        self.shop.run(self.streamer.one(stream, inlet, turn_s))
        return self.shown()

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.counter.get(f"{self.place}/stream").json()
        return found

    def reads(self) -> tuple[int, int, int]:
        """A worker reads, and what came is booked: kept, known and behind.

        A broker on a machine with much to do may need longer than one look to send anything."""
        told = self.look()
        for _ in range(20):
            if not told["behind"]:
                break
            told = self.look()
        assert told["problem"] == "", told
        self.book()
        return told["kept"], told["known"], told["behind"]


def sale(order: str, total: str = "10.00", customer: str = "7") -> dict[str, Any]:
    return paid(order, total, customer)
