"""What other systems send is kept, each event once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.inlets import read, write
from regulars.records.inlets.types import Arrival
from regulars.records.inlets.write import Came


class EventReused(Fault):
    """The sender's id was already used for an event with other content."""

    code = "event_reused"
    category = "conflict"


class Sent(Struct, frozen=True):
    """One event as it was sent: what makes it the same one, and its very bytes."""

    key: UUID
    """Digest of what its sender calls it."""
    content: UUID
    """Digest of everything that was sent of it."""
    type: str
    name: str
    """What its sender calls it, for whoever looks for it."""
    beside: str
    body: bytes
    told_at: datetime | None = None
    """Where it tells how something stands: since when, by its sender's clock."""


class KeepArrivals(Struct, frozen=True):
    """What came in one request: one event, or several that are kept together or not at all."""

    inlet_id: UUID
    events: tuple[Sent, ...]


class ArrivalsKept(Struct, frozen=True):
    """Under which ids they are kept; `replayed` where all of them were before."""

    ids: tuple[UUID, ...]
    replayed: bool = False


KeptOutcome = ArrivalsKept | Fault


async def keep_arrivals(tx: Tx, terms: Terms, batch: Sequence[KeepArrivals]) -> list[KeptOutcome]:
    """Each of these events is kept once; told again, it has the id it had.

    Faults, each for its own request: `event_reused`, and nothing of that request is kept.
    Keeps: the row is what makes an event come in once, and stays when its body is forgotten.
    """
    keys = sorted({(one.inlet_id, event.key) for one in batch for event in one.events})
    known = await read.known(tx, keys)
    fresh: list[Came] = []
    outcomes: list[KeptOutcome] = []
    for one in batch:
        came, outcome = _sorted_out(tx, one, known)
        fresh += came
        outcomes.append(outcome)
    await tx.write(write.keep(tx, fresh))
    return outcomes


def _sorted_out(
    tx: Tx, one: KeepArrivals, known: dict[tuple[UUID, UUID], tuple[UUID, UUID]]
) -> tuple[list[Came], KeptOutcome]:
    """What is new of a request, and its outcome; `known` learns of what is new."""
    mine: dict[tuple[UUID, UUID], tuple[UUID, UUID]] = {}
    ids, fresh = [], []
    for place, event in enumerate(one.events):
        key = (one.inlet_id, event.key)
        before = known.get(key) or mine.get(key)
        if before is None:
            before = mine[key] = (event.content, tx.new_id())
            told = (event.key, event.content, event.type, event.name, event.beside, event.body)
            fresh.append(Came(before[1], one.inlet_id, *told, event.told_at))
        if before[0] != event.content:
            return [], EventReused(
                "an event with this id came before and said something else; what came stands",
                field=f"/{place}" if len(one.events) > 1 else "",
                mend="Give each event an id of its own, and send the same bytes again",
            )
        ids.append(before[1])
    known |= mine
    return fresh, ArrivalsKept(tuple(ids), replayed=not fresh)


class New(Struct, frozen=True):
    """What nobody kept yet of what was told; nothing of it is written."""

    arrivals: tuple[Arrival, ...]
    came: dict[UUID, Came]
    """By their ids, what is to be kept of them."""


async def look_ahead(tx: Tx, inlet_id: UUID, events: Sequence[Sent], but: Set[UUID]) -> New:
    """What nobody kept yet of what was told; whoever books it keeps it, and may come too late.

    `but`: keys of what is on its way already.
    """
    known = await read.known(tx, sorted({(inlet_id, event.key) for event in events}))
    fresh = {e.key: e for e in events if (inlet_id, e.key) not in known and e.key not in but}
    came = [
        Came(tx.new_id(), inlet_id, e.key, e.content, e.type, e.name, e.beside, e.body, e.told_at)
        for e in fresh.values()
    ]
    arrivals = tuple(
        Arrival(c.arrival_id, inlet_id, c.type, c.name, c.beside, c.body, tx.now, told_at=c.told_at)
        for c in came
    )
    return New(arrivals, {one.arrival_id: one for one in came})
