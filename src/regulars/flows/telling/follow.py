"""Whoever wants to hear of events goes through them in one way, each from where it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from regulars.base.tx import Tx, Write
from regulars.records.outbox.following import read
from regulars.records.outbox.following.read import Happened, Horizon, Place

REACHES_EVERY: Final = timedelta(minutes=1)
"""While nothing happens it is written down so often that nothing did."""
LONGEST_TRANSACTION: Final = timedelta(minutes=5)
"""What commits after somebody began to follow may have been recorded so long before."""
FOR_EVER: Final = (1 << 63) - 1


class Follower(Protocol):
    """Who follows: where it is and by whose numbers, which types it wants, and how it keeps what
    it found and how far it came. What is older than its floor it leaves out by itself."""

    @property
    def begins(self) -> Place: ...
    @property
    def cluster(self) -> int: ...
    @property
    def types(self) -> Collection[str]: ...

    async def found(self, tx: Tx, events: Sequence[Happened], end: Place) -> list[Write]:
        """What is written for these; `end` is up to where the events were looked at."""

    def reached(self, tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
        """It came so far."""

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        """It has all that the cluster before told, and begins with what this one did."""


async def follow(tx: Tx, one: Follower, here: Horizon, most: int) -> bool:
    """The next events for one who follows; whether there is more.

    Order: transaction by transaction, below the oldest that still runs, so that none is missed
    however late it commits. Assumes: the row that says where it is is locked, and the horizon was
    asked for after that.
    Keeps: where the house moved to another cluster, first what the one before told and nobody
    looked at yet, by its numbers; then what was told here, from its first transaction on. Where
    there is nothing, nothing is written.
    """
    moves = one.cluster != here.cluster
    below_tx = FOR_EVER if moves else here.below_tx
    events, end = await read.ahead(tx, one.begins, below_tx, one.types, most)
    more = len(events) == most
    writes = await one.found(tx, events, end) if events else []
    if not moves:
        if writes or end != one.begins:
            await tx.write([*writes, *one.reached(tx, end, tx.now)])
        return more
    told_there = [event.recorded_at for event in events if event.recorded_tx >= here.above_tx]
    at = max(told_there, default=datetime.min.replace(tzinfo=UTC))
    await tx.write([*writes, *one.reached(tx, end, at)])
    if not more:
        await tx.write(one.moved(tx, here.cluster))
    return True
