"""Streams: nothing comes in by the address of such a source; a broker is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.faults import NotFound
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import Headers


class Streams:
    """A source whose messages are read by the worker."""

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nobody sends to it. Faults: NotFound."""
        raise NotFound("there is nothing at this address: messages are read from their broker")

    def events(self, post: Post) -> tuple[Sent, ...]:
        """Nothing, as nothing comes in so."""
        return ()
